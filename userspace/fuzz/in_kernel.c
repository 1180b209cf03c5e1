// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plimsoll fuzz --in-kernel: a parser in a kernel that watches itself, driven
 * from inside of a guest by an engine that sees which way every input took.
 */
#include "fuzz/in_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "plm_format.h"
#include "report/document.h"
#include "fuzz/stage.h"
#include "vm/interrupt.h"
#include "vm/jobs.h"
#include "vm/workdir.h"

#define KERNEL "sanitizer"
#define SECONDS 60.0
#define MIN_LEN 4096u		/* bytes that an input may at least grow to */
#define SHORT_LEN 2048u		/* content of ours: there is all of it in so many */

struct in_kernel {
	const struct fuzz_options *options;
	const char *path;
	struct stage *stage;
	struct target target;
	struct fleet fleet;
	char *workdir;
	uint8_t *data;
	size_t len;
	struct fuzz_lab *lab;
	struct kernel_place place;
	struct kernel_corpus corpus;
	struct kernel_explore explore;
};

static void unknown(struct in_kernel *k, const char *code, const char *file,
		    const char *text)
{
	struct place place = NOWHERE;

	place.file = file;
	stage_finding(k->stage, SEVERITY_UNKNOWN, code, place, "%s", text);
}

/* A file that is no content of ours is offered to the channel 1. */
static uint32_t channel_of(const struct in_kernel *k)
{
	uint32_t channel = k->len >= PLM_HEADER_LEN ?
		plm_le32(k->data + PLM_HDR_CHANNEL) : 0;

	return channel && channel <= PLM_MAX_CHANNEL ? channel : 1;
}

/* One kernel and one consumer: which of several has crashed would not be told. */
static bool find_fleet(struct in_kernel *k)
{
	static const char *kernel = KERNEL;
	const struct fuzz_options *o = k->options;
	struct fleet_options options = { &k->target, o->kernels, o->consumers };

	if (!o->kernels.num)
		options.kernels = (struct words){ &kernel, 1, 0 };
	fleet_find(&k->fleet, &options, k->workdir, k->stage);
	if (!k->fleet.num_machines || !k->fleet.num_modules)
		return false;
	if (k->fleet.num_machines == 1 && k->fleet.num_modules == 1)
		return true;
	unknown(k, "TOO_MANY", NULL,
		"in a kernel one kernel and one consumer are fuzzed at a time");
	return false;
}

static bool open_lab(struct in_kernel *k)
{
	struct fuzz_lab_config config = {
		.machine = &k->fleet.machines[0],
		.module = k->fleet.modules[0], .target = &k->target,
		.path = k->path, .channel = channel_of(k),
		.workdir = k->workdir,
		.boots_only = k->options->repeat,
	};
	char error[TEMPLATE_ERROR_MAX] = "";

	k->lab = fuzz_lab_open(&config, error);
	if (!k->lab)
		unknown(k, "NO_TEMPLATE", k->path, error);
	return k->lab;
}

/* The folder that inputs are kept in, and the one for what is found. */
static bool open_folders(struct in_kernel *k)
{
	const struct fuzz_options *o = k->options;
	char *cache = file_cache_dir();
	char *dir = o->corpus ? xstrdup(o->corpus) :
		xasprintf("%s/fuzz/%s", cache, k->target.name);
	char *inputs = xasprintf("%s/inputs", dir);
	int err;

	k->place = (struct kernel_place){
		o->target, o->kernels.num ? o->kernels.items[0] : NULL,
		o->consumers.num ? o->consumers.items[0] : NULL,
		o->report_dir ? xstrdup(o->report_dir) :
				xasprintf("%s/found", dir) };
	err = kernel_corpus_open(&k->corpus, inputs);
	if (!err)
		err = file_mkdirs(k->place.dir);
	if (err)
		unknown(k, "NO_SPACE", dir, strerror(-err));
	free(inputs);
	free(dir);
	free(cache);
	return !err;
}

static void investigate(void *context, size_t index)
{
	struct in_kernel *k = context;

	kernel_crash_investigate(k->explore.crashes.list[index], k->lab,
				 k->target.ours ?
				 &k->corpus.inputs[k->corpus.first] : NULL);
}

static void explore(struct in_kernel *k)
{
	const struct fuzz_options *o = k->options;
	struct kernel_explore *e = &k->explore;

	bool sound = kernel_corpus_seed(&k->corpus, k->data, k->len,
					k->target.ours);
	uint32_t len = (uint32_t)(k->len > MIN_LEN ? k->len : MIN_LEN);

	*e = (struct kernel_explore){
		.lab = k->lab, .corpus = &k->corpus,
		.seconds = o->seconds > 0 ? o->seconds : SECONDS,
		.seed = (uint32_t)o->seed, .enough = o->crashes,
		.max_len = sound ? SHORT_LEN : len, .long_len = len,
	};
	e->begun = kernel_explore_now(e);
	kernel_explore_replay(e);
	if (!kernel_explore_has_enough(e))
		kernel_explore_run(e);
	if (fuzz_lab_is_hasty(k->lab))
		kernel_explore_replay(e);
	jobs_run(e->crashes.num, investigate, NULL, k);
	kernel_report_explore(e, k->stage);
	for (size_t i = 0; i < e->crashes.num; i++)
		kernel_report_crash(e->crashes.list[i], &k->place, k->stage);
	if (e->counts.num_executions && e->counts.num_points && !e->num_lost &&
	    !interrupted())
		stage_pass(k->stage);
}

