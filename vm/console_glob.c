// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Matching with a memory of one '*': when a later part does not fit, only the
 * last '*' has to grow, because a shorter earlier one fits just as well.  So
 * the cost is at most the product of the two lengths, and both are bounded.
 */
#include "vm/console_glob.h"

#include <string.h>

static size_t span_of(char wildcard, const char *text)
{
	if (wildcard == '%')
		return strspn(text, "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
	return strspn(text, "0123456789abcdefABCDEF");
}

/* Match up to the next '*' or the end; the rest goes out. */
static bool match_piece(const char **glob, const char **text)
{
	const char *g = *glob, *t = *text;

	for (; *g && *g != '*'; g++) {
		if (*g == '%' || *g == '~') {
			size_t len = span_of(*g, t);

			if (!len)
				return false;
			t += len;
		} else if (*g == *t) {
			t++;
		} else {
			return false;
		}
	}
	*glob = g;
	*text = t;
	return true;
}

static void note(struct console_capture *captures, size_t star,
		 const char *start, const char *end)
{
	if (captures && star < CONSOLE_CAPTURES) {
		captures[star].start = start;
		captures[star].len = (size_t)(end - start);
	}
}

bool console_glob(const char *glob, const char *text,
		  struct console_capture *captures)
{
	size_t star = 0;

	if (captures)
		memset(captures, 0, CONSOLE_CAPTURES * sizeof(*captures));
	if (!match_piece(&glob, &text))
		return false;
	while (*glob == '*') {
		const char *start = text;

		if (!*++glob) {
			note(captures, star, start, start + strlen(start));
			return true;
		}
		for (;; start++) {
			const char *rest = glob, *end = start;

			if (match_piece(&rest, &end) && (*rest || !*end)) {
				note(captures, star, text, start);
				glob = rest;
				text = end;
				break;
			}
			if (!*start)
				return false;
		}
		star++;
	}
	return !*text;
}
