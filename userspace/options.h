/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options of a verb as a table: a row for each, with what it takes and where
 * that goes.  Every verb so has --help and the same words where it is wrong.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/words.h"
#include "vm/boot.h"

enum option_kind {
	OPTION_FLAG,		/* nothing; a bool becomes true */
	OPTION_WORD,		/* const char *: the last one counts */
	OPTION_WORDS,		/* struct words, which point into argv: repeatable */
	OPTION_NUMBER,		/* uint64_t: decimal */
	OPTION_SECONDS,		/* double: above 0 */
};

struct option_row {
	const char *name;	/* one letter: a short one; NULL behind the last */
	enum option_kind kind;
	void *to;
	uint64_t most;		/* of a number */
	/* Is it one of those that there are?  If not, why.  NULL: any word is. */
	bool (*fits)(const char *word, char out_error[BOOT_ERROR_LEN]);
};

/*
 * Read the options of argv[0], a verb.  -1: go on, with the paths from optind;
 * else an exit status: @help was asked for, or something is wrong and told.
 */
int options_read(int argc, char **argv, const struct option_row *rows,
		 void (*help)(FILE *to));

/* Tell what is wrong on stderr; the exit status of that. */
__attribute__((format(printf, 2, 3)))
int options_wrong(const char *verb, const char *format, ...);

/* For @fits: what kernels and scenarios are called. */
bool options_kernel(const char *word, char out_error[BOOT_ERROR_LEN]);
bool options_scenario(const char *word, char out_error[BOOT_ERROR_LEN]);

#endif /* OPTIONS_H */
