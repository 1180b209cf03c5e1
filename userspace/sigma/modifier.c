// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/modifier.h"

#include <string.h>

#include "base/mem.h"
#include "content/regex.h"
#include "plm_format.h"
#include "sigma/place.h"

enum modifier {
	MOD_CONTAINS, MOD_STARTSWITH, MOD_ENDSWITH, MOD_CASED, MOD_EXISTS,
	MOD_RE, MOD_I, MOD_M, MOD_S, MOD_LT, MOD_LTE, MOD_GT, MOD_GTE, MOD_ALL,
	MOD_NEQ, MOD_EXPAND, MOD_WINDASH, MOD_BASE64, MOD_BASE64OFFSET,
	MOD_UTF16LE, MOD_UTF16BE, MOD_UTF16, MOD_CIDR,
	MOD_FIELDREF, MOD_REFUSED,
};

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
	{ "cidr", MOD_CIDR, NULL },
	{ "neq", MOD_NEQ, NULL },
	{ "fieldref", MOD_FIELDREF, NULL },
	{ "expand", MOD_EXPAND, NULL },
	{ "windash", MOD_WINDASH, NULL },
	{ "base64", MOD_BASE64, NULL },
	{ "base64offset", MOD_BASE64OFFSET, NULL },
	{ "utf16", MOD_UTF16, NULL },
	{ "utf16le", MOD_UTF16LE, NULL },
	{ "wide", MOD_UTF16LE, NULL },
	{ "utf16be", MOD_UTF16BE, NULL },
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

#define BIT(name) (1u << MOD_##name)
#define POSITION (BIT(CONTAINS) | BIT(STARTSWITH) | BIT(ENDSWITH))
#define NUMERIC (BIT(LT) | BIT(LTE) | BIT(GT) | BIT(GTE))
#define RE_FLAGS (BIT(I) | BIT(M) | BIT(S))
#define BASE64S (BIT(BASE64) | BIT(BASE64OFFSET))
#define UTF16S (BIT(UTF16LE) | BIT(UTF16BE) | BIT(UTF16))
#define OF_TEXTS (POSITION | RE_FLAGS | BASE64S | UTF16S | BIT(RE) | \
		  BIT(CASED) | BIT(EXPAND) | BIT(WINDASH) | BIT(CIDR))
#define NULL_MAY_HAVE (BIT(ALL) | BIT(NEQ) | BIT(CASED))

/* Of the first ones at most one may stand, and then none of the others. */
static const struct {
	unsigned int one_of, none_of;
} exclusions[] = {
	{ POSITION, NUMERIC | BIT(EXISTS) | BIT(RE) },
	{ NUMERIC, POSITION | BIT(EXISTS) | BIT(NEQ) },
	{ BIT(RE), POSITION | BIT(CASED) | BIT(EXPAND) | BIT(WINDASH) |
		   BASE64S | UTF16S },
	{ BIT(FIELDREF), BIT(CONTAINS) | BIT(EXISTS) | BIT(RE) | BIT(CIDR) |
			 BIT(EXPAND) | BIT(WINDASH) | BASE64S | UTF16S |
			 NUMERIC },
	{ BIT(CIDR), POSITION | BIT(RE) | BIT(CASED) | BIT(WINDASH) | BASE64S |
		     UTF16S },
	{ BASE64S, 0 },
	{ UTF16S, 0 },
};

static const char *lowest(unsigned int set)
{
	return name_of((enum modifier)__builtin_ctz(set));
}

/* Those that can't be had together, or not on this type of input. */
static int check(unsigned int set, const struct plm_input *input,
		 struct position at, struct sigma_error *error)
{
	bool number = input->type == PLM_TYPE_NUMBER;
	unsigned int unfit = set & (number ? OF_TEXTS : NUMERIC);

	if (unfit)
		return sigma_fail(error, at, SIGMA_MODIFIER,
				  "modifier '%s' does not fit %s, which is a "
				  "%s", lowest(unfit), input->name,
				  number ? "number" : "text");
	for (size_t i = 0; i < ARRAY_LEN(exclusions); i++) {
		unsigned int one = set & exclusions[i].one_of;
		unsigned int more = (one & (one - 1)) |
				    (set & exclusions[i].none_of);

		if (one && more)
			return sigma_fail(error, at, SIGMA_MODIFIER,
					  "modifiers '%s' and '%s' exclude "
					  "each other", lowest(one),
					  lowest(more & ~(one & -one)));
	}
	if ((set & RE_FLAGS) && !(set & BIT(RE)))
		return sigma_fail(error, at, SIGMA_MODIFIER,
				  "modifier '%s' belongs to 're'",
				  lowest(set & RE_FLAGS));
	if ((set & BIT(EXISTS)) && set != BIT(EXISTS))
		return sigma_fail(error, at, SIGMA_MODIFIER,
				  "modifier 'exists' stands alone");
	return 0;
}

static void unpack(struct sigma_modifiers *out, unsigned int set)
{
	unsigned int about_value = set & ~NULL_MAY_HAVE;

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
	out->neq = set & BIT(NEQ);
	out->cidr = set & BIT(CIDR);
	out->fieldref = set & BIT(FIELDREF);
	out->expand = set & BIT(EXPAND);
	out->windash = set & BIT(WINDASH);
	out->base64 = set & BIT(BASE64);
	out->base64offset = set & BIT(BASE64OFFSET);
	out->utf16 = set & BIT(UTF16) ? SIGMA_UTF16 :
		     set & BIT(UTF16LE) ? SIGMA_UTF16LE :
		     set & BIT(UTF16BE) ? SIGMA_UTF16BE : SIGMA_UTF8;
	out->number_op = 0;
	for (unsigned int i = MOD_LT; i <= MOD_GTE; i++)
		if (set & 1u << i)
			out->number_op = PLM_OP_NUM_LT + (i - MOD_LT);
	out->about_value = about_value ? lowest(about_value) : NULL;
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
		struct position at = tree_place(key, (size_t)(name - key->text));
		int index;

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
