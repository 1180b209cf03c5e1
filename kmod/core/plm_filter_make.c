// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Filters made of texts, when content is loaded. */
#include "plm_filter.h"

#include "plm_piece.h"

void plm_filter_count(struct plm_filter_size *size, u32 op, u32 len)
{
	if (op == PLM_OP_STARTSWITH)
		size->num_first++;
	else if (op == PLM_OP_ENDSWITH || op == PLM_OP_EQUALS)
		size->num_last++;
	else if (len >= PLM_PIECE_WINDOW)
		size->num_windows++;
	else if (len > 1)
		size->num_tiny++;
}

/*@ requires \valid(filter) && \valid_read(size) && plm_cursor_fits(cursor);
  @ requires \valid(words + (0 .. cursor->len - 1));
  @ requires \separated(filter, size, cursor, words + (0 .. cursor->len - 1));
  @ assigns filter->near, filter->wide, filter->far, filter->tiny,
  @	filter->first, filter->last, cursor->pos, cursor->failed;
  @ ensures \result ==> plm_bits_fit(&filter->near);
  @ ensures \result ==> plm_bits_fit(&filter->wide);
  @ ensures \result ==> plm_bits_fit(&filter->far);
  @ ensures \result ==> plm_bits_fit(&filter->tiny);
  @ ensures \result ==> plm_bits_fit(&filter->first);
  @ ensures \result ==> plm_bits_fit(&filter->last);
  @ ensures \result ==> plm_bits_in(&filter->near, words, cursor->len);
  @ ensures \result ==> plm_bits_in(&filter->wide, words, cursor->len);
  @ ensures \result ==> plm_bits_in(&filter->far, words, cursor->len);
  @ ensures \result ==> plm_bits_in(&filter->tiny, words, cursor->len);
  @ ensures \result ==> plm_bits_in(&filter->first, words, cursor->len);
  @ ensures \result ==> plm_bits_in(&filter->last, words, cursor->len);
  @ ensures plm_cursor_fits(cursor) && cursor->len == \old(cursor->len);
  @*/
static bool plm_sets_init(struct plm_filter *filter,
			  const struct plm_filter_size *size, u32 *words,
			  struct plm_cursor *cursor)
{
	u32 num_wide = size->num_windows / 2 + size->num_windows % 2;

	return plm_bits_init(&filter->near,
			     PLM_FILTER_SPARSE * size->num_windows,
			     PLM_FILTER_NEAR, words, cursor) &&
	       plm_bits_init(&filter->wide, num_wide, PLM_MAX_CRITERIA, words,
			     cursor) &&
	       plm_bits_init(&filter->far, num_wide + size->num_tiny,
			     PLM_MAX_CRITERIA, words, cursor) &&
	       plm_bits_init(&filter->tiny, size->num_tiny, PLM_MAX_CRITERIA,
			     words, cursor) &&
	       plm_bits_init(&filter->first, size->num_first,
			     PLM_MAX_CRITERIA, words, cursor) &&
	       plm_bits_init(&filter->last, size->num_last, PLM_MAX_CRITERIA,
			     words, cursor);
}

void plm_filter_init(struct plm_filter *filter,
		     const struct plm_filter_size *size, u32 *words,
		     struct plm_cursor *cursor)
{
	filter->num_bytes = 0;
	filter->far_lens = 0;
	filter->first_lens = 0;
	filter->last_lens = 0;
	filter->open = !plm_sets_init(filter, size, words, cursor);
}

/*
 * How many of a text's @len bytes the sets of beginnings and ends know: past
 * four only even numbers, so that there are fewer to ask for.
 */
/*@ assigns \nothing;
  @ ensures \result <= PLM_PIECE_LEN && \result <= len;
  @ ensures len > 0 ==> \result > 0;
  @ ensures len >= PLM_PIECE_WINDOW ==> \result >= PLM_PIECE_WINDOW;
  @*/
static u32 plm_known(u32 len)
{
	u32 num = plm_reach(len);

	return num > PLM_PIECE_WINDOW ? num - num % 2 : num;
}

/* @fourths: a bit for each that may follow the first three. */
/*@ requires plm_bits_fit(near);
  @ assigns near->words[0 .. near->mask / 32];
  @*/
static void plm_near_add(const struct plm_bits *near, u32 window, u32 fourths)
{
	near->words[plm_near_word((u32)(near->mask / 32), window)] |= fourths;
}

/* Of @word's bytes @num are known, a window's at least. */
/*@ requires plm_bits_fit(wide);
  @ assigns wide->words[0 .. wide->mask / 32];
  @*/
static void plm_wide_add(const struct plm_bits *wide, u64 word, u32 num)
{
	u32 behind = 0xffffffff;

	if (num >= PLM_PIECE_WIDE)
		behind = (u32)1 << plm_behind(word);
	else if (num > PLM_PIECE_WINDOW)
		behind = (u32)0xff << plm_behind(word) / 8 * 8;
	wide->words[plm_wide_word((u32)(wide->mask / 32), word)] |= behind;
}

/* How little a byte says: those are everywhere in paths and command lines. */
/*@ assigns \nothing; @*/
static u32 plm_byte_weight(u8 byte)
{
	static const u8 common[] = " /-.=_etaoinsrlcdu";
	u32 i;

	/*@ loop invariant 0 <= i <= sizeof(common);
	  @ loop assigns i;
	  @ loop variant sizeof(common) - i;
	  @*/
	for (i = 0; i < sizeof(common); i++)
		if (common[i] == byte)
			return i < 6 ? 1 : 2;
	return byte >= 'a' && byte <= 'z' ? 4 : 5;
}

