// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/synth.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/expr.h"
#include "event/literal.h"
#include "event/miss.h"
#include "event/search.h"
#include "event/solve.h"

/*
 * Steps are about a comparison each.  A rule of people's making takes some
 * thousands; the limits are there for those that are made to take longer.
 */
#define MAX_STEPS_RULE	(1u << 23)
#define MAX_STEPS	(1u << 28)
/* Complete choices of literals that are tried for one event. */
#define MAX_TRIES	64u

/* The making of one rule's events. */
struct maker {
	struct synth *synth;
	const struct model *model;
	struct search search;
	struct expr expr;
	uint64_t steps_left;	/* of all rules */
	uint32_t rule;
	size_t first;		/* the rule's first event */
	bool expect;		/* of the event that is being looked for */
	struct event event;	/* that was found */
	uint32_t counts[SYNTH_EXCEPTED + 1];	/* of the rule's events */
	uint32_t most[SYNTH_EXCEPTED + 1];
	/* By criterion: the number of the rule that ... it last, plus one. */
	uint32_t *counted, *covered, *broken, *excepted;
};

const char *synth_kind_name(enum synth_kind kind)
{
	static const char *const names[] = {
		[SYNTH_MATCHING] = "matching",
		[SYNTH_NEAR_MISS] = "near miss",
		[SYNTH_EXCEPTED] = "excepted",
	};

	return names[kind];
}

static void add_number(uint32_t **list, size_t *num, size_t *cap,
		       uint32_t number)
{
	ARRAY_RESERVE(*list, *num, *cap);
	(*list)[(*num)++] = number;
}

static bool is_full(const struct maker *m, enum synth_kind kind)
{
	return m->counts[kind] >= m->most[kind];
}

static bool first_time(const struct maker *m, uint32_t *marks,
		       uint32_t criterion)
{
	if (marks[criterion] == m->rule + 1)
		return false;
	marks[criterion] = m->rule + 1;
	return true;
}

/* Takes the event, unless the rule has the same one already. */
static bool add_event(struct maker *m, enum synth_kind kind,
		      uint32_t criterion, struct event *event)
{
	struct synth *s = m->synth;

	for (size_t i = m->first; i < s->num_events; i++) {
		if (event_equal(&s->events[i].event, event)) {
			event_free(event);
			return false;
		}
	}
	ARRAY_RESERVE(s->events, s->num_events, s->cap_events);
	s->events[s->num_events++] = (struct synth_event){
		.rule = m->rule, .kind = kind, .criterion = criterion,
		.expect = kind == SYNTH_MATCHING, .event = *event,
	};
	m->counts[kind]++;
	return true;
}

/* The search has a choice: is there an event that does what is expected? */
static bool accept(struct search *search, void *context)
{
	struct maker *m = context;
	const struct model_rule *rule = &m->model->rules[m->rule];

	if (!solve_event(search, rule->template, &m->event))
		return false;
	if (search_spend(search, solve_rule_weight(m->model, m->rule) *
			 solve_cost(&m->event)) &&
	    solve_matches(m->model, m->rule, &m->event) == m->expect)
		return true;
	event_free(&m->event);
	return false;
}

static enum search_status find(struct maker *m, uint32_t target,
			       uint32_t violate, bool want)
{
	const struct search_goal goal = {
		.expr = &m->expr, .want = want,
		.target = target, .violate = violate,
	};

	m->expect = want && violate == EXPR_NONE;
	return search_run(&m->search, &goal, MAX_TRIES);
}

static void add_miss(struct maker *m, uint32_t criterion,
		     const struct event *event)
{
	struct event miss;

	if (is_full(m, SYNTH_NEAR_MISS) ||
	    m->broken[criterion] == m->rule + 1 || !m->search.steps)
		return;
	if (!miss_make(&m->search, m->rule, criterion, event, &miss))
		return;
	m->broken[criterion] = m->rule + 1;
	add_event(m, SYNTH_NEAR_MISS, criterion, &miss);
}

