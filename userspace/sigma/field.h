/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One entry of a selection: a field with its modifiers, and its values. */
#ifndef SIGMA_FIELD_H
#define SIGMA_FIELD_H

#include "plm_template.h"
#include "sigma/logic.h"
#include "sigma/tree.h"

/* Values of %names%, for the modifier 'expand'. */
struct sigma_placeholder {
	const char *name, *value;
};

struct sigma_placeholders {
	const struct sigma_placeholder *items;
	size_t num;
};

/*
 * What all rules of one compilation may cost together: the steps of making
 * their automata, and for each text SIGMA_TEXT_STEPS and some for each byte, as
 * a text takes memory.  That is some seconds, and some hundred MiB.
 */
#define SIGMA_MAX_STEPS		(1u << 28)
#define SIGMA_TEXT_STEPS	256u
#define SIGMA_BYTE_STEPS	8u

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

/* The expression of a value without a field, or NULL and an error. */
struct logic *sigma_keyword(const struct sigma_scope *scope,
			    const struct tree_node *value);

#endif /* SIGMA_FIELD_H */
