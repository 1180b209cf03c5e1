// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/lower.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_format.h"
#include "sigma/steps.h"

#define UNBOUNDED UINT32_MAX
/* What a selection may need: little, and the same one is often shared. */
#define SHALLOW 8
/* Children of a count whose own children leave little of the stack. */
#define MAX_COUNTED 8
#define MAX_SPLIT 65536u

static uint32_t max_u32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/*
 * The stack that the program of @logic needs.  A list of which all or any must
 * hold can be settled as it goes along, so behind its first child one place is
 * taken; one of which some must hold keeps a place for each child before.
 */
static uint32_t need_of(struct logic *logic)
{
	uint32_t need = 1;

	if (logic->need)
		return logic->need;
	if (logic->kind == LOGIC_SOME && logic->num_children > PLM_MAX_STACK)
		need = UNBOUNDED;
	for (size_t i = 0; i < logic->num_children && need != UNBOUNDED; i++) {
		uint32_t below = i > 0;
		uint32_t child = need_of(logic->children[i]);

		if (logic->kind == LOGIC_SOME)
			below = (uint32_t)i;
		need = child == UNBOUNDED ? child : max_u32(need,
							    child + below);
	}
	logic->need = need;
	return need;
}

static int deeper_first(const void *a, const void *b)
{
	const struct logic *x = *(struct logic *const *)a;
	const struct logic *y = *(struct logic *const *)b;

	return (x->need < y->need) - (x->need > y->need);
}

/* A child that needs much goes before those that would wait below it. */
static void put_deep_first(struct logic *logic)
{
	if (logic->need <= SHALLOW)
		return;
	logic->need = 0;
	for (size_t i = 0; i < logic->num_children; i++)
		put_deep_first(logic->children[i]);
	for (size_t i = 0; i < logic->num_children; i++)
		need_of(logic->children[i]);
	if (logic->num_children > 1)
		qsort(logic->children, logic->num_children,
		      sizeof(*logic->children), deeper_first);
}

/*
 * Of a long list some must hold where so many of its first half do and the rest
 * of them of its second half, in one of the ways to share the number out.
 */
struct splitter {
	struct logic_pool *pool;
	size_t max_children;	/* of a list that stays as it is */
	size_t num_nodes;	/* made; more than MAX_SPLIT make no program */
	uint64_t steps, most;	/* that were taken, and may be */
	size_t mark;
};

static bool goes_on(const struct splitter *s)
{
	return s->num_nodes < MAX_SPLIT && s->steps < s->most;
}

static struct logic *new_list(struct splitter *s, enum logic_kind kind)
{
	s->steps += SIGMA_TERM_STEPS;
	return logic_new(s->pool, kind);
}

static void add_child(struct splitter *s, struct logic *list,
		      struct logic *child)
{
	s->steps += SIGMA_CHILD_STEPS;
	logic_add(list, child);
}

static struct logic *at_least(struct splitter *s, struct logic **children,
			      size_t num, size_t least);

/* @first of the first half and @least - @first of the second one. */
static struct logic *share_out(struct splitter *s, struct logic **children,
			       size_t num, size_t least, size_t first)
{
	struct logic *both = new_list(s, LOGIC_ALL);
	size_t half = num / 2;

	if (first)
		add_child(s, both, at_least(s, children, half, first));
	if (least > first)
		add_child(s, both, at_least(s, children + half, num - half,
					    least - first));
	return both->num_children == 1 ? both->children[0] : both;
}

static struct logic *at_least(struct splitter *s, struct logic **children,
			      size_t num, size_t least)
{
	size_t half = num / 2, rest = num - half;
	struct logic *list = new_list(s, LOGIC_SOME);

	list->least = least;
	if (least == 1 || least == num)
		list->kind = least == 1 ? LOGIC_ANY : LOGIC_ALL;
	if (list->kind != LOGIC_SOME || num <= s->max_children) {
		for (size_t i = 0; i < num; i++)
			add_child(s, list, children[i]);
		return list;
	}
	list->kind = LOGIC_ANY;
	for (size_t first = least > rest ? least - rest : 0;
	     first <= half && first <= least && goes_on(s); first++) {
		s->num_nodes++;
		add_child(s, list,
			  share_out(s, children, num, least, first));
	}
	return list;
}

/* In place, as lists are shared; false where that would be too many. */
static bool split(struct splitter *s, struct logic *logic)
{
	struct logic *list;

	if (logic->mark == s->mark)
		return true;
	logic->mark = s->mark;
	logic->need = 0;
	for (size_t i = 0; i < logic->num_children; i++)
		if (!split(s, logic->children[i]))
			return false;
	if (logic->kind != LOGIC_SOME || logic->num_children <= s->max_children)
		return true;
	list = at_least(s, logic->children, logic->num_children, logic->least);
	logic->kind = list->kind;
	logic->num_children = 0;
	for (size_t i = 0; i < list->num_children; i++)
		logic_add(logic, list->children[i]);
	return goes_on(s);
}

