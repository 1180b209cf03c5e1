// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/selection.h"

static struct logic *empty(const struct sigma_scope *scope,
			   const struct tree_node *value)
{
	sigma_fail(scope->error, value->at, SIGMA_BAD_RULE,
		   "selection is empty");
	return NULL;
}

static struct logic *of_map(const struct sigma_scope *scope,
			   const struct tree_node *map)
{
	struct logic *all = logic_new(scope->pool, LOGIC_ALL), *logic;

	if (!map->num_items)
		return empty(scope, map);
	for (size_t i = 0; i < map->num_items; i += 2) {
		logic = sigma_field(scope, map->items[i], map->items[i + 1]);
		if (!logic)
			return NULL;
		logic_add(all, logic);
	}
	return all;
}

static struct logic *of_list(const struct sigma_scope *scope,
			    const struct tree_node *list)
{
	struct logic *any = logic_new(scope->pool, LOGIC_ANY), *logic;

	if (!list->num_items)
		return empty(scope, list);
	for (size_t i = 0; i < list->num_items; i++) {
		const struct tree_node *item = list->items[i];

		logic = item->kind == TREE_MAP ? of_map(scope, item) :
						 sigma_keyword(scope, item);
		if (!logic)
			return NULL;
		logic_add(any, logic);
	}
	return any;
}

struct logic *sigma_selection(const struct sigma_scope *scope,
			     const struct tree_node *value)
{
	if (value->kind == TREE_MAP)
		return of_map(scope, value);
	if (value->kind == TREE_LIST)
		return of_list(scope, value);
	return tree_is_null(value) ? empty(scope, value) :
				     sigma_keyword(scope, value);
}
