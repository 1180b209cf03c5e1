/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rule's condition as a tree.  Negation is a property of a node, so there
 * are two kinds of node only; a tree of a rule of N words has at most N nodes.
 * Trees may be as deep as a rule is long: nothing here or above recurses.
 */
#ifndef EVENT_EXPR_H
#define EVENT_EXPR_H

#include <stdbool.h>

#include "content/model.h"

#define EXPR_NONE UINT32_MAX

struct expr_node {
	bool is_test;
	bool negated;
	bool positive;		/* it must hold, as far as it matters, for the
				 * rule to match */
	uint32_t criterion;	/* of a test */
	uint32_t least;		/* of the others: children that must hold */
	uint32_t first_child;	/* index into expr.children */
	uint32_t num_children;
	uint32_t parent;	/* EXPR_NONE for the root */
};

struct expr {
	struct expr_node *nodes;
	uint32_t num_nodes;
	uint32_t *children;	/* node indices */
	uint32_t num_children;
	uint32_t root;
};

/* False where the program is malformed; @expr is then empty. */
bool expr_build(struct expr *expr, const struct model_rule *rule);
void expr_free(struct expr *expr);

/* The negated node nearest to the root above or at @node, or EXPR_NONE. */
uint32_t expr_topmost_not(const struct expr *expr, uint32_t node);

#endif /* EVENT_EXPR_H */
