// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/boot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/boot_evidence.h"
#include "vm/fleet.h"
#include "vm/interrupt.h"
#include "vm/jobs.h"
#include "vm/qemu.h"
#include "vm/run.h"
#include "vm/target_script.h"
#include "vm/workdir.h"

struct matrix {
	const struct boot_options *options;
	struct stage *stage;
	struct target target;
	struct candidate candidate;
	char *workdir;
	struct fleet fleet;
	struct run *runs;
	size_t num_runs, cap_runs;
	size_t num_done;
	bool terminal;
};

bool boot_scenario_known(const char *name)
{
	return scenario_find(name) || target_scenario_find(name);
}

bool boot_kernel_known(const char *name)
{
	return kernel_name_known(name);
}

bool boot_target_known(const char *name, char out_error[BOOT_ERROR_LEN])
{
	struct target target;

	if (target_load(name, &target, out_error))
		return false;
	target_free(&target);
	return true;
}

bool boot_target_foreign(const char *name)
{
	struct target target;
	char error[TARGET_ERROR_LEN];
	bool foreign;

	if (!name || target_load(name, &target, error))
		return false;
	foreign = !target.ours;
	target_free(&target);
	return foreign;
}

static void unknown(struct matrix *matrix, const char *code, const char *file,
		    const char *text)
{
	struct place place = NOWHERE;

	place.file = file;
	stage_finding(matrix->stage, SEVERITY_UNKNOWN, code, place, "%s",
		      text);
}

static void add_run(struct matrix *matrix, const struct machine *machine,
		    const struct module *module,
		    const struct scenario *scenario)
{
	struct run run = {
		.candidate = &matrix->candidate,
		.kernel = &machine->kernel,
		.accelerator = &machine->accelerator,
		.scenario = scenario,
		.target = matrix->target.ours ? NULL : &matrix->target,
		.consumer_path = module->path,
		.consumer = module->speaks ? &module->consumer : NULL,
		.workdir = xasprintf("%s/run-%zu", matrix->workdir,
				     matrix->num_runs),
		.evidence_dir = matrix->options->evidence_dir,
		.deterministic = matrix->options->deterministic,
	};

	run.label = matrix->options->consumers.num > 1 ?
		xasprintf("%s, %s, %s", machine->kernel.name,
			  module->path, scenario->name) :
		xasprintf("%s, %s", machine->kernel.name, scenario->name);
	stage_init(&run.stage, "boot");
	ARRAY_RESERVE(matrix->runs, matrix->num_runs, matrix->cap_runs);
	matrix->runs[matrix->num_runs++] = run;
}

/* A target that is not ours has scenarios of its own. */
static const struct scenario *find_scenario(const struct matrix *matrix,
					    const char *name)
{
	return matrix->target.ours ? scenario_find(name) :
				     target_scenario_find(name);
}

static void add_scenarios(struct matrix *matrix, const struct machine *machine,
			  const struct module *module)
{
	const struct boot_options *o = matrix->options;
	const struct scenario *all = matrix->target.ours ? scenarios :
							   target_scenarios;
	size_t num = matrix->target.ours ? num_scenarios :
					   num_target_scenarios;

	for (size_t i = 0; i < o->scenarios.num; i++)
		add_run(matrix, machine, module,
			find_scenario(matrix, o->scenarios.items[i]));
	for (size_t i = 0; !o->scenarios.num && i < num; i++)
		if (!all[i].on_request)
			add_run(matrix, machine, module, &all[i]);
}

/* Every kernel with every consumer that is built for it. */
static void make_runs(struct matrix *matrix)
{
	struct fleet *fleet = &matrix->fleet;

	for (size_t k = 0; k < fleet->num_machines; k++)
		for (size_t m = 0; m < fleet->num_modules; m++)
			if (fleet_fits(fleet->modules[m], &fleet->machines[k]))
				add_scenarios(matrix, &fleet->machines[k],
					      fleet->modules[m]);
}

/* A line for each run that is done; on a terminal also what is still to do. */
static void progress(const struct matrix *matrix, struct run *done)
{
	if (matrix->terminal)
		fputs("\r\033[K", stderr);
	if (done)
		fprintf(stderr, "  %s: %s (%.1f s)\n", done->label,
			verdict_name(stage_verdict(&done->stage)),
			done->seconds);
	if (matrix->terminal && matrix->num_done < matrix->num_runs)
		fprintf(stderr, "boot: %zu of %zu runs", matrix->num_done,
			matrix->num_runs);
	fflush(stderr);
}

static void do_run(void *context, size_t index)
{
	struct matrix *matrix = context;
	struct run *run = &matrix->runs[index];

	if (interrupted())
		return;
	if (mkdir(run->workdir, 0700)) {
		struct place place = NOWHERE;

		stage_finding(&run->stage, SEVERITY_UNKNOWN, "NO_SPACE", place,
			      "%s: no folder for temporary files", run->label);
		return;
	}
	run_scenario(run);
}

