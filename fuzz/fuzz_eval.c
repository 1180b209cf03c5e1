// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The evaluator.  An accepted file evaluates every event within its budget; and
 * one that is as the encoder makes it, in which automata and triggers say what
 * the rules say, matches exactly what the naive reference does.
 */
#include <string.h>

#include "content/model.h"
#include "event/event.h"
#include "fuzz/fuzz.h"

#define MAX_EVENTS 24

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

/* An event for a criterion: its text or number wherever one can stand. */
static void make_event(struct event *event,
		       const struct model_criterion *criterion, bool padded)
{
	const struct plm_supply *shape = &criterion->template->shape;
	char text[PLM_MAX_TEXT_LEN + 2];
	size_t len = 0;

	*event = (struct event){ .template = criterion->template };
	if (padded)
		text[len++] = '/';
	if (criterion->text.len)
		memcpy(text + len, criterion->text.data, criterion->text.len);
	len += criterion->text.len;
	if (padded)
		text[len++] = 'x';
	for (uint32_t i = 0; i < shape->num_inputs; i++)
		if (shape->inputs[i].type == PLM_TYPE_STRING)
			event_set_string(event, i, text, len);
		else
			event_set_number(event, i, criterion->number + padded);
}

static bool has(const uint32_t *list, size_t num, uint32_t rule)
{
	for (size_t i = 0; i < num; i++)
		if (list[i] == rule)
			return true;
	return false;
}

static void run(struct evaluator *evaluator, const struct model *model,
		const struct event *event, bool canonical)
{
	uint32_t num_values = event->template->shape.num_inputs;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct evaluator *evaluator;
	struct plm_content content;
	struct plm_fault fault;
	struct event event;
	struct model model;
	bool canonical;

	if (plm_check(data, (u32)len, 0, &content, &fault))
		return 0;
	model_decode(&model, &content);
	canonical = is_canonical(&model, &content);
	evaluator = evaluator_new(&content);
	for (size_t i = 0; i < model.num_criteria && i < MAX_EVENTS; i++) {
		make_event(&event, &model.criteria[i / 2], i % 2);
		run(evaluator, &model, &event, canonical);
		event_free(&event);
	}
	evaluator_free(evaluator);
	model_free(&model);
	return 0;
}
