// SPDX-License-Identifier: GPL-2.0-or-later
#include "gate/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/shown.h"
#include "check/check.h"
#include "fuzz/stage.h"
#include "lint/lint.h"
#include "replay/replay.h"
#include "report/report.h"
#include "vm/boot.h"
#include "vm/kernel.h"

#define MAX_FOREIGN_LEN ((size_t)64 << 20)

static const char *default_kernels[] = { "debian:6.1" };

/* One run of the gate. */
struct gate {
	struct gate_options options;
	const char *path;
	bool foreign;		/* the target's parser is not ours */
	struct loaded loaded;
	struct words consumers;	/* for check: given, or ours for each kernel; new strings */
};

/*
 * The modules that will load the file.  A kernel that is not there leaves its
 * module out here; the boot stage then says that it is unknown.
 */
static void find_consumers(struct gate *gate)
{
	const struct gate_options *o = &gate->options;
	struct kernel kernel;
	char error[256];

	for (size_t i = 0; i < o->consumers.num; i++)
		words_add(&gate->consumers, xstrdup(o->consumers.items[i]));
	if (o->consumers.num)
		return;
	for (size_t i = 0; i < o->kernels.num; i++) {
		char *name;

		if (kernel_find(o->kernels.items[i], &kernel, error))
			continue;
		name = xasprintf("modules/%s/plimsoll.ko", kernel.release);
		words_add(&gate->consumers, file_part(name));
		free(name);
		kernel_free(&kernel);
	}
}

static void run_check(struct gate *gate, struct stage *stage)
{
	struct check_options options = {
		.consumers = gate->consumers,
		.kernels = gate->options.kernels,
		.boots_follow = true,
		.baseline = gate->options.baseline,
	};

	check_run(&options, gate->path, stage, &gate->loaded);
}

static void run_lint(struct gate *gate, struct stage *stage)
{
	struct lint_options options = {
		.policy = gate->options.policy,
		.baseline = gate->options.baseline,
		.consumers = gate->consumers,
	};

	lint_run(&options, gate->path, &gate->loaded.content, stage);
}

static void run_replay(struct gate *gate, struct stage *stage)
{
	replay_run(gate->path, &gate->loaded.content, stage);
	lint_replay(gate->options.policy, gate->path, &gate->loaded.content,
		    stage);
}

static void run_fuzz(struct gate *gate, struct stage *stage)
{
	struct fuzz_options options = {
		.target = gate->options.target,
		.kernels = gate->options.kernels,
		.consumers = gate->options.consumers,
		.baseline = gate->options.baseline,
		.report_dir = gate->options.report_dir,
		.one = FUZZ_ALL,
	};

	fuzz_gate_options(&options, gate->loaded.len);
	fuzz_run(&options, gate->path, stage);
}

static void run_boot(struct gate *gate, struct stage *stage)
{
	struct boot_options options = {
		.target = gate->options.target,
		.kernels = gate->options.kernels,
		.consumers = gate->options.consumers,
		.baseline = gate->options.baseline,
		.evidence_dir = gate->options.report_dir,
	};

	boot_run(&options, gate->path, stage);
}

/*
 * In this order; none runs after one that failed, but lint: it executes
 * nothing, and what is wrong is better told at once than one by one.
 */
static const struct step {
	const char *name;
	bool always;		/* if only the content could be read */
	void (*run)(struct gate *gate, struct stage *stage);
} steps[] = {
	{ "check", true, run_check },
	{ "lint", true, run_lint },
	{ "replay", false, run_replay },
	{ "fuzz", false, run_fuzz },
	{ "boot", false, run_boot },
};

#define NUM_STEPS ARRAY_LEN(steps)

/* What no core of ours can parse, only the real kernel can judge. */
static bool applies(const struct gate *gate, const struct step *step)
{
	return !gate->foreign || step->run == run_fuzz ||
	       step->run == run_boot;
}

static void load_foreign(struct gate *gate)
{
	/* Where it can't be read, the boot stage says so. */
	if (file_read(gate->path, MAX_FOREIGN_LEN, &gate->loaded.data,
		      &gate->loaded.len))
		gate->loaded.data = NULL;
}

static void print_row(const struct stage *stage)
{
	if (!stage->ran) {
		fprintf(stderr, "  %-8s not run\n", stage->name);
		return;
	}
	fprintf(stderr, "  %-8s %-8s %6.2f s  %s\n", stage->name,
		verdict_name(stage_verdict(stage)), stage->seconds,
		stage->summary ? stage->summary : "");
}

static double monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static enum verdict run_steps(struct gate *gate, struct stage *stages)
{
	enum verdict verdict = VERDICT_PASS;

	shown_print(stderr, gate->path);
	fputc('\n', stderr);
	for (size_t i = 0; i < NUM_STEPS; i++) {
		if (!applies(gate, &steps[i]))
			continue;
		if (i == 0 || gate->foreign || (gate->loaded.content.len &&
		    (steps[i].always || verdict != VERDICT_FAIL)))
			steps[i].run(gate, &stages[i]);
		verdict = verdict_worse(verdict, stage_verdict(&stages[i]));
		print_row(&stages[i]);
		stage_print(&stages[i]);
	}
	return verdict;
}

enum verdict gate_run(const struct gate_options *options, const char *path,
		      json_t **out_report)
{
	struct gate gate = { .options = *options, .path = path,
			     .foreign = boot_target_foreign(options->target) };
	struct stage stages[NUM_STEPS];
	double began = monotonic();
	json_t *list = json_array();
	enum verdict verdict;

	if (!gate.options.kernels.num)
		gate.options.kernels = (struct words){
			default_kernels, ARRAY_LEN(default_kernels), 0 };
	for (size_t i = 0; i < NUM_STEPS; i++)
		stage_init(&stages[i], steps[i].name);
	if (gate.foreign)
		load_foreign(&gate);
	else
		find_consumers(&gate);
	verdict = run_steps(&gate, stages);
	for (size_t i = 0; i < NUM_STEPS; i++)
		if (applies(&gate, &steps[i]))
			json_array_append_new(list, stage_json(&stages[i]));
	*out_report = report_make(path, gate.loaded.data, gate.loaded.len,
				  list, verdict, monotonic() - began);
	fprintf(stderr, "  %-8s %-8s %6.2f s\n", "verdict",
		verdict_name(verdict), monotonic() - began);

	for (size_t i = 0; i < NUM_STEPS; i++)
		stage_free(&stages[i]);
	for (size_t i = 0; i < gate.consumers.num; i++)
		free((char *)gate.consumers.items[i]);
	words_free(&gate.consumers);
	content_unload(&gate.loaded);
	return verdict;
}
