/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a rule was refused, and where in its file. */
#ifndef SIGMA_ERROR_H
#define SIGMA_ERROR_H

#include <stddef.h>

/* The codes; part of the interface, like those of the core. */
#define SIGMA_CODES(X)							\
	X(FILE_UNREADABLE)	/* can't be opened or read */		\
	X(FILE_LIMIT)		/* larger or deeper than the limits */	\
	X(YAML_SYNTAX)		/* not YAML, or not UTF-8 */		\
	X(YAML_ALIAS)		/* anchors, aliases and merge keys */	\
	X(YAML_TAG)		/* a tag that sets a value's type */	\
	X(DUPLICATE_KEY)	/* one key twice in one map */		\
	X(BAD_RULE)		/* an attribute is missing or malformed */ \
	X(DUPLICATE_ID)		/* two rules have one id */		\
	X(LOGSOURCE)		/* no consumer has such events */	\
	X(UNKNOWN_FIELD)	/* the template lacks the field */	\
	X(MODIFIER)		/* unknown, unsupported or unfit */	\
	X(REGEX)		/* not in the subset, or none at all */	\
	X(COST)			/* needs too large an automaton */	\
	X(BAD_VALUE)		/* does not fit the field or modifier */ \
	X(KEYWORDS)		/* values without a field */		\
	X(BAD_CONDITION)	/* the condition can't be understood */	\
	X(CONSTANT)		/* matches every event, or none */	\
	X(RULE_LIMIT)		/* too large for a content file */

#define SIGMA_CODE_ENUM(name) SIGMA_##name,
enum sigma_code { SIGMA_CODES(SIGMA_CODE_ENUM) SIGMA_NUM_CODES };
#undef SIGMA_CODE_ENUM

/* A place in a file, from 1; 0 where there is none. */
struct position {
	size_t line, column;
};

struct sigma_error {
	enum sigma_code code;
	struct position at;
	char text[480];		/* one line, without control characters */
};

/* "YAML_SYNTAX".  Static. */
const char *sigma_code_name(enum sigma_code code);

/* Fill *error and return -1. */
int sigma_fail(struct sigma_error *error, struct position at,
	       enum sigma_code code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif /* SIGMA_ERROR_H */
