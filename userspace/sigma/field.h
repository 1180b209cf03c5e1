/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One entry of a selection: a field with its modifiers, and its values. */
#ifndef SIGMA_FIELD_H
#define SIGMA_FIELD_H

#include "plm_template.h"
#include "sigma/logic.h"
#include "sigma/steps.h"
#include "sigma/tree.h"

/* Values of %names%, for the modifier 'expand'. */
struct sigma_placeholder {
	const char *name, *value;
};

struct sigma_placeholders {
	const struct sigma_placeholder *items;
	size_t num;
};

/* What selections are compiled against. */
struct sigma_scope {
	const struct plm_template *template;
	struct logic_pool *pool;
	const struct sigma_placeholders *placeholders;
	uint64_t *steps_left;	/* of SIGMA_MAX_STEPS */
	struct sigma_error *error;
};

/* The expression of "Field|modifier: values", or NULL and an error. */
struct logic *sigma_field(const struct sigma_scope *scope,
			 const struct tree_node *key,
			 const struct tree_node *value);

/* sigma_spend() on a value of this input. */
bool sigma_spend_on_value(const struct sigma_scope *scope,
			  const struct plm_input *about,
			  const struct tree_node *value, uint64_t steps);

/* The expression of a value without a field, or NULL and an error. */
struct logic *sigma_keyword(const struct sigma_scope *scope,
			    const struct tree_node *value);

#endif /* SIGMA_FIELD_H */
