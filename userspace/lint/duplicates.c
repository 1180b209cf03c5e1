// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules beside each other: which of them say the same, and which match nothing
 * that another one does not match.
 *
 * Comparing all with all would not end.  But a rule that matches whatever
 * another one matches also matches any one event of that other rule: so an
 * event is made of each rule, and only the rules that match it are compared
 * with it.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "event/event.h"
#include "lint/checks.h"
#include "lint/decide.h"
#include "lint/groups.h"
#include "lint/witness.h"

/* Rules that match one event; with more it is not decided. */
#define MAX_COMPARED 256u

struct duplicates {
	struct lint *lint;
	const struct model *model;
	struct evaluator *evaluator;
	uint32_t *first;	/* by rule: the first one of its meaning */
	uint64_t left;		/* steps of the rule at hand */
};

/* Does @a match nothing that @b does not match? */
static enum answer implies(struct duplicates *s, uint32_t a, uint32_t b)
{
	struct decider *d = decider_new(s->model, &s->left);
	struct decided ca, cb = { 0 };
	enum answer answer = ANSWER_OPEN;

	if (decider_add(d, a, &ca) && decider_add(d, b, &cb)) {
		int literals[] = { decided_root(&ca), -decided_root(&cb) };

		answer = decider_ask(d, literals, 2);
	}
	decided_free(&ca);
	decided_free(&cb);
	decider_free(d);
	return answer;
}

/* Is everything that comes of @a matching done by @b as well? */
static bool does_as_much(const struct model_rule *b,
			 const struct model_rule *a)
{
	return b->action >= a->action && b->level >= a->level;
}

/* False: the steps were spent. */
static bool compare(struct duplicates *s, uint32_t a, uint32_t b)
{
	enum answer one_way, other_way;
	char *id;

	/* @b was first, and has been compared with @a if it matched. */
	one_way = implies(s, a, b);
	if (one_way != ANSWER_NO)
		return one_way == ANSWER_YES;
	other_way = implies(s, b, a);
	if (other_way == ANSWER_OPEN)
		return false;
	if (other_way == ANSWER_NO) {
		if (b < a && s->first[a] == a)
			s->first[a] = s->first[b];
		return true;
	}
	if (!does_as_much(&s->model->rules[b], &s->model->rules[a]))
		return true;
	id = content_rule_id(s->lint->candidate.content, b);
	lint_find(s->lint, POLICY_SUBSUMED, a, NULL,
		  "matches nothing that rule %s does not match", id);
	free(id);
	return true;
}

/* Compare with each rule that matches the event.  False: not all could be. */
static bool compare_all(struct duplicates *s, uint32_t rule,
			const struct event *event)
{
	struct event_result result;
	uint32_t num = 0;
	bool all;

	evaluator_run(s->evaluator, event,
		      event->template->shape.num_inputs, &result);
	all = !result.num_faults;
	for (size_t i = 0; i < result.num_matches && all; i++) {
		uint32_t other = result.matches[i];

		if (other == rule || s->first[other] != other ||
		    s->lint->constant[other])
			continue;
		all = num++ < MAX_COMPARED && compare(s, rule, other);
	}
	event_result_free(&result);
	return all;
}

static void check_rule(struct duplicates *s, uint32_t rule)
{
	const uint64_t before = lint_steps_begin(s->lint);
	struct event event;
	bool decided;

	s->left = before;
	decided = witness_make(s->model, rule, &s->left, &event);
	if (decided) {
		decided = compare_all(s, rule, &event);
		event_free(&event);
	}
	if (!decided)
		lint_find(s->lint, POLICY_NOT_DECIDED, rule, NULL,
			  "it could not be told whether another rule says the "
			  "same or more");
	lint_steps_end(s->lint, before, s->left);
}

static uint32_t tell_duplicates(struct duplicates *s)
{
	uint32_t num_meanings = 0;

	for (uint32_t i = 0; i < s->model->num_rules; i++) {
		uint32_t first = s->first[i];
		char *id;

		/* What stood first may itself have been found to be another. */
		while (s->first[first] != first)
			first = s->first[first];
		s->first[i] = first;
		if (first == i) {
			num_meanings++;
			continue;
		}
		id = content_rule_id(s->lint->candidate.content, first);
		lint_find(s->lint, POLICY_DUPLICATE, i, NULL,
			  "says the same as rule %s", id);
		free(id);
	}
	return num_meanings;
}

/* Every entry twice: by itself, or beside what there was. */
static void tell_doubled(struct lint *lint, uint32_t num_meanings)
{
	const struct model *m = &lint->candidate.model;

	if (m->num_rules >= 2 && num_meanings <= m->num_rules / 2)
		lint_find(lint, POLICY_DOUBLED, PLM_NO_RULE, LINT_FILE,
			  "%zu rules say %u different things: every entry is "
			  "there twice", m->num_rules, num_meanings);
	else if (lint->baseline &&
		 groups_are_doubled(m, &lint->baseline->model))
		lint_find(lint, POLICY_DOUBLED, PLM_NO_RULE, LINT_FILE,
			  "every rule of the baseline is there at least "
			  "twice as often");
}

void lint_duplicates(struct lint *lint)
{
	struct duplicates s = {
		.lint = lint, .model = &lint->candidate.model,
		.evaluator = evaluator_new(lint->candidate.content),
		.first = groups_of_words(&lint->candidate.model),
	};
	uint32_t num_meanings;

	for (uint32_t i = 0; i < s.model->num_rules; i++)
		if (s.first[i] == i && !lint->constant[i])
			check_rule(&s, i);
	num_meanings = tell_duplicates(&s);
	tell_doubled(lint, num_meanings);
	json_object_set_new(lint->stage->evidence, "meanings",
			    json_integer(num_meanings));
	evaluator_free(s.evaluator);
	free(s.first);
}