/* A matching event was found: keep it, and what follows from it. */
static void add_found(struct maker *m, uint32_t criterion)
{
	struct event event = event_copy(&m->event);
	struct search *s = &m->search;
	size_t num = s->num_trail;
	uint32_t *held = xcalloc(num + 1, sizeof(*held));

	for (size_t i = 0; i < num; i++) {
		held[i] = s->wants[s->trail[i]] > 0 ? s->trail[i] :
						      SYNTH_NO_CRITERION;
		if (held[i] != SYNTH_NO_CRITERION)
			m->covered[held[i]] = m->rule + 1;
	}
	add_event(m, SYNTH_MATCHING, criterion, &m->event);
	for (size_t i = 0; i < num; i++)
		if (held[i] != SYNTH_NO_CRITERION)
			add_miss(m, held[i], &event);
	event_free(&event);
	free(held);
}

/* The same letters in the other case: matters only where it must not. */
static void add_other_case(struct maker *m)
{
	const struct synth *s = m->synth;
	struct event event = event_copy(&s->events[m->first].event);

	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++) {
		uint8_t *data = (uint8_t *)event.values[i].data;

		if (!data || solve_is_given(event.template, i))
			continue;
		for (uint32_t k = 0; k < event.values[i].len; k++) {
			uint8_t folded = literal_fold(data[k]);

			if (folded >= 'a' && folded <= 'z')
				data[k] = data[k] == folded ? folded - 32 :
							      folded;
		}
	}
	if (search_spend(&m->search, solve_rule_weight(m->model, m->rule) *
			 solve_cost(&event)) &&
	    solve_matches(m->model, m->rule, &event))
		add_event(m, SYNTH_MATCHING, SYNTH_NO_CRITERION, &event);
	else
		event_free(&event);
}

/* One test of the condition, by which the rule can match. */
static void cover(struct maker *m, uint32_t node)
{
	uint32_t criterion = m->expr.nodes[node].criterion;

	if (m->covered[criterion] == m->rule + 1 ||
	    is_full(m, SYNTH_MATCHING))
		return;
	if (find(m, node, EXPR_NONE, true) == SEARCH_FOUND)
		add_found(m, criterion);
}

/* One test of the condition, by which an event can be excepted. */
static void except(struct maker *m, uint32_t node)
{
	uint32_t criterion = m->expr.nodes[node].criterion;
	struct search *s = &m->search;

	if (m->excepted[criterion] == m->rule + 1 ||
	    is_full(m, SYNTH_EXCEPTED))
		return;
	if (find(m, node, expr_topmost_not(&m->expr, node), true) !=
	    SEARCH_FOUND)
		return;
	for (size_t i = 0; i < s->num_trail; i++)
		if (s->wants[s->trail[i]] > 0)
			m->excepted[s->trail[i]] = m->rule + 1;
	add_event(m, SYNTH_EXCEPTED, criterion, &m->event);
}

/*
 * At most @max tests of one sort, evenly over the condition, so that of a long
 * list it is not only the beginning that is tried.
 */
static void for_each_test(struct maker *m, bool positive, uint32_t max,
			  void (*each)(struct maker *m, uint32_t node))
{
	uint32_t *tests = xcalloc(m->expr.num_nodes, sizeof(*tests));
	uint32_t num = 0;

	for (uint32_t i = 0; i < m->expr.num_nodes; i++)
		if (m->expr.nodes[i].is_test &&
		    m->expr.nodes[i].positive == positive)
			tests[num++] = i;
	for (uint32_t i = 0; i < num && i < max; i++)
		each(m, tests[num <= max ? i : (uint64_t)i * num / max]);
	free(tests);
}

static void count_covered(struct maker *m, uint32_t node)
{
	uint32_t criterion = m->expr.nodes[node].criterion;

	if (!first_time(m, m->counted, criterion))
		return;
	m->synth->num_wanted++;
	m->synth->num_covered += m->covered[criterion] == m->rule + 1;
}

