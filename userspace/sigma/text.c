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
#include "sigma/cidr.h"
#include "sigma/place.h"
#include "sigma/variant.h"

static void *fail(const struct sigma_text *t, size_t at, enum sigma_code code,
		  const char *what)
{
	struct position where = t->value->at;

	if (at != SIZE_MAX)
		where = tree_place(t->value, at);
	sigma_fail(t->scope->error, where, code, "%s %s", t->about->name, what);
	return NULL;
}

static bool spend(const struct sigma_text *t, uint64_t steps)
{
	return sigma_spend_on_value(t->scope, t->about, t->value, steps);
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
	const char *why = dfa_of_regex(&dfa, regex, 0, *t->scope->steps_left);
	bool always, never;
	uint8_t *text;
	size_t len;

	/* The encoder will make it again. */
	if (!spend(t, (why ? 1 : 2) * dfa.steps)) {
		dfa_free(&dfa);
		return NULL;
	}
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

	if (!spend(t, SIGMA_TEXT_STEPS + (op ? SIGMA_BYTE_STEPS * len : 0))) {
		free(op ? text : NULL);
		return NULL;
	}
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
	if (root->kind == REGEX_EMPTY && !spend(t, SIGMA_TEXT_STEPS))
		return NULL;
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

static void add_star(struct regex *regex, struct regex_node *list)
{
	regex_add(list, regex_repeat(regex, regex_any(regex), 0,
				     REGEX_NO_MAX));
}

/*
 * One character: a byte that is no later one of a character, with the later
 * ones behind it.  Where the input is no UTF-8 that is still a definite thing.
 */
static void add_character(struct regex *regex, struct regex_node *list)
{
	static const uint64_t first[] = { ~0ull, ~0ull, 0, ~0ull };
	static const uint64_t later[] = { 0, 0, ~0ull, 0 };

	regex_add(list, regex_set(regex, first));
	regex_add(list, regex_repeat(regex, regex_set(regex, later), 0,
				     REGEX_NO_MAX));
}

static void add_dash(struct regex *regex, struct regex_node *list)
{
	struct regex_node *dashes = regex_list(regex, REGEX_ALT), *dash;

	for (size_t i = 0; i < SIGMA_NUM_DASHES; i++) {
		dash = regex_list(regex, REGEX_CONCAT);
		for (const char *c = sigma_dashes[i]; *c; c++)
			regex_add(dash, regex_byte(regex, (uint8_t)*c, false));
		regex_add(dashes, regex_finish(regex, dash));
	}
	regex_add(list, regex_finish(regex, dashes));
}

static struct logic *of_variant(const struct sigma_text *t,
				const struct sigma_variant *variant)
{
	const struct sigma_modifiers *m = t->modifiers;
	struct regex regex = { 0 };
	struct regex_node *list = regex_list(&regex, REGEX_CONCAT);
	struct logic *logic;

	regex_add(list, regex_assertion(&regex, REGEX_START));
	if (m->contains || m->endswith)
		add_star(&regex, list);
	for (size_t i = 0; i < variant->num; i++) {
		unsigned int item = variant->items[i];

		if (item == ITEM_STAR)
			add_star(&regex, list);
		else if (item == ITEM_CHARACTER)
			add_character(&regex, list);
		else if (item == ITEM_BYTE)
			regex_add(list, regex_any(&regex));
		else if (item == ITEM_DASH)
			add_dash(&regex, list);
		else
			regex_add(list, regex_byte(&regex, (uint8_t)item,
						   !m->cased));
	}
	if (m->contains || m->startswith)
		add_star(&regex, list);
	regex_add(list, regex_assertion(&regex, REGEX_END));
	regex.root = regex_finish(&regex, list);
	logic = logic_of(t, &regex);
	regex_free(&regex);
	return logic;
}

/* Wildcards, too, make a value no network. */
static struct logic *of_network(const struct sigma_text *t,
				const struct sigma_variant *variant)
{
	struct regex regex = { 0 };
	struct logic *logic = NULL;
	char text[64] = "*", what[160];
	const char *why;

	for (size_t i = 0; i < variant->num && i + 1 < sizeof(text); i++)
		text[i] = variant->items[i] < 256 && variant->items[i] ?
			  (char)variant->items[i] : '*';
	why = sigma_cidr(&regex, text);
	if (!why)
		logic = logic_of(t, &regex);
	regex_free(&regex);
	if (!why)
		return logic;
	snprintf(what, sizeof(what), "has a value that %s", why);
	return fail(t, SIZE_MAX, SIGMA_BAD_VALUE, what);
}

/* With more than one variant, one of them. */
static struct logic *of_wildcards(const struct sigma_text *t)
{
	struct logic *any = logic_new(t->scope->pool, LOGIC_ANY), *logic;
	struct sigma_variants variants;
	const char *why = sigma_variants(&variants, t);
	char what[120];

	for (size_t i = 0; i < variants.num && !why && any; i++) {
		logic = t->modifiers->cidr ?
			of_network(t, &variants.list[i]) :
			of_variant(t, &variants.list[i]);
		if (logic)
			logic_add(any, logic);
		else
			any = NULL;
	}
	sigma_variants_free(&variants);
	if (!why)
		return any;
	snprintf(what, sizeof(what), "has a value that %s", why);
	return fail(t, SIZE_MAX, SIGMA_BAD_VALUE, what);
}

static struct logic *of_regex(const struct sigma_text *t)
{
	struct regex_error error;
	struct logic *logic = NULL;
	struct regex regex;
	char what[280];
	int status;

	status = regex_parse(&regex, t->value->text, t->value->len,
			     t->modifiers->re_flags, &error);
	if (!status)
		logic = logic_of(t, &regex);
	regex_free(&regex);
	if (!status)
		return logic;
	snprintf(what, sizeof(what), "has a regular expression that can't be "
		 "compiled: %s", error.text);
	return fail(t, error.at, SIGMA_REGEX, what);
}

struct logic *sigma_text(const struct sigma_text *text)
{
	if (text->value->len > 2 * PLM_MAX_TEXT_LEN)
		return fail(text, SIZE_MAX, SIGMA_BAD_VALUE,
			    "has a value that is longer than 4096 bytes");
	return text->modifiers->re ? of_regex(text) : of_wildcards(text);
}
