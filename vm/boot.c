// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/boot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"
#include "vm/interrupt.h"
#include "vm/jobs.h"
#include "vm/qemu.h"
#include "vm/run.h"
#include "vm/target_script.h"
#include "vm/workdir.h"

#define DEFAULT_KERNEL "debian:6.1"

/* A kernel that was found and that something boots here. */
struct machine {
	struct kernel kernel;
	struct accelerator accelerator;
	size_t num_consumers;	/* that are built for it */
};

/* A module, and its own word where it has one. */
struct module {
	char *path;
	struct consumer consumer;
	bool speaks;		/* consumer is filled */
	size_t num_kernels;	/* that it is built for */
};

struct matrix {
	const struct boot_options *options;
	struct stage *stage;
	struct target target;
	struct candidate candidate;
	char *workdir;
	struct machine *machines;
	size_t num_machines, cap_machines;
	struct module **modules;	/* a consumer points into itself */
	size_t num_modules, cap_modules;
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

static void add_machine(struct matrix *matrix, const char *name)
{
	struct machine machine = { 0 };
	char error[256];

	if (kernel_find(name, &machine.kernel, error)) {
		unknown(matrix, "NO_KERNEL", NULL, error);
		return;
	}
	if (accelerator_find(&machine.kernel, matrix->workdir,
			     &machine.accelerator, error)) {
		unknown(matrix, "NO_ACCELERATOR", NULL, error);
		kernel_free(&machine.kernel);
		return;
	}
	ARRAY_RESERVE(matrix->machines, matrix->num_machines,
		      matrix->cap_machines);
	matrix->machines[matrix->num_machines++] = machine;
}

static int read_module(const struct matrix *matrix, struct module *module,
		       char error[256])
{
	return (matrix->target.ours ? consumer_read : consumer_read_any)(
		&module->consumer, module->path, error);
}

/*
 * Takes @path; NULL is the module of a target that asks for none.  A module
 * without a word of its own is run all the same.
 */
static void add_module(struct matrix *matrix, char *path)
{
	struct module *module;
	char error[256];

	if (path && access(path, R_OK)) {
		unknown(matrix, "NO_CONSUMER", path,
			"the consumer can't be read; is it built?");
		free(path);
		return;
	}
	module = xcalloc(1, sizeof(*module));
	module->path = path;
	module->speaks = path && !read_module(matrix, module, error);
	if (path && !module->speaks) {
		struct place place = NOWHERE;

		place.file = path;
		stage_finding(matrix->stage, SEVERITY_INFO, "NO_SUPPLY", place,
			      "%s", error);
	}
	ARRAY_RESERVE(matrix->modules, matrix->num_modules,
		      matrix->cap_modules);
	matrix->modules[matrix->num_modules++] = module;
}

static void find_machines(struct matrix *matrix)
{
	const struct boot_options *o = matrix->options;

	for (size_t i = 0; i < o->num_kernels; i++)
		add_machine(matrix, o->kernels[i]);
	if (!o->num_kernels)
		add_machine(matrix, DEFAULT_KERNEL);
}

static void find_modules(struct matrix *matrix)
{
	const struct boot_options *o = matrix->options;

	if (!target_has_consumer(&matrix->target) && !matrix->target.ours) {
		add_module(matrix, NULL);
		return;
	}
	for (size_t i = 0; i < o->num_consumers; i++)
		add_module(matrix, xstrdup(o->consumers[i]));
	if (!matrix->target.ours)
		return;
	for (size_t i = 0; !o->num_consumers && i < matrix->num_machines;
	     i++) {
		char *name = xasprintf("modules/%s/plimsoll.ko",
				       matrix->machines[i].kernel.release);

		add_module(matrix, file_part(name));
		free(name);
	}
}

/* By its vermagic; a module that tells none is tried on every kernel. */
static bool fits(const struct module *module, const struct machine *machine)
{
	return !module->speaks ||
	       consumer_fits(&module->consumer, machine->kernel.release);
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
	};

	run.label = matrix->options->num_consumers > 1 ?
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

static void add_scenarios(struct matrix *matrix, struct machine *machine,
			  struct module *module)
{
	const struct boot_options *o = matrix->options;
	const struct scenario *all = matrix->target.ours ? scenarios :
							   target_scenarios;
	size_t num = matrix->target.ours ? num_scenarios :
					   num_target_scenarios;

