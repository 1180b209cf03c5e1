/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Filters: a look at an input that tells whether one of some texts may be in
 * it, at a few instructions a byte and whatever the number of texts.  No is
 * certain; yes is to be found out by an automaton.
 *
 * Of a text that may stand anywhere the filter knows two windows of four bytes,
 * one a byte behind the other, as it looks at every second position; the rarest
 * two, and what of the text follows the first, up to eight bytes in all.  Of one
 * at an end of the input it knows the last or first bytes, up to eight and past
 * four an even number.  They are looked up in sets of bits by hash.  Bytes are
 * taken with PLM_PIECE_FOLD set in each, which makes both cases of a letter one,
 * and some other bytes too.
 *
 * A filter is made of the criteria's texts when content is loaded: no file can
 * state a wrong one.
 */
#ifndef PLM_FILTER_H
#define PLM_FILTER_H

#include "plm_bits.h"
#include "plm_content.h"

#define PLM_FILTER_BYTES	4u	/* of texts that are no more than a byte */
#define PLM_FILTER_SPARSE	4u	/* times the room of others has a set of windows */
#define PLM_FILTER_NEAR		32768u	/* words of it at most, for caches */

struct plm_filter {
	bool open;		/* lets every input through */
	u8 num_bytes;		/* of bytes */
	struct plm_bits near;	/* windows */
	struct plm_bits wide;	/* those with the two bytes behind them */
	struct plm_bits far;	/* with all that is known, and tiny texts */
	struct plm_bits tiny;	/* texts of two or three bytes */
	struct plm_bits first;	/* how inputs may begin */
	struct plm_bits last;	/* and end */
	/* Bit n: some of n bytes, up to PLM_PIECE_LEN. */
	u32 far_lens;
	u32 first_lens;
	u32 last_lens;
	u64 bytes[PLM_FILTER_BYTES];	/* each eight times */
};

/* How many texts of each kind a filter is to be made for. */
struct plm_filter_size {
	u32 num_windows;
	u32 num_tiny;
	u32 num_first;
	u32 num_last;
};

/* Words of memory that filters of so many texts all in all may take. */
#define PLM_FILTER_WORDS(num_filters, num_texts) \
	(96u * (num_filters) + 10u * (num_texts))

/*@ predicate plm_filter_fits(struct plm_filter *f) =
  @	\valid_read(f) &&
  @	(f->open || (plm_bits_fit(&f->near) && plm_bits_fit(&f->wide) &&
  @		     plm_bits_fit(&f->far) && plm_bits_fit(&f->tiny) &&
  @		     plm_bits_fit(&f->first) && plm_bits_fit(&f->last) &&
  @		     f->num_bytes <= PLM_FILTER_BYTES));
  @
  @ predicate plm_sets_in(struct plm_filter *f, u32 *words, integer len) =
  @	plm_bits_in(&f->near, words, len) &&
  @	plm_bits_in(&f->wide, words, len) && plm_bits_in(&f->far, words, len) &&
  @	plm_bits_in(&f->tiny, words, len) &&
  @	plm_bits_in(&f->first, words, len) &&
  @	plm_bits_in(&f->last, words, len);
  @
  @ predicate plm_filter_in(struct plm_filter *f, u32 *words, integer len) =
  @	f->open || plm_sets_in(f, words, len);
  @*/

/* Count a text of operator @op, one of those that are no patterns. */
/*@ requires \valid(size);
  @ assigns *size;
  @*/
void plm_filter_count(struct plm_filter_size *size, u32 op, u32 len);

/*
 * An empty filter for so many texts, in memory from @words, all zero, that
 * @cursor runs over.  Open where that is too short.
 */
/*@ requires \valid(filter) && \valid_read(size) && plm_cursor_fits(cursor);
  @ requires \valid(words + (0 .. cursor->len - 1));
  @ requires \separated(filter, size, cursor, words + (0 .. cursor->len - 1));
  @ assigns *filter, cursor->pos, cursor->failed;
  @ ensures plm_filter_fits(filter);
  @ ensures plm_filter_in(filter, words, cursor->len);
  @ ensures plm_cursor_fits(cursor) && cursor->len == \old(cursor->len);
  @*/
void plm_filter_init(struct plm_filter *filter,
		     const struct plm_filter_size *size, u32 *words,
		     struct plm_cursor *cursor);

/* Let through what holds @text as @op says.  There is room for those counted. */
/*@ requires plm_filter_fits(filter) && \valid(filter) && plm_text_ok(text);
  @ assigns filter->open, filter->num_bytes,
  @	filter->bytes[0 .. PLM_FILTER_BYTES - 1], filter->far_lens,
  @	filter->first_lens, filter->last_lens,
  @	filter->near.words[0 .. filter->near.mask / 32],
  @	filter->wide.words[0 .. filter->wide.mask / 32],
  @	filter->far.words[0 .. filter->far.mask / 32],
  @	filter->tiny.words[0 .. filter->tiny.mask / 32],
  @	filter->first.words[0 .. filter->first.mask / 32],
  @	filter->last.words[0 .. filter->last.mask / 32];
  @ ensures plm_filter_fits(filter);
  @*/
void plm_filter_add(struct plm_filter *filter, u32 op, struct plm_text text);

/* False: @data[0..@len) holds none of the texts. */
/*@ requires plm_filter_fits(filter) && \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
bool plm_filter_passes(const struct plm_filter *filter, const u8 *data,
		       u32 len);

#endif /* PLM_FILTER_H */