static bool add_file(struct in_kernel *k, const char *path,
		     struct fuzz_list *list)
{
	uint32_t ways = FUZZ_WAY_DIRECT | FUZZ_WAY_USE |
			(k->target.ours ? FUZZ_WAY_FIRMWARE : 0);
	uint8_t *data;
	size_t len;
	int err = file_read(path, FUZZ_MAX_INPUT, &data, &len);
	bool fits;

	if (err) {
		unknown(k, "UNREADABLE", path, strerror(-err));
		return false;
	}
	fits = fuzz_list_add(list, data, len, ways);
	free(data);
	if (!fits)
		unknown(k, "TOO_LARGE", path, "more than a guest is given");
	return fits;
}

static void report_repeat(struct in_kernel *k,
			  const struct fuzz_outcome *outcome)
{
	struct place place = NOWHERE;
	char *code;

	place.file = k->path;
	stage_summary(k->stage, "one cold boot, %llu executions",
		      (unsigned long long)outcome->counts.num_executions);
	switch (outcome->ending) {
	case FUZZ_CRASHED:
		code = xasprintf("KERNEL_%s", outcome->kind);
		stage_finding(k->stage, SEVERITY_FAIL, code, place, "%s",
			      outcome->title);
		free(code);
		fprintf(stderr, "%s\n", outcome->text);
		break;
	case FUZZ_ENDED:
		if (outcome->counts.num_tried)
			stage_pass(k->stage);
		break;
	case FUZZ_LOST:
		unknown(k, "VM_LOST", k->path, outcome->text);
		break;
	}
}

/* The inputs that are named, in a VM that is booted. */
static void repeat(struct in_kernel *k)
{
	const struct fuzz_options *o = k->options;
	struct fuzz_list list = { 0 };
	struct fuzz_job job = { .mode = FUZZ_TRY, .cold = true,
				.repeat = o->repeat, .inputs = &list };
	struct fuzz_outcome outcome;
	struct fuzz_vm *vm;
	bool fits = true;

	for (size_t i = 0; i < o->before.num; i++)
		fits &= add_file(k, o->before.items[i], &list);
	fits &= add_file(k, k->path, &list);
	vm = fits ? fuzz_vm_make(k->lab, &job) : NULL;
	if (vm) {
		fuzz_vm_run(vm, &outcome);
		report_repeat(k, &outcome);
		fuzz_outcome_free(&outcome);
		fuzz_vm_free(vm);
	}
	fuzz_list_free(&list);
}

static void add_evidence(struct in_kernel *k)
{
	const struct machine *machine = &k->fleet.machines[0];

	json_object_set_new(k->stage->evidence, "crashes", json_array());
	json_object_update_new(k->stage->evidence, json_pack(
		"{so ss ss so ss?}", "kernel",
		document_text(machine->kernel.name), "kernel_digest",
		machine->kernel.digest, "accelerator",
		machine->accelerator.name, "consumer",
		document_text_or_null(k->fleet.modules[0]->path),
		"template", k->options->repeat ? NULL :
			fuzz_lab_key(k->lab)));
}

static void run(struct in_kernel *k)
{
	char error[TARGET_ERROR_LEN];
	int err;

	if (target_load(k->options->target ? k->options->target : TARGET_OURS,
			&k->target, error)) {
		unknown(k, "NO_TARGET", NULL, error);
		return;
	}
	err = file_read(k->path, FUZZ_MAX_INPUT, &k->data, &k->len);
	if (err) {
		unknown(k, "UNREADABLE", k->path, strerror(-err));
		return;
	}
	k->workdir = workdir_make();
	if (!k->workdir) {
		unknown(k, "NO_SPACE", NULL, "no folder for temporary files");
		return;
	}
	if (!find_fleet(k) || !open_lab(k))
		return;
	add_evidence(k);
	if (k->options->repeat)
		repeat(k);
	else if (open_folders(k))
		explore(k);
}

void fuzz_in_kernel(const struct fuzz_options *options, const char *path,
		    struct stage *stage)
{
	struct in_kernel k = { .options = options, .path = path,
			       .stage = stage };

	stage_begin(stage);
	interrupt_begin();
	run(&k);
	kernel_crashes_free(&k.explore.crashes);
	free(k.explore.why_lost);
	kernel_corpus_free(&k.corpus);
	free(k.place.dir);
	fuzz_lab_close(k.lab);
	fleet_free(&k.fleet);
	target_free(&k.target);
	free(k.data);
	workdir_remove(k.workdir);
	stage_end(stage);
	interrupt_end();
}