static void note_unsolved(struct maker *m, bool impossible)
{
	struct synth *s = m->synth;

	add_number(&s->unsolved, &s->num_unsolved, &s->cap_unsolved, m->rule);
	if (impossible)
		add_number(&s->impossible, &s->num_impossible,
			   &s->cap_impossible, m->rule);
}

/* Not even a small change does it: is there any event that does not match? */
static void add_any_miss(struct maker *m)
{
	struct synth *s = m->synth;

	if (find(m, EXPR_NONE, EXPR_NONE, false) == SEARCH_FOUND)
		add_event(m, SYNTH_NEAR_MISS, SYNTH_NO_CRITERION, &m->event);
	if (!m->counts[SYNTH_NEAR_MISS])
		add_number(&s->no_miss, &s->num_no_miss, &s->cap_no_miss,
			   m->rule);
}

static void make_events(struct maker *m)
{
	enum search_status status = find(m, EXPR_NONE, EXPR_NONE, true);

	if (status == SEARCH_FOUND)
		add_found(m, SYNTH_NO_CRITERION);
	for_each_test(m, true, m->most[SYNTH_MATCHING], cover);
	if (m->counts[SYNTH_MATCHING])
		add_other_case(m);
	else
		note_unsolved(m, status == SEARCH_IMPOSSIBLE);
	for_each_test(m, false, m->most[SYNTH_EXCEPTED], except);
	if (!m->counts[SYNTH_NEAR_MISS])
		add_any_miss(m);
	for_each_test(m, true, UINT32_MAX, count_covered);
}

static void make_rule(struct maker *m, uint32_t rule)
{
	uint64_t steps = m->steps_left < MAX_STEPS_RULE ? m->steps_left :
							  MAX_STEPS_RULE;

	m->rule = rule;
	m->first = m->synth->num_events;
	memset(m->counts, 0, sizeof(m->counts));
	m->search.steps = steps;
	if (expr_build(&m->expr, &m->model->rules[rule]))
		make_events(m);
	else
		note_unsolved(m, false);
	m->steps_left -= steps - m->search.steps;
	expr_free(&m->expr);
}

static void share_out(struct maker *m)
{
	static const uint32_t limits[] = {
		[SYNTH_MATCHING] = SYNTH_MAX_MATCHING,
		[SYNTH_NEAR_MISS] = SYNTH_MAX_MISSES,
		[SYNTH_EXCEPTED] = SYNTH_MAX_EXCEPTED,
	};
	const uint32_t all = SYNTH_MAX_MATCHING + SYNTH_MAX_MISSES +
			     SYNTH_MAX_EXCEPTED;
	uint64_t share = SYNTH_MAX_EVENTS / (m->model->num_rules + 1);

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		uint64_t most = limits[i] * share / all;

		m->most[i] = most > limits[i] ? limits[i] :
			     most ? (uint32_t)most : 1;
	}
}

void synth_make(struct synth *synth, const struct model *model)
{
	struct maker m = {
		.synth = synth, .model = model, .steps_left = MAX_STEPS,
	};
	size_t num = model->num_criteria;

	memset(synth, 0, sizeof(*synth));
	share_out(&m);
	m.counted = xcalloc(num * 4 + 1, sizeof(*m.counted));
	m.covered = m.counted + num;
	m.broken = m.covered + num;
	m.excepted = m.broken + num;
	search_init(&m.search, model);
	m.search.accept = accept;
	m.search.context = &m;
	for (uint32_t i = 0; i < model->num_rules; i++)
		make_rule(&m, i);
	search_free(&m.search);
	free(m.counted);
}

void synth_free(struct synth *synth)
{
	for (size_t i = 0; i < synth->num_events; i++)
		event_free(&synth->events[i].event);
	free(synth->events);
	free(synth->unsolved);
	free(synth->impossible);
	free(synth->no_miss);
	memset(synth, 0, sizeof(*synth));
}
