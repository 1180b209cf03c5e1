/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pieces: what of a text a filter knows, and of an input asks for; up to eight
 * bytes in a word, the first of them its lowest, and their hashes.
 */
#ifndef PLM_PIECE_H
#define PLM_PIECE_H

#include "plm_bits.h"

#define PLM_PIECE_LEN		8u	/* bytes at most */
#define PLM_PIECE_WINDOW	4u	/* of these, looked for first */
#define PLM_PIECE_WIDE		6u	/* and then, where these are known */
/* Set in each byte, so that both cases of a letter are one. */
#define PLM_PIECE_FOLD		0x2020202020202020ull
#define PLM_PIECE_FOLD_BYTE	0x20u

/* The first of eight bytes in a word is its lowest. */
/*@ requires num <= PLM_PIECE_LEN && \valid_read(data + (0 .. num - 1));
  @ assigns \nothing;
  @*/
static inline u64 plm_bytes(const u8 *data, u32 num)
{
	u64 word = 0;
	u32 i;

	if (num == PLM_PIECE_LEN)
		return plm_le64(data);
	/*@ loop invariant 0 <= i <= num;
	  @ loop assigns i, word;
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		word |= (u64)data[i] << 8 * i;
	return word;
}

/* How many of @len bytes are looked at. */
/*@ assigns \nothing;
  @ ensures \result == (len < PLM_PIECE_LEN ? len : PLM_PIECE_LEN);
  @*/
static inline u32 plm_reach(u32 len)
{
	return len < PLM_PIECE_LEN ? len : PLM_PIECE_LEN;
}

/*
 * A hash of the @num lowest bytes of a folded word, in its upper half.  Folded
 * bytes are not zero, so that it depends on their number too.
 */
/*@ requires 1 <= num <= PLM_PIECE_LEN;
  @ assigns \nothing;
  @*/
static inline u64 plm_piece(u64 word, u32 num)
{
	u32 unused = 64 - 8 * num;

	word = word << unused >> unused;
	return (word ^ word >> 32) * PLM_BITS_FACTOR;
}

/* A hash of the @width lowest bytes of a folded word, four at most. */
/*@ requires 1 <= width <= PLM_PIECE_WINDOW;
  @ assigns \nothing;
  @*/
static inline u32 plm_window(u64 word, u32 width)
{
	u32 unused = 32 - 8 * width;

	return (u32)(((u32)word << unused) * PLM_BITS_FACTOR >> 32);
}

/*
 * Windows are looked for at every second position, so that of a text two are
 * known, and one of them is found.  They are in a word by the hash of their first
 * three bytes, at the bit of the fourth.
 */
/*@ requires plm_mask_ok(32 * mask + 31);
  @ assigns \nothing;
  @ ensures \result <= mask;
  @*/
static inline u32 plm_near_word(u32 mask, u32 window)
{
	return plm_masked(plm_window(window, PLM_PIECE_WINDOW - 1), mask);
}

/* 1 or 0 in its lowest bit; the others are of no meaning. */
/*@ requires \valid_read(words + (0 .. mask)) && plm_mask_ok(32 * mask + 31);
  @ assigns \nothing;
  @*/
static inline u32 plm_near_has(const u32 *words, u32 mask, u32 window)
{
	return words[plm_near_word(mask, window)] >> ((window >> 24) % 32);
}

/*
 * A window that was found is looked for with the two bytes behind it: in a word
 * by the hash of the window, at the bit of two bits of the one and three of the
 * other.
 */
/*@ assigns \nothing;
  @ ensures \result < 32;
  @*/
static inline u32 plm_behind(u64 word)
{
	return (u32)(word >> 32) % 4 * 8 + (u32)(word >> 40) % 8;
}

/* The word's index, of mask + 1 words. */
/*@ requires plm_mask_ok(32 * mask + 31);
  @ assigns \nothing;
  @ ensures \result <= mask;
  @*/
static inline u32 plm_wide_word(u32 mask, u64 word)
{
	return plm_masked(plm_window(word, PLM_PIECE_WINDOW), mask);
}

#endif /* PLM_PIECE_H */
