// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/bytes.h"
#include "dump/bounded.h"
#include "dump/dump.h"
#include "event/expr.h"

/* Bytes of the text of a condition, and of those of all rules together. */
#define MAX_CONDITION	((size_t)1 << 20)
#define MAX_CONDITIONS	((size_t)256 << 20)

const char *dump_op(uint32_t op)
{
	switch (op) {
	case PLM_OP_EQUALS:
		return "equals";
	case PLM_OP_CONTAINS:
		return "contains";
	case PLM_OP_STARTSWITH:
		return "startswith";
	case PLM_OP_ENDSWITH:
		return "endswith";
	case PLM_OP_PATTERN:
		return "matches";
	case PLM_OP_NUM_EQ:
		return "=";
	case PLM_OP_NUM_LT:
		return "<";
	case PLM_OP_NUM_LTE:
		return "<=";
	case PLM_OP_NUM_GT:
		return ">";
	case PLM_OP_NUM_GTE:
		return ">=";
	case PLM_OP_SAME:
		return "equals input";
	case PLM_OP_SAME_START:
		return "startswith input";
	case PLM_OP_SAME_END:
		return "endswith input";
	default:
		return "exists";
	}
}

char *dump_quote(const void *text, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = text;
	struct bytes out = { 0 };

	bytes_put(&out, "'", 1);
	for (size_t i = 0; i < len; i++) {
		char hex[] = { '\\', 'x', digits[p[i] >> 4],
			       digits[p[i] & 15] };

		if (p[i] == '\\' || p[i] == '\'')
			bytes_put(&out, "\\", 1);
		if (p[i] >= 0x20 && p[i] < 0x7f)
			bytes_put(&out, &p[i], 1);
		else
			bytes_put(&out, hex, 4);
	}
	bytes_put(&out, "'", 1);
	bytes_put(&out, "", 1);
	return (char *)out.data;
}

/* Input and operator, without the operand. */
static void put_head(struct bounded *out, const struct model_criterion *c)
{
	bounded_put(out, c->template->shape.inputs[c->input].name);
	bounded_put(out, " ");
	bounded_put(out, dump_op(c->op));
	if (c->flags & PLM_FLAG_CASED)
		bounded_put(out, " cased");
}

static void put_input(struct bounded *out, const struct model_criterion *c)
{
	bounded_put(out, c->template->shape.inputs[c->number].name);
}

static void put_operand(struct bounded *out, const struct model_criterion *c)
{
	char *text = c->op >= PLM_OP_NUM_EQ ?
		     xasprintf("%llu", (unsigned long long)c->number) :
		     dump_quote(c->text.data, c->text.len);

	bounded_put(out, text);
	free(text);
}

static void put_criterion(struct bounded *out, const struct model_criterion *c)
{
	put_head(out, c);
	if (c->op == PLM_OP_EXISTS)
		return;
	bounded_put(out, " ");
	if (plm_op_is_pair(c->op))
		put_input(out, c);
	else
		put_operand(out, c);
}

char *dump_criterion(const struct model_criterion *criterion)
{
	struct bounded out;

	bounded_begin(&out, SIZE_MAX);
	put_criterion(&out, criterion);
	return bounded_end(&out);
}

/* Printing a tree that may be as deep as it is large, without recursion. */
struct printer {
	const struct model *model;
	const struct expr *expr;
	struct bounded *out;
	uint32_t *next;		/* child of each node to be printed next */
};

static const struct model_criterion *criterion_of(const struct printer *p,
						  const struct expr_node *node)
{
	return &p->model->criteria[node->criterion];
}

static const struct expr_node *child_of(const struct printer *p,
					const struct expr_node *node,
					uint32_t index)
{
	return &p->expr->nodes[p->expr->children[node->first_child + index]];
}

static bool same_head(const struct model_criterion *a,
		      const struct model_criterion *b)
{
	return a->input == b->input && a->op == b->op && a->flags == b->flags &&
	       plm_op_is_string(a->op);
}

static bool is_plain_list(const struct expr_node *node)
{
	return node->least == 1 || node->least == node->num_children;
}

