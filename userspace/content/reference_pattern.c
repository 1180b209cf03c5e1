// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The naive reference for patterns.  The pattern is read into its parts, what
 * is counted written out as often as it may be.  Then a set of places in the
 * input goes in, and each part turns it into the set of places where it may end
 * when it begins at one of those; the pattern matches if any place is left.  No
 * automaton is made.
 *
 * What repeats within what repeats is come to again and again; from no place is
 * it run twice, so that no pattern takes for ever.
 */
#include "content/reference_pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/reference_places.h"

enum kind {
	PART_BYTE,	/* one byte, as it is written at @at */
	PART_ASSERT,	/* what holds between two bytes, number @at */
	PART_ALL,	/* its parts, one after the other */
	PART_ANY,	/* one of its parts */
	PART_MAYBE,	/* its part or nothing */
	PART_STAR,	/* its part, as often as may be */
};

#define NO_PART UINT32_MAX

struct part {
	enum kind kind;
	uint32_t at;
	uint32_t first, last;	/* of the parts in it */
	uint32_t next;		/* beside it */
	struct places *seen;	/* from where it has been run, where it may
				 * be run again */
};

struct run {
	uint8_t *pattern;	/* with a zero behind it */
	uint32_t pattern_len;
	const uint8_t *data;
	uint32_t len;
	bool cased;
	struct part *parts;
	size_t num_parts, cap_parts;
	uint32_t num_stars;	/* that are being run */
	struct places *unused;
};

/* An empty set; give() takes it back. */
static struct places *take(struct run *r)
{
	struct places *p = r->unused;

	if (!p)
		return xcalloc(1, sizeof(*p) + sizeof(*p->words) *
				       ((size_t)r->len / 64 + 1));
	r->unused = p->next;
	return p;
}

static void give(struct run *r, struct places *p)
{
	places_clear(p);
	p->next = r->unused;
	r->unused = p;
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

		if (r->pattern[at] == *asserts[i] &&
		    len <= r->pattern_len - at &&
		    !memcmp(r->pattern + at, asserts[i], len))
			return i;
	}
	return -1;
}

/* Reading */

static uint32_t add_part(struct run *r, enum kind kind, uint32_t at)
{
	ARRAY_RESERVE(r->parts, r->num_parts, r->cap_parts);
	r->parts[r->num_parts] = (struct part){
		.kind = kind, .at = at, .first = NO_PART, .last = NO_PART,
		.next = NO_PART,
	};
	return (uint32_t)r->num_parts++;
}

static void append(struct run *r, uint32_t to, uint32_t part)
{
	if (r->parts[to].first == NO_PART)
		r->parts[to].first = part;
	else
		r->parts[r->parts[to].last].next = part;
	r->parts[to].last = part;
}

static uint32_t read_any(struct run *r, uint32_t *at);

