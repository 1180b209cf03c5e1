// SPDX-License-Identifier: GPL-2.0-or-later
#include "lint/decide.h"

#include <picosat/picosat.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/literal.h"

/* What a question costs beside propagations: setting up and taking down. */
#define QUESTION_STEPS 64
/* A propagation, and its share of what is learnt from conflicts. */
#define PROPAGATION_STEPS 12

struct decider {
	PicoSAT *sat;
	const struct model *model;
	uint64_t *steps;
	int *literal_of;	/* by criterion; 0: not told of */
	uint32_t *told;		/* criteria */
	size_t num_told, cap_told;
	int constant;		/* a literal that is true */
	bool is_plain;
};

/* The solver's memory: it calls abort() where it gets none. */
static void *allocate(void *context, size_t len)
{
	(void)context;
	return xmalloc(len);
}

static void *reallocate(void *context, void *old, size_t old_len, size_t len)
{
	(void)context;
	(void)old_len;
	return xrealloc(old, len);
}

static void release(void *context, void *old, size_t len)
{
	(void)context;
	(void)len;
	free(old);
}

static bool spend(struct decider *d, uint64_t steps)
{
	bool enough = steps < *d->steps;

	*d->steps -= enough ? steps : *d->steps;
	return enough;
}

struct decider *decider_new(const struct model *model, uint64_t *steps)
{
	struct decider *d = xcalloc(1, sizeof(*d));

	d->sat = picosat_minit(NULL, allocate, reallocate, release);
	d->model = model;
	d->steps = steps;
	d->literal_of = xcalloc(model->num_criteria, sizeof(*d->literal_of));
	d->is_plain = true;
	d->constant = picosat_inc_max_var(d->sat);
	picosat_add_arg(d->sat, d->constant, 0);
	/* What need not hold does not: models are as small as they come. */
	picosat_set_global_default_phase(d->sat, 0);
	return d;
}

void decider_free(struct decider *d)
{
	if (!d)
		return;
	picosat_reset(d->sat);
	free(d->literal_of);
	free(d->told);
	free(d);
}

void decided_free(struct decided *decided)
{
	expr_free(&decided->expr);
	free(decided->literals);
	*decided = (struct decided){ 0 };
}

/* Two inputs that are compared, and are as wanted, both have a value. */
static void relate_pair(struct decider *d, uint32_t pair, uint32_t exists)
{
	const struct model_criterion *p = &d->model->criteria[pair];
	const struct model_criterion *e = &d->model->criteria[exists];

	spend(d, 1);
	if (!plm_op_is_pair(p->op) || e->op != PLM_OP_EXISTS ||
	    p->template != e->template ||
	    (e->input != p->input && e->input != p->number))
		return;
	picosat_add_arg(d->sat, -d->literal_of[pair], d->literal_of[exists],
			0);
	d->is_plain = false;
}

/* What two criteria say about each other, as clauses. */
static void relate(struct decider *d, uint32_t a, uint32_t b)
{
	const struct model_criterion *ca = &d->model->criteria[a];
	const struct model_criterion *cb = &d->model->criteria[b];
	int la = d->literal_of[a], lb = d->literal_of[b];

	if (plm_op_is_pair(ca->op) || plm_op_is_pair(cb->op)) {
		relate_pair(d, a, b);
		relate_pair(d, b, a);
		return;
	}
	if (ca->template != cb->template || ca->input != cb->input)
		return;
	spend(d, literals_cost(ca, cb));
	for (int i = 0; i < 3; i++) {
		bool want_a = i != 1, want_b = i != 2;

		if (!literals_conflict(ca, want_a, cb, want_b))
			continue;
		picosat_add_arg(d->sat, want_a ? -la : la, want_b ? -lb : lb,
				0);
		d->is_plain = false;
	}
}

