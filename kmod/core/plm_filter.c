// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Filters asked about inputs, event by event. */
#include "plm_filter.h"

#include "plm_piece.h"

/*@ requires plm_bits_fit(wide);
  @ assigns \nothing;
  @*/
static inline bool plm_wide_has(const struct plm_bits *wide, u64 word)
{
	u32 index = plm_wide_word((u32)(wide->mask / 32), word);

	return wide->words[index] >> plm_behind(word) & 1;
}

/*
 * The bytes from @pos on, folded, as many as there are up to eight; past the
 * end none.
 */
/*@ requires pos <= len && \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static inline u64 plm_word_at(const u8 *data, u32 len, u32 pos)
{
	u32 num = plm_reach(len - pos);

	if (num && num < PLM_PIECE_LEN && len >= PLM_PIECE_LEN)
		return (plm_le64(data + (len - PLM_PIECE_LEN)) |
			PLM_PIECE_FOLD) >> 8 * (PLM_PIECE_LEN - num);
	return plm_bytes(data + pos, num) | PLM_PIECE_FOLD;
}

/* Is a piece of the @num lowest bytes of a folded word in the set? */
/*@ requires plm_bits_fit(bits);
  @ requires 1 <= num <= PLM_PIECE_LEN;
  @ assigns \nothing;
  @*/
static inline bool plm_has_piece(const struct plm_bits *bits, u32 lens,
				 u64 word, u32 num)
{
	return lens >> num & 1 &&
	       plm_bits_have_both(bits, plm_piece(word, num));
}

/* Is one of the pieces in the set that the input begins with? */
/*@ requires plm_bits_fit(bits);
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static bool plm_begins(const struct plm_bits *bits, u32 lens, const u8 *data,
		       u32 len)
{
	u64 word = plm_word_at(data, len, 0);
	u32 most = plm_reach(len);
	u32 num;

	/* All past a window's length have it too. */
	if (most >= PLM_PIECE_WINDOW &&
	    !plm_bits_have(bits, plm_window(word, PLM_PIECE_WINDOW)))
		most = PLM_PIECE_WINDOW - 1;
	/*@ loop invariant 1 <= num <= most + 1;
	  @ loop assigns num;
	  @ loop variant most + 1 - num;
	  @*/
	for (num = 1; num <= most && lens >> num; num++)
		if (plm_has_piece(bits, lens, word, num))
			return true;
	return false;
}

/* One of those that end with it? */
/*@ requires plm_bits_fit(bits);
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static bool plm_ends(const struct plm_bits *bits, u32 lens, const u8 *data,
		     u32 len)
{
	u32 reach = plm_reach(len);
	u32 most = reach;
	u64 word = plm_word_at(data, len, len - reach);
	u32 num;

	if (most >= PLM_PIECE_WINDOW &&
	    !plm_bits_have(bits, plm_window(word >> 8 * (reach -
							 PLM_PIECE_WINDOW),
					    PLM_PIECE_WINDOW)))
		most = PLM_PIECE_WINDOW - 1;
	/*@ loop invariant 1 <= num <= most + 1;
	  @ loop assigns num;
	  @ loop variant most + 1 - num;
	  @*/
	for (num = 1; num <= most && num <= reach && lens >> num; num++)
		if (plm_has_piece(bits, lens, word >> 8 * (reach - num), num))
			return true;
	return false;
}

/* Is the window at @pos, with what follows it, the beginning of a text? */
/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ requires 1 <= width <= PLM_PIECE_WINDOW && pos <= len;
  @ requires width < PLM_PIECE_WINDOW ==> pos + width <= len;
  @ assigns \nothing;
  @*/
static bool plm_window_known(const struct plm_filter *f, u32 width,
			     const u8 *data, u32 len, u32 pos)
{
	u64 word = plm_word_at(data, len, pos);
	u32 most = width < PLM_PIECE_WINDOW ? width : plm_reach(len - pos);
	u32 num;

	/*@ loop invariant width <= num && (num == width || num <= most + 1);
	  @ loop assigns num;
	  @ loop variant most + 1 - num;
	  @*/
	for (num = width; num <= most; num++)
		if (plm_has_piece(&f->far, f->far_lens, word, num))
			return true;
	return false;
}

/* Is the window at @pos known, if there is one, or that a byte before it? */
/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static bool plm_window_at(const struct plm_filter *f, const u8 *data, u32 len,
			  u32 pos)
{
	u64 word;

	if (len < pos)
		return false;
	word = pos ? plm_word_at(data, len, pos - 1) :
		     plm_word_at(data, len, 0) << 8;
	return (plm_wide_has(&f->wide, word >> 8) &&
		plm_window_known(f, PLM_PIECE_WINDOW, data, len, pos)) ||
	       (pos && plm_wide_has(&f->wide, word) &&
		plm_window_known(f, PLM_PIECE_WINDOW, data, len, pos - 1));
}

/*
 * Is a window known that begins in @data's bytes from @pos on?  At the first, the
 * third or the fifth, or a byte before one of these: where the sets have one, of
 * which mostly none has, and then one alone.
 */
/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \valid_read(words + (0 .. mask)) && plm_mask_ok(32 * mask + 31);
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1)) && pos <= len;
  @ assigns \nothing;
  @*/