	machine->num_consumers++;
	module->num_kernels++;
	for (size_t i = 0; i < o->num_scenarios; i++)
		add_run(matrix, machine, module,
			find_scenario(matrix, o->scenarios[i]));
	for (size_t i = 0; !o->num_scenarios && i < num; i++)
		if (!all[i].on_request)
			add_run(matrix, machine, module, &all[i]);
}

/* Every kernel with every consumer that is built for it. */
static void make_runs(struct matrix *matrix)
{
	for (size_t k = 0; k < matrix->num_machines; k++)
		for (size_t m = 0; m < matrix->num_modules; m++)
			if (fits(matrix->modules[m], &matrix->machines[k]))
				add_scenarios(matrix, &matrix->machines[k],
					      matrix->modules[m]);
	for (size_t k = 0; k < matrix->num_machines; k++)
		if (!matrix->machines[k].num_consumers)
			unknown(matrix, "NO_CONSUMER", NULL,
				"no consumer given is built for a kernel given");
	for (size_t m = 0; m < matrix->num_modules; m++)
		if (!matrix->modules[m]->num_kernels)
			unknown(matrix, "NO_KERNEL", matrix->modules[m]->path,
				"the consumer is built for none of the kernels");
}

static void progress(const struct matrix *matrix, const char *what)
{
	if (!matrix->terminal)
		return;
	fprintf(stderr, "\r\033[Kboot: %zu of %zu runs%s%s", matrix->num_done,
		matrix->num_runs, what ? ", last " : "", what ? what : "");
	if (!what && matrix->num_done == matrix->num_runs)
		fputs("\r\033[K", stderr);
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

	matrix->num_done++;
	progress(matrix, matrix->runs[index].label);
}

/* The findings and the evidence of the runs, in the order of the matrix. */
static void collect(struct matrix *matrix)
{
	json_t *list = json_array();

	for (size_t i = 0; i < matrix->num_runs; i++) {
		struct run *run = &matrix->runs[i];

		for (size_t f = 0; f < run->stage.num_findings; f++) {
			const struct finding *from = &run->stage.findings[f];
			struct place place = { from->file, from->off,
					       from->rule };

			stage_finding(matrix->stage, from->severity,
				      from->code, place, "%s", from->text);
		}
		if (run->evidence) {
			json_object_set_new(run->evidence, "seconds",
					    json_real(run->seconds));
			json_array_append_new(list, run->evidence);
			run->evidence = NULL;
		}
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
	for (size_t i = 0; i < matrix->num_modules; i++) {
		if (matrix->modules[i]->speaks)
			consumer_free(&matrix->modules[i]->consumer);
		free(matrix->modules[i]->path);
		free(matrix->modules[i]);
	}
	for (size_t i = 0; i < matrix->num_machines; i++)
		kernel_free(&matrix->machines[i].kernel);
	free(matrix->runs);
	free(matrix->modules);
	free(matrix->machines);
	candidate_free(&matrix->candidate);
	target_free(&matrix->target);
	workdir_remove(matrix->workdir);
}

static void run_matrix(struct matrix *matrix)
{
	char *qemu = qemu_find();

	if (!qemu) {
		unknown(matrix, "NO_QEMU", NULL,
			"there is no qemu-system-x86_64; apt-get install qemu-system-x86");
		return;
	}
	free(qemu);
	find_machines(matrix);
	find_modules(matrix);
	make_runs(matrix);
	progress(matrix, "");
	jobs_run(matrix->num_runs, do_run, on_done, matrix);
	progress(matrix, NULL);
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
	for (size_t i = 0; i < o->num_scenarios; i++) {
		if (!find_scenario(matrix, o->scenarios[i])) {
			unknown(matrix, "NO_SCENARIO", NULL,
				"the target has no such scenario");
			target_free(&matrix->target);
			return false;
		}
	}
	if (target_has_consumer(&matrix->target) && !matrix->target.ours &&
	    !o->num_consumers) {
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
	err = (matrix.target.ours ? candidate_load : candidate_load_foreign)(
		&matrix.candidate, path);
	if (!err && options->baseline) {
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
