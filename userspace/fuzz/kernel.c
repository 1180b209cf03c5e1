// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Neighbours through kernels: every kernel with every consumer that is built
 * for it, in VMs that go on from a template.  A kernel that cries is asked
 * again, neighbour by neighbour, which one it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fuzz/kernel.h"
#include "report/document.h"
#include "vm/console.h"
#include "vm/interrupt.h"
#include "vm/jobs.h"
#include "vm/lab.h"
#include "vm/workdir.h"

#define MAX_BATCH	2500u	/* neighbours of one VM */
#define TIMED_ROUND	5000u	/* neighbours between looks at the clock */
#define MOST_A_SECOND	1500	/* that a kernel gets through, about */

struct kernels {
	struct fuzz *f;
	struct target target;
	struct fleet fleet;
	struct candidate candidate;
	char *workdir;
	struct fuzz_kernel *list;
	size_t num, cap;
};

bool fuzz_tell(size_t *count)
{
	return (*count)++ < FUZZ_MAX_TOLD;
}

void fuzz_batch_recipes(const struct fuzz_batch *batch, struct vm_bytes *out)
{
	const struct fuzz_kernel *kernel = batch->kernel;
	struct neighbour_recipe recipe;

	for (size_t i = batch->from; i < batch->to; i++) {
		neighbourhood_get(&kernel->f->n, kernel->numbers[i], &recipe);
		vm_bytes_add(out, recipe.edits,
			     recipe.num * sizeof(recipe.edits[0]));
	}
}

static void do_batch(void *context, size_t index)
{
	struct fuzz_batch *batch = (struct fuzz_batch *)context + index;

	batch->outcome = (struct qemu_outcome){ .ending = QEMU_NOT_STARTED };
	if (interrupted())
		snprintf(batch->error, sizeof(batch->error), "interrupted");
	else if (lab_token(batch->token))
		snprintf(batch->error, sizeof(batch->error),
			 "the system gives no random bytes");
	else
		batch->kernel->side->run(batch);
}

static void unknown(struct fuzz_kernel *kernel, const char *code,
		    const char *text)
{
	char *whole = xasprintf("%s: %s", kernel->label, text);

	fuzz_unknown(kernel->f, code, kernel->f->path, whole);
	free(whole);
}

/* The first step that failed, as the guest says. */
static bool step_failed(const struct results *results)
{
	for (size_t i = 0; i < results->num; i++)
		if (results->list[i].head.type == VM_RESULT_STEP &&
		    results->list[i].head.value)
			return true;
	return false;
}

/* Of a VM that told of no fault: did it do all that it was to do? */
static bool ended_well(struct fuzz_batch *batch)
{
	const char *fault = results_fault(&batch->outcome.results,
					  batch->token);

	if (*batch->error || batch->err)
		unknown(batch->kernel, "NO_TEMPLATE", *batch->error ?
			batch->error : strerror(-batch->err));
	else if (fault)
		unknown(batch->kernel, "LOST_VM", fault);
	else if (step_failed(&batch->outcome.results))
		unknown(batch->kernel, "STEP_FAILED",
			"a step of the guest failed");
	else if (batch->outcome.console_cut)
		unknown(batch->kernel, "CONSOLE_CUT",
			"the kernel said more than is kept");
	else if (batch->seconds <= 0 &&
		 batch->num_answered != batch->to - batch->from)
		unknown(batch->kernel, "NOT_DONE",
			"the guest did not answer for every neighbour");
	else
		return true;
	return false;
}

static void keep_console(struct fuzz_kernel *kernel,
			 const struct fuzz_batch *batch)
{
	size_t most = 4096, len = batch->outcome.console.len;
	size_t from = len > most ? len - most : 0;
	char *text = len ? xstrndup((const char *)batch->outcome.console.data +
				    from, len - from) : xstrdup("");
	json_t *last = json_array_get(
		kernel->f->neighbours,
		json_array_size(kernel->f->neighbours) - 1);

	if (last)
		json_object_set_new(last, "console", document_text(text));
	free(text);
}

