// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How many processes a kernel starts a second, without our module and with it,
 * in turn, in one VM.  Where the processor is emulated the guest's clock counts
 * instructions, so that a busy machine does not show.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/accel.h"
#include "vm/bench.h"
#include "vm/lab.h"

#define SPAWN	VM_FOLDER "/spawn"
#define DEADLINE 600.0

enum { ID_WARM = 1, ID_LOAD, ID_REMOVE, ID_FIRST };

static void make_script(struct script *script, const char *token, size_t rounds,
			unsigned int count)
{
	char *warm = xasprintf(SPAWN " %u", count);

	script_step(script, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	script_run(script, ID_WARM, warm);
	for (uint32_t i = 0; i < rounds; i++) {
		script_run(script, ID_FIRST + 2 * i, warm);
		script_step(script, VM_STEP_INSMOD, ID_LOAD, 0, 0, VM_CONSUMER,
			    "channels=1");
		script_run(script, ID_FIRST + 2 * i + 1, warm);
		script_step(script, VM_STEP_REMOVE, ID_REMOVE, 0, 0,
			    "plimsoll", NULL);
	}
	script_step(script, VM_STEP_REBOOT, 0, 1, 0, NULL, NULL);
	free(warm);
}

static int make_initramfs(const struct kernel *kernel, const char *content,
			  const struct script *script, const char *path)
{
	char *name = xasprintf("modules/%s/plimsoll.ko", kernel->release);
	char *consumer = file_part(name), *spawn = file_part("guest/spawn");
	struct initramfs initramfs;
	int err;

	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_CONSUMER, 0644, consumer);
	initramfs_file(&initramfs, SPAWN, 0755, spawn);
	initramfs_file(&initramfs, VM_FIRMWARE "/1.plm", 0644, content);
	err = lab_write(&initramfs, script, path, NULL);
	initramfs_free(&initramfs);
	free(spawn);
	free(consumer);
	free(name);
	return err;
}

/* Processes a second of one run, or -1. */
static double rate_of(const struct results *results, uint32_t id,
		      unsigned int count)
{
	const struct result *ran = results_find(results, 0, VM_RESULT_RAN, id);
	const struct result *out = results_find(results, 0, VM_RESULT_OUTPUT,
						id);
	char text[24] = "";
	double ns;

	if (!ran || ran->head.value || !out || out->head.len >= sizeof(text))
		return -1;
	memcpy(text, results->bytes.data + out->off, out->head.len);
	ns = strtod(text, NULL);
	return ns > 0 ? count / ns * 1e9 : -1;
}

/* Every load and removal has succeeded. */
static bool all_done(const struct results *results, uint32_t id, size_t rounds)
{
	size_t done = 0;

	for (size_t i = 0; i < results->num; i++)
		if (results->list[i].head.type == VM_RESULT_STEP &&
		    results->list[i].head.id == id)
			done += !results->list[i].head.value;
	return done == rounds;
}

static int read_rates(const struct results *results, const char *token,
		      struct vm_spawn_rates *rates, size_t rounds,
		      unsigned int count)
{
	if (results_fault(results, token) ||
	    !all_done(results, ID_LOAD, rounds) ||
	    !all_done(results, ID_REMOVE, rounds))
		return -1;
	for (uint32_t i = 0; i < rounds; i++) {
		rates[i].without = rate_of(results, ID_FIRST + 2 * i, count);
		rates[i].with = rate_of(results, ID_FIRST + 2 * i + 1, count);
		if (rates[i].without <= 0 || rates[i].with <= 0)
			return -1;
	}
	return 0;
}

int vm_spawn_rates(struct vm_bench *bench, const char *content,
		   struct vm_spawn_rates *rates, size_t rounds,
		   unsigned int count)
{
	const struct kernel *kernel = vm_bench_kernel(bench);
	char *path = xasprintf("%s/initramfs", vm_bench_workdir(bench));
	char token[VM_TOKEN_LEN + 1];
	struct qemu_config config = {
		.vmlinux = kernel->vmlinux, .initramfs = path, .token = token,
		.accelerator = vm_bench_accelerator(bench),
		.deterministic = !strcmp(vm_bench_accelerator(bench), "tcg"),
		.until_exit = true, .deadline = DEADLINE,
	};
	struct script script = { 0 };
	struct qemu_outcome outcome;
	int err = lab_token(token);

	if (!err) {
		make_script(&script, token, rounds, count);
		err = make_initramfs(kernel, content, &script, path);
	}
	if (!err) {
		qemu_run(&config, &outcome);
		err = read_rates(&outcome.results, token, rates, rounds, count);
		qemu_outcome_free(&outcome);
	}
	script_free(&script);
	free(path);
	return err;
}
