// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What content does with the events of an ordinary machine: what they cost,
 * and whether a rule matches half of them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/automaton.h"
#include "event/solve.h"
#include "lint/checks.h"

#define NUM_EVENTS 256u

/* Paths and what else stands in the inputs of events. */
struct texts {
	const char *paths[NUM_EVENTS], *others[NUM_EVENTS];
	uint32_t num_paths, num_others;
};

static void sort_texts(struct texts *texts)
{
	const char *text;

	*texts = (struct texts){ 0 };
	for (size_t i = 0; i < NUM_EVENTS && (text = ordinary_text(i)); i++) {
		if (solve_is_path((const uint8_t *)text, strlen(text)) &&
		    !strchr(text, ' '))
			texts->paths[texts->num_paths++] = text;
		else
			texts->others[texts->num_others++] = text;
	}
}

/* Steps that have no factor in common with the lists: all pairs come about. */
static void make_event(struct event *event, const struct plm_template *t,
		       const struct texts *texts, uint32_t number)
{
	*event = (struct event){ .template = t };
	for (uint32_t i = 0; i < t->shape.num_inputs; i++) {
		uint32_t at = number * (2 * i + 1) + i;
		const char *text = texts->others[at % texts->num_others];

		if (t->shape.inputs[i].type == PLM_TYPE_NUMBER) {
			event_set_number(event, i, 1000 + number);
			continue;
		}
		if (solve_wants_path(t, i))
			text = texts->paths[at % texts->num_paths];
		else if (solve_is_given(t, i))
			text = number % 2 ? "root" : "1000";
		event_set_string(event, i, text, strlen(text));
	}
}

struct measured {
	uint32_t *matches;	/* by rule */
	uint64_t most_words, words;
	uint32_t num_events;
};

static void measure(struct lint *lint, const struct plm_template *t,
		    struct evaluator *evaluator, struct measured *out)
{
	struct event_result result;
	struct texts texts;
	struct event event;

	sort_texts(&texts);
	for (uint32_t i = 0; i < NUM_EVENTS; i++) {
		make_event(&event, t, &texts, i);
		evaluator_run(evaluator, &event, t->shape.num_inputs, &result);
		for (size_t k = 0; k < result.num_matches; k++)
			out->matches[result.matches[k]]++;
		out->words += result.num_words;
		if (result.num_words > out->most_words)
			out->most_words = result.num_words;
		out->num_events++;
		event_result_free(&result);
		event_free(&event);
	}
	if (out->most_words > lint->policy->budget_ordinary_words)
		lint_find(lint, POLICY_ORDINARY_COST, PLM_NO_RULE, t->name,
			  "an ordinary event costs %llu steps, the budget is "
			  "%llu",
			  (unsigned long long)out->most_words,
			  (unsigned long long)
			  lint->policy->budget_ordinary_words);
}

static void tell_broad(struct lint *lint, const struct measured *measured)
{
	const uint64_t most = lint->policy->budget_ordinary_matches;

	for (uint32_t i = 0; i < lint->candidate.model.num_rules; i++)
		if ((uint64_t)measured->matches[i] * 100 > most * NUM_EVENTS)
			lint_find(lint, POLICY_TOO_BROAD, i, NULL,
				  "matches %u of %u ordinary events, more "
				  "than %llu%%", measured->matches[i],
				  NUM_EVENTS, (unsigned long long)most);
}

void lint_ordinary(struct lint *lint)
{
	const struct plm_content *c = lint->candidate.content;
	struct evaluator *evaluator = evaluator_new(c);
	struct plm_template_ref ref;
	uint32_t *matches = xcalloc(plm_num_rules(c), sizeof(*matches));
	json_t *templates = json_object();

	for (u32 i = 0; plm_get_template(c, i, &ref); i++) {
		const struct plm_template *t = plm_template_find(ref.id);
		struct measured measured = { .matches = matches };

		measure(lint, t, evaluator, &measured);
		json_object_set_new(templates, t->name, json_pack(
			"{sI sI sI}", "events",
			(json_int_t)measured.num_events, "words",
			(json_int_t)measured.words, "most_words",
			(json_int_t)measured.most_words));
	}
	tell_broad(lint, &(struct measured){ .matches = matches });
	json_object_set_new(lint->stage->evidence, "ordinary", templates);
	evaluator_free(evaluator);
	free(matches);
}