/* Over the neighbour at @index, or one of so many from there on. */
static void tell_report(struct fuzz_kernel *kernel,
			const struct fuzz_batch *batch, size_t index,
			size_t num, const struct console_report *report)
{
	char *code = xasprintf("KERNEL_%s", report->kind);
	char *title = num == 1 ? xstrdup(report->title) :
		xasprintf("%s (over this one or one of the %zu behind it)",
			  report->title, num - 1);

	fuzz_finding(kernel->f, SEVERITY_FAIL, code, kernel->numbers[index],
		     kernel->label, "%s", title);
	keep_console(kernel, batch);
	free(title);
	free(code);
}

static void batch_free(struct fuzz_batch *batch)
{
	batch->kernel->cpu_seconds += batch->outcome.cpu_seconds;
	batch->kernel->num_vms++;
	qemu_outcome_free(&batch->outcome);
}

/*
 * Which one it was: the one that the VM died over, or the last before it stopped.
 * One that went on to the end shows only that it was one of them.
 */
static size_t culprit_of(const struct fuzz_batch *batch, size_t *out_num)
{
	size_t index = batch->from + batch->num_answered;
	bool ended = !results_fault(&batch->outcome.results, batch->token);

	*out_num = 1;
	if (ended && (!batch->one_by_one || index >= batch->to)) {
		*out_num = batch->to - batch->from;
		return batch->from;
	}
	index -= ended && batch->num_answered;
	if (index >= batch->to)
		index = batch->to - 1;
	/* Answers by the hundred may have been on their way. */
	if (!batch->one_by_one)
		*out_num = batch->to - index;
	return index;
}

/*
 * A VM that cried over one of many, told by the hundred, and may have gone on
 * after that: all of them once more, with an answer for each, until the kernel
 * is tainted or dies.
 */
static void find_culprit(struct fuzz_kernel *kernel,
			 const struct fuzz_batch *cried,
			 const struct console_report *report)
{
	struct fuzz_batch again = {
		.kernel = kernel, .from = cried->from, .to = cried->to,
		.one_by_one = true,
	};
	struct console console = { 0 };
	size_t index, num;

	do_batch(&again, 0);
	kernel->side->judge(&again);
	console_scan(&console, (const char *)again.outcome.console.data,
		     again.outcome.console.len);
	/* One that does not cry again has nothing more to say about it. */
	if (console.num_reports)
		cried = &again;
	index = culprit_of(cried, &num);
	tell_report(kernel, cried, index, num, console.num_reports ?
		    &console.reports[0] : report);
	console_free(&console);
	batch_free(&again);
}

static bool judge_batch(struct fuzz_batch *batch)
{
	struct fuzz_kernel *kernel = batch->kernel;
	struct console console;
	bool good = true;

	kernel->side->judge(batch);
	kernel->num_answered += batch->num_answered;
	console_scan(&console, (const char *)batch->outcome.console.data,
		     batch->outcome.console.len);
	if (console.num_reports) {
		good = false;
		find_culprit(kernel, batch, &console.reports[0]);
	} else {
		good = ended_well(batch);
	}
	console_free(&console);
	return good;
}

/* Neighbours [from, to) in as many VMs as there are cores, or more. */
static bool run_range(struct fuzz_kernel *kernel, size_t from, size_t to,
		      double seconds)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = (to - from + MAX_BATCH - 1) / MAX_BATCH;
	struct fuzz_batch *batches;
	size_t share;
	bool good = true;

	if (cores > 0 && wanted < (size_t)cores)
		wanted = (size_t)cores;
	if (wanted > to - from)
		wanted = to - from;
	batches = xcalloc(wanted + 1, sizeof(*batches));
	share = wanted ? (to - from + wanted - 1) / wanted : 0;
	for (size_t i = 0; i < wanted; i++) {
		size_t begin = from + i * share, end = begin + share;

		batches[i] = (struct fuzz_batch){
			.kernel = kernel, .seconds = seconds,
			.from = begin < to ? begin : to,
			.to = end < to ? end : to,
		};
	}
	jobs_run(wanted, do_batch, NULL, batches);
	for (size_t i = 0; i < wanted; i++) {
		/* Of a kernel that has cried, one finding is enough. */
		if (good)
			good = judge_batch(&batches[i]);
		batch_free(&batches[i]);
	}
	free(batches);
	return good && wanted;
}

