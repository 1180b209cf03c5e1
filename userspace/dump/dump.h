/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A content file in words that a reviewer can check against the rules. */
#ifndef DUMP_DUMP_H
#define DUMP_DUMP_H

#include <jansson.h>
#include <stdio.h>

#include "content/load.h"
#include "content/model.h"

/* A checked file, in all the forms that a dump needs. */
struct dump {
	const char *path;
	const struct loaded *loaded;
	struct model model;
};

/* For people, on @out. */
void dump_text(const struct dump *dump, FILE *out);
/* The same for machines; a new reference. */
json_t *dump_json(const struct dump *dump);

/*
 * Texts as a new string: bytes that are not printable ASCII come as \xNN, so
 * that what looks alike is alike, and a backslash or quote as \\ or \'.
 */
char *dump_quote(const void *text, size_t len);

/* "Image endswith '/apt'", a new string. */
char *dump_criterion(const struct model_criterion *criterion);

/*
 * The condition of a rule, a new string.  Places where a line may be broken
 * are marked by a newline in place of the space.  Of a longer one than @max
 * bytes the first ones, and how many more there are, with the digest of all.
 */
char *dump_condition(const struct model *model, const struct model_rule *rule,
		     size_t max);
/* @max where the conditions of so many rules may stand in memory together. */
size_t dump_max_condition(size_t num_rules);

/* "contains", "<=", ... */
const char *dump_op(uint32_t op);
const char *dump_action(uint32_t action);
const char *dump_level(uint32_t level);

#endif /* DUMP_DUMP_H */
