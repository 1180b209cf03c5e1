// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The evaluator.  An accepted file evaluates every event within its budget,
 * however small; a consumer that it was checked for supplies all inputs that it
 * asks for; and one that is as the encoder makes it, in which automata and
 * triggers say what the rules say, matches exactly what the naive reference does.
 */
#include <string.h>

#include "content/machine.h"
#include "content/model.h"
#include "event/event.h"
#include "fuzz/fuzz.h"

#define MAX_EVENTS 32

static bool has_pattern(const struct model *model)
{
	for (size_t i = 0; i < model->num_criteria; i++)
		if (model->criteria[i].op == PLM_OP_PATTERN)
			return true;
	return false;
}

static bool is_canonical(const struct model *model,
			 const struct plm_content *content)
{
	struct model_error error;
	uint8_t *again = NULL;
	size_t len = 0;
	bool same;

	/*
	 * What was accepted can be said again, but for patterns: the core takes
	 * their automata at their word, the encoder must make them.
	 */
	if (model_encode(model, &again, &len, &error)) {
		fuzz_must(has_pattern(model));
		return false;
	}
	same = len == content->len && !memcmp(again, content->data, len);
	free(again);
	return same;
}

/* The forms of an event. */
enum form {
	FORM_PLAIN,		/* the text or number, wherever one can stand */
	FORM_PADDED,		/* the same within more of it */
	FORM_ALONE,		/* only in the criterion's own input */
	FORM_OTHERS,		/* everywhere else: something shorter */
	NUM_FORMS
};

static void make_value(struct event *event, uint32_t input,
		       const struct model_criterion *criterion, enum form form)
{
	enum plm_type type = event->template->shape.inputs[input].type;
	bool shorter = form == FORM_OTHERS && input != criterion->input;
	char text[PLM_MAX_TEXT_LEN + 2];
	uint32_t len = criterion->text.len;

	if (form == FORM_ALONE && input != criterion->input)
		return;
	if (type != PLM_TYPE_STRING) {
		event_set_number(event, input, criterion->number +
				 (form == FORM_PADDED) - shorter);
		return;
	}
	text[0] = '/';
	if (len)
		memcpy(text + 1, criterion->text.data, len);
	text[1 + len] = 'x';
	if (form == FORM_PADDED)
		event_set_string(event, input, text, len + 2);
	else
		event_set_string(event, input, text + 1, shorter ? len / 2 : len);
}

static void make_event(struct event *event,
		       const struct model_criterion *criterion, enum form form)
{
	*event = (struct event){ .template = criterion->template };
	for (uint32_t i = 0; i < event->template->shape.num_inputs; i++)
		make_value(event, i, criterion, form);
}

static bool has(const uint32_t *list, size_t num, uint32_t rule)
{
	for (size_t i = 0; i < num; i++)
		if (list[i] == rule)
			return true;
	return false;
}

static void run(struct evaluator *evaluator, const struct model *model,
		const struct event *event, uint32_t num_values, bool canonical)
{
	struct event_result result;

	evaluator_run(evaluator, event, num_values, &result);
	fuzz_must(result.num_words <= EVALUATOR_BUDGET);
	/* A spent budget ends the event; the reference has none. */
	for (uint32_t i = 0; canonical && !result.num_faults &&
			     i < model->num_rules; i++)
		fuzz_must(has(result.matches, result.num_matches, i) ==
			  (model->rules[i].template == event->template &&
			   model_rule_matches(model, i, event->values,
					      num_values)));
	event_result_free(&result);
}

/* With fewer inputs: what a check for such a consumer accepts does not fault. */
static void run_short(struct evaluator *evaluator,
		      const struct plm_content *content,
		      const struct event *event, uint32_t num_values)
{
	struct plm_supply supply = event->template->shape;
	const struct plm_supply *list = &supply;
	struct event_result result;
	struct plm_fault fault;
	bool fits;

	supply.num_inputs = num_values;
	fits = !plm_check_supply(content, &list, 1, &fault);
	evaluator_run(evaluator, event, num_values, &result);
	for (size_t i = 0; fits && i < result.num_faults; i++)
		fuzz_must(result.fault_errs[i] == PLM_BUDGET_SPENT);
	event_result_free(&result);
}

/* With next to no budget: it is kept to, and the scratch is clean behind it. */
static void run_poor(struct plm_scratch *s, const struct plm_content *content,
		     const struct event *event, u32 budget)
{
	const struct plm_event plm_event = {
		.template_id = event->template->shape.template_id,
		.num_values = event->template->shape.num_inputs,
		.values = event->values,
	};
	u32 left = budget, rule;
	bool matched;

	if (!plm_eval_begin(content, &plm_event, s, &left, &rule))
		while (plm_eval_next(s, &rule))
			plm_eval_rule(content, &plm_event, s, rule,
				      &left, &matched);
	else
		fuzz_must(rule < plm_num_rules(content));
	fuzz_must(left <= budget);
	plm_eval_end(s);
	for (const s32 *set = s->hit; set < s->touched; set++)
		fuzz_must(!*set);
}

static void run_all(const struct plm_content *content,
		    const struct model *model, bool canonical)
{
	struct evaluator *evaluator = evaluator_new(content);
	struct machine machine;
	struct event event;

	machine_init(&machine, content);
	for (size_t i = 0; i < MAX_EVENTS && i / NUM_FORMS < model->num_criteria;
	     i++) {
		const struct model_criterion *criterion =
			&model->criteria[i / NUM_FORMS];
		uint32_t num_inputs = criterion->template->shape.num_inputs;

		make_event(&event, criterion, i % NUM_FORMS);
		run(evaluator, model, &event, num_inputs, canonical);
		run_short(evaluator, content, &event, (uint32_t)i % num_inputs);
		run_poor(&machine.scratch, content, &event, (u32)i % 8);
		event_free(&event);
	}
	machine_free(&machine);
	evaluator_free(evaluator);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct plm_content content;
	struct plm_fault fault;
	struct model model;

	if (plm_check(data, (u32)len, 0, &content, &fault))
		return 0;
	model_decode(&model, &content);
	run_all(&content, &model, is_canonical(&model, &content));
	model_free(&model);
	return 0;
}
