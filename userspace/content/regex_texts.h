/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The texts of a regular expression: a few of which every match holds at least
 * one.  They tell, without an automaton of the expression, of most inputs that
 * they hold no match.
 */
#ifndef CONTENT_REGEX_TEXTS_H
#define CONTENT_REGEX_TEXTS_H

#include "content/regex.h"

#define REGEX_TEXT_LEN	64u	/* bytes of one */
#define REGEX_TEXTS	48u	/* so many at most are found */

struct regex_text {
	uint8_t bytes[REGEX_TEXT_LEN];
	uint32_t len;
};

/*
 * The best texts for the purpose, in *@out, REGEX_TEXTS of them at most, and
 * their number.  0: there are none, or only such as are everywhere.  @folded:
 * each set of the expression has both cases of its letters, and a text has the
 * small ones for them.
 */
size_t regex_texts(const struct regex *regex, bool folded,
		   struct regex_text *out);

#endif /* CONTENT_REGEX_TEXTS_H */
