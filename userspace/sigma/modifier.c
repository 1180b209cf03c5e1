// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/modifier.h"

#include <string.h>

#include "base/mem.h"
#include "content/regex.h"
#include "plm_format.h"

enum modifier {
	MOD_CONTAINS, MOD_STARTSWITH, MOD_ENDSWITH, MOD_CASED, MOD_EXISTS,
	MOD_RE, MOD_I, MOD_M, MOD_S, MOD_LT, MOD_LTE, MOD_GT, MOD_GTE, MOD_ALL,
	MOD_REFUSED,
};

static const char no_encoding[] =
	"a value is compared as the bytes that the rule spells out";
static const char no_time[] =
	"no input of a template is a date";

/* All modifiers of the Sigma specification. */
static const struct {
	const char *name;
	enum modifier modifier;
	const char *why_not;
} modifiers[] = {
	{ "contains", MOD_CONTAINS, NULL },
	{ "startswith", MOD_STARTSWITH, NULL },
	{ "endswith", MOD_ENDSWITH, NULL },
	{ "cased", MOD_CASED, NULL },
	{ "exists", MOD_EXISTS, NULL },
	{ "lt", MOD_LT, NULL },
	{ "lte", MOD_LTE, NULL },
	{ "gt", MOD_GT, NULL },
	{ "gte", MOD_GTE, NULL },
	{ "all", MOD_ALL, NULL },
	{ "re", MOD_RE, NULL },
	{ "i", MOD_I, NULL },
	{ "m", MOD_M, NULL },
	{ "s", MOD_S, NULL },
	{ "cidr", MOD_REFUSED, "no input of a template is an address" },
	{ "neq", MOD_REFUSED,
	  "put the field into a selection of its own and negate that" },
	{ "fieldref", MOD_REFUSED,
	  "a criterion compares an input with a constant only" },
	{ "expand", MOD_REFUSED,
	  "placeholders have no values here, write the values out" },
	{ "windash", MOD_REFUSED, no_encoding },
	{ "base64", MOD_REFUSED, no_encoding },
	{ "base64offset", MOD_REFUSED, no_encoding },
	{ "utf16", MOD_REFUSED, no_encoding },
	{ "utf16le", MOD_REFUSED, no_encoding },
	{ "utf16be", MOD_REFUSED, no_encoding },
	{ "wide", MOD_REFUSED, no_encoding },
	{ "minute", MOD_REFUSED, no_time },
	{ "hour", MOD_REFUSED, no_time },
	{ "day", MOD_REFUSED, no_time },
	{ "week", MOD_REFUSED, no_time },
	{ "month", MOD_REFUSED, no_time },
	{ "year", MOD_REFUSED, no_time },
};

static const char *name_of(enum modifier modifier)
{
	size_t i = 0;

	while (modifiers[i].modifier != modifier)
		i++;
	return modifiers[i].name;
}

/* Its place in the table, or -1 and an error. */
static int find(const char *name, size_t len, struct position at,
		struct sigma_error *error)
{
	for (size_t i = 0; i < ARRAY_LEN(modifiers); i++) {
		if (strlen(modifiers[i].name) != len ||
		    memcmp(modifiers[i].name, name, len))
			continue;
		if (modifiers[i].why_not)
			return sigma_fail(error, at, SIGMA_MODIFIER,
					  "modifier '%s': %s",
					  modifiers[i].name,
					  modifiers[i].why_not);
		return (int)i;
	}
	return sigma_fail(error, at, SIGMA_MODIFIER,
			  "modifier '%.*s' is not in the Sigma specification",
			  (int)(len < 80 ? len : 80), name);
}

