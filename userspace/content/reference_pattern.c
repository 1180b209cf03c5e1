// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The naive reference for patterns: an interpreter that reads the pattern as
 * it goes.  A set of places in the input goes in, and each part of the pattern
 * turns it into the set of places where it may end when it begins at one of
 * those; the pattern matches if any place is left.  No automaton is made.
 *
 * What repeats within what repeats is asked for again and again; where it may
 * end from one place is found out once, so that no pattern takes for ever.
 */
#include "content/reference_pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct run {
	const uint8_t *pattern;
	uint32_t pattern_len;
	const uint8_t *data;
	uint32_t len;
	bool cased;
	uint32_t nesting;	/* of the repeat that is being run */
	uint8_t ***ends;	/* by place in the pattern, NULL or by place in
				 * the input: the set, or NULL */
};

/* A set of places, 0 to the input's length: a byte each. */
static uint8_t *no_places(const struct run *r)
{
	return xcalloc((size_t)r->len + 1, 1);
}

static bool any_place(const struct run *r, const uint8_t *places)
{
	return memchr(places, 1, (size_t)r->len + 1);
}

static uint8_t folded(const struct run *r, uint8_t byte)
{
	return !r->cased && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

static bool beside_word(const struct run *r, uint32_t at)
{
	uint8_t c = at < r->len ? r->data[at] : 0;

	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_';
}

/* The byte that an escape or a plain letter at *at stands for. */
static uint8_t one_byte(const struct run *r, uint32_t *at)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t c = r->pattern[(*at)++];

	if (c != '\\')
		return c;
	c = r->pattern[(*at)++];
	if (c == 'x') {
		const char *high = strchr(digits, r->pattern[*at]);
		const char *low = strchr(digits, r->pattern[*at + 1]);

		*at += 2;
		return (uint8_t)((high - digits) << 4 | (low - digits));
	}
	return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
}

