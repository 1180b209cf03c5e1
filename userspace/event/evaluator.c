// SPDX-License-Identifier: GPL-2.0-or-later
/* The shared core's evaluator over events in userspace. */
#include <stdlib.h>

#include "base/mem.h"
#include "content/machine.h"
#include "event/event.h"

struct evaluator {
	const struct plm_content *content;
	struct machine machine;
};

struct evaluator *evaluator_new(const struct plm_content *content)
{
	struct evaluator *evaluator = xcalloc(1, sizeof(*evaluator));

	evaluator->content = content;
	machine_init(&evaluator->machine, content);
	return evaluator;
}

void evaluator_free(struct evaluator *evaluator)
{
	if (!evaluator)
		return;
	machine_free(&evaluator->machine);
	free(evaluator);
}

struct outcome {
	uint32_t rule;
	enum plm_err err;	/* PLM_OK: a match */
};

struct outcomes {
	struct outcome *entries;
	size_t count, cap;
	size_t num_faults;
};

static int by_rule(const void *a, const void *b)
{
	const struct outcome *left = a, *right = b;

	return (left->rule > right->rule) - (left->rule < right->rule);
}

/* The core yields rules in no useful order; answers are to be comparable. */
static void sort_into(struct outcomes *outcomes, struct event_result *out)
{
	size_t num_matches = outcomes->count - outcomes->num_faults;

	if (!outcomes->count)
		return;
	qsort(outcomes->entries, outcomes->count, sizeof(struct outcome),
	      by_rule);
	out->matches = xcalloc(num_matches + 1, sizeof(*out->matches));
	out->faults = xcalloc(outcomes->num_faults + 1, sizeof(*out->faults));
	out->fault_errs = xcalloc(outcomes->num_faults + 1,
				  sizeof(*out->fault_errs));
	for (size_t i = 0; i < outcomes->count; i++) {
		const struct outcome *outcome = &outcomes->entries[i];

		if (outcome->err == PLM_OK) {
			out->matches[out->num_matches++] = outcome->rule;
			continue;
		}
		out->fault_errs[out->num_faults] = outcome->err;
		out->faults[out->num_faults++] = outcome->rule;
	}
}

static void add(struct outcomes *outcomes, uint32_t rule, enum plm_err err)
{
	ARRAY_RESERVE(outcomes->entries, outcomes->count, outcomes->cap);
	outcomes->entries[outcomes->count++] = (struct outcome){ rule, err };
	outcomes->num_faults += err != PLM_OK;
}

void evaluator_run(struct evaluator *evaluator, const struct event *event,
		   uint32_t num_values, struct event_result *out)
{
	const struct plm_event plm_event = {
		.template_id = event->template->shape.template_id,
		.num_values = num_values < PLM_MAX_INPUTS ? num_values :
							    PLM_MAX_INPUTS,
		.values = event->values,
	};
	struct plm_scratch *scratch = &evaluator->machine.scratch;
	struct outcomes outcomes = { 0 };
	uint32_t budget = EVALUATOR_BUDGET;
	enum plm_err err;
	uint32_t rule;

	*out = (struct event_result){ 0 };
	err = plm_eval_begin(evaluator->content, &plm_event, scratch, &budget,
			     &rule);
	if (err)
		add(&outcomes, rule, err);
	while (err != PLM_BUDGET_SPENT && plm_eval_next(scratch, &rule)) {
		bool matched = false;

		err = plm_eval_rule(evaluator->content, &plm_event, scratch,
				    rule, &budget, &matched);
		out->num_evaluated++;
		if (err != PLM_OK || matched)
			add(&outcomes, rule, err);
	}
	plm_eval_end(scratch);
	out->num_words = EVALUATOR_BUDGET - budget;
	sort_into(&outcomes, out);
	free(outcomes.entries);
}

void event_result_free(struct event_result *result)
{
	free(result->matches);
	free(result->faults);
	free(result->fault_errs);
	*result = (struct event_result){ 0 };
}
