// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/screen.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"
#include "vm/fleet.h"
#include "vm/interrupt.h"
#include "vm/jobs.h"
#include "vm/judge.h"
#include "vm/lab.h"
#include "vm/target_screen.h"
#include "vm/template.h"
#include "vm/workdir.h"

/* A file is there in the mailbox, read, and copied by the consumer. */
#define MEMORY_MIB 256
#define MEMORY_TIMES 8

/*
 * After the snapshot.  Programs that no content may touch, unloading and leaks
 * are left to cold boots: what is run here has to be translated anew in every
 * VM, and that is what takes the time.  Nothing runs before the candidate.
 */
static const struct boot_plan steps = {
	.name = "screen", .baseline_first = true, .plans = {
		PLAN_TO_CANDIDATE, PLAN_STATUS, PLAN_FIRST_EVENTS, PLAN_STATUS, PLAN_CLOSE,
		PLAN_TAINT, PLAN_STOP } };

/* For the judge, who asks after a consumer; the template has it. */
static const struct scenario screening = {
	"screen", "module in, content in, events", true, {
		{ .name = "screen", .baseline_first = true, .plans = {
			PLAN_TO_CANDIDATE, PLAN_STATUS, PLAN_FIRST_EVENTS,
			PLAN_STATUS, PLAN_CLOSE, PLAN_TAINT, PLAN_STOP,
			PLAN_CONSUMER } } } };

/* The same for a target that is not ours: its steps are its own. */
static const struct scenario foreign_screening = {
	"screen", "content in and used", true, {
		{ .name = "screen", .plans = { PLAN_TAINT, PLAN_STOP } } } };

/* One kernel with one consumer; the VM's channel and memory are fixed, too. */
struct mould {
	const struct machine *machine;
	const struct module *module;
	uint32_t channel;
	unsigned int memory_mib;
	struct template *template;	/* NULL: could not be made */
	char error[TEMPLATE_ERROR_MAX];
};

struct screen {
	const struct screen_options *options;
	char *const *paths;
	struct target target;
	struct fleet fleet;
	char *workdir;
	pthread_mutex_t lock;		/* over the moulds */
	struct mould **moulds;
	size_t num_moulds, cap_moulds;
	struct stage *stages;		/* one a file */
	size_t num, num_known;
};

/*
 * What a kernel does at its first execution it need not do in every VM.  The
 * consumer is not there yet.
 */
static void warm_up(struct script *prelude)
{
	struct execution one = {
		.image = (char *)"/bin/true", .folder = (char *)"/",
		.command_line = (char *)"true",
		.parent_image = (char *)"/bin/sh",
		.parent_command_line = (char *)"sh",
		.uid = 1000, .parent_uid = 1000, .login_uid = 1000,
	};

	script_execute(prelude, 0, &one);
}

static void open_template(struct screen *screen, struct mould *mould)
{
	struct script prelude = { 0 };
	struct initramfs initramfs;
	char *actor = file_part("guest/actor");
	char *append = xasprintf("plimsoll.channels=%u", mould->channel);
	struct template_config config = {
		.kernel = &mould->machine->kernel,
		.accelerator = &mould->machine->accelerator,
		.append = append,
		.memory_mib = mould->memory_mib,
		.slow_clock = true,
		.initramfs = &initramfs,
		.prelude = &prelude,
	};

	warm_up(&prelude);
	script_step(&prelude, VM_STEP_CONSUMER, 0, 0, 0, VM_CONSUMER, NULL);
	script_step(&prelude, VM_STEP_DEVICE, 0, 0, 0, NULL, NULL);
	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_ACTOR, 0755, actor);
	initramfs_file(&initramfs, VM_CONSUMER, 0644, mould->module->path);
	mould->template = template_open(&config, screen->workdir,
					mould->error);
	initramfs_free(&initramfs);
	script_free(&prelude);
	free(append);
	free(actor);
}

static unsigned int memory_for(const struct candidate *candidate)
{
	unsigned int mib = MEMORY_MIB;

	while (mib < MEMORY_MIB + MEMORY_TIMES * (candidate->len >> 20))
		mib *= 2;
	return mib;
}