static bool named_has(char name, uint8_t byte)
{
	bool digit = byte >= '0' && byte <= '9';

	if (name == 's')
		return byte == ' ' || (byte >= '\t' && byte <= '\r');
	if (name == 'd')
		return digit;
	return digit || byte == '_' || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

static bool is_named(const struct run *r, uint32_t at)
{
	return r->pattern[at] == '\\' && strchr("dsw", r->pattern[at + 1]);
}

/* A class that begins behind its bracket at *at: does it have @byte? */
static bool class_has(const struct run *r, uint32_t *at, uint8_t byte)
{
	bool negated = r->pattern[*at] == '^', has = false;

	*at += negated;
	while (r->pattern[*at] != ']') {
		uint8_t first = one_byte(r, at), last = first;

		if (r->pattern[*at] == '-') {
			++*at;
			last = one_byte(r, at);
		}
		has |= (byte >= first && byte <= last) ||
		       (folded(r, byte) >= first && folded(r, byte) <= last);
	}
	++*at;
	return has != negated;
}

/* Does the atom for one byte at *at have @byte?  Moves behind the atom. */
static bool atom_has(const struct run *r, uint32_t *at, uint8_t byte)
{
	if (r->pattern[*at] == '.') {
		++*at;
		return true;
	}
	if (r->pattern[*at] == '[') {
		++*at;
		return class_has(r, at, byte);
	}
	if (is_named(r, *at)) {
		*at += 2;
		return named_has((char)r->pattern[*at - 1], byte);
	}
	return one_byte(r, at) == folded(r, byte);
}

/* Assertions, by how they are written; @at is between two bytes. */
static bool holds_at(const struct run *r, uint32_t which, uint32_t at)
{
	switch (which) {
	case 0:
		return !at || r->data[at - 1] == '\n';
	case 1:
		return at == r->len || r->data[at] == '\n';
	case 2:
		return !at;
	case 3:
		return at == r->len;
	default:
		return (at && beside_word(r, at - 1)) != beside_word(r, at);
	}
}

static const char *const asserts[] = { "(?m:^)", "(?m:$)", "^", "$", "\\b" };

static int assert_at(const struct run *r, uint32_t at)
{
	for (int i = 0; i < 5; i++) {
		size_t len = strlen(asserts[i]);

		if (len <= r->pattern_len - at &&
		    !memcmp(r->pattern + at, asserts[i], len))
			return i;
	}
	return -1;
}

static void run_alt(struct run *r, uint32_t *at, const uint8_t *in,
		    uint8_t *out);

/* One atom, without what says how often. */
static void run_atom(struct run *r, uint32_t *at, const uint8_t *in,
		     uint8_t *out)
{
	uint32_t start = *at;
	int which = assert_at(r, *at);

	memset(out, 0, (size_t)r->len + 1);
	if (which >= 0) {
		*at += (uint32_t)strlen(asserts[which]);
		for (uint32_t i = 0; i <= r->len; i++)
			out[i] = in[i] && holds_at(r, (uint32_t)which, i);
		return;
	}
	if (r->pattern[*at] == '(') {
		++*at;
		run_alt(r, at, in, out);
		++*at;
		return;
	}
	atom_has(r, at, 0);	/* to move on, whatever the places are */
	for (uint32_t i = 0; i < r->len; i++) {
		uint32_t again = start;

		if (in[i] && atom_has(r, &again, r->data[i]))
			out[i + 1] = 1;
	}
}

/* "*", "+", "?" or "{m,n}" at *at; *max is UINT32_MAX without bound. */
static bool read_count(const struct run *r, uint32_t *at, uint32_t *min,
		       uint32_t *max)
{
	uint8_t c = *at < r->pattern_len ? r->pattern[*at] : 0;

	*min = c == '+';
	*max = c == '?' ? 1 : UINT32_MAX;
	if (c == '*' || c == '+' || c == '?') {
		++*at;
		return true;
	}
	if (c != '{')
		return false;
	for (++*at; r->pattern[*at] >= '0' && r->pattern[*at] <= '9'; ++*at)
		*min = *min * 10 + r->pattern[*at] - '0';
	*max = *min;
	if (r->pattern[*at] == ',') {
		++*at;
		*max = r->pattern[*at] == '}' ? UINT32_MAX : 0;
		for (; r->pattern[*at] != '}'; ++*at)
			*max = *max * 10 + r->pattern[*at] - '0';
	}
	++*at;
	return true;
}

/* How often the atom at @start is to be run. */
struct count {
	uint32_t start, min, max;
};

/*
 * From the places of @now, which is used up, an atom as often as it says.  What
 * is reached again leads nowhere new, and is left out once it is often enough.
 */
static void run_often(struct run *r, const struct count *count, uint8_t *now,
		      uint8_t *out)
{
	uint8_t *next = no_places(r);
	uint32_t again;

	memset(out, 0, (size_t)r->len + 1);
	r->nesting++;
	for (uint32_t i = 0; any_place(r, now); i++) {
		for (uint32_t k = 0; i >= count->min && k <= r->len; k++) {
			now[k] &= !out[k];
			out[k] |= now[k];
		}
		if (i >= count->max || !any_place(r, now))
			break;
		again = count->start;
		run_atom(r, &again, now, next);
		memcpy(now, next, (size_t)r->len + 1);
	}
	r->nesting--;
	free(next);
}

/* The same from place @from alone, found out once. */
static const uint8_t *ends_from(struct run *r, const struct count *count,
				uint32_t from)
{
	uint8_t ***ends = &r->ends[count->start];
	uint8_t *now;

	if (!*ends)
		*ends = xcalloc((size_t)r->len + 1, sizeof(**ends));
	if (!(*ends)[from]) {
		uint8_t *found = no_places(r);

		now = no_places(r);
		now[from] = 1;
		run_often(r, count, now, found);
		free(now);
		(*ends)[from] = found;
	}
	return (*ends)[from];
}

static void free_ends(struct run *r)
{
	for (uint32_t at = 0; at < r->pattern_len; at++) {
		for (uint32_t i = 0; r->ends[at] && i <= r->len; i++)
			free(r->ends[at][i]);
		free(r->ends[at]);
	}
	free(r->ends);
}

/* Move behind the atom at *at, which from no place ends at none. */
static void skip_atom(struct run *r, uint32_t *at)
{
	uint8_t *in = no_places(r), *out = no_places(r);

	run_atom(r, at, in, out);
	free(in);
	free(out);
}

static void run_repeat(struct run *r, uint32_t *at, const uint8_t *in,
		       uint8_t *out)
{
	struct count count = { .start = *at };
	uint32_t again = *at;
	bool repeats;
	uint8_t *now;

	skip_atom(r, at);
	repeats = read_count(r, at, &count.min, &count.max);
	if (!any_place(r, in)) {
		memset(out, 0, (size_t)r->len + 1);
		return;
	}
	if (!repeats) {
		run_atom(r, &again, in, out);
		return;
	}
	if (!r->nesting) {
		now = xmemdup(in, (size_t)r->len + 1);
		run_often(r, &count, now, out);
		free(now);
		return;
	}
	memset(out, 0, (size_t)r->len + 1);
	for (uint32_t i = 0; i <= r->len; i++) {
		const uint8_t *ends = in[i] ? ends_from(r, &count, i) : NULL;

		for (uint32_t k = i; ends && k <= r->len; k++)
			out[k] |= ends[k];
	}
}

static void run_concat(struct run *r, uint32_t *at, const uint8_t *in,
		       uint8_t *out)
{
	uint8_t *next = no_places(r);

	memcpy(out, in, (size_t)r->len + 1);
	while (*at < r->pattern_len && r->pattern[*at] != '|' &&
	       r->pattern[*at] != ')') {
		run_repeat(r, at, out, next);
		memcpy(out, next, (size_t)r->len + 1);
	}
	free(next);
}

static void run_alt(struct run *r, uint32_t *at, const uint8_t *in,
		    uint8_t *out)
{
	uint8_t *branch = no_places(r);

	memset(out, 0, (size_t)r->len + 1);
	for (;;) {
		run_concat(r, at, in, branch);
		for (uint32_t i = 0; i <= r->len; i++)
			out[i] |= branch[i];
		if (*at >= r->pattern_len || r->pattern[*at] != '|')
			break;
		++*at;
	}
	free(branch);
}

bool reference_pattern_holds(const uint8_t *pattern, uint32_t pattern_len,
			     const uint8_t *data, uint32_t len, bool cased)
{
	struct run r = {
		.pattern_len = pattern_len, .data = data, .len = len,
		.cased = cased,
	};
	/* A zero behind it, so that looking one byte ahead is always safe. */
	uint8_t *copy = xcalloc((size_t)pattern_len + 1, 1);
	uint8_t *in = no_places(&r), *out = no_places(&r);
	uint32_t at = 0;
	bool holds;

	memcpy(copy, pattern, pattern_len);
	r.pattern = copy;
	r.ends = xcalloc((size_t)pattern_len + 1, sizeof(*r.ends));
	memset(in, 1, (size_t)len + 1);
	run_alt(&r, &at, in, out);
	holds = any_place(&r, out);
	free_ends(&r);
	free(copy);
	free(in);
	free(out);
	return holds;
}
