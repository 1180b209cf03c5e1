/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of places in an input, from before its first byte to behind its last
 * one: a bit each.  Only the words from @from to before @to may hold any, so
 * that a set of few places next to one another costs little in a long input.
 */
#ifndef CONTENT_REFERENCE_PLACES_H
#define CONTENT_REFERENCE_PLACES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct places {
	struct places *next;	/* in a list of sets that are not in use */
	uint32_t from, to;
	uint64_t words[];
};

/* Let go of words at both ends that hold none. */
static inline void places_trim(struct places *p)
{
	while (p->from < p->to && !p->words[p->from])
		p->from++;
	while (p->from < p->to && !p->words[p->to - 1])
		p->to--;
}

static inline bool places_any(const struct places *p)
{
	for (uint32_t i = p->from; i < p->to; i++)
		if (p->words[i])
			return true;
	return false;
}

static inline void places_clear(struct places *p)
{
	memset(p->words + p->from, 0,
	       (size_t)(p->to - p->from) * sizeof(*p->words));
	p->from = 0;
	p->to = 0;
}

static inline void places_add_word(struct places *p, uint32_t i, uint64_t word)
{
	if (p->from == p->to) {
		p->from = i;
		p->to = i + 1;
	} else if (i < p->from) {
		p->from = i;
	} else if (i >= p->to) {
		p->to = i + 1;
	}
	p->words[i] |= word;
}

static inline void places_put(struct places *p, uint32_t place)
{
	places_add_word(p, place / 64, (uint64_t)1 << (place % 64));
}

static inline void places_add(struct places *p, const struct places *more)
{
	for (uint32_t i = more->from; i < more->to; i++)
		places_add_word(p, i, more->words[i]);
}

/* What is in @seen already is left out, and what is not is from now on. */
static inline void places_only_new(struct places *p, struct places *seen)
{
	for (uint32_t i = p->from; i < p->to; i++)
		p->words[i] &= ~seen->words[i];
	places_trim(p);
	places_add(seen, p);
}

/* The places of the first word that holds any go from @p to @out. */
static inline bool places_take_first(struct places *p, struct places *out)
{
	places_clear(out);
	places_trim(p);
	if (p->from == p->to)
		return false;
	places_add_word(out, p->from, p->words[p->from]);
	p->words[p->from] = 0;
	return true;
}

#endif /* CONTENT_REFERENCE_PLACES_H */
