// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Neighbours of our own content, offered to the control device: the kernel's
 * error, code, place and matches against those of userspace.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/kernel.h"
#include "vm/accel.h"
#include "vm/lab.h"
#include "vm/records.h"
#include "vm/refusal.h"

#define MEMORY_MIB	256u
#define MEMORY_TIMES	12u
#define USES		3u	/* executions for each that is taken */
#define AT_ONCE		256u	/* answers in one result */

static struct template *open_ours(struct fuzz_kernel *kernel,
				  char out_error[TEMPLATE_ERROR_MAX])
{
	char *append = xasprintf("plimsoll.channels=%u",
				 kernel->candidate->channel);
	char *actor = file_part("guest/actor");
	unsigned int mib = MEMORY_MIB;
	struct script prelude = { 0 };
	struct template *template;
	struct initramfs initramfs;

	while (mib < MEMORY_MIB + MEMORY_TIMES *
	       (kernel->f->base.len >> 20))
		mib *= 2;
	script_step(&prelude, VM_STEP_CONSUMER, 0, 0, 0, VM_CONSUMER, NULL);
	script_step(&prelude, VM_STEP_DEVICE, 0, 0, 0, NULL, NULL);
	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_ACTOR, 0755, actor);
	initramfs_file(&initramfs, VM_CONSUMER, 0644, kernel->module->path);
	template = template_open(&(struct template_config){
			.kernel = &kernel->machine->kernel,
			.accelerator = &kernel->machine->accelerator,
			.append = append, .memory_mib = mib,
			.initramfs = &initramfs, .prelude = &prelude,
		}, kernel->workdir, out_error);
	initramfs_free(&initramfs);
	script_free(&prelude);
	free(append);
	free(actor);
	return template;
}

/* Executions of different rules, evenly spaced; how many. */
static uint32_t add_uses(const struct candidate *candidate, struct script *out)
{
	size_t num = 0, step, seen = 0;
	uint32_t added = 0;

	for (size_t i = 0; i < candidate->num_asked; i++)
		num += candidate->asked[i].first && !candidate->asked[i].reason;
	step = num / USES + 1;
	for (size_t i = 0; i < candidate->num_asked; i++) {
		const struct asked *asked = &candidate->asked[i];

		if (!asked->first || asked->reason || seen++ % step)
			continue;
		script_execute(out, 0, &asked->execution);
		added++;
	}
	return added;
}