/* How many children from @index on differ by their text only. */
static uint32_t run_from(const struct printer *p, const struct expr_node *node,
			 uint32_t index)
{
	const struct expr_node *first = child_of(p, node, index);
	uint32_t end = index;

	for (; end < node->num_children; end++) {
		const struct expr_node *child = child_of(p, node, end);

		if (!child->is_test || child->negated || !first->is_test ||
		    !same_head(criterion_of(p, first), criterion_of(p, child)))
			break;
	}
	return end - index;
}

/* "Image endswith any of ('/a', '/b')" */
static void put_run(struct printer *p, const struct expr_node *node,
		    uint32_t index, uint32_t count)
{
	put_head(p->out, criterion_of(p, child_of(p, node, index)));
	bounded_put(p->out, node->least == 1 ? " any of (" : " all of (");
	for (uint32_t i = 0; i < count; i++) {
		bounded_put(p->out, i ? ",\n" : "");
		put_operand(p->out,
			    criterion_of(p, child_of(p, node, index + i)));
	}
	bounded_put(p->out, ")");
}

/* Neither a list of one child nor one that is a single run can be misread. */
static bool needs_brackets(const struct printer *p, uint32_t index)
{
	const struct expr_node *node = &p->expr->nodes[index];
	const struct expr_node *parent;

	if (is_plain_list(node) && node->num_children > 1 &&
	    run_from(p, node, 0) == node->num_children)
		return false;
	if (!is_plain_list(node) || node->negated)
		return true;
	if (node->num_children == 1 || node->parent == EXPR_NONE)
		return false;
	parent = &p->expr->nodes[node->parent];
	return parent->num_children > 1;
}

static void open_node(struct printer *p, uint32_t index)
{
	const struct expr_node *node = &p->expr->nodes[index];
	char count[32];

	if (node->negated)
		bounded_put(p->out, "not ");
	if (node->is_test) {
		put_criterion(p->out, criterion_of(p, node));
		return;
	}
	if (!is_plain_list(node)) {
		snprintf(count, sizeof(count), "%u of ", node->least);
		bounded_put(p->out, count);
	}
	if (needs_brackets(p, index))
		bounded_put(p->out, "(");
}

static void put_separator(struct printer *p, const struct expr_node *node)
{
	if (!is_plain_list(node))
		bounded_put(p->out, ",\n");
	else
		bounded_put(p->out, node->least == 1 ? "\nor " : "\nand ");
}

/* One step at @index; the node to go on with, or EXPR_NONE at the end. */
static uint32_t print_step(struct printer *p, uint32_t index)
{
	const struct expr_node *node = &p->expr->nodes[index];
	uint32_t at = p->next[index], run;

	if (!at)
		open_node(p, index);
	if (node->is_test)
		return node->parent;
	if (at == node->num_children) {
		if (needs_brackets(p, index))
			bounded_put(p->out, ")");
		return node->parent;
	}
	if (at)
		put_separator(p, node);
	run = is_plain_list(node) ? run_from(p, node, at) : 0;
	if (run > 1) {
		put_run(p, node, at, run);
		p->next[index] += run;
		return index;
	}
	p->next[index]++;
	return p->expr->children[node->first_child + at];
}

size_t dump_max_condition(size_t num_rules)
{
	size_t share = MAX_CONDITIONS / (num_rules ? num_rules : 1);

	return share > MAX_CONDITION ? MAX_CONDITION : share;
}

char *dump_condition(const struct model *model, const struct model_rule *rule,
		     size_t max)
{
	struct bounded out;
	struct expr expr;
	struct printer p = { .model = model, .expr = &expr, .out = &out };
	uint32_t index;

	if (!expr_build(&expr, rule))
		return xstrdup("malformed");
	bounded_begin(&out, max);
	p.next = xcalloc(expr.num_nodes, sizeof(*p.next));
	index = expr.root;
	while (index != EXPR_NONE)
		index = print_step(&p, index);
	free(p.next);
	expr_free(&expr);
	return bounded_end(&out);
}
