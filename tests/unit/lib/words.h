/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a line of a .vec file. */
#ifndef TESTS_WORDS_H
#define TESTS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_WORDS 600

/* One word; a quoted one may hold any byte. */
struct word {
	char *text;		/* zero-terminated too; inside the line */
	size_t len;
	bool quoted;
};

/*
 * Cut @line into words, in place; # begins a comment.  NULL, or what is wrong
 * with it.
 */
const char *words_split(char *line, struct word words[MAX_WORDS],
			size_t *out_num);

/*
 * A number; a/b, which is a << 24 | b; a/b/c, which is a << 24 | b << 8 | c; or
 * @TEMPLATE/INPUTS, the hash of these.
 */
bool word_number(const struct word *word, uint64_t *out_number);

#endif /* TESTS_WORDS_H */