static void make_script(const struct fuzz_batch *batch, struct script *out)
{
	const struct candidate *candidate = batch->kernel->candidate;
	char *every = xasprintf("%u", batch->one_by_one ? 1 : AT_ONCE);
	char *texts[] = { VM_CANDIDATE, VM_NEIGHBOURS, VM_BASELINE, every,
			  NULL };
	struct script uses = { 0 };
	uint32_t num_uses = add_uses(candidate, &uses);

	script_step(out, VM_STEP_TOKEN, 0, 0, 0, batch->token, NULL);
	script_step(out, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	script_step(out, VM_STEP_RECEIVE, 0, 0, 0, VM_CANDIDATE, NULL);
	script_step(out, VM_STEP_RECEIVE, 0, 1, 0, VM_NEIGHBOURS, NULL);
	script_step(out, VM_STEP_RECEIVE, 0, 2, 0, VM_BASELINE, NULL);
	script_texts(out, VM_STEP_ATTACK, 0, candidate->channel, num_uses,
		     texts);
	vm_bytes_add(&out->bytes, uses.bytes.data, uses.bytes.len);
	script_step(out, VM_STEP_CLOSE, 0, 0, 0, NULL, NULL);
	script_step(out, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	script_step(out, VM_STEP_REBOOT, 0, 1, 0, NULL, NULL);
	script_free(&uses);
	free(every);
}

static void run_ours(struct fuzz_batch *batch)
{
	const struct fuzz_kernel *kernel = batch->kernel;
	const struct damage_base *base = &kernel->f->base;
	struct vm_bytes recipes = { 0 };
	struct script script = { 0 };

	fuzz_batch_recipes(batch, &recipes);
	make_script(batch, &script);
	batch->err = template_run(kernel->template, &(struct template_job){
			.script = &script, .num_files = 3,
			.files = (const struct mailbox_file[]){
				{ base->data, base->len },
				{ recipes.data, recipes.len },
				{ base->old, base->old_len },
			},
			.token = batch->token,
			.deadline = accelerator_deadline(
				&kernel->machine->accelerator,
				batch->to - batch->from),
		}, &batch->outcome);
	free(recipes.data);
	script_free(&script);
}

/* What userspace says, and behind it channel and supply. */
static struct kernel_answer expect(const struct fuzz_kernel *kernel, size_t i,
				   const struct plm_content *content)
{
	const struct fuzz_answer *said = &kernel->wanted[i];
	struct kernel_answer want = { .error = EBADMSG, .err = said->err,
				      .off = said->off, .rule = said->rule };
	const struct module *module = kernel->module;
	struct plm_fault fault = { .rule = PLM_NO_RULE };

	if (said->err != PLM_OK)
		return want;
	want.off = PLM_HDR_CHANNEL;
	want.rule = PLM_NO_RULE;
	want.err = PLM_WRONG_CHANNEL;
	if (content->channel != kernel->candidate->channel)
		return want;
	want.err = module->speaks ?
		plm_check_supply(content, module->consumer.list,
				 module->consumer.num_supplies, &fault) :
		PLM_OK;
	want.off = fault.off;
	want.rule = fault.rule;
	if (want.err == PLM_OK)
		want = (struct kernel_answer){ .rule = PLM_NO_RULE };
	return want;
}

/* The neighbour that is being judged, while it is what runs in the guest. */
struct taken {
	uint64_t k;
	uint8_t *data;
	struct plm_content content;
	struct evaluator *evaluator;	/* NULL: nothing is to be compared */
};

static void taken_end(struct taken *taken)
{
	evaluator_free(taken->evaluator);
	free(taken->data);
	*taken = (struct taken){ 0 };
}

/* Userspace has accepted these bytes under sanitizers; again, to read them. */
static void taken_begin(struct taken *taken, const struct fuzz *f, uint64_t k)
{
	struct plm_fault fault;
	size_t len;

	taken_end(taken);
	taken->k = k;
	taken->data = fuzz_make(f, k, &len);
	if (plm_check(taken->data, (u32)len, 0, &taken->content, &fault) ==
	    PLM_OK)
		taken->evaluator = evaluator_new(&taken->content);
}

static const char *name(uint32_t err)
{
	return plm_error_name((enum plm_err)err);
}

static bool same(const struct kernel_answer *want, const struct vm_refusal *got)
{
	return got->error == want->error && got->err == want->err &&
	       (got->error == 0 || (got->fault_off == want->off &&
				    got->fault_rule == want->rule));
}

/* Was the file never judged?  There may be no memory for what would be taken. */
static bool is_missed(const struct kernel_answer *want,
		      const struct vm_refusal *got)
{
	return refusal_is_none(got->error) ||
	       (got->error == ENOMEM && !want->error);
}

static void miss(struct fuzz_kernel *kernel, uint64_t k,
		 const struct vm_refusal *got)
{
	if (fuzz_tell(&kernel->num_missed))
		fuzz_finding(kernel->f, SEVERITY_UNKNOWN, "NOT_TRIED", k,
			     kernel->label,
			     "the kernel could not judge it: %s",
			     strerror(got->error));
}

static void disagree(struct fuzz_kernel *kernel, uint64_t k,
		     const struct kernel_answer *want,
		     const struct vm_refusal *got)
{
	if (!fuzz_tell(&kernel->num_disagree))
		return;
	if (!got->error)
		fuzz_finding(kernel->f, SEVERITY_FAIL, "NOT_REFUSED", k,
			     kernel->label,
			     "the kernel takes what userspace refuses with %s at byte %u",
			     name(want->err), want->off);
	else if (!want->error)
		fuzz_finding(kernel->f, SEVERITY_FAIL, "DISAGREE", k,
			     kernel->label,
			     "the kernel refuses it with %s at byte %u (%s), userspace does not",
			     name(got->err), got->fault_off,
			     strerror(got->error));
	else
		fuzz_finding(kernel->f, SEVERITY_FAIL, "DISAGREE", k,
			     kernel->label,
			     "the kernel says %s at byte %u (%s), userspace %s at byte %u",
			     name(got->err), got->fault_off,
			     strerror(got->error), name(want->err), want->off);
}

/* The empty file is not offered: it would take the content out. */
static bool is_empty(const struct fuzz *f, uint64_t k)
{
	size_t len;

	free(fuzz_make(f, k, &len));
	return !len;
}

static void judge_answer(struct fuzz_kernel *kernel, size_t i,
			 const struct vm_refusal *got, struct taken *taken)
{
	/* One that was answered, and is asked again, has been told of. */
	bool again = kernel->answers[i].there;
	uint64_t k = kernel->numbers[i];
	struct kernel_answer want;

	taken_end(taken);
	kernel->answers[i] = (struct kernel_answer){
		.there = true, .error = got->error, .err = got->err,
		.off = got->fault_off, .rule = got->fault_rule,
		.told = got->error ? TARGET_REJECTED : TARGET_ACCEPTED,
	};
	/* What userspace has not tried, or died of, has nothing to compare. */
	if (kernel->wanted[i].state != FUZZ_DONE ||
	    kernel->wanted[i].err == FUZZ_DIED ||
	    (got->error == ENODATA && is_empty(kernel->f, k)))
		return;
	if (!got->error || kernel->wanted[i].err == PLM_OK)
		taken_begin(taken, kernel->f, k);
	want = expect(kernel, i, &taken->content);
	kernel->num_taken += !got->error && !again;
	if (again)
		return;
	if (is_missed(&want, got))
		miss(kernel, k, got);
	else if (!same(&want, got))
		disagree(kernel, k, &want, got);
}

static bool matches(const struct record *record, const struct taken *taken)
{
	const struct plimsoll_match *got = record->matches;
	struct event_result want;
	size_t num = 0;

	evaluator_run(taken->evaluator, &record->event,
		      record->head.num_values, &want);
	for (size_t i = 0; i < record->head.num_matches; i++)
		for (size_t j = 0; j < want.num_matches; j++)
			num += got[i].rule == want.matches[j] &&
			       got[i].channel == taken->content.channel &&
			       got[i].content_version == taken->content.version;
	num = num == record->head.num_matches &&
	      (record->head.flags & PLIMSOLL_RECORD_MORE ||
	       num == want.num_matches);
	event_result_free(&want);
	return num;
}

static void judge_record(struct fuzz_kernel *kernel, const struct record *record,
			 const struct taken *taken)
{
	if (record->head.type != PLIMSOLL_RECORD_EVENT ||
	    !record->event.template || !taken->evaluator)
		return;
	kernel->num_events++;
	if (!matches(record, taken) && fuzz_tell(&kernel->num_disagree))
		fuzz_finding(kernel->f, SEVERITY_FAIL, "DISAGREE", taken->k,
			     kernel->label,
			     "taken, and of an event the kernel matches %u rules, but not those of userspace",
			     record->head.num_matches);
}

/* In the order in which the guest told them. */
static void judge_ours(struct fuzz_batch *batch)
{
	struct fuzz_kernel *kernel = batch->kernel;
	const struct results *results = &batch->outcome.results;
	struct taken taken = { 0 };
	struct vm_refusal got;
	struct records records = { 0 };
	size_t next = 0;

	records_read(&records, results);
	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];
		size_t num = result->head.type == VM_RESULT_REFUSALS ?
			     result->head.len / sizeof(got) : 0;

		for (size_t j = 0; j < num &&
		     batch->from + batch->num_answered < batch->to; j++) {
			memcpy(&got, results->bytes.data + result->off +
			       j * sizeof(got), sizeof(got));
			judge_answer(kernel, batch->from +
				     batch->num_answered++, &got, &taken);
		}
		for (; next < records.num && records.list[next].result == i;
		     next++)
			judge_record(kernel, &records.list[next], &taken);
	}
	if (records.malformed)
		fuzz_unknown(kernel->f, "BAD_RECORD", kernel->f->path,
			     "the consumer's stream holds a record that is none");
	taken_end(&taken);
	records_free(&records);
}

const struct fuzz_side fuzz_side_ours = { open_ours, run_ours, judge_ours };
