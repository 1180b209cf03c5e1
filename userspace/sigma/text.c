// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Texts with wildcards are regular expressions as well, and the simple ones
 * among those are what criteria compare without an automaton of their own: so
 * all go the same way here.
 */
#include "sigma/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/dfa.h"
#include "content/regex.h"
#include "plm_format.h"

static void *fail(const struct sigma_text *t, size_t at, enum sigma_code code,
		  const char *what)
{
	struct position where = t->value->at;

	if (!t->value->block && at != SIZE_MAX)
		where.column += at + !t->value->plain;
	sigma_fail(t->scope->error, where, code, "%s %s", t->about->name, what);
	return NULL;
}

static struct logic *new_test(const struct sigma_text *t, uint32_t op,
			      bool folded, uint8_t *text, size_t len)
{
	struct logic *logic = logic_new(t->scope->pool, LOGIC_TEST);

	logic->test.input = t->input;
	logic->test.op = op;
	logic->test.flags = folded || !len ? 0 : PLM_FLAG_CASED;
	logic->test.text = text;
	logic->test.len = (uint32_t)len;
	return logic;
}

/* What a pattern would cost is found out here, where its place is known. */
static struct logic *pattern_test(const struct sigma_text *t,
				  const struct regex *regex, bool folded)
{
	struct dfa dfa;
	const char *why = dfa_of_regex(&dfa, regex, 0);
	bool always, never;
	uint8_t *text;
	size_t len;

	if (why) {
		char what[240];

		snprintf(what, sizeof(what), "has a value that %s", why);
		return fail(t, SIZE_MAX, SIGMA_COST, what);
	}
	always = dfa_always(&dfa);
	never = dfa_never(&dfa);
	dfa_free(&dfa);
	if (never)
		return logic_const(t->scope->pool, false);
	if (always)
		return new_test(t, PLM_OP_EXISTS, true, NULL, 0);
	text = regex_print(regex, folded, &len);
	if (len <= PLM_MAX_TEXT_LEN)
		return new_test(t, PLM_OP_PATTERN, folded, text, len);
	free(text);
	return fail(t, SIZE_MAX, SIGMA_COST,
		    "has a value that is longer than 4096 bytes in canonical "
		    "notation");
}

static struct logic *test_of(const struct sigma_text *t,
			     const struct regex *regex)
{
	bool folded = t->modifiers->re ? regex_is_caseless(regex) :
					 !t->modifiers->cased;
	uint8_t *text;
	size_t len;
	uint32_t op = regex_literal(regex, folded, &text, &len);

	if (!op)
		return pattern_test(t, regex, folded);
	if (len <= PLM_MAX_TEXT_LEN)
		return new_test(t, op, folded, text, len);
	free(text);
	return fail(t, SIZE_MAX, SIGMA_BAD_VALUE,
		    "has a value that is longer than 4096 bytes");
}

/* Alternatives are criteria of their own: many are mere texts. */
static struct logic *logic_of(const struct sigma_text *t, struct regex *regex)
{
	struct regex_node *root;
	struct logic *any, *logic;

	regex_trim(regex);
	root = regex->root;
	if (root->kind == REGEX_EMPTY)
		return t->modifiers->re ?
		       new_test(t, PLM_OP_EXISTS, true, NULL, 0) :
		       logic_const(t->scope->pool, true);
	if (root->kind != REGEX_ALT)
		return test_of(t, regex);
	any = logic_new(t->scope->pool, LOGIC_ANY);
	for (size_t i = 0; i < root->num_children; i++) {
		regex->root = root->children[i];
		logic = test_of(t, regex);
		if (!logic)
			return NULL;
		logic_add(any, logic);
	}
	return any;
}

/*
 * A backslash makes a wildcard or another backslash plain, and is itself plain
 * before anything else.
 */
static bool is_escape(const struct tree_node *value, size_t at)
{
	return value->text[at] == '\\' && at + 1 < value->len &&
	       memchr("*?\\", value->text[at + 1], 3);
}

static void add_star(struct regex *regex, struct regex_node *list)
{
	regex_add(list, regex_repeat(regex, regex_any(regex), 0,
				     REGEX_NO_MAX));
}

static struct logic *of_wildcards(const struct sigma_text *t,
				  struct regex *regex)
{
	const struct sigma_modifiers *m = t->modifiers;
	const struct tree_node *value = t->value;
	struct regex_node *list = regex_list(regex, REGEX_CONCAT);

	regex_add(list, regex_assertion(regex, REGEX_START));
	if (m->contains || m->endswith)
		add_star(regex, list);
	for (size_t i = 0; i < value->len; i++) {
		bool escape = is_escape(value, i);
		char c = value->text[i += escape];

		if (c == '*' && !escape)
			add_star(regex, list);
		else if (c == '?' && !escape)
			regex_add(list, regex_any(regex));
		else
			regex_add(list, regex_byte(regex, (uint8_t)c,
						   !m->cased));
	}
	if (m->contains || m->startswith)
		add_star(regex, list);
	regex_add(list, regex_assertion(regex, REGEX_END));
	regex->root = regex_finish(regex, list);
	return logic_of(t, regex);
}

static struct logic *of_regex(const struct sigma_text *t, struct regex *regex)
{
	struct regex_error error;
	char what[280];

	if (!regex_parse(regex, t->value->text, t->value->len,
			 t->modifiers->re_flags, &error))
		return logic_of(t, regex);
	snprintf(what, sizeof(what), "has a regular expression that can't be "
		 "compiled: %s", error.text);
	return fail(t, error.at, SIGMA_REGEX, what);
}

struct logic *sigma_text(const struct sigma_text *text)
{
	struct regex regex = { 0 };
	struct logic *logic;

	if (text->value->len > 2 * PLM_MAX_TEXT_LEN)
		return fail(text, SIZE_MAX, SIGMA_BAD_VALUE,
			    "has a value that is longer than 4096 bytes");
	logic = text->modifiers->re ? of_regex(text, &regex) :
				      of_wildcards(text, &regex);
	regex_free(&regex);
	return logic;
}
