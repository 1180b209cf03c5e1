/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of words, such as an option that may be given several times makes. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stddef.h>

/* Zeroed: none.  The words are somebody else's, the list is its owner's. */
struct words {
	const char **items;
	size_t num, cap;
};

void words_add(struct words *words, const char *word);
/* It has none then. */
void words_free(struct words *words);

#endif /* BASE_WORDS_H */
