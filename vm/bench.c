// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/accel.h"
#include "vm/interrupt.h"
#include "vm/lab.h"
#include "vm/run.h"
#include "vm/workdir.h"

struct vm_bench {
	struct kernel kernel;
	struct accelerator accelerator;
	char *workdir;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

struct vm_bench *vm_bench_open(const char *kernel, char out_error[256])
{
	struct vm_bench *bench = xcalloc(1, sizeof(*bench));

	if (kernel_find(kernel, &bench->kernel, out_error)) {
		free(bench);
		return NULL;
	}
	interrupt_begin();
	bench->workdir = workdir_make();
	snprintf(out_error, 256, "no folder for temporary files");
	if (bench->workdir &&
	    accelerator_find(&bench->kernel, bench->workdir,
			     &bench->accelerator, out_error) == 0)
		return bench;
	vm_bench_close(bench);
	return NULL;
}

void vm_bench_close(struct vm_bench *bench)
{
	kernel_free(&bench->kernel);
	workdir_remove(bench->workdir);
	free(bench);
	interrupt_end();
}

const char *vm_bench_accelerator(const struct vm_bench *bench)
{
	return bench->accelerator.name;
}

const struct kernel *vm_bench_kernel(const struct vm_bench *bench)
{
	return &bench->kernel;
}

const char *vm_bench_workdir(const struct vm_bench *bench)
{
	return bench->workdir;
}

double vm_bare_boot_seconds(struct vm_bench *bench)
{
	return lab_bare_boot(&bench->kernel, bench->accelerator.name,
			     bench->workdir,
			     accelerator_deadline(&bench->accelerator, 0),
			     NULL);
}

static bool has_passed(const struct run *run)
{
	for (size_t i = 0; i < run->stage.num_findings; i++)
		if (run->stage.findings[i].severity != SEVERITY_INFO)
			return false;
	return run->complete;
}

static double time_run(struct vm_bench *bench, const char *scenario,
		       const char *path, const char *consumer_path,
		       const struct consumer *consumer, size_t *out_executed)
{
	struct candidate candidate;
	struct run run = {
		.candidate = &candidate,
		.kernel = &bench->kernel,
		.accelerator = &bench->accelerator,
		.scenario = scenario_find(scenario),
		.consumer_path = consumer_path,
		.consumer = consumer,
		.workdir = bench->workdir,
		.label = bench->kernel.name,
	};
	double began = now(), seconds;
	int err = candidate_load(&candidate, path);

	stage_init(&run.stage, "boot");
	if (!err && run.scenario)
		run_scenario(&run);
	seconds = now() - began;
	if (!has_passed(&run))
		seconds = -1;
	*out_executed = run.num_executed;
	json_decref(run.evidence);
	stage_free(&run.stage);
	candidate_free(&candidate);
	return seconds;
}

double vm_scenario_seconds(struct vm_bench *bench, const char *scenario,
			   const char *path, size_t *out_executed)
{
	char *name = xasprintf("modules/%s/plimsoll.ko", bench->kernel.release);
	char *consumer_path = file_part(name);
	struct consumer consumer;
	double seconds = -1;
	char error[256];

	*out_executed = 0;
	if (consumer_read(&consumer, consumer_path, error) == 0) {
		seconds = time_run(bench, scenario, path, consumer_path,
				   &consumer, out_executed);
		consumer_free(&consumer);
	}
	free(consumer_path);
	free(name);
	return seconds;
}