/* Where the best windows of @text begin: one, and one a byte behind if it has. */
/*@ requires plm_text_ok(text) && text.len >= PLM_PIECE_WINDOW;
  @ assigns \nothing;
  @ ensures \result <= text.len - PLM_PIECE_WINDOW;
  @ ensures text.len > PLM_PIECE_WINDOW ==>
  @	\result < text.len - PLM_PIECE_WINDOW;
  @*/
static u32 plm_best_window(struct plm_text text)
{
	u32 most = text.len > PLM_PIECE_WINDOW ?
			   text.len - PLM_PIECE_WINDOW - 1 : 0;
	u32 best = 0, best_weight = 0;
	u32 at, i, weight;

	/*@ loop invariant best <= most && 0 <= at <= most + 1;
	  @ loop assigns at, i, weight, best, best_weight;
	  @ loop variant text.len - at;
	  @*/
	for (at = 0; at <= most; at++) {
		weight = 0;
		/*@ loop invariant 0 <= i <= PLM_PIECE_LEN;
		  @ loop assigns i, weight;
		  @ loop variant PLM_PIECE_LEN - i;
		  @*/
		for (i = 0; i < PLM_PIECE_LEN && i < text.len - at; i++)
			weight += (i <= PLM_PIECE_WINDOW ? 3 : 1) *
				  plm_byte_weight(text.data[at + i]);
		if (weight > best_weight) {
			best = at;
			best_weight = weight;
		}
	}
	return best;
}

/*@ requires plm_bits_fit(bits) && \valid(lens);
  @ requires 1 <= num <= PLM_PIECE_LEN;
  @ requires \valid_read(data + (0 .. num - 1));
  @ assigns *lens, bits->words[0 .. bits->mask / 32];
  @*/
static void plm_add_piece(const struct plm_bits *bits, u32 *lens,
			  const u8 *data, u32 num)
{
	plm_bits_add_both(bits, plm_piece(plm_bytes(data, num) |
					  PLM_PIECE_FOLD, num));
	*lens |= (u32)1 << num;
}

/* The window next to an end of inputs. */
/*@ requires plm_bits_fit(bits);
  @ requires \valid_read(data + (0 .. PLM_PIECE_WINDOW - 1));
  @ assigns bits->words[0 .. bits->mask / 32];
  @*/
static void plm_add_edge(const struct plm_bits *bits, const u8 *data)
{
	plm_bits_add(bits, plm_window(plm_le32(data) | PLM_PIECE_FOLD,
				      PLM_PIECE_WINDOW));
}

/*@ requires plm_filter_fits(filter) && \valid(filter) && !filter->open;
  @ requires plm_text_ok(text) && text.len >= PLM_PIECE_WINDOW;
  @ assigns filter->far_lens, filter->near.words[0 .. filter->near.mask / 32],
  @	filter->wide.words[0 .. filter->wide.mask / 32],
  @	filter->far.words[0 .. filter->far.mask / 32];
  @ ensures plm_filter_fits(filter);
  @*/
static void plm_add_window(struct plm_filter *filter, struct plm_text text)
{
	u32 at = plm_best_window(text);
	u32 num = plm_reach(text.len - at);
	u64 word = plm_bytes(text.data + at, num) | PLM_PIECE_FOLD;

	plm_near_add(&filter->near, (u32)word, (u32)1 << ((word >> 24) % 32));
	plm_near_add(&filter->near, (u32)(word >> 8),
		     num > PLM_PIECE_WINDOW ? (u32)1 << ((word >> 32) % 32) :
					       0xffffffff);
	plm_wide_add(&filter->wide, word, num);
	plm_add_piece(&filter->far, &filter->far_lens, text.data + at, num);
}

/* A text of one byte; more than a few of those make a filter pointless. */
/*@ requires plm_filter_fits(filter) && \valid(filter) && !filter->open;
  @ assigns filter->open, filter->num_bytes,
  @	filter->bytes[0 .. PLM_FILTER_BYTES - 1];
  @ ensures plm_filter_fits(filter);
  @*/
static void plm_add_byte(struct plm_filter *filter, u8 byte)
{
	u64 bytes = (byte | PLM_PIECE_FOLD_BYTE) * 0x0101010101010101ull;
	u32 i;

	/*@ loop invariant 0 <= i <= filter->num_bytes;
	  @ loop assigns i;
	  @ loop variant filter->num_bytes - i;
	  @*/
	for (i = 0; i < filter->num_bytes; i++)
		if (filter->bytes[i] == bytes)
			return;
	if (filter->num_bytes == PLM_FILTER_BYTES)
		filter->open = true;
	else
		filter->bytes[filter->num_bytes++] = bytes;
}

void plm_filter_add(struct plm_filter *filter, u32 op, struct plm_text text)
{
	u32 num = plm_known(text.len);

	if (filter->open || !text.len)
		return;
	if (op == PLM_OP_STARTSWITH) {
		plm_add_piece(&filter->first, &filter->first_lens, text.data,
			      num);
		if (num >= PLM_PIECE_WINDOW)
			plm_add_edge(&filter->first, text.data);
	} else if (op == PLM_OP_ENDSWITH || op == PLM_OP_EQUALS) {
		plm_add_piece(&filter->last, &filter->last_lens,
			      text.data + (text.len - num), num);
		if (num >= PLM_PIECE_WINDOW)
			plm_add_edge(&filter->last, text.data +
				     (text.len - PLM_PIECE_WINDOW));
	} else if (text.len >= PLM_PIECE_WINDOW) {
		plm_add_window(filter, text);
	} else if (text.len > 1) {
		plm_bits_add(&filter->tiny,
			     plm_window(plm_bytes(text.data, num) |
					PLM_PIECE_FOLD, num));
		plm_add_piece(&filter->far, &filter->far_lens, text.data, num);
	} else {
		plm_add_byte(filter, text.data[0]);
	}
}