/*
 * Does the program fit the stack, with counts over so many at most?  The steps
 * of splitting are added to *@steps, which may become @most.
 */
static bool fits_stack(struct logic_pool *pool, struct logic *logic,
		       size_t max_children, uint64_t *steps, uint64_t most)
{
	struct splitter s = {
		.pool = pool, .max_children = max_children,
		.steps = *steps, .most = most, .mark = ++pool->num_marks,
	};
	bool done = split(&s, logic);

	*steps = s.steps;
	if (!done)
		return false;
	if (need_of(logic) > PLM_MAX_STACK)
		put_deep_first(logic);
	return need_of(logic) <= PLM_MAX_STACK;
}

static bool put_word(struct sigma_program *p, uint32_t op, uint32_t arg)
{
	if (p->num_words >= PLM_MAX_PROGRAM_LEN)
		return false;
	ARRAY_RESERVE(p->words, p->num_words, p->cap_words);
	p->words[p->num_words++] = PLM_WORD(op, arg);
	return true;
}

static bool put_test(struct sigma_program *p, const struct logic_test *test)
{
	ARRAY_RESERVE(p->tests, p->num_tests, p->cap_tests);
	p->tests[p->num_tests] = test;
	return put_word(p, PLM_WORD_TEST, (uint32_t)p->num_tests++);
}

static bool settle(struct sigma_program *p, const struct logic *list,
		   uint32_t num)
{
	uint32_t least = (uint32_t)list->least;

	if (num == 1)
		return true;
	if (list->kind != LOGIC_SOME)
		least = list->kind == LOGIC_ALL ? num : 1;
	return put_word(p, PLM_WORD_AT_LEAST, least << 8 | num);
}

/* False where the program grows too long; @below places are taken. */
static bool put(struct sigma_program *p, struct logic *logic, uint32_t below)
{
	uint32_t num = 0;

	if (logic->kind == LOGIC_TEST)
		return put_test(p, &logic->test);
	if (logic->kind == LOGIC_NOT)
		return put(p, logic->children[0], below) &&
		       put_word(p, PLM_WORD_NOT, 0);
	for (size_t i = 0; i < logic->num_children; i++) {
		struct logic *child = logic->children[i];

		if (below + num + need_of(child) > PLM_MAX_STACK) {
			if (!settle(p, logic, num))
				return false;
			num = 1;
		}
		if (!put(p, child, below + num))
			return false;
		num++;
	}
	return settle(p, logic, num);
}

/* What is split stands in the program more often than a term was paid for. */
static int put_split(struct sigma_program *out, struct logic_pool *pool,
		     struct logic *logic, struct position at,
		     uint64_t *steps_left, struct sigma_error *out_error)
{
	const char *what = "condition has a count that";
	uint64_t steps = 0;
	bool fits = fits_stack(pool, logic, PLM_MAX_STACK, &steps,
			       *steps_left) ||
		    fits_stack(pool, logic, MAX_COUNTED, &steps, *steps_left);

	if (steps && !sigma_spend(steps_left, steps, what, at, out_error))
		return -1;
	if (!fits)
		return sigma_fail(out_error, at, SIGMA_RULE_LIMIT,
				  "condition needs more than %u results at a "
				  "time", PLM_MAX_STACK);
	if (!put(out, logic, 0))
		return sigma_fail(out_error, at, SIGMA_RULE_LIMIT,
				  "condition needs more than %u words",
				  PLM_MAX_PROGRAM_LEN);
	return steps && !sigma_spend(steps_left,
				     out->num_words * SIGMA_BYTE_STEPS, what,
				     at, out_error) ? -1 : 0;
}

int sigma_lower(struct sigma_program *out, struct logic_pool *pool,
		struct logic *logic, struct position at, uint64_t *steps_left,
		struct sigma_error *out_error)
{
	memset(out, 0, sizeof(*out));
	logic = logic_simplify(pool, logic);
	if (logic->kind == LOGIC_CONST)
		return sigma_fail(out_error, at, SIGMA_CONSTANT,
				  "rule matches %s, whatever it holds",
				  logic->value ? "every event" : "no event");
	return put_split(out, pool, logic, at, steps_left, out_error);
}

void sigma_program_free(struct sigma_program *program)
{
	free(program->words);
	free(program->tests);
	memset(program, 0, sizeof(*program));
}
