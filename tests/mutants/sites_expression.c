// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be bent in an expression. */
#include "tests/mutants/finder.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void find_children(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);

	for (size_t i = 0; i < children.num; i++)
		find_expression(f, children.list[i]);
	free(children.list);
}

static void mutate_error(struct finder *f, CXCursor cursor)
{
	char *text = text_of(f, cursor);

	if (strcmp(text, "PLM_OK"))
		mutant_wrap(f, range_of(f, cursor),
			    mutant_named(f, cursor, text, "another error"),
			    "M_ERR", "");
	free(text);
}

static void mutate_constant(struct finder *f, CXCursor cursor, bool more,
			    bool less)
{
	unsigned int id = 0;

	if (more)
		id = mutant_of(f, cursor, "+ 1");
	if (less) {
		unsigned int other = mutant_of(f, cursor, "- 1");

		id = id ? id : other;
	}
	if (id)
		mutant_wrap(f, range_of(f, cursor), id,
			    more && less ? "M_CONST" :
			    more ? "M_MORE" : "M_LESS", "");
}

/* Flags of an allocation: one more or less is another set, and no other program. */
static bool is_allocation(struct finder *f, CXCursor cursor)
{
	char *text = text_of(f, cursor);
	bool is = strstr(text, "GFP") != NULL;

	free(text);
	return is;
}

bool find_constant(struct finder *f, CXCursor cursor)
{
	long long value;

	if (is_error(f, cursor)) {
		mutate_error(f, cursor);
		return true;
	}
	if (!is_constant(f, cursor, &value))
		return false;
	if (!is_allocation(f, cursor) && (value || !f->in_list))
		mutate_constant(f, cursor, true, value != 0);
	return true;
}

void find_condition(struct finder *f, CXCursor cursor)
{
	char *before = set_context(f, cursor);
	struct range range = range_of(f, cursor);
	unsigned int id;

	id = mutant_of(f, cursor, "true");
	mutant_of(f, cursor, "false");
	mutant_wrap(f, range, id, "M_COND", "");
	find_expression(f, cursor);
	reset_context(f, before);
}

/* Binary operators */

struct binary {
	CXCursor cursor, left, right;
	struct range op;
};

/* What an operator is bent into. */
static const struct relation {
	const char *op, *one, *two;
} relations[] = {
	{ "<", "<=", NULL },	{ "<=", "<", NULL },   { ">", ">=", NULL },
	{ ">=", ">", NULL },	{ "==", "<=", ">=" },  { "!=", "<", ">" },
};

static const char *const opposites[][2] = { { "==", "!=" }, { "!=", "==" } };

static bool operator_is(const struct finder *f, const struct binary *b,
			const char *op)
{
	size_t len = b->op.end - b->op.start;

	return strlen(op) == len &&
	       !memcmp(f->source->text + b->op.start, op, len);
}

static char *operator_of(const struct finder *f, const struct binary *b)
{
	return xstrndup(f->source->text + b->op.start, b->op.end - b->op.start);
}

/* MACRO(id, rest, left, right): the operator becomes a comma. */
static void wrap_binary(struct finder *f, const struct binary *b,
			unsigned int id, const char *macro, const char *rest)
{
	mutant_wrap(f, range_of(f, b->cursor), id, macro, rest);
	source_replace(f->source, b->op, ",");
}

static bool has_order(const struct finder *f, const struct binary *b)
{
	long long value;

	if (is_pointer(b->left) || is_pointer(b->right))
		return false;
	if (type_of(inner_of(f, b->left)).kind == CXType_Enum ||
	    type_of(inner_of(f, b->left)).kind == CXType_Bool)
		return false;
	return !is_constant(f, b->right, &value) || value;
}

static void mutate_equality(struct finder *f, const struct binary *b,
			    const struct relation *relation)
{
	unsigned int id;
	char *rest;

	if (has_order(f, b)) {
		id = mutant_of(f, b->cursor, relation->one);
		mutant_of(f, b->cursor, relation->two);
		rest = xasprintf("%s, %s, %s, ", relation->op, relation->one,
				 relation->two);
		wrap_binary(f, b, id, "M_REL2", rest);
	} else {
		const char *opposite = opposites[relation->op[0] == '!'][1];

		rest = xasprintf("%s, %s, ", relation->op, opposite);
		wrap_binary(f, b, mutant_of(f, b->cursor, opposite), "M_REL1",
			    rest);
	}
	free(rest);
	find_expression(f, b->left);
	find_expression(f, b->right);
}