static void run_kernel(struct fuzz_kernel *kernel)
{
	double seconds = kernel->f->options->seconds;
	double end = fuzz_now() + seconds;
	char error[TEMPLATE_ERROR_MAX];
	size_t done = 0;
	bool good = true;

	kernel->template = kernel->side->open(kernel, error);
	if (!kernel->template) {
		unknown(kernel, "NO_TEMPLATE", error);
		return;
	}
	while (good && done < kernel->num && !interrupted()) {
		size_t to = kernel->num;

		if (seconds > 0 && to - done > TIMED_ROUND)
			to = done + TIMED_ROUND;
		good = run_range(kernel, done, to, seconds);
		done = to;
		if (seconds > 0 && fuzz_now() >= end)
			break;
	}
	kernel->complete = good && kernel->num_answered;
}

static json_t *counts_json(const struct fuzz_kernel *kernel, double seconds)
{
	bool ours = kernel->f->ours;

	return json_pack(
		"{so so sI sI sI sI sI sI ss ss ss ss? sf sf}", "kernel",
		document_text(kernel->machine->kernel.name), "consumer",
		document_text_or_null(kernel->module->path),
		"neighbours", (json_int_t)kernel->num, "offered",
		(json_int_t)kernel->num_answered, "taken",
		(json_int_t)kernel->num_taken, "disagreements",
		(json_int_t)kernel->num_disagree, "events",
		(json_int_t)kernel->num_events, "vms",
		(json_int_t)kernel->num_vms, "code", ours ? "told" : "not told",
		"offset", ours ? "told" : "not told", "accelerator",
		kernel->machine->accelerator.name, "template",
		kernel->template ? template_key(kernel->template) : NULL,
		"cpu_seconds", kernel->cpu_seconds, "a_second",
		seconds > 0 ? (double)kernel->num_answered / seconds : 0);
}

static void run_one(struct fuzz_kernel *kernel)
{
	struct fuzz *f = kernel->f;
	size_t from = f->stage->num_findings;
	double began = fuzz_now(), seconds;

	run_kernel(kernel);
	seconds = fuzz_now() - began;
	if (f->ours && kernel->complete && kernel->num_taken &&
	    !kernel->num_events)
		unknown(kernel, "NO_EVENTS",
			"neighbours were taken, and not one event was seen");
	f->num_offered += kernel->num_answered;
	f->num_kernels++;
	json_object_update_new(fuzz_part(f, kernel->label, from,
					 kernel->complete, seconds),
			       counts_json(kernel, seconds));
}

static void add_kernel(struct kernels *all, const struct machine *machine,
		       const struct module *module, const uint64_t *numbers,
		       size_t num, const struct fuzz_answer *wanted)
{
	struct fuzz_kernel kernel = {
		.f = all->f, .target = &all->target, .machine = machine,
		.side = all->f->ours ? &fuzz_side_ours : &fuzz_side_foreign,
		.module = module, .candidate = &all->candidate,
		.workdir = all->workdir, .numbers = numbers, .num = num,
		.wanted = wanted,
		.answers = xcalloc(num + 1, sizeof(*kernel.answers)),
		.label = all->f->options->consumers.num > 1 ?
			xasprintf("%s, %s", machine->kernel.name,
				  module->path) :
			xstrdup(machine->kernel.name),
	};

	ARRAY_RESERVE(all->list, all->num, all->cap);
	all->list[all->num++] = kernel;
}

