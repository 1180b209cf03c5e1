/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions:
 *
 *	or	= and { "or" and }
 *	and	= not { "and" not }
 *	not	= "not" not | "(" or ")" | count "of" pattern | name
 *	count	= number | "all" | "any"
 *	pattern	= "them" | name with any number of "*"
 */
#ifndef SIGMA_CONDITION_H
#define SIGMA_CONDITION_H

#include "sigma/field.h"
#include "sigma/logic.h"
#include "sigma/tree.h"

#define CONDITION_MAX_LEN	16384u
#define CONDITION_MAX_DEPTH	64u

/* The selections that a condition can name. */
struct sigma_selections {
	const char **names;	/* not owned */
	struct logic **logics;
	size_t num, cap;
};

/* The expression of a condition's text, or NULL and an error. */
struct logic *sigma_condition(const struct sigma_scope *scope,
			     const struct sigma_selections *selections,
			     const struct tree_node *condition);

#endif /* SIGMA_CONDITION_H */
