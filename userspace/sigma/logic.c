// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/logic.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Joining longer lists than this gains nothing and could copy a lot. */
#define MAX_JOIN 64

struct logic *logic_new(struct logic_pool *pool, enum logic_kind kind)
{
	struct logic *logic = xcalloc(1, sizeof(*logic));

	ARRAY_RESERVE(pool->items, pool->num_items, pool->cap_items);
	pool->items[pool->num_items++] = logic;
	logic->kind = kind;
	return logic;
}

struct logic *logic_const(struct logic_pool *pool, bool value)
{
	struct logic *logic = logic_new(pool, LOGIC_CONST);

	logic->value = value;
	return logic;
}

struct logic *logic_not(struct logic_pool *pool, struct logic *child)
{
	struct logic *logic = logic_new(pool, LOGIC_NOT);

	logic_add(logic, child);
	return logic;
}

void logic_add(struct logic *parent, struct logic *child)
{
	ARRAY_RESERVE(parent->children, parent->num_children,
		      parent->cap_children);
	parent->children[parent->num_children++] = child;
}

size_t logic_weight(const struct logic *child)
{
	return child->num_children && child->num_children <= MAX_JOIN ?
	       child->num_children : 1;
}

void logic_pool_free(struct logic_pool *pool)
{
	for (size_t i = 0; i < pool->num_items; i++) {
		free(pool->items[i]->test.text);
		free(pool->items[i]->children);
		free(pool->items[i]);
	}
	free(pool->items);
	memset(pool, 0, sizeof(*pool));
}

static struct logic *simplify_not(struct logic_pool *pool, struct logic *logic)
{
	struct logic *child = logic_simplify(pool, logic->children[0]);

	logic->children[0] = child;
	if (child->kind == LOGIC_CONST)
		return logic_const(pool, !child->value);
	if (child->kind == LOGIC_NOT)
		return child->children[0];
	return logic;
}

/*
 * Children in their order; each only once, except where they are counted.
 * False where one stands beside its negation: that settles the list.
 */
static bool take_in(struct logic *list, struct logic *child, size_t mark)
{
	bool counted = list->kind == LOGIC_SOME;

	if (child->mark == mark && !counted)
		return true;
	child->mark = mark;
	if (child->kind == LOGIC_NOT)
		child->children[0]->not_mark = mark;
	if (!counted && (child->not_mark == mark ||
			 (child->kind == LOGIC_NOT &&
			  child->children[0]->mark == mark)))
		return false;
	if (child->kind != list->kind || counted ||
	    child->num_children > MAX_JOIN) {
		logic_add(list, child);
		return true;
	}
	for (size_t i = 0; i < child->num_children; i++)
		if (!take_in(list, child->children[i], mark))
			return false;
	return true;
}

/*
 * Children that are constant are settled now: those that hold count towards
 * the number that must, those that don't leave fewer to choose from.
 */
static struct logic *simplify_list(struct logic_pool *pool, struct logic *logic)
{
	struct logic *list = logic_new(pool, logic->kind);
	size_t held = 0, mark, least;

	for (size_t i = 0; i < logic->num_children; i++)
		logic->children[i] = logic_simplify(pool, logic->children[i]);
	mark = ++pool->num_marks;
	for (size_t i = 0; i < logic->num_children; i++) {
		struct logic *child = logic->children[i];

		if (child->kind == LOGIC_CONST && child->value)
			held++;
		else if (child->kind == LOGIC_CONST ?
			 logic->kind == LOGIC_ALL :
			 !take_in(list, child, mark))
			return logic_const(pool, logic->kind == LOGIC_ANY);
	}
	if (logic->kind == LOGIC_ANY && held)
		return logic_const(pool, true);
	least = logic->kind == LOGIC_ALL ? list->num_children : 1;
	if (logic->kind == LOGIC_SOME)
		least = logic->least > held ? logic->least - held : 0;
	if (!least)
		return logic_const(pool, true);
	if (least > list->num_children)
		return logic_const(pool, false);
	if (list->num_children == 1)
		return list->children[0];
	list->least = least;
	if (logic->kind == LOGIC_SOME && least == 1)
		list->kind = LOGIC_ANY;
	if (logic->kind == LOGIC_SOME && least == list->num_children)
		list->kind = LOGIC_ALL;
	return list;
}

struct logic *logic_simplify(struct logic_pool *pool, struct logic *logic)
{
	struct logic *out = logic;

	if (logic->simple)
		return logic->simple;
	if (logic->kind == LOGIC_NOT)
		out = simplify_not(pool, logic);
	else if (logic->kind >= LOGIC_ALL)
		out = simplify_list(pool, logic);
	out->simple = out;
	logic->simple = out;
	return out;
}