/* The first that asks makes it, the others wait. */
static const struct mould *find_mould(struct screen *screen,
				      const struct machine *machine,
				      const struct module *module,
				      const struct candidate *candidate)
{
	unsigned int mib = memory_for(candidate);
	struct mould *mould = NULL;

	pthread_mutex_lock(&screen->lock);
	for (size_t i = 0; i < screen->num_moulds && !mould; i++) {
		struct mould *old = screen->moulds[i];

		if (old->machine == machine && old->module == module &&
		    old->channel == candidate->channel &&
		    old->memory_mib == mib)
			mould = old;
	}
	if (!mould) {
		mould = xcalloc(1, sizeof(*mould));
		mould->machine = machine;
		mould->module = module;
		mould->channel = candidate->channel;
		mould->memory_mib = mib;
		if (screen->target.ours)
			open_template(screen, mould);
		else
			mould->template = target_screen_open(
				&screen->target, machine, module, mib,
				screen->workdir, mould->error);
		ARRAY_RESERVE(screen->moulds, screen->num_moulds,
			      screen->cap_moulds);
		screen->moulds[screen->num_moulds++] = mould;
	}
	pthread_mutex_unlock(&screen->lock);
	return mould;
}

static void unknown(struct stage *stage, const char *code, const char *file,
		    const char *text)
{
	struct place place = NOWHERE;

	place.file = file;
	stage_finding(stage, SEVERITY_UNKNOWN, code, place, "%s", text);
}

static void make_script(const struct candidate *candidate, const char *token,
			struct script *out)
{
	struct script rest;

	*out = (struct script){ 0 };
	script_step(out, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	script_step(out, VM_STEP_RECEIVE, 0, 0, 1, VM_CANDIDATE, NULL);
	scenario_script(&steps, candidate, token, NULL, &rest);
	vm_bytes_add(&out->bytes, rest.bytes.data, rest.bytes.len);
	script_free(&rest);
}

static void judge_outcome(struct run *run, const struct qemu_outcome *outcome,
			  const char *token)
{
	struct judge judge = {
		.run = run, .boot = &run->scenario->boots[0], .outcome = outcome,
		.token = token, .evidence = json_object(),
	};

	if (outcome->refusal)
		unknown(&run->stage, "NO_TEMPLATE", run->candidate->path,
			outcome->refusal);
	judge_boot(&judge);
	json_decref(judge.evidence);
	console_free(&judge.console);
}

/* The outcome into the run, whatever template_run() said. */
static void keep_outcome(struct run *run, int err,
			 struct qemu_outcome *outcome, const char *token)
{
	if (err)
		unknown(&run->stage, "NO_TEMPLATE", run->candidate->path,
			strerror(-err));
	else
		judge_outcome(run, outcome, token);
	run->seconds = outcome->seconds;
	run->cpu_seconds = outcome->cpu_seconds;
	run->complete = !results_fault(&outcome->results, token);
	qemu_outcome_free(outcome);
}

static void run_vm(struct run *run, const struct template *template)
{
	const struct candidate *candidate = run->candidate;
	struct mailbox_file file = { candidate->data, candidate->len };
	char token[VM_TOKEN_LEN + 1];
	struct qemu_outcome outcome;
	struct script script;
	int err;

	if (lab_token(token)) {
		unknown(&run->stage, "NO_TOKEN", candidate->path,
			"the system gives no random bytes");
		return;
	}
	make_script(candidate, token, &script);
	err = template_run(template, &(struct template_job){
			.script = &script, .files = &file, .num_files = 1,
			.token = token,
			.deadline = accelerator_deadline(run->accelerator,
							 candidate->num_asked),
		}, &outcome);
	keep_outcome(run, err, &outcome, token);
	script_free(&script);
}

static void run_foreign(struct run *run, const struct template *template)
{
	char token[VM_TOKEN_LEN + 1], error[256];
	struct qemu_outcome outcome;
	int err;

	if (lab_token(token))
		unknown(&run->stage, "NO_TOKEN", run->candidate->path,
			"the system gives no random bytes");
	else if (target_screen_run(run, template, NULL, token, &outcome, &err,
				   error))
		unknown(&run->stage, "NO_FILE", run->candidate->path, error);
	else
		keep_outcome(run, err, &outcome, token);
}

static void keep_findings(struct stage *to, const struct stage *from)
{
	for (size_t i = 0; i < from->num_findings; i++) {
		const struct finding *f = &from->findings[i];
		struct place place = { f->file, f->off, f->rule };

		stage_finding(to, f->severity, f->code, place, "%s", f->text);
	}
}

/* One file on one kernel with one consumer; whether all of it took place. */
static bool screen_on(struct screen *screen, const struct machine *machine,
		      const struct module *module,
		      const struct candidate *candidate, struct stage *stage)
{
	const struct mould *mould = find_mould(screen, machine, module,
					       candidate);
	char *label = xasprintf("%s, %s", machine->kernel.name,
				screening.name);
	struct run run = {
		.candidate = candidate, .kernel = &machine->kernel,
		.accelerator = &machine->accelerator,
		.scenario = screen->target.ours ? &screening :
						  &foreign_screening,
		.target = screen->target.ours ? NULL : &screen->target,
		.consumer_path = module->path,
		.consumer = module->speaks ? &module->consumer : NULL,
		.label = label,
	};

	stage_init(&run.stage, "boot");
	if (mould->template && run.target)
		run_foreign(&run, mould->template);
	else if (mould->template)
		run_vm(&run, mould->template);
	else
		unknown(&run.stage, "NO_TEMPLATE", candidate->path,
			mould->error);
	keep_findings(stage, &run.stage);
	json_array_append_new(
		json_object_get(stage->evidence, "runs"),
		json_pack("{so ss? ss? ss? sf sf}", "kernel",
			  document_text(machine->kernel.name), "consumer",
			  module->path, "template", mould->template ?
			  template_key(mould->template) : NULL, "candidate",
			  candidate->digest, "seconds", run.seconds,
			  "cpu_seconds", run.cpu_seconds));
	stage_free(&run.stage);
	free(label);
	return run.complete;
}

static void screen_file(struct screen *screen, const char *path,
			struct stage *stage)
{
	const struct fleet *fleet = &screen->fleet;
	struct candidate candidate;
	size_t num = 0, complete = 0;
	int err = (screen->target.ours ? candidate_load :
					 candidate_load_foreign)(&candidate,
								 path);