static void run_fleet(struct kernels *all, const uint64_t *numbers, size_t num,
		      const struct fuzz_answer *wanted)
{
	const struct fleet *fleet = &all->fleet;

	for (size_t k = 0; k < fleet->num_machines; k++)
		for (size_t m = 0; m < fleet->num_modules; m++)
			if (fleet_fits(fleet->modules[m], &fleet->machines[k]))
				add_kernel(all, &fleet->machines[k],
					   fleet->modules[m], numbers, num,
					   wanted);
	for (size_t i = 0; i < all->num && !interrupted(); i++)
		run_one(&all->list[i]);
	if (!all->num)
		fuzz_unknown(all->f, "NO_KERNEL", all->f->path,
			     "there is no kernel to try it in");
	fuzz_compare_kernels(all->f, all->list, all->num);
}

/* Which neighbours, and first what userspace says of them. */
static void run_numbers(struct kernels *all)
{
	struct fuzz *f = all->f;
	const struct fuzz_options *o = f->options;
	bool one = o->one != FUZZ_ALL;
	uint64_t timed = (uint64_t)(o->seconds * MOST_A_SECOND);
	uint64_t budget = o->seconds > 0 ? timed + 1 : o->kernel_neighbours;
	struct crew_job job = {
		.budget = one ? 0 : budget, .first = one ? o->one : 0,
		.num = one ? 1 : budget, .encode_every = UINT32_MAX,
	};
	uint64_t *numbers = xcalloc(job.num + 1, sizeof(*numbers));
	struct crew_result wanted = { 0 };
	struct neighbour_plan plan;

	neighbour_plan_make(&plan, &f->n, job.budget);
	for (uint64_t i = 0; i < job.num; i++)
		numbers[i] = one ? o->one : neighbour_plan_get(&plan, i);
	if (f->ours)
		crew_run(f, &job, &wanted);
	if (!f->ours || wanted.sound)
		run_fleet(all, numbers, (size_t)job.num, wanted.answers);
	crew_result_free(&wanted);
	free(numbers);
}

static void kernels_free(struct kernels *all)
{
	for (size_t i = 0; i < all->num; i++) {
		template_close(all->list[i].template);
		free(all->list[i].answers);
		free(all->list[i].label);
	}
	free(all->list);
	fleet_free(&all->fleet);
	candidate_free(&all->candidate);
	target_free(&all->target);
	workdir_remove(all->workdir);
}

static void find_fleet(struct kernels *all)
{
	const struct fuzz_options *o = all->f->options;

	target_hold(&all->target, all->f->path);
	fleet_find(&all->fleet, &(struct fleet_options){
			   &all->target, o->kernels, o->consumers },
		   all->workdir, all->f->stage);
}

void fuzz_kernels(struct fuzz *f)
{
	struct kernels all = { .f = f };
	const char *target = f->options->target;
	size_t from = f->stage->num_findings;
	char error[TARGET_ERROR_LEN];
	char *qemu = qemu_find();

	all.workdir = workdir_make();
	if (!qemu)
		fuzz_unknown(f, "NO_QEMU", NULL,
			     "there is no qemu-system-x86_64; apt-get install qemu-system-x86");
	else if (!all.workdir)
		fuzz_unknown(f, "NO_SPACE", NULL,
			     "no folder for temporary files");
	else if (target_load(target ? target : TARGET_OURS, &all.target, error))
		fuzz_unknown(f, "NO_TARGET", NULL, error);
	else if (!f->ours && !f->options->consumers.num &&
		 target_has_consumer(&all.target))
		fuzz_unknown(f, "NO_CONSUMER", NULL,
			     "the target needs a module; name it with --consumer");
	else if ((f->ours ? candidate_load : candidate_load_foreign)(
			 &all.candidate, f->path))
		fuzz_unknown(f, "UNREADABLE", f->path, "can't be read again");
	else
		find_fleet(&all);
	if (f->stage->num_findings == from || all.fleet.num_machines)
		run_numbers(&all);
	/* What stood in the way of a kernel is a part that was not done. */
	if (!all.num)
		fuzz_part(f, "kernels", from, false, 0);
	free(qemu);
	kernels_free(&all);
}