static int literal_of(struct decider *d, uint32_t criterion)
{
	int *literal = &d->literal_of[criterion];

	if (*literal) {
		d->is_plain = false;
		return *literal;
	}
	*literal = picosat_inc_max_var(d->sat);
	if (literal_is_impossible(&d->model->criteria[criterion])) {
		picosat_add_arg(d->sat, -*literal, 0);
		d->is_plain = false;
	}
	for (size_t i = 0; i < d->num_told && *d->steps; i++)
		relate(d, criterion, d->told[i]);
	ARRAY_RESERVE(d->told, d->num_told, d->cap_told);
	d->told[d->num_told++] = criterion;
	return *literal;
}

/* A literal for "all of these". */
static int all_of(struct decider *d, const int *literals, uint32_t num,
		  int sign)
{
	int out;

	if (num == 1)
		return sign * literals[0];
	out = picosat_inc_max_var(d->sat);
	spend(d, 1 + num);
	for (uint32_t i = 0; i < num; i++)
		picosat_add_arg(d->sat, -out, sign * literals[i], 0);
	for (uint32_t i = 0; i < num; i++)
		picosat_add(d->sat, -sign * literals[i]);
	picosat_add(d->sat, out);
	picosat_add(d->sat, 0);
	return out;
}

static int both(struct decider *d, int a, int b)
{
	int literals[] = { a, b };

	if (a == -d->constant || b == -d->constant)
		return -d->constant;
	if (a == d->constant)
		return b;
	return b == d->constant ? a : all_of(d, literals, 2, 1);
}

static int either(struct decider *d, int a, int b)
{
	return -both(d, -a, -b);
}

int decider_at_least(struct decider *d, const int *literals, uint32_t num,
		     uint32_t least)
{
	int counts[PLM_MAX_STACK + 1];	/* j: at least j of those seen */

	if (!least)
		return d->constant;
	if (least > num || num > PLM_MAX_STACK)
		return -d->constant;
	if (least == num)
		return all_of(d, literals, num, 1);
	if (least == 1)
		return -all_of(d, literals, num, -1);
	counts[0] = d->constant;
	for (uint32_t j = 1; j <= least; j++)
		counts[j] = -d->constant;
	for (uint32_t i = 0; i < num; i++)
		for (uint32_t j = least; j > 0; j--)
			counts[j] = either(d, counts[j],
					   both(d, counts[j - 1],
						literals[i]));
	return counts[least];
}

static int node_literal(struct decider *d, const struct decided *decided,
			const struct expr_node *node)
{
	const struct expr *expr = &decided->expr;
	int children[PLM_MAX_STACK];
	int literal;

	for (uint32_t i = 0; i < node->num_children; i++)
		children[i] = decided->literals[
			expr->children[node->first_child + i]];
	literal = node->is_test ? literal_of(d, node->criterion) :
		  decider_at_least(d, children, node->num_children,
				   node->least);
	return node->negated ? -literal : literal;
}

bool decider_add(struct decider *d, uint32_t rule, struct decided *out)
{
	*out = (struct decided){ 0 };
	if (!expr_build(&out->expr, &d->model->rules[rule]))
		return false;
	out->literals = xcalloc(out->expr.num_nodes, sizeof(*out->literals));
	/* Children come first. */
	for (uint32_t i = 0; i < out->expr.num_nodes && *d->steps; i++)
		out->literals[i] = node_literal(d, out, &out->expr.nodes[i]);
	return *d->steps;
}

enum answer decider_ask(struct decider *d, const int *literals, size_t num)
{
	unsigned long long before = picosat_propagations(d->sat);
	uint64_t cost = QUESTION_STEPS + num + d->num_told;
	int result;

	if (!spend(d, cost))
		return ANSWER_OPEN;
	for (size_t i = 0; i < num; i++)
		picosat_assume(d->sat, literals[i]);
	picosat_set_propagation_limit(d->sat, before +
				      *d->steps / PROPAGATION_STEPS);
	result = picosat_sat(d->sat, -1);
	spend(d, (picosat_propagations(d->sat) - before) * PROPAGATION_STEPS);
	if (result == PICOSAT_UNSATISFIABLE)
		return ANSWER_NO;
	return result == PICOSAT_SATISFIABLE ? ANSWER_YES : ANSWER_OPEN;
}

bool decider_is_plain(const struct decider *d)
{
	return d->is_plain;
}
