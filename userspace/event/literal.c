// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/literal.h"

static bool same(const uint8_t *a, const uint8_t *b, size_t len, bool cased)
{
	for (size_t i = 0; i < len; i++) {
		if (a[i] == b[i])
			continue;
		if (cased || literal_fold(a[i]) != literal_fold(b[i]))
			return false;
	}
	return true;
}

size_t literal_find(const uint8_t *data, size_t len, size_t from,
		    const uint8_t *text, size_t text_len, bool cased)
{
	for (; from <= len && text_len <= len - from; from++)
		if (same(data + from, text, text_len, cased))
			return from;
	return SIZE_MAX;
}

/* Does "@op @text" hold of the bytes of @whole, wherever those must stand? */
static bool holds_of(uint32_t op, const struct model_text *text,
		     const struct model_text *whole, bool cased)
{
	size_t rest = (size_t)whole->len - text->len;

	if (text->len > whole->len)
		return false;
	switch (op) {
	case PLM_OP_EQUALS:
		return !rest && same(whole->data, text->data, text->len, cased);
	case PLM_OP_CONTAINS:
		return literal_find(whole->data, whole->len, 0, text->data,
				    text->len, cased) != SIZE_MAX;
	case PLM_OP_STARTSWITH:
		return same(whole->data, text->data, text->len, cased);
	case PLM_OP_ENDSWITH:
		return same(whole->data + rest, text->data, text->len, cased);
	default:
		return false;
	}
}

static bool is_string_op(const struct model_criterion *c)
{
	return c->op >= PLM_OP_EQUALS && c->op <= PLM_OP_ENDSWITH;
}

static bool is_cased(const struct model_criterion *c)
{
	return c->flags & PLM_FLAG_CASED;
}

/* Two strings that must both hold: both fix the same end of the value? */
static bool strings_clash(const struct model_criterion *a,
			  const struct model_criterion *b)
{
	/* With one of them free in case, only the folded bytes are fixed. */
	bool cased = is_cased(a) && is_cased(b);
	const struct model_criterion *shorter, *longer;

	if (a->op == PLM_OP_EQUALS)
		return !holds_of(b->op, &b->text, &a->text, cased);
	if (b->op == PLM_OP_EQUALS)
		return !holds_of(a->op, &a->text, &b->text, cased);
	if (a->op != b->op || a->op == PLM_OP_CONTAINS)
		return false;
	shorter = a->text.len < b->text.len ? a : b;
	longer = shorter == a ? b : a;
	return !holds_of(a->op, &shorter->text, &longer->text, cased);
}

/* Does a value of which @a holds always make @b hold as well? */
static bool string_implies(const struct model_criterion *a,
			   const struct model_criterion *b)
{
	/* The case of a's bytes is open, so a cased b may be escaped. */
	if (is_cased(b) && !is_cased(a))
		return false;
	if (b->op == PLM_OP_CONTAINS || a->op == PLM_OP_EQUALS ||
	    (a->op == b->op && b->op != PLM_OP_EQUALS))
		return holds_of(b->op, &b->text, &a->text, is_cased(b));
	return !b->text.len && b->op != PLM_OP_EQUALS;
}

struct interval {
	uint64_t low, high;
	bool empty;
};

static struct interval interval_of(const struct model_criterion *c)
{
	uint64_t n = c->number;

	switch (c->op) {
	case PLM_OP_NUM_EQ:
		return (struct interval){ n, n, false };
	case PLM_OP_NUM_LT:
		return (struct interval){ 0, n - 1, n == 0 };
	case PLM_OP_NUM_LTE:
		return (struct interval){ 0, n, false };
	case PLM_OP_NUM_GT:
		return (struct interval){ n + 1, UINT64_MAX, n == UINT64_MAX };
	case PLM_OP_NUM_GTE:
		return (struct interval){ n, UINT64_MAX, false };
	default:
		return (struct interval){ 0, UINT64_MAX, false };
	}
}

static bool numbers_clash(const struct model_criterion *a,
			  const struct model_criterion *b)
{
	struct interval x = interval_of(a), y = interval_of(b);

	return x.low > y.high || y.low > x.high;
}

static bool number_implies(const struct model_criterion *a,
			   const struct model_criterion *b)
{
	struct interval x = interval_of(a), y = interval_of(b);

	return x.low >= y.low && x.high <= y.high && !y.empty;
}

bool literal_is_impossible(const struct model_criterion *a)
{
	return interval_of(a).empty;
}

static bool both_hold_conflict(const struct model_criterion *a,
			       const struct model_criterion *b)
{
	if (a->op == PLM_OP_EXISTS || b->op == PLM_OP_EXISTS ||
	    a->op == PLM_OP_PATTERN || b->op == PLM_OP_PATTERN)
		return false;
	return is_string_op(a) ? strings_clash(a, b) : numbers_clash(a, b);
}

static bool implies(const struct model_criterion *a,
		    const struct model_criterion *b)
{
	/* Whatever holds, holds of a value that exists. */
	if (b->op == PLM_OP_EXISTS)
		return true;
	if (a->op == PLM_OP_EXISTS || a->op == PLM_OP_PATTERN ||
	    b->op == PLM_OP_PATTERN)
		return false;
	return is_string_op(a) ? string_implies(a, b) : number_implies(a, b);
}

bool literals_conflict(const struct model_criterion *a, bool want_a,
		       const struct model_criterion *b, bool want_b)
{
	if (want_a && want_b)
		return both_hold_conflict(a, b);
	return want_a ? implies(a, b) : implies(b, a);
}