static inline bool plm_three_known(const struct plm_filter *f,
				   const u32 *words, u32 mask, u64 word,
				   const u8 *data, u32 len, u32 pos)
{
	u32 first = plm_near_has(words, mask, (u32)word);
	u32 second = plm_near_has(words, mask, (u32)(word >> 16));
	u32 third = plm_near_has(words, mask, (u32)(word >> 32));

	if (!((first | second | third) & 1))
		return false;
	return (first & 1 && plm_window_at(f, data, len, pos)) ||
	       (second & 1 && plm_window_at(f, data, len, pos + 2)) ||
	       (third & 1 && plm_window_at(f, data, len, pos + 4));
}

/* This is where filters spend their time. */
/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static bool plm_window_inside(const struct plm_filter *f, const u8 *data,
			      u32 len)
{
	const u32 *words = f->near.words;
	u32 mask = (u32)(f->near.mask / 32);
	u32 pos = 0;

	/*@ loop invariant 0 <= pos <= len;
	  @ loop assigns pos;
	  @ loop variant len - pos;
	  @*/
	for (; len - pos >= PLM_PIECE_LEN; pos += 6)
		if (plm_three_known(f, words, mask,
				    plm_le64(data + pos) | PLM_PIECE_FOLD,
				    data, len, pos))
			return true;
	return plm_three_known(f, words, mask, plm_word_at(data, len, pos),
			       data, len, pos);
}

/* One of any number of tiny texts from @pos on? */
/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ requires 1 <= width < PLM_PIECE_WINDOW && pos <= len;
  @ assigns \nothing;
  @*/
static bool plm_tiny_from(const struct plm_filter *f, u32 width, const u8 *data,
			  u32 len, u32 pos)
{
	/*@ loop invariant \at(pos, Pre) <= pos <= len;
	  @ loop assigns pos;
	  @ loop variant len - pos;
	  @*/
	for (; len - pos >= width; pos++)
		if (plm_bits_have(&f->tiny,
				  plm_window(plm_word_at(data, len, pos),
					     width)) &&
		    plm_window_known(f, width, data, len, pos))
			return true;
	return false;
}

/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ requires 1 <= width < PLM_PIECE_WINDOW;
  @ assigns \nothing;
  @*/
static bool plm_tiny_inside(const struct plm_filter *f, u32 width,
			    const u8 *data, u32 len)
{
	const struct plm_bits *tiny = &f->tiny;
	u32 pos = 0;
	u64 word;

	/*@ loop invariant 0 <= pos <= len;
	  @ loop assigns pos, word;
	  @ loop variant len - pos;
	  @*/
	for (; len - pos >= PLM_PIECE_LEN; pos += 4) {
		word = plm_le64(data + pos) | PLM_PIECE_FOLD;
		if (plm_bits_have(tiny, plm_window(word, width)) |
		    plm_bits_have(tiny, plm_window(word >> 8, width)) |
		    plm_bits_have(tiny, plm_window(word >> 16, width)) |
		    plm_bits_have(tiny, plm_window(word >> 24, width)))
			if (plm_tiny_from(f, width, data, pos + 3 + width, pos))
				return true;
	}
	return plm_tiny_from(f, width, data, len, pos);
}

/* Is there a zero among eight bytes? */
/*@ assigns \nothing; @*/
static inline bool plm_any_zero(u64 bytes)
{
	return ((bytes - 0x0101010101010101ull) & ~bytes &
		0x8080808080808080ull) != 0;
}

/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static bool plm_byte_inside(const struct plm_filter *f, const u8 *data,
			    u32 len)
{
	u64 word;
	u32 pos, i;

	/*@ loop invariant 0 <= pos;
	  @ loop assigns pos, i, word;
	  @ loop variant len - pos;
	  @*/
	for (pos = 0; pos < len; pos += len - pos < 8 ? 1 : 8) {
		word = len - pos < 8 ? data[pos] * 0x0101010101010101ull :
				       plm_le64(data + pos);
		/*@ loop invariant 0 <= i <= f->num_bytes;
		  @ loop assigns i;
		  @ loop variant f->num_bytes - i;
		  @*/
		for (i = 0; i < f->num_bytes; i++)
			if (plm_any_zero((word | PLM_PIECE_FOLD) ^
					 f->bytes[i]))
				return true;
	}
	return false;
}

bool plm_filter_passes(const struct plm_filter *filter, const u8 *data,
		       u32 len)
{
	return filter->open ||
	       (filter->last_lens &&
		plm_ends(&filter->last, filter->last_lens, data, len)) ||
	       (filter->first_lens &&
		plm_begins(&filter->first, filter->first_lens, data, len)) ||
	       (filter->num_bytes && plm_byte_inside(filter, data, len)) ||
	       (filter->far_lens >> 2 & 1 &&
		plm_tiny_inside(filter, 2, data, len)) ||
	       (filter->far_lens >> 3 & 1 &&
		plm_tiny_inside(filter, 3, data, len)) ||
	       (filter->far_lens >> PLM_PIECE_WINDOW &&
		plm_window_inside(filter, data, len));
}
