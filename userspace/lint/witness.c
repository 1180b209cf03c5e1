// SPDX-License-Identifier: GPL-2.0-or-later
#include "lint/witness.h"

#include "event/expr.h"
#include "event/search.h"
#include "event/solve.h"

/* Choices of literals that are tried. */
#define MAX_TRIES 16u

struct wanted {
	uint32_t rule;
	struct event *event;
};

static bool accept(struct search *search, void *context)
{
	const struct wanted *w = context;
	const struct model_rule *rule = &search->model->rules[w->rule];

	if (!solve_event(search, rule->template, w->event))
		return false;
	if (search_spend(search, solve_rule_weight(search->model, w->rule) *
			 solve_cost(w->event)) &&
	    solve_matches(search->model, w->rule, w->event))
		return true;
	event_free(w->event);
	return false;
}

bool witness_make(const struct model *model, uint32_t rule, uint64_t *steps,
		  struct event *out)
{
	struct wanted wanted = { rule, out };
	struct search search;
	struct expr expr;
	bool found;

	*out = (struct event){ 0 };
	if (!expr_build(&expr, &model->rules[rule]))
		return false;
	search_init(&search, model);
	search.steps = *steps;
	search.accept = accept;
	search.context = &wanted;
	found = search_run(&search, &(struct search_goal){
				.expr = &expr, .want = true,
				.target = EXPR_NONE, .violate = EXPR_NONE },
			   MAX_TRIES) == SEARCH_FOUND;
	*steps = search.steps;
	search_free(&search);
	expr_free(&expr);
	return found;
}
