// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "base/mem.h"
#include "event/expr.h"

struct builder {
	struct expr *expr;
	uint32_t stack[PLM_MAX_STACK];
	uint32_t depth;
};

static bool push(struct builder *b, struct expr_node node)
{
	if (b->depth >= PLM_MAX_STACK)
		return false;
	node.parent = EXPR_NONE;
	b->expr->nodes[b->expr->num_nodes] = node;
	b->stack[b->depth++] = b->expr->num_nodes++;
	return true;
}

static bool at_least(struct builder *b, uint32_t arg)
{
	struct expr *expr = b->expr;
	uint32_t num = arg & 0xff;
	uint32_t first = expr->num_children;

	if (!num || num > b->depth)
		return false;
	b->depth -= num;
	for (uint32_t i = 0; i < num; i++) {
		uint32_t child = b->stack[b->depth + i];

		expr->children[expr->num_children++] = child;
		expr->nodes[child].parent = expr->num_nodes;
	}
	return push(b, (struct expr_node){ .least = arg >> 8,
					   .first_child = first,
					   .num_children = num });
}

static bool step(struct builder *b, uint32_t word)
{
	switch (PLM_WORD_OP(word)) {
	case PLM_WORD_TEST:
		return push(b, (struct expr_node){
				.is_test = true,
				.criterion = PLM_WORD_ARG(word) });
	case PLM_WORD_NOT:
		if (!b->depth)
			return false;
		b->expr->nodes[b->stack[b->depth - 1]].negated ^= true;
		return true;
	case PLM_WORD_AT_LEAST:
		return at_least(b, PLM_WORD_ARG(word));
	default:
		return false;
	}
}

/* Words come children first, so parents have the higher index. */
static void mark_positive(struct expr *expr)
{
	for (uint32_t i = expr->num_nodes; i > 0; i--) {
		struct expr_node *node = &expr->nodes[i - 1];
		bool above = node->parent == EXPR_NONE ||
			     expr->nodes[node->parent].positive;

		node->positive = above != node->negated;
	}
}

bool expr_build(struct expr *expr, const struct model_rule *rule)
{
	struct builder b = { .expr = expr };
	bool fine = true;

	/* Every node but the root is a child once. */
	*expr = (struct expr){
		.nodes = xcalloc(rule->program_len + 1, sizeof(*expr->nodes)),
		.children = xcalloc(rule->program_len + 1,
				    sizeof(*expr->children)),
	};
	for (uint32_t i = 0; fine && i < rule->program_len; i++)
		fine = step(&b, rule->program[i]);
	if (!fine || b.depth != 1) {
		expr_free(expr);
		return false;
	}
	expr->root = b.stack[0];
	mark_positive(expr);
	return true;
}

void expr_free(struct expr *expr)
{
	free(expr->nodes);
	free(expr->children);
	*expr = (struct expr){ 0 };
}

uint32_t expr_topmost_not(const struct expr *expr, uint32_t node)
{
	uint32_t topmost = EXPR_NONE;

	for (; node != EXPR_NONE; node = expr->nodes[node].parent)
		if (expr->nodes[node].negated)
			topmost = node;
	return topmost;
}