	if (err) {
		unknown(stage, "UNREADABLE", path, strerror(-err));
		return;
	}
	for (size_t k = 0; k < fleet->num_machines; k++) {
		for (size_t m = 0; m < fleet->num_modules; m++) {
			if (!fleet_fits(fleet->modules[m],
					&fleet->machines[k]))
				continue;
			num++;
			complete += screen_on(screen, &fleet->machines[k],
					      fleet->modules[m], &candidate,
					      stage);
		}
	}
	candidate_free(&candidate);
	if (num && complete == num)
		stage_pass(stage);
}

static void do_file(void *context, size_t index)
{
	struct screen *screen = context;
	struct stage *stage = &screen->stages[index];

	stage_begin(stage);
	json_object_set_new(stage->evidence, "runs", json_array());
	if (interrupted())
		unknown(stage, "INTERRUPTED", screen->paths[index],
			"interrupted");
	else
		screen_file(screen, screen->paths[index], stage);
	stage_end(stage);
}

static void on_done(void *context, size_t index)
{
	struct screen *screen = context;
	struct stage *stage = &screen->stages[index];

	screen->num_known += stage_verdict(stage) != VERDICT_UNKNOWN;
	if (screen->options->done)
		screen->options->done(screen->options->context, index, stage);
	stage_free(stage);
}

static void screen_free(struct screen *screen)
{
	for (size_t i = 0; i < screen->num_moulds; i++) {
		template_close(screen->moulds[i]->template);
		free(screen->moulds[i]);
	}
	free(screen->moulds);
	free(screen->stages);
	fleet_free(&screen->fleet);
	target_free(&screen->target);
	workdir_remove(screen->workdir);
	pthread_mutex_destroy(&screen->lock);
}

static void screen_all(struct screen *screen, struct stage *stage)
{
	const struct screen_options *o = screen->options;

	fleet_find(&screen->fleet, &(struct fleet_options){
			   &screen->target, o->kernels, o->num_kernels,
			   o->consumers, o->num_consumers },
		   screen->workdir, stage);
	screen->stages = xcalloc(screen->num, sizeof(*screen->stages));
	for (size_t i = 0; i < screen->num; i++)
		stage_init(&screen->stages[i], "screen");
	jobs_run(screen->num, do_file, on_done, screen);
	stage_summary(stage, "%zu files screened, %zu with a verdict",
		      screen->num, screen->num_known);
	if (interrupted())
		unknown(stage, "INTERRUPTED", NULL, "interrupted");
	else if (screen->num_known == screen->num)
		stage_pass(stage);
}

void screen_run(const struct screen_options *options, char *const *paths,
		size_t num, struct stage *stage)
{
	struct screen screen = {
		.options = options, .paths = paths, .num = num,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	char error[TARGET_ERROR_LEN];

	stage_begin(stage);
	interrupt_begin();
	screen.workdir = workdir_make();
	if (target_load(options->target ? options->target : TARGET_OURS,
			&screen.target, error))
		unknown(stage, "NO_TARGET", NULL, error);
	else if (!screen.target.ours && !options->num_consumers &&
		 target_has_consumer(&screen.target))
		unknown(stage, "NO_CONSUMER", NULL,
			"the target needs a module; name it with --consumer");
	else if (screen.workdir)
		screen_all(&screen, stage);
	else
		unknown(stage, "NO_SPACE", NULL,
			"no folder for temporary files");
	screen_free(&screen);
	stage_end(stage);
	interrupt_end();
}
