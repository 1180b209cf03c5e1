// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/lower.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_format.h"

#define UNBOUNDED UINT32_MAX
/* What a selection may need: little, and the same one is often shared. */
#define SHALLOW 8

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

int sigma_lower(struct sigma_program *out, struct logic_pool *pool,
		struct logic *logic, struct position at,
		struct sigma_error *out_error)
{
	memset(out, 0, sizeof(*out));
	logic = logic_simplify(pool, logic);
	if (logic->kind == LOGIC_CONST)
		return sigma_fail(out_error, at, SIGMA_CONSTANT,
				  "rule matches %s, whatever it holds",
				  logic->value ? "every event" : "no event");
	if (need_of(logic) > PLM_MAX_STACK)
		put_deep_first(logic);
	if (need_of(logic) > PLM_MAX_STACK)
		return sigma_fail(out_error, at, SIGMA_RULE_LIMIT,
				  "condition needs more than %u results at a "
				  "time", PLM_MAX_STACK);
	if (!put(out, logic, 0))
		return sigma_fail(out_error, at, SIGMA_RULE_LIMIT,
				  "condition needs more than %u words",
				  PLM_MAX_PROGRAM_LEN);
	return 0;
}

void sigma_program_free(struct sigma_program *program)
{
	free(program->words);
	free(program->tests);
	memset(program, 0, sizeof(*program));
}