static void on_done(void *context, size_t index)
{
	struct matrix *matrix = context;

	struct run *run = &matrix->runs[index];

	run->stage.ran = run->evidence != NULL;
	if (run->complete)
		stage_pass(&run->stage);
	matrix->num_done++;
	progress(matrix, run);
}

/* The findings and the evidence of the runs, in the order of the matrix. */
static void collect(struct matrix *matrix)
{
	json_t *list = json_array();

	for (size_t i = 0; i < matrix->num_runs; i++) {
		struct run *run = &matrix->runs[i];

		boot_findings(matrix->stage, run);
		json_array_append_new(list, boot_evidence(matrix->options,
							  run));
	}
	json_object_set_new(matrix->stage->evidence, "runs", list);
}

static void finish(struct matrix *matrix)
{
	size_t executed = 0;
	bool all = matrix->num_runs > 0;

	collect(matrix);
	for (size_t i = 0; i < matrix->num_runs; i++) {
		executed += matrix->runs[i].num_executed;
		all &= matrix->runs[i].complete;
	}
	stage_summary(matrix->stage, "%zu runs, %zu %s", matrix->num_runs,
		      executed, matrix->target.ours ? "programs executed" :
						      "uses");
	if (interrupted())
		unknown(matrix, "INTERRUPTED", NULL, "interrupted");
	else if (!matrix->num_runs && !matrix->stage->num_findings)
		unknown(matrix, "NO_RUNS", NULL, "nothing was run");
	else if (all && matrix->num_runs)
		stage_pass(matrix->stage);
}

static void free_matrix(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->num_runs; i++) {
		stage_free(&matrix->runs[i].stage);
		json_decref(matrix->runs[i].evidence);
		free((char *)matrix->runs[i].workdir);
		free((char *)matrix->runs[i].label);
	}
	free(matrix->runs);
	fleet_free(&matrix->fleet);
	candidate_free(&matrix->candidate);
	target_free(&matrix->target);
	workdir_remove(matrix->workdir);
}

static void run_matrix(struct matrix *matrix)
{
	const struct boot_options *o = matrix->options;
	char *qemu = qemu_find();

	if (!qemu) {
		unknown(matrix, "NO_QEMU", NULL,
			"there is no qemu-system-x86_64; apt-get install qemu-system-x86");
		return;
	}
	free(qemu);
	fleet_find(&matrix->fleet, &(struct fleet_options){
			   &matrix->target, o->kernels, o->consumers },
		   matrix->workdir, matrix->stage);
	make_runs(matrix);
	progress(matrix, NULL);
	jobs_run(matrix->num_runs, do_run, on_done, matrix);
	finish(matrix);
}

/* What the command line may have got wrong; the verbs ask before. */
static bool options_fit(struct matrix *matrix)
{
	const struct boot_options *o = matrix->options;
	char error[TARGET_ERROR_LEN];

	if (target_load(o->target ? o->target : TARGET_OURS, &matrix->target,
			error)) {
		unknown(matrix, "NO_TARGET", NULL, error);
		return false;
	}
	for (size_t i = 0; i < o->scenarios.num; i++) {
		if (!find_scenario(matrix, o->scenarios.items[i])) {
			unknown(matrix, "NO_SCENARIO", NULL,
				"the target has no such scenario");
			target_free(&matrix->target);
			return false;
		}
	}
	if (target_has_consumer(&matrix->target) && !matrix->target.ours &&
	    !o->consumers.num) {
		unknown(matrix, "NO_CONSUMER", NULL,
			"the target needs a module; name it with --consumer");
		target_free(&matrix->target);
		return false;
	}
	return true;
}

void boot_run(const struct boot_options *options, const char *path,
	      struct stage *stage)
{
	struct matrix matrix = { .options = options, .stage = stage,
				 .terminal = isatty(STDERR_FILENO) };
	const char *failed = path;
	int err;

	stage_begin(stage);
	if (!options_fit(&matrix)) {
		stage_end(stage);
		return;
	}
	interrupt_begin();
	target_hold(&matrix.target, path);
	err = (matrix.target.ours ? candidate_load : candidate_load_foreign)(
		&matrix.candidate, path);
	if (!err) {
		failed = options->baseline;
		err = candidate_baseline(&matrix.candidate, failed);
	}
	matrix.workdir = workdir_make();
	if (err)
		unknown(&matrix, "UNREADABLE", failed, strerror(-err));
	else if (!matrix.workdir)
		unknown(&matrix, "NO_SPACE", NULL,
			"no folder for temporary files");
	else
		run_matrix(&matrix);
	free_matrix(&matrix);
	stage_end(stage);
	interrupt_end();
}