/* One atom, without what says how often. */
static uint32_t read_atom(struct run *r, uint32_t *at)
{
	uint32_t start = *at, part;
	int which = assert_at(r, start);

	if (which >= 0) {
		*at += (uint32_t)strlen(asserts[which]);
		return add_part(r, PART_ASSERT, (uint32_t)which);
	}
	if (r->pattern[start] == '(') {
		++*at;
		part = read_any(r, at);
		++*at;
		return part;
	}
	atom_has(r, at, 0);	/* to move behind it */
	return add_part(r, PART_BYTE, start);
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

/* What the atom at @start is written out as: copies, of which @part is one. */
struct copies {
	uint32_t start, part;
};

static void append_copy(struct run *r, uint32_t to, struct copies *copies)
{
	uint32_t again = copies->start;

	if (copies->part == NO_PART)
		copies->part = read_atom(r, &again);
	append(r, to, copies->part);
	copies->part = NO_PART;
}

static void append_in(struct run *r, uint32_t to, struct copies *copies,
		      enum kind kind)
{
	uint32_t part = add_part(r, kind, 0);

	append_copy(r, part, copies);
	append(r, to, part);
}

/*
 * An atom as often as it says.  More often than there are places it is run in
 * vain: then it has stood still, and may do so once more or once less.
 */
static void read_repeat(struct run *r, uint32_t *at, uint32_t to)
{
	struct copies copies = { .start = *at };
	uint32_t min, max;

	copies.part = read_atom(r, at);
	if (!read_count(r, at, &min, &max)) {
		append_copy(r, to, &copies);
		return;
	}
	for (uint32_t i = 0; i < min && i <= r->len; i++)
		append_copy(r, to, &copies);
	if (max == UINT32_MAX)
		append_in(r, to, &copies, PART_STAR);
	for (uint32_t i = min; i < max && max != UINT32_MAX && i <= r->len; i++)
		append_in(r, to, &copies, PART_MAYBE);
}

static uint32_t read_all(struct run *r, uint32_t *at)
{
	uint32_t all = add_part(r, PART_ALL, 0);

	while (*at < r->pattern_len && r->pattern[*at] != '|' &&
	       r->pattern[*at] != ')')
		read_repeat(r, at, all);
	return all;
}

static uint32_t read_any(struct run *r, uint32_t *at)
{
	uint32_t any = add_part(r, PART_ANY, 0);

	append(r, any, read_all(r, at));
	while (*at < r->pattern_len && r->pattern[*at] == '|') {
		++*at;
		append(r, any, read_all(r, at));
	}
	return any;
}

/* Running: from the places of @in to those of @out, which is empty. */

static void run_part(struct run *r, uint32_t part, const struct places *in,
		     struct places *out);

static void run_byte(const struct run *r, uint32_t at, const struct places *in,
		     struct places *out)
{
	for (uint32_t i = in->from; i < in->to; i++) {
		for (uint64_t left = in->words[i]; left; left &= left - 1) {
			uint32_t place = i * 64 +
					 (uint32_t)__builtin_ctzll(left);
			uint32_t again = at;

			if (place < r->len &&
			    atom_has(r, &again, r->data[place]))
				places_put(out, place + 1);
		}
	}
}

static void run_assert(const struct run *r, uint32_t which,
		       const struct places *in, struct places *out)
{
	for (uint32_t i = in->from; i < in->to; i++) {
		for (uint64_t left = in->words[i]; left; left &= left - 1) {
			uint32_t place = i * 64 +
					 (uint32_t)__builtin_ctzll(left);

			if (holds_at(r, which, place))
				places_put(out, place);
		}
	}
}

static struct places *seen_of(struct run *r, uint32_t part)
{
	if (!r->parts[part].seen)
		r->parts[part].seen = take(r);
	return r->parts[part].seen;
}

/*
 * Where a star is being run, only what was not reached before is left at each
 * part: the rest has gone on from there when it was.
 */
static void run_all(struct run *r, uint32_t first, const struct places *in,
		    struct places *out)
{
	struct places *next = take(r);

	places_add(out, in);
	for (uint32_t i = first; i != NO_PART; i = r->parts[i].next) {
		if (r->num_stars)
			places_only_new(out, seen_of(r, i));
		if (!places_any(out))
			break;
		run_part(r, i, out, next);
		places_clear(out);
		places_add(out, next);
		places_clear(next);
	}
	give(r, next);
}

static void run_any(struct run *r, uint32_t first, const struct places *in,
		    struct places *out)
{
	struct places *branch = take(r);

	for (uint32_t i = first; i != NO_PART; i = r->parts[i].next) {
		run_part(r, i, in, branch);
		places_add(out, branch);
		places_clear(branch);
	}
	give(r, branch);
}

/*
 * The first places come first, as what begins at them may end at later ones.
 * That @in was not reached before is seen to where parts follow one another.
 */
static void run_star(struct run *r, uint32_t star, const struct places *in,
		     struct places *out)
{
	struct places *now = take(r), *todo = take(r), *next = take(r);
	struct places *seen = seen_of(r, star);

	places_add(seen, in);
	places_add(todo, in);
	places_add(out, in);
	r->num_stars++;
	while (places_take_first(todo, now)) {
		run_part(r, r->parts[star].first, now, next);
		places_only_new(next, seen);
		places_add(todo, next);
		places_add(out, next);
		places_clear(next);
	}
	r->num_stars--;
	give(r, now);
	give(r, todo);
	give(r, next);
}

static void run_part(struct run *r, uint32_t part, const struct places *in,
		     struct places *out)
{
	const struct part *p = &r->parts[part];

	switch (p->kind) {
	case PART_BYTE:
		run_byte(r, p->at, in, out);
		break;
	case PART_ASSERT:
		run_assert(r, p->at, in, out);
		break;
	case PART_ALL:
		run_all(r, p->first, in, out);
		break;
	case PART_ANY:
		run_any(r, p->first, in, out);
		break;
	case PART_MAYBE:
		run_part(r, p->first, in, out);
		places_add(out, in);
		break;
	case PART_STAR:
		run_star(r, part, in, out);
		break;
	}
}

static bool run_whole(struct run *r, uint32_t whole)
{
	struct places *in = take(r), *out = take(r);
	bool holds;

	for (uint32_t i = 0; i <= r->len; i++)
		places_put(in, i);
	run_part(r, whole, in, out);
	holds = places_any(out);
	give(r, in);
	give(r, out);
	return holds;
}

static void run_free(struct run *r)
{
	for (size_t i = 0; i < r->num_parts; i++)
		free(r->parts[i].seen);
	free(r->parts);
	free(r->pattern);
	while (r->unused) {
		struct places *p = r->unused;

		r->unused = p->next;
		free(p);
	}
}

/* How many parts there are to run, without reading them as often as that. */

static uint32_t count_any(struct run *r, uint32_t *at);

static uint32_t within(uint64_t parts)
{
	return parts > REFERENCE_PATTERN_MAX ? REFERENCE_PATTERN_MAX + 1 :
					       (uint32_t)parts;
}

static uint32_t count_atom(struct run *r, uint32_t *at)
{
	int which = assert_at(r, *at);
	uint32_t parts = 1;

	if (which >= 0) {
		*at += (uint32_t)strlen(asserts[which]);
	} else if (r->pattern[*at] == '(') {
		++*at;
		parts = count_any(r, at);
		++*at;
	} else {
		atom_has(r, at, 0);
	}
	return parts;
}

static uint32_t count_repeat(struct run *r, uint32_t *at)
{
	uint64_t parts = count_atom(r, at);
	uint32_t min, max;

	if (!read_count(r, at, &min, &max))
		return within(parts);
	return within(parts * (max == UINT32_MAX ? (uint64_t)min + 1 : max));
}

static uint32_t count_any(struct run *r, uint32_t *at)
{
	uint64_t parts = 0;

	while (*at < r->pattern_len && r->pattern[*at] != ')') {
		if (r->pattern[*at] == '|')
			++*at;
		else
			parts = within(parts + count_repeat(r, at));
	}
	return parts ? within(parts) : 1;
}

static struct run run_of(const uint8_t *pattern, uint32_t pattern_len)
{
	/* A zero behind it, so that looking one byte ahead is always safe. */
	uint8_t *copy = xcalloc((size_t)pattern_len + 1, 1);

	memcpy(copy, pattern, pattern_len);
	return (struct run){ .pattern = copy, .pattern_len = pattern_len };
}

uint32_t reference_pattern_parts(const uint8_t *pattern, uint32_t pattern_len)
{
	struct run r = run_of(pattern, pattern_len);
	uint32_t at = 0, parts = count_any(&r, &at);

	run_free(&r);
	return parts;
}

bool reference_pattern_holds(const uint8_t *pattern, uint32_t pattern_len,
			     const uint8_t *data, uint32_t len, bool cased)
{
	struct run r = run_of(pattern, pattern_len);
	uint32_t at = 0;
	bool holds;

	r.data = data;
	r.len = len;
	r.cased = cased;
	holds = run_whole(&r, read_any(&r, &at));
	run_free(&r);
	return holds;
}
