// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A cold boot with verdict beside the bare kernel's start of an empty PID 1 in
 * the same QEMU, alternately: what plimsoll adds to what any boot costs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "vm/bench.h"

#define KERNEL "debian:6.1"
#define ROUNDS 5

char *bench_file(size_t num_rules)
{
	const char *tmp = getenv("TMPDIR");
	char *path = xasprintf("%s/plimsoll-bench-XXXXXX",
			       tmp && *tmp ? tmp : "/tmp");
	struct model_error error;
	struct model model;
	uint8_t *data = NULL;
	size_t len;
	int fd = -1;

	model_init(&model, 1, 1);
	bench_rules(&model, num_rules);
	if (!model_encode(&model, &data, &len, &error))
		fd = mkstemp(path);
	model_free(&model);
	if (fd >= 0)
		close(fd);
	if (fd < 0 || file_write(path, data, len)) {
		free(path);
		path = NULL;
	}
	free(data);
	return path;
}

static json_t *measure(struct vm_bench *bench, const char *path)
{
	double bare[ROUNDS], load[ROUNDS], ratio[ROUNDS];
	size_t executed = 0;

	for (int i = 0; i < ROUNDS; i++) {
		bare[i] = vm_bare_boot_seconds(bench);
		load[i] = vm_scenario_seconds(bench, "load", path, &executed);
		if (bare[i] <= 0 || load[i] <= 0)
			return NULL;
		ratio[i] = load[i] / bare[i];
	}
	return json_pack("{ss ss sI so so so}", "kernel", KERNEL,
			 "accelerator", vm_bench_accelerator(bench),
			 "executed", (json_int_t)executed, "bare_s",
			 bench_spread(bare, ROUNDS), "verdict_s",
			 bench_spread(load, ROUNDS), "verdict_to_bare",
			 bench_spread(ratio, ROUNDS));
}

json_t *bench_boot(const char *content_path)
{
	struct vm_bench *bench;
	json_t *json = NULL;
	char error[256];
	char *path;

	(void)content_path;
	bench = vm_bench_open(KERNEL, error);
	if (!bench) {
		fprintf(stderr, "boot: %s\n", error);
		return NULL;
	}
	path = bench_file(2);
	if (path) {
		json = measure(bench, path);
		unlink(path);
	}
	free(path);
	vm_bench_close(bench);
	return json;
}
