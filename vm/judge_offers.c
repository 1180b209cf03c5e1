// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of content that the guest offered, and of switches. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plimsoll_uapi.h"
#include "vm/judge.h"
#include "vm/neighbours.h"

#define MAX_TOLD 5	/* neighbours that were answered wrongly */

/* The answer that userspace expects; PLM_OK: taken. */
struct expected {
	enum plm_err err;
	struct plm_fault fault;
	bool stale;
};

static bool take(const struct judge *judge, const struct result *result,
		 void *out, size_t len)
{
	const void *data = result_data(&judge->outcome->results, result, len);

	if (data)
		memcpy(out, data, len);
	return data != NULL;
}

static struct expected expect(const struct judge *judge, enum plan plan,
			      const struct candidate *content,
			      const struct candidate *running)
{
	struct expected expected = { 0 };

	expected.err = judge_expects(judge, content, &expected.fault);
	if (expected.err == PLM_OK && running && plan != PLAN_TO_BASELINE &&
	    content->content.version < running->content.version) {
		expected.err = PLM_BAD_VERSION;
		expected.stale = true;
		expected.fault = (struct plm_fault){
			.off = PLM_HDR_CONTENT_VERSION, .rule = PLM_NO_RULE };
	}
	return expected;
}

static const char *name_of(const struct judge *judge,
			   const struct candidate *content)
{
	return content == judge->run->candidate ? "the candidate" :
						  "the baseline";
}

/* The candidate refused is a verdict; its baseline refused is not. */
static void judge_refusal(struct judge *judge,
			  const struct candidate *content,
			  const struct plimsoll_replace *done)
{
	struct place place = { .file = content->path,
			       .off = done->fault_off };

	if (content == judge->run->candidate)
		stage_finding(&judge->run->stage, SEVERITY_FAIL, "REFUSED",
			      place,
			      "%s, %s: refused by the kernel and by userspace alike: %s, %s",
			      judge->run->label, judge->boot->name,
			      plm_error_name(done->err),
			      plm_error_text(done->err));
}

static void judge_replaced(struct judge *judge, size_t i)
{
	const struct result *result = &judge->outcome->results.list[i];
	enum plan plan = boot_plan_of(judge->boot, result->head.id);
	const struct candidate *running =
		judge_content(judge, judge->moments[i].runs);
	const struct candidate *content = plan == PLAN_TO_CANDIDATE ?
		judge->run->candidate : judge->run->candidate->old;
	struct plimsoll_replace done;
	struct expected want;
	int error = result->head.value;

	if (!content || !take(judge, result, &done, sizeof(done)))
		return;
	want = expect(judge, plan, content, running);
	if (!error && want.stale)
		judge_finding(judge, SEVERITY_FAIL, "TAKES_OLDER", NULL,
			      "the kernel takes %s, which is older than what runs, without being told to go back",
			      name_of(judge, content));
	else if (!error && want.err != PLM_OK)
		judge_finding(judge, SEVERITY_FAIL, "DISAGREE", NULL,
			      "the kernel takes %s, which userspace refuses with %s",
			      name_of(judge, content),
			      plm_error_name(want.err));
	else if (error && (error != (want.stale ? ESTALE : EBADMSG) ||
			   done.err != (uint32_t)want.err))
		judge_finding(judge, SEVERITY_FAIL, "DISAGREE", NULL,
			      "the kernel answers %s with %s (%s), userspace says %s",
			      name_of(judge, content), strerror(error),
			      plm_error_name(done.err),
			      plm_error_name(want.err));
	else if (error && plan != PLAN_TO_OLDER)
		judge_refusal(judge, content, &done);
}

/* Over all steps of the boot. */
static void count(struct judge *judge, const char *key, uint32_t num)
{
	json_t *before = json_object_get(judge->evidence, key);

	json_object_set_new(judge->evidence, key,
			    json_integer(json_integer_value(before) + num));
}

