// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/mem.h"
#include "diff/diff.h"

static const char *string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static long long number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void print_side(const json_t *side, FILE *out)
{
	fprintf(out, "%s: channel %lld, content version %lld, %lld rules, "
		"%lld bytes\n", string_of(side, "file"),
		number_of(side, "channel"), number_of(side, "version"),
		number_of(side, "num_rules"), number_of(side, "bytes"));
}

static void print_list(const json_t *list, const char *before, FILE *out)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		fprintf(out, "%s%s\n", before, json_string_value(item));
}

/* The condition is long: old and new stand below one another. */
static void print_field(const json_t *rule, const char *field, FILE *out)
{
	const json_t *values = json_object_get(rule, field);
	const char *old, *new;

	if (!values)
		return;
	old = json_string_value(json_array_get(values, 0));
	new = json_string_value(json_array_get(values, 1));
	if (!new)
		fprintf(out, "    %s %s\n", field, old);
	else if (strcmp(field, "condition"))
		fprintf(out, "    %s %s, was %s\n", field, new, old);
	else
		fprintf(out, "    condition was %s\n    condition is  %s\n",
			old, new);
}

static void print_rule(const json_t *rule, FILE *out)
{
	static const char *const fields[] = { "title_text", "template",
		"action", "level", "tags", "condition" };
	const char *change = string_of(rule, "change");
	fprintf(out, "%s %s %s\n", change, string_of(rule, "id"),
		string_of(rule, "title"));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		print_field(rule, fields[i], out);
	print_list(json_object_get(rule, "criteria_removed"), "    - ", out);
	print_list(json_object_get(rule, "criteria_added"), "    + ", out);
}

static size_t count(const json_t *rules, const char *change)
{
	const json_t *rule;
	size_t i, num = 0;

	json_array_foreach(rules, i, rule)
		num += !strcmp(string_of(rule, "change"), change);
	return num;
}

void diff_text(json_t *document, FILE *out)
{
	const json_t *rules = json_object_get(document, "rules"), *rule;
	size_t i;

	fputs("old ", out);
	print_side(json_object_get(document, "old"), out);
	fputs("new ", out);
	print_side(json_object_get(document, "new"), out);
	json_array_foreach(rules, i, rule)
		print_rule(rule, out);
	print_list(json_object_get(document, "first_used"), "first use of ",
		   out);
	print_list(json_object_get(document, "no_longer_used"),
		   "no more use of ", out);
	fprintf(out, "%zu rules added, %zu removed, %zu changed, %lld the "
		"same\n", count(rules, "added"), count(rules, "removed"),
		count(rules, "changed"), number_of(document, "num_same"));
}
