/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has changed between two content files, in the language of rules. */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include <jansson.h>
#include <stdio.h>

#include "content/load.h"

/* One of the two, checked. */
struct diff_side {
	const char *path;
	const struct loaded *loaded;
};

/*
 * A new document:
 *
 *	old, new	file, bytes, channel, version, num_rules
 *	same		whether the rules are
 *	num_same	rules that have not changed
 *	rules		by id: id, title, change (added, removed, changed), and
 *			action, level, title_text, tags, template, condition:
 *			[old, new], only those that differ; of an added rule
 *			[new], of a removed one [old]; criteria_removed and
 *			criteria_added of a changed condition, each with as
 *			much as a condition may have, the last of them then
 *			"and 123 more bytes; sha256:..." of the lines left out
 *	first_used	inputs with operators that only the new one tests
 *	no_longer_used	... that only the old one does
 */
json_t *diff_json(const struct diff_side *old, const struct diff_side *new);

/* The document for people. */
void diff_text(json_t *document, FILE *out);

#endif /* DIFF_DIFF_H */