/* Want of memory is an answer where there is none. */
static void judge_alternated(struct judge *judge, const struct result *result)
{
	bool short_of_memory = boot_wants_memory(judge->boot);
	struct plm_fault fault;
	struct vm_alternated sums;

	if (!take(judge, result, &sums, sizeof(sums)))
		return;
	count(judge, "replacements", sums.num_taken);
	count(judge, "replacements_without_memory", sums.num_no_memory);
	if (judge_expects(judge, judge->run->candidate, &fault) != PLM_OK ||
	    judge_expects(judge, judge->run->candidate->old, &fault) != PLM_OK)
		return;
	if (sums.num_other || (sums.num_no_memory && !short_of_memory))
		judge_finding(judge, SEVERITY_FAIL, "NOT_REPLACED", NULL,
			      "of %u replacements in turn %u were refused for want of memory and %u otherwise (%s)",
			      sums.num_offered, sums.num_no_memory,
			      sums.num_other, strerror(sums.error));
}

static void judge_neighbour(struct judge *judge,
			    const struct neighbour *neighbour,
			    const struct vm_refusal *answer, size_t *num_told)
{
	int error = neighbour->stale ? ESTALE : EBADMSG;
	char *text;

	if (answer->error == error && answer->err == neighbour->err &&
	    answer->fault_off == neighbour->fault.off &&
	    answer->fault_rule == neighbour->fault.rule)
		return;
	if ((*num_told)++ >= MAX_TOLD)
		return;
	text = neighbour_text(neighbour);
	if (!answer->error)
		judge_finding(judge, SEVERITY_FAIL, "NOT_REFUSED", NULL,
			      "the kernel takes a malformed file (%s), which userspace refuses with %s at byte %u",
			      text, plm_error_name(neighbour->err),
			      neighbour->fault.off);
	else
		judge_finding(judge, SEVERITY_FAIL, "DISAGREE", NULL,
			      "a malformed file (%s): the kernel says %s at byte %u (%s), userspace %s at byte %u",
			      text, plm_error_name(answer->err),
			      answer->fault_off, strerror(answer->error),
			      plm_error_name(neighbour->err),
			      neighbour->fault.off);
	free(text);
}

/* Answers to one offer may come in several results; returns how many came. */
static size_t judge_offered(struct judge *judge, const struct result *result,
			    size_t from, size_t *num_told)
{
	const struct candidate *candidate = judge->run->candidate;
	size_t num = result->head.len / sizeof(struct vm_refusal);
	struct vm_refusal answer;

	for (size_t i = 0; i < num && from + i < candidate->num_neighbours;
	     i++) {
		memcpy(&answer, judge->outcome->results.bytes.data +
		       result->off + i * sizeof(answer), sizeof(answer));
		judge_neighbour(judge, &candidate->neighbours[from + i],
				&answer, num_told);
	}
	return num;
}

static void judge_all_offered(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;
	size_t wanted = judge->run->candidate->num_neighbours;
	size_t from = 0, num_told = 0;
	uint32_t id = 0;

	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];

		if (result->head.type == VM_RESULT_REFUSALS) {
			from = result->head.id == id ? from : 0;
			id = result->head.id;
			from += judge_offered(judge, result, from, &num_told);
		} else if (result->head.type == VM_RESULT_STEP &&
			   result->head.op == VM_STEP_NEIGHBOURS &&
			   (result->head.id != id || from != wanted)) {
			judge_finding(judge, SEVERITY_UNKNOWN, "NOT_OFFERED",
				      NULL, "of %zu malformed files %zu were offered",
				      wanted, from);
		}
	}
	if (boot_has_plan(judge->boot, PLAN_OFFER))
		json_object_set_new(judge->evidence, "neighbours",
				    json_integer((json_int_t)wanted));
}

void judge_offers(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;

	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];

		if (result->head.type == VM_RESULT_REPLACED)
			judge_replaced(judge, i);
		else if (result->head.type == VM_RESULT_ALTERNATED)
			judge_alternated(judge, result);
		else if (result->head.type == VM_RESULT_SWITCHED &&
			 result->head.value)
			judge_finding(judge, SEVERITY_FAIL, "NOT_SWITCHED",
				      NULL, "rules or channel can't be switched: %s",
				      strerror(result->head.value));
	}
	judge_all_offered(judge);
}
