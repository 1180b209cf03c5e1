// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fork and exec in a real kernel, with the module and all rules loaded and
 * without, in turn.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "vm/bench.h"

#define KERNEL "debian:6.1"
#define RULES 100	/* where no content is given */
#define ROUNDS 5
#define PROCESSES 400

static json_t *measure(struct vm_bench *bench, const char *path)
{
	struct vm_spawn_rates rates[ROUNDS];
	double without[ROUNDS], with[ROUNDS], ratio[ROUNDS];
	bool emulated = !strcmp(vm_bench_accelerator(bench), "tcg");

	if (vm_spawn_rates(bench, path, rates, ROUNDS, PROCESSES))
		return NULL;
	for (int i = 0; i < ROUNDS; i++) {
		without[i] = rates[i].without;
		with[i] = rates[i].with;
		ratio[i] = with[i] / without[i];
	}
	return json_pack("{ss ss ss si so so so}", "kernel", KERNEL,
			 "accelerator", vm_bench_accelerator(bench), "clock",
			 emulated ? "instructions, 16 ns each" : "time",
			 "processes", PROCESSES, "without_per_s",
			 bench_spread(without, ROUNDS), "with_per_s",
			 bench_spread(with, ROUNDS), "with_to_without",
			 bench_spread(ratio, ROUNDS));
}

json_t *bench_spawn(const char *content_path)
{
	char *own = content_path ? NULL : bench_file(RULES);
	const char *path = content_path ? content_path : own;
	struct vm_bench *bench;
	json_t *json = NULL;
	char error[256];

	bench = vm_bench_open(KERNEL, error);
	if (!bench)
		fprintf(stderr, "spawn: %s\n", error);
	if (bench && path)
		json = measure(bench, path);
	if (bench)
		vm_bench_close(bench);
	if (own)
		unlink(own);
	free(own);
	return json;
}
