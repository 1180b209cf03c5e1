/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one place where untrusted counts and lengths meet arithmetic.
 *
 * A cursor runs over @len units (bytes of a file, words of a section, entries
 * of a list) and hands out ranges one after the other.  It compares by
 * subtraction, so nothing can wrap; once a take has failed, all later ones do.
 */
#ifndef PLM_CURSOR_H
#define PLM_CURSOR_H

#include "plm_env.h"

struct plm_cursor {
	u32 len;	/* units */
	u32 pos;	/* units handed out; never above len */
	bool failed;
};

/*@ predicate plm_cursor_fits(struct plm_cursor *cursor) =
  @	\valid(cursor) && cursor->pos <= cursor->len;
  @*/

/*@ assigns \nothing;
  @ ensures \result.len == len && \result.pos == 0 && !\result.failed;
  @*/
static inline struct plm_cursor plm_cursor(u32 len)
{
	struct plm_cursor cursor = { len, 0, false };

	return cursor;
}

/* The same where it stands. */
/*@ requires \valid(cursor);
  @ assigns cursor->len, cursor->pos, cursor->failed;
  @ ensures cursor->len == len && cursor->pos == 0 && !cursor->failed;
  @*/
static inline void plm_open_cursor(struct plm_cursor *cursor, u32 len)
{
	cursor->len = len;
	cursor->pos = 0;
	cursor->failed = false;
}

/*
 * Take the next @n units.  True: *@out_off is where they begin.  False: fewer
 * remain, *@out_off is where they would begin, and the cursor has failed.
 */
/*@ requires plm_cursor_fits(cursor) && \valid(out_off);
  @ requires \separated(cursor, out_off);
  @ assigns cursor->pos, cursor->failed, *out_off;
  @ ensures plm_cursor_fits(cursor);
  @ ensures *out_off == \old(cursor->pos);
  @ ensures \result <==> !cursor->failed;
  @ ensures \old(cursor->failed) ==> cursor->failed;
  @ ensures \result ==> cursor->pos == *out_off + n;
  @ ensures !\result ==> cursor->pos == *out_off;
  @*/
static inline bool plm_take(struct plm_cursor *cursor, u32 n, u32 *out_off)
{
	*out_off = cursor->pos;
	if (cursor->failed || n > cursor->len - cursor->pos) {
		cursor->failed = true;
		return false;
	}
	cursor->pos += n;
	return true;
}

/*@ requires \valid_read(cursor);
  @ assigns \nothing;
  @ ensures \result <==> !cursor->failed && cursor->pos == cursor->len;
  @*/
static inline bool plm_at_end(const struct plm_cursor *cursor)
{
	return !cursor->failed && cursor->pos == cursor->len;
}

#endif /* PLM_CURSOR_H */
