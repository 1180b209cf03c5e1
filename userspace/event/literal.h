/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two criteria over one input say about each other. */
#ifndef EVENT_LITERAL_H
#define EVENT_LITERAL_H

#include <stdbool.h>

#include "content/model.h"

/* ASCII letters folded to lower case, all else as it is. */
static inline uint8_t literal_fold(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

/* The first place of @text in @data at or after @from; SIZE_MAX: none. */
size_t literal_find(const uint8_t *data, size_t len, size_t from,
		    const uint8_t *text, size_t text_len, bool cased);

/*
 * Is it impossible that @a holds (or, with @want_a false, does not hold) and
 * @b likewise, for the same value?  True is certain; false means that it is
 * not known.  @a and @b are over the same input and not both unwanted.
 */
bool literals_conflict(const struct model_criterion *a, bool want_a,
		       const struct model_criterion *b, bool want_b);

/*
 * About what asking that takes: a text may have to be looked for at every place
 * of the other one.  1 for texts as people write them.
 */
static inline uint64_t literals_cost(const struct model_criterion *a,
				     const struct model_criterion *b)
{
	return 1 + (uint64_t)a->text.len * b->text.len / 1024;
}

/* No value whatever makes this criterion hold. */
bool literal_is_impossible(const struct model_criterion *a);

#endif /* EVENT_LITERAL_H */
