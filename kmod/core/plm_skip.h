/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Skips: what a walk may leave out.
 *
 * A walk rests in a state that most bytes lead back to.  On a byte that may
 * begin something it leaves; mostly the next byte is another than what would go
 * on, and the walk is where that next byte alone leads from rest: all but this
 * byte is forgotten.  Only some pairs of bytes lead elsewhere, the telling ones.
 * So a walk at rest goes on at the first telling pair, and what is before it is
 * looked at by pairs, each for itself, at a few instructions a byte.
 *
 * A skip is made of an automaton's tables when content is loaded: no file can
 * state a wrong one.
 */
#ifndef PLM_SKIP_H
#define PLM_SKIP_H

#include "plm_automaton.h"
#include "plm_cursor.h"

#define PLM_SKIP_WORDS	256u	/* of memory */
#define PLM_SKIP_GROUPS	16u
#define PLM_NO_STATE	0xffffffffu	/* more than any automaton has */

struct plm_skip {
	u32 rest;	/* state, or PLM_NO_STATE: nothing is left out */
	/*
	 * By byte: bit n, it may be the first of a telling pair of group n; bit
	 * n + PLM_SKIP_GROUPS, the second.
	 */
	const u32 *pairs;
};

/*@ predicate plm_skip_ok(struct plm_skip skip) =
  @	skip.rest == PLM_NO_STATE ||
  @	\valid_read(skip.pairs + (0 .. PLM_SKIP_WORDS - 1));
  @
  @ predicate plm_skip_fits(struct plm_skip *skip) =
  @	\valid_read(skip) && plm_skip_ok(*skip);
  @*/

/*
 * A skip for walks of @t, in PLM_SKIP_WORDS of @words, all zero, that @cursor
 * runs over.  One that leaves out nothing where that is too short, or where @t
 * has no state to rest in.
 */
/*@ requires \valid(skip) && plm_tables_fit(t) && plm_cursor_fits(cursor);
  @ requires \valid(words + (0 .. cursor->len - 1));
  @ requires \separated(skip, t, cursor, words + (0 .. cursor->len - 1));
  @ assigns *skip, cursor->pos, cursor->failed, words[0 .. cursor->len - 1];
  @ ensures plm_skip_fits(skip) && plm_cursor_fits(cursor);
  @ ensures cursor->len == \old(cursor->len);
  @*/
void plm_skip_init(struct plm_skip *skip, const struct plm_tables *t,
		   u32 *words, struct plm_cursor *cursor);

/*
 * The first position from @pos on whose byte is the first of a telling pair;
 * the last one without any.
 */
/*@ requires plm_skip_fits(skip) && skip->rest != PLM_NO_STATE;
  @ requires pos < len && \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @ ensures pos <= \result < len;
  @*/
u32 plm_skip_to(const struct plm_skip *skip, const u8 *data, u32 len, u32 pos);

#endif /* PLM_SKIP_H */
