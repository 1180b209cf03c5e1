// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/category.h"

#include <string.h>

#include "base/mem.h"
#include "plm_format.h"

/* A category that is not named as its template is a part of it. */
static const struct {
	const char *category, *template, *event_type;
} parts[] = {
	{ "file_rename", "file_event", "rename" },
	{ "file_delete", "file_event", "delete" },
};

static const struct plm_template *find_template(const char *name)
{
	const struct plm_template *t;

	for (u32 i = 0; (t = plm_template_at(i)); i++)
		if (!strcmp(name, t->name))
			return t;
	return NULL;
}

bool sigma_category_find(const struct tree_node *name,
			 struct sigma_category *out)
{
	*out = (struct sigma_category){ 0 };
	if (name->kind != TREE_TEXT || strlen(name->text) != name->len)
		return false;
	out->template = find_template(name->text);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (tree_is(name, parts[i].category)) {
			out->template = find_template(parts[i].template);
			out->event_type = parts[i].event_type;
		}
	return out->template;
}

struct logic *sigma_category_logic(const struct sigma_category *category,
				   struct logic_pool *pool,
				   struct logic *logic)
{
	const struct plm_supply *shape = &category->template->shape;
	struct logic *all, *test;
	uint32_t input = 0;

	if (!category->event_type)
		return logic;
	while (input + 1 < shape->num_inputs &&
	       strcmp(shape->inputs[input].name, "EventType"))
		input++;
	test = logic_new(pool, LOGIC_TEST);
	test->test = (struct logic_test){
		.input = input, .op = PLM_OP_EQUALS,
		.text = xmemdup(category->event_type,
				strlen(category->event_type)),
		.len = (uint32_t)strlen(category->event_type),
	};
	all = logic_new(pool, LOGIC_ALL);
	logic_add(all, test);
	logic_add(all, logic);
	return all;
}
