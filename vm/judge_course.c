// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which content ran when, by what the guest has told step by step: the results
 * of a boot are walked once, and each gets the contents that may have evaluated
 * the events that it tells.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plimsoll_uapi.h"
#include "vm/judge.h"

/* The walk: what runs, and what will once the step is over. */
struct walk {
	struct judge *judge;
	struct moment now, next;
};

const struct candidate *judge_content(const struct judge *judge, unsigned int runs)
{
	const struct candidate *candidate = judge->run->candidate;

	if (runs == RUNS_CANDIDATE)
		return candidate;
	return runs == RUNS_OLD ? candidate->old : NULL;
}

enum plm_err judge_expects(const struct judge *judge,
			   const struct candidate *content,
			   struct plm_fault *out_fault)
{
	enum plm_err err = candidate_fault(content,
					   judge->run->candidate->channel,
					   out_fault);

	return err == PLM_OK ? candidate_expect(content, judge->run->consumer,
						out_fault) : err;
}

/* What the consumer takes at its start. */
static unsigned int runs_first(const struct judge *judge)
{
	const struct candidate *content = boot_content(judge->boot,
						       judge->run->candidate);
	struct plm_fault fault;

	if (!content || judge_expects(judge, content, &fault) != PLM_OK)
		return RUNS_NONE;
	return judge->boot->baseline_first ? RUNS_OLD : RUNS_CANDIDATE;
}

static void walk_step(struct walk *walk, const struct vm_result *head)
{
	bool done = head->value == 0;

	switch (head->op) {
	case VM_STEP_CONSUMER:
		if (done)
			walk->next = (struct moment){
				.runs = runs_first(walk->judge) };
		break;
	case VM_STEP_REMOVE:
		if (done)
			walk->next = (struct moment){ .runs = RUNS_NONE };
		break;
	default:
		break;
	}
	walk->now = walk->next;
}

/* The content that a plan offers. */
static unsigned int offered_by(const struct judge *judge, uint32_t id)
{
	return boot_plan_of(judge->boot, id) == PLAN_TO_CANDIDATE ?
		RUNS_CANDIDATE : RUNS_OLD;
}

/* From here to the end of the step either may have been at work. */
static void walk_replaced(struct walk *walk, const struct vm_result *head)
{
	unsigned int runs;

	if (head->value)
		return;
	runs = offered_by(walk->judge, head->id);
	walk->next.runs = runs;
	walk->next.num_off = 0;
	walk->now.runs |= runs;
}

static void walk_alternated(struct walk *walk, const struct result *result)
{
	const struct results *results = &walk->judge->outcome->results;
	const void *data = result_data(results, result,
				       sizeof(struct vm_alternated));
	struct vm_alternated sums;

	if (!data)
		return;
	memcpy(&sums, data, sizeof(sums));
	if (sums.last_taken == VM_NONE_TAKEN)
		return;
	walk->next.runs = sums.last_taken ? RUNS_OLD : RUNS_CANDIDATE;
	walk->next.num_off = 0;
}

static void walk_switched(struct walk *walk, const struct result *result)
{
	const struct results *results = &walk->judge->outcome->results;
	const void *data = result_data(results, result,
				       sizeof(struct vm_switched));
	struct vm_switched done;

	if (!data || result->head.value)
		return;
	memcpy(&done, data, sizeof(done));
	switch (boot_plan_of(walk->judge->boot, result->head.id)) {
	case PLAN_RULES_OFF:
		walk->next.num_off = done.num_rules;
		break;
	case PLAN_RULES_ON:
		walk->next.num_off = 0;
		break;
	case PLAN_CHANNEL_OFF:
		walk->next.is_off = true;
		break;
	default:
		walk->next.is_off = false;
	}
}

void judge_course(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;
	struct walk walk = { .judge = judge, .now = { .runs = RUNS_NONE },
			     .next = { .runs = RUNS_NONE } };

	judge->moments = xcalloc(results->num + 1, sizeof(*judge->moments));
	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];
		struct moment *moment = &judge->moments[i];

		*moment = walk.now;
		if (result->head.type == VM_RESULT_RECORDS &&
		    (result->head.op == VM_STEP_ALTERNATE ||
		     result->head.op == VM_STEP_FAIL_REPLACE))
			moment->runs |= RUNS_CANDIDATE | RUNS_OLD;
		else if (result->head.type == VM_RESULT_REPLACED)
			walk_replaced(&walk, &result->head);
		else if (result->head.type == VM_RESULT_ALTERNATED)
			walk_alternated(&walk, result);
		else if (result->head.type == VM_RESULT_SWITCHED)
			walk_switched(&walk, result);
		else if (result->head.type == VM_RESULT_STEP)
			walk_step(&walk, &result->head);
	}
}