/* Those that can't be had together, or not on this type of input. */
static int check(unsigned int set, const struct plm_input *input,
		 struct position at, struct sigma_error *error)
{
	const unsigned int position = 1u << MOD_CONTAINS |
				      1u << MOD_STARTSWITH |
				      1u << MOD_ENDSWITH | 1u << MOD_RE;
	const unsigned int flags = 1u << MOD_I | 1u << MOD_M | 1u << MOD_S;
	const unsigned int numeric = 1u << MOD_LT | 1u << MOD_LTE |
				     1u << MOD_GT | 1u << MOD_GTE;
	const unsigned int kinds[] = { position, numeric, 1u << MOD_EXISTS };
	bool number = input->type == PLM_TYPE_NUMBER;
	unsigned int unfit = number ? position | flags | 1u << MOD_CASED :
				numeric;
	unsigned int of_kinds = set & (position | numeric | 1u << MOD_EXISTS);

	if (set & unfit)
		return sigma_fail(error, at, SIGMA_MODIFIER,
				  "modifier '%s' does not fit %s, which is a "
				  "%s", name_of((enum modifier)
						__builtin_ctz(set & unfit)),
				  input->name, number ? "number" : "text");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if ((of_kinds & kinds[i]) && (of_kinds & (of_kinds - 1)))
			return sigma_fail(error, at, SIGMA_MODIFIER,
					  "modifiers '%s' and '%s' exclude "
					  "each other",
					  name_of((enum modifier)
						  __builtin_ctz(of_kinds)),
					  name_of((enum modifier)(31 -
						  __builtin_clz(of_kinds))));
	if ((set & flags) && !(set & 1u << MOD_RE))
		return sigma_fail(error, at, SIGMA_MODIFIER,
				  "modifier '%s' belongs to 're'",
				  name_of((enum modifier)
					  __builtin_ctz(set & flags)));
	if ((set & 1u << MOD_RE) && (set & 1u << MOD_CASED))
		return sigma_fail(error, at, SIGMA_MODIFIER,
				  "modifiers 're' and 'cased' exclude each "
				  "other: 're' is cased without 'i'");
	if ((set & 1u << MOD_EXISTS) && set != 1u << MOD_EXISTS)
		return sigma_fail(error, at, SIGMA_MODIFIER,
				  "modifier 'exists' stands alone");
	return 0;
}

static void unpack(struct sigma_modifiers *out, unsigned int set)
{
	out->all = set & 1u << MOD_ALL;
	out->cased = set & 1u << MOD_CASED;
	out->exists = set & 1u << MOD_EXISTS;
	out->contains = set & 1u << MOD_CONTAINS;
	out->startswith = set & 1u << MOD_STARTSWITH;
	out->endswith = set & 1u << MOD_ENDSWITH;
	out->re = set & 1u << MOD_RE;
	out->re_flags = (set & 1u << MOD_I ? REGEX_ICASE : 0) |
			(set & 1u << MOD_M ? REGEX_MULTILINE : 0) |
			(set & 1u << MOD_S ? REGEX_DOTALL : 0);
	out->number_op = 0;
	for (unsigned int i = MOD_LT; i <= MOD_GTE; i++)
		if (set & 1u << i)
			out->number_op = PLM_OP_NUM_LT + (i - MOD_LT);
}

int sigma_modifiers(struct sigma_modifiers *out, const struct tree_node *key,
		    const struct plm_input *input,
		    struct sigma_error *out_error)
{
	const char *name = strchr(key->text, '|');
	unsigned int set = 0;

	while (name) {
		const char *next = strchr(++name, '|');
		size_t len = next ? (size_t)(next - name) : strlen(name);
		struct position at = key->at;
		int index;

		at.column += (size_t)(name - key->text) + !key->plain;
		index = find(name, len, at, out_error);
		if (index < 0)
			return -1;
		if (set & 1u << modifiers[index].modifier)
			return sigma_fail(out_error, at, SIGMA_MODIFIER,
					  "modifier '%s' stands twice",
					  modifiers[index].name);
		set |= 1u << modifiers[index].modifier;
		name = next;
	}
	unpack(out, set);
	return check(set, input, key->at, out_error);
}