/*
 * x < N as x <= N is x < N + 1, so the constant is only bent the other way.
 */
static void mutate_order(struct finder *f, const struct binary *b,
			 const struct relation *relation)
{
	bool strict = !relation->op[1], less = relation->op[0] == '<';
	char *rest = xasprintf("%s, %s, ", relation->op, relation->one);
	long long value;

	wrap_binary(f, b, mutant_of(f, b->cursor, relation->one), "M_REL1",
		    rest);
	free(rest);
	find_expression(f, b->left);
	if (is_constant(f, b->right, &value))
		mutate_constant(f, b->right, strict != less, strict == less);
	else
		find_expression(f, b->right);
}

static void mutate_logic(struct finder *f, const struct binary *b, bool and)
{
	unsigned int id = mutant_of(f, b->cursor, "without the left");

	mutant_of(f, b->cursor, "without the right");
	mutant_of(f, b->cursor, and ? "||" : "&&");
	wrap_binary(f, b, id, and ? "M_AND" : "M_OR", "");
	find_expression(f, b->left);
	find_expression(f, b->right);
}

static void mutate_arithmetic(struct finder *f, const struct binary *b)
{
	char *op = operator_of(f, b), *rest;
	bool plus = !strcmp(op, "+"), minus = !strcmp(op, "-");
	long long value;

	if (is_constant(f, b->right, &value) && !value) {
		rest = NULL;	/* no operator makes anything of it */
	} else if ((plus || minus) && !is_pointer(b->right)) {
		rest = xasprintf("%s, %s, ", op, plus ? "-" : "+");
		wrap_binary(f, b, mutant_of(f, b->cursor, plus ? "-" : "+"),
			    "M_SIGN", rest);
	} else if (is_pointer(b->right)) {
		rest = NULL;
	} else {
		rest = xasprintf("%s, ", op);
		wrap_binary(f, b,
			    mutant_of(f, b->cursor, "the left operand alone"),
			    "M_LEFT", rest);
	}
	free(rest);
	free(op);
	find_expression(f, b->left);
	find_expression(f, b->right);
}

static bool split(const struct finder *f, CXCursor cursor, struct binary *out)
{
	struct children children = children_of(cursor);
	struct range left, right;
	const char *at;

	if (children.num != 2) {
		free(children.list);
		return false;
	}
	out->cursor = cursor;
	out->left = children.list[0];
	out->right = children.list[1];
	free(children.list);
	left = range_of(f, out->left);
	right = range_of(f, out->right);
	at = f->source->text + left.end;
	at += strspn(at, " \t\n");
	out->op.start = (size_t)(at - f->source->text);
	out->op.end = out->op.start + strspn(at, "+-*/%&|^<>=!");
	if (out->op.end > right.start)
		out->op.end = right.start;
	return out->op.start < out->op.end;
}

bool is_assignment(const struct finder *f, CXCursor cursor)
{
	struct binary b;

	return split(f, cursor, &b) && operator_is(f, &b, "=");
}

void find_binary(struct finder *f, CXCursor cursor)
{
	struct binary b;

	if (!split(f, cursor, &b))
		return;
	for (size_t i = 0; i < ARRAY_LEN(relations); i++)
		if (operator_is(f, &b, relations[i].op)) {
			(relations[i].two ? mutate_equality : mutate_order)(
				f, &b, &relations[i]);
			return;
		}
	if (operator_is(f, &b, "&&") || operator_is(f, &b, "||"))
		mutate_logic(f, &b, operator_is(f, &b, "&&"));
	else if (operator_is(f, &b, "="))
		find_children(f, cursor);
	else
		mutate_arithmetic(f, &b);
}

void find_compound_assign(struct finder *f, CXCursor cursor)
{
	struct binary b;

	if (!split(f, cursor, &b))
		return;
	find_expression(f, b.left);
	if (operator_is(f, &b, "+=") || operator_is(f, &b, "-="))
		mutant_wrap(f, range_of(f, b.right),
			    mutant_of(f, cursor, "the other sign"), "M_NEGATE",
			    "");
	find_expression(f, b.right);
}

void find_choice(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);

	if (children.num == 3) {
		find_condition(f, children.list[0]);
		find_expression(f, children.list[1]);
		find_expression(f, children.list[2]);
	}
	free(children.list);
}

void find_list(struct finder *f, CXCursor cursor)
{
	bool before = f->in_list;

	f->in_list = true;
	find_children(f, cursor);
	f->in_list = before;
}
