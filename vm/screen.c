// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/screen.h"

#include <errno.h>
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
#include "vm/mould.h"
#include "vm/target_screen.h"
#include "vm/workdir.h"

/*
 * After the snapshot.  Programs that no content may touch, unloading and leaks
 * are left to cold boots: what is run here may have to be translated anew in
 * every VM, and that is what takes the time.  Nothing runs before the candidate.
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

struct screen {
	const struct screen_options *options;
	char *const *paths;
	struct target target;
	struct fleet fleet;
	struct moulds *moulds;
	char *workdir;
	struct stage *stages;		/* one a file */
	size_t num, num_known;
};

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
	run->is_copy = outcome->is_copy;
	run->complete = !results_fault(&outcome->results, token);
	qemu_outcome_free(outcome);
}

static void run_vm(struct run *run, const struct mould *mould)
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
	err = template_run(mould->template, &(struct template_job){
			.script = &script, .files = &file, .num_files = 1,
			.token = token, .copy_of = mould->original,
			.deadline = accelerator_deadline(run->accelerator,
							 candidate->num_asked),
		}, &outcome);
	keep_outcome(run, err, &outcome, token);
	script_free(&script);
}

static void run_foreign(struct run *run, const struct mould *mould)
{
	char token[VM_TOKEN_LEN + 1], error[256];
	struct qemu_outcome outcome;
	int err;

	if (lab_token(token))
		unknown(&run->stage, "NO_TOKEN", run->candidate->path,
			"the system gives no random bytes");
	else if (target_screen_run(run, mould->template, NULL, token, &outcome, &err,
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
	const struct mould *mould = moulds_find(screen->moulds, machine, module,
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
		run_foreign(&run, mould);
	else if (mould->template)
		run_vm(&run, mould);
	else
		unknown(&run.stage, "NO_TEMPLATE", candidate->path,
			mould->error);
	keep_findings(stage, &run.stage);
	json_array_append_new(
		json_object_get(stage->evidence, "runs"),
		json_pack("{so so ss? ss? sb sf sf}", "kernel",
			  document_text(machine->kernel.name), "consumer",
			  document_text_or_null(module->path), "template",
			  mould->template ? template_key(mould->template) :
			  NULL, "candidate", candidate->digest, "copy",
			  run.is_copy, "seconds", run.seconds, "cpu_seconds",
			  run.cpu_seconds));
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
	moulds_free(screen->moulds);
	free(screen->stages);
	fleet_free(&screen->fleet);
	target_free(&screen->target);
	workdir_remove(screen->workdir);
}

static void screen_all(struct screen *screen, struct stage *stage)
{
	const struct screen_options *o = screen->options;

	fleet_find(&screen->fleet, &(struct fleet_options){
			   &screen->target, o->kernels, o->consumers },
		   screen->workdir, stage);
	screen->moulds = moulds_new(&screen->target, &steps, screen->num,
				    screen->workdir);
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
	};
	char error[TARGET_ERROR_LEN];

	stage_begin(stage);
	interrupt_begin();
	screen.workdir = workdir_make();
	if (target_load(options->target ? options->target : TARGET_OURS,
			&screen.target, error))
		unknown(stage, "NO_TARGET", NULL, error);
	else if (!screen.target.ours && !options->consumers.num &&
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
