// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_skip.h"

/* The state that most bytes lead to from @state, if most lead to one. */
/*@ requires plm_tables_fit(t);
  @ assigns \nothing;
  @*/
static u32 plm_usual(const struct plm_tables *t, u32 state)
{
	u32 usual = 0, lead = 0;
	u32 byte, next;

	/* Each byte that leads elsewhere takes back one that leads there. */
	/*@ loop invariant 0 <= byte <= 256 && lead <= byte;
	  @ loop assigns byte, next, usual, lead;
	  @ loop variant 256 - byte;
	  @*/
	for (byte = 0; byte < 256; byte++) {
		next = plm_next(t, state, (u8)byte);
		if (!lead)
			usual = next;
		if (next == usual)
			lead++;
		else
			lead--;
	}
	return usual;
}

/* Is nothing reported at rest, nor after one byte from there? */
/*@ requires plm_tables_fit(t);
  @ assigns \nothing;
  @*/
static bool plm_rests_silently(const struct plm_tables *t, u32 rest)
{
	u32 byte;

	/*@ loop invariant 0 <= byte <= 256;
	  @ loop assigns byte;
	  @ loop variant 256 - byte;
	  @*/
	for (byte = 0; byte < 256; byte++)
		if (plm_next(t, rest, (u8)byte) >= t->num_hot)
			return false;
	return rest < t->num_hot;
}

/* The telling pairs that begin with @first. */
/*@ requires plm_tables_fit(t) && first < PLM_SKIP_WORDS;
  @ requires \valid(pairs + (0 .. PLM_SKIP_WORDS - 1));
  @ requires \separated(t, pairs + (0 .. PLM_SKIP_WORDS - 1));
  @ assigns pairs[0 .. PLM_SKIP_WORDS - 1];
  @*/
static void plm_add_pairs(const struct plm_tables *t, u32 rest, u32 first,
			  u32 *pairs)
{
	u32 state = plm_next(t, rest, (u8)first);
	u32 group = (u32)1 << state % PLM_SKIP_GROUPS;
	u32 second;

	if (state == rest)
		return;
	/*@ loop invariant 0 <= second <= PLM_SKIP_WORDS;
	  @ loop invariant plm_tables_fit(t);
	  @ loop assigns second, pairs[0 .. PLM_SKIP_WORDS - 1];
	  @ loop variant PLM_SKIP_WORDS - second;
	  @*/
	for (second = 0; second < PLM_SKIP_WORDS; second++) {
		if (plm_next(t, state, (u8)second) ==
		    plm_next(t, rest, (u8)second))
			continue;
		pairs[first] |= group;
		pairs[second] |= group << PLM_SKIP_GROUPS;
	}
}

/* All of them, in words that are zero. */
/*@ requires plm_tables_fit(t);
  @ requires \valid(pairs + (0 .. PLM_SKIP_WORDS - 1));
  @ requires \separated(t, pairs + (0 .. PLM_SKIP_WORDS - 1));
  @ assigns pairs[0 .. PLM_SKIP_WORDS - 1];
  @*/
static void plm_add_all(const struct plm_tables *t, u32 rest, u32 *pairs)
{
	u32 byte;

	/*@ loop invariant 0 <= byte <= PLM_SKIP_WORDS;
	  @ loop invariant plm_tables_fit(t);
	  @ loop assigns byte, pairs[0 .. PLM_SKIP_WORDS - 1];
	  @ loop variant PLM_SKIP_WORDS - byte;
	  @*/
	for (byte = 0; byte < PLM_SKIP_WORDS; byte++)
		plm_add_pairs(t, rest, byte, pairs);
}

void plm_skip_init(struct plm_skip *skip, const struct plm_tables *t,
		   u32 *words, struct plm_cursor *cursor)
{
	u32 rest = plm_usual(t, plm_usual(t, t->start));
	u32 first;

	skip->rest = PLM_NO_STATE;
	skip->pairs = NULL;
	if (!plm_rests_silently(t, rest) ||
	    !plm_take(cursor, PLM_SKIP_WORDS, &first))
		return;
	//@ assert first + PLM_SKIP_WORDS <= cursor->len;
	skip->rest = rest;
	skip->pairs = words + first;
	plm_add_all(t, rest, words + first);
}

/* Is a pair of these telling?  Not 0 if it is, for several to be joined. */
/*@ assigns \nothing; @*/
static inline u32 plm_telling(u32 first, u32 second)
{
	return first & (second >> PLM_SKIP_GROUPS);
}

u32 plm_skip_to(const struct plm_skip *skip, const u8 *data, u32 len, u32 pos)
{
	const u32 *pairs = skip->pairs;
	u32 a = pairs[data[pos]];
	u32 b, c, d, e;

	/* Four in one, as hardly a pair ever is. */
	/*@ loop invariant \at(pos, Pre) <= pos < len;
	  @ loop assigns pos, a, b, c, d, e;
	  @ loop variant len - pos;
	  @*/
	while (len - pos > 4) {
		b = pairs[data[pos + 1]];
		c = pairs[data[pos + 2]];
		d = pairs[data[pos + 3]];
		e = pairs[data[pos + 4]];
		if (plm_telling(a, b) | plm_telling(b, c) | plm_telling(c, d) |
		    plm_telling(d, e))
			break;
		a = e;
		pos += 4;
	}
	/*@ loop invariant \at(pos, Pre) <= pos < len;
	  @ loop assigns pos, a, b;
	  @ loop variant len - pos;
	  @*/
	while (len - pos > 1) {
		b = pairs[data[pos + 1]];
		if (plm_telling(a, b))
			break;
		a = b;
		pos++;
	}
	return pos;
}
