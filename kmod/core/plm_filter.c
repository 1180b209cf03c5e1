// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_filter.h"

/* Sets of bits by hash */

#define PLM_FILTER_FACTOR	0x9e3779b97f4a7c15ull

/*
 * The bits of @hash that @mask has: one less than a power of two, which a prover
 * has to be told one by one.
 */
/*@ requires plm_mask_ok(mask) || plm_mask_ok(32 * mask + 31);
  @ assigns \nothing;
  @ ensures \result <= mask;
  @*/
static inline u32 plm_masked(u32 hash, u64 mask)
{
	//@ assert mask == 0x0 ==> (hash & mask) <= mask;
	//@ assert mask == 0xf ==> (hash & mask) <= mask;
	//@ assert mask == 0x1f ==> (hash & mask) <= mask;
	//@ assert mask == 0x3f ==> (hash & mask) <= mask;
	//@ assert mask == 0x7f ==> (hash & mask) <= mask;
	//@ assert mask == 0xff ==> (hash & mask) <= mask;
	//@ assert mask == 0x1ff ==> (hash & mask) <= mask;
	//@ assert mask == 0x3ff ==> (hash & mask) <= mask;
	//@ assert mask == 0x7ff ==> (hash & mask) <= mask;
	//@ assert mask == 0xfff ==> (hash & mask) <= mask;
	//@ assert mask == 0x1fff ==> (hash & mask) <= mask;
	//@ assert mask == 0x3fff ==> (hash & mask) <= mask;
	//@ assert mask == 0x7fff ==> (hash & mask) <= mask;
	//@ assert mask == 0xffff ==> (hash & mask) <= mask;
	//@ assert mask == 0x1ffff ==> (hash & mask) <= mask;
	//@ assert mask == 0x3ffff ==> (hash & mask) <= mask;
	//@ assert mask == 0x7ffff ==> (hash & mask) <= mask;
	//@ assert mask == 0xfffff ==> (hash & mask) <= mask;
	//@ assert mask == 0x1fffff ==> (hash & mask) <= mask;
	//@ assert mask == 0x3fffff ==> (hash & mask) <= mask;
	//@ assert mask == 0x7fffff ==> (hash & mask) <= mask;
	//@ assert mask == 0xffffff ==> (hash & mask) <= mask;
	//@ assert mask == 0x1ffffff ==> (hash & mask) <= mask;
	return (u32)(hash & mask);
}

/* 1 or 0, for several to be joined without a branch. */
/*@ requires plm_bits_fit(bits);
  @ assigns \nothing;
  @*/
static inline u32 plm_bits_have(const struct plm_bits *bits, u32 hash)
{
	u32 bit = plm_masked(hash, bits->mask);

	return bits->words[bit / 32] >> (bit % 32) & 1;
}

/*@ requires plm_bits_fit(bits);
  @ assigns bits->words[0 .. bits->mask / 32];
  @*/
static void plm_bits_add(const struct plm_bits *bits, u32 hash)
{
	u32 bit = plm_masked(hash, bits->mask);

	bits->words[bit / 32] |= (u32)1 << (bit % 32);
}

/* Another hash of what @hash is of; made when the first was found, seldom. */
/*@ assigns \nothing; @*/
static inline u32 plm_second(u64 hash)
{
	return (u32)((hash ^ hash >> 32) * PLM_FILTER_FACTOR >> 32);
}

/* Two bits for a value, as there are fewer of both by chance. */
/*@ requires plm_bits_fit(bits);
  @ assigns \nothing;
  @*/
static inline bool plm_bits_have_both(const struct plm_bits *bits, u64 hash)
{
	return plm_bits_have(bits, (u32)(hash >> 32)) &&
	       plm_bits_have(bits, plm_second(hash));
}

/*@ requires plm_bits_fit(bits);
  @ assigns bits->words[0 .. bits->mask / 32];
  @*/
static void plm_bits_add_both(const struct plm_bits *bits, u64 hash)
{
	plm_bits_add(bits, (u32)(hash >> 32));
	plm_bits_add(bits, plm_second(hash));
}

/*
 * Room for @num values: at least 32 bits for each, so that hardly a value is
 * taken for another, and at most 64, in no more than @most words.
 */
/*@ requires \valid(bits) && plm_cursor_fits(cursor) && most <= PLM_MAX_CRITERIA;
  @ requires \valid(words + (0 .. cursor->len - 1));
  @ requires \separated(bits, cursor, words + (0 .. cursor->len - 1));
  @ assigns *bits, cursor->pos, cursor->failed;
  @ ensures \result ==> plm_bits_fit(bits);
  @ ensures \result ==> plm_bits_in(bits, words, cursor->len);
  @ ensures cursor->len == \old(cursor->len);
  @ ensures plm_cursor_fits(cursor);
  @*/
static bool plm_bits_init(struct plm_bits *bits, u32 num, u32 most, u32 *words,
			  struct plm_cursor *cursor)
{
	u32 num_words = num ? 16 : 1;
	u32 first;

	/*@ loop invariant plm_mask_ok(32 * num_words - 1) &&
	  @	(num_words == 1 ==> num == 0);
	  @ loop assigns num_words;
	  @ loop variant PLM_MAX_CRITERIA - num_words;
	  @*/
	while (num_words < most && num_words < num)
		num_words *= 2;
	if (!plm_take(cursor, num_words, &first))
		return false;
	bits->words = words + first;
	bits->mask = num_words * 32 - 1;
	return true;
}

/* Making one */

void plm_filter_count(struct plm_filter_size *size, u32 op, u32 len)
{
	if (op == PLM_OP_STARTSWITH)
		size->num_first++;
	else if (op == PLM_OP_ENDSWITH || op == PLM_OP_EQUALS)
		size->num_last++;
	else if (len >= PLM_FILTER_WINDOW)
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

/* The first of eight bytes in a word is its lowest. */
/*@ requires num <= PLM_FILTER_REACH && \valid_read(data + (0 .. num - 1));
  @ assigns \nothing;
  @*/
static inline u64 plm_bytes(const u8 *data, u32 num)
{
	u64 word = 0;
	u32 i;

	if (num == PLM_FILTER_REACH)
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
  @ ensures \result == (len < PLM_FILTER_REACH ? len : PLM_FILTER_REACH);
  @*/
static inline u32 plm_reach(u32 len)
{
	return len < PLM_FILTER_REACH ? len : PLM_FILTER_REACH;
}

/*
 * How many of a text's @len bytes the sets of beginnings and ends know: past
 * four only even numbers, so that there are fewer to ask for.
 */
/*@ assigns \nothing;
  @ ensures \result <= PLM_FILTER_REACH && \result <= len;
  @ ensures len > 0 ==> \result > 0;
  @ ensures len >= PLM_FILTER_WINDOW ==> \result >= PLM_FILTER_WINDOW;
  @*/
static u32 plm_known(u32 len)
{
	u32 num = plm_reach(len);

	return num > PLM_FILTER_WINDOW ? num - num % 2 : num;
}

/*
 * A hash of the @num lowest bytes of a folded word, in its upper half.  Folded
 * bytes are not zero, so that it depends on their number too.
 */
/*@ requires 1 <= num <= PLM_FILTER_REACH;
  @ assigns \nothing;
  @*/
static inline u64 plm_piece(u64 word, u32 num)
{
	u32 unused = 64 - 8 * num;

	word = word << unused >> unused;
	return (word ^ word >> 32) * PLM_FILTER_FACTOR;
}

/* A hash of the @width lowest bytes of a folded word, four at most. */
/*@ requires 1 <= width <= PLM_FILTER_WINDOW;
  @ assigns \nothing;
  @*/
static inline u32 plm_window(u64 word, u32 width)
{
	u32 unused = 32 - 8 * width;

	return (u32)(((u32)word << unused) * PLM_FILTER_FACTOR >> 32);
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
	return plm_masked(plm_window(window, PLM_FILTER_WINDOW - 1), mask);
}

/* 1 or 0 in its lowest bit; the others are of no meaning. */
/*@ requires \valid_read(words + (0 .. mask)) && plm_mask_ok(32 * mask + 31);
  @ assigns \nothing;
  @*/
static inline u32 plm_near_has(const u32 *words, u32 mask, u32 window)
{
	return words[plm_near_word(mask, window)] >> ((window >> 24) % 32);
}

/* @fourths: a bit for each that may follow the first three. */
/*@ requires plm_bits_fit(near);
  @ assigns near->words[0 .. near->mask / 32];
  @*/
static void plm_near_add(const struct plm_bits *near, u32 window, u32 fourths)
{
	near->words[plm_near_word((u32)(near->mask / 32), window)] |= fourths;
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

/*@ requires plm_mask_ok(32 * mask + 31);
  @ assigns \nothing;
  @ ensures \result <= mask;
  @*/
static inline u32 plm_wide_word(u32 mask, u64 word)
{
	return plm_masked(plm_window(word, PLM_FILTER_WINDOW), mask);
}

/*@ requires plm_bits_fit(wide);
  @ assigns \nothing;
  @*/
static inline bool plm_wide_has(const struct plm_bits *wide, u64 word)
{
	u32 index = plm_wide_word((u32)(wide->mask / 32), word);

	return wide->words[index] >> plm_behind(word) & 1;
}

/* Of @word's bytes @num are known, a window's at least. */
/*@ requires plm_bits_fit(wide);
  @ assigns wide->words[0 .. wide->mask / 32];
  @*/
static void plm_wide_add(const struct plm_bits *wide, u64 word, u32 num)
{
	u32 behind = 0xffffffff;

	if (num >= PLM_FILTER_WIDE)
		behind = (u32)1 << plm_behind(word);
	else if (num > PLM_FILTER_WINDOW)
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
/*@ requires plm_text_ok(text) && text.len >= PLM_FILTER_WINDOW;
  @ assigns \nothing;
  @ ensures \result <= text.len - PLM_FILTER_WINDOW;
  @ ensures text.len > PLM_FILTER_WINDOW ==>
  @	\result < text.len - PLM_FILTER_WINDOW;
  @*/
static u32 plm_best_window(struct plm_text text)
{
	u32 most = text.len > PLM_FILTER_WINDOW ?
			   text.len - PLM_FILTER_WINDOW - 1 : 0;
	u32 best = 0, best_weight = 0;
	u32 at, i, weight;

	/*@ loop invariant best <= most && 0 <= at <= most + 1;
	  @ loop assigns at, i, weight, best, best_weight;
	  @ loop variant text.len - at;
	  @*/
	for (at = 0; at <= most; at++) {
		weight = 0;
		/*@ loop invariant 0 <= i <= PLM_FILTER_REACH;
		  @ loop assigns i, weight;
		  @ loop variant PLM_FILTER_REACH - i;
		  @*/
		for (i = 0; i < PLM_FILTER_REACH && i < text.len - at; i++)
			weight += (i <= PLM_FILTER_WINDOW ? 3 : 1) *
				  plm_byte_weight(text.data[at + i]);
		if (weight > best_weight) {
			best = at;
			best_weight = weight;
		}
	}
	return best;
}

/*@ requires plm_bits_fit(bits) && \valid(lens);
  @ requires 1 <= num <= PLM_FILTER_REACH;
  @ requires \valid_read(data + (0 .. num - 1));
  @ assigns *lens, bits->words[0 .. bits->mask / 32];
  @*/
static void plm_add_piece(const struct plm_bits *bits, u32 *lens,
			  const u8 *data, u32 num)
{
	plm_bits_add_both(bits, plm_piece(plm_bytes(data, num) |
					  PLM_FILTER_FOLD, num));
	*lens |= (u32)1 << num;
}

/* The window next to an end of inputs. */
/*@ requires plm_bits_fit(bits);
  @ requires \valid_read(data + (0 .. PLM_FILTER_WINDOW - 1));
  @ assigns bits->words[0 .. bits->mask / 32];
  @*/
static void plm_add_edge(const struct plm_bits *bits, const u8 *data)
{
	plm_bits_add(bits, plm_window(plm_le32(data) | PLM_FILTER_FOLD,
				      PLM_FILTER_WINDOW));
}

/*@ requires plm_filter_fits(filter) && \valid(filter) && !filter->open;
  @ requires plm_text_ok(text) && text.len >= PLM_FILTER_WINDOW;
  @ assigns filter->far_lens, filter->near.words[0 .. filter->near.mask / 32],
  @	filter->wide.words[0 .. filter->wide.mask / 32],
  @	filter->far.words[0 .. filter->far.mask / 32];
  @ ensures plm_filter_fits(filter);
  @*/
static void plm_add_window(struct plm_filter *filter, struct plm_text text)
{
	u32 at = plm_best_window(text);
	u32 num = plm_reach(text.len - at);
	u64 word = plm_bytes(text.data + at, num) | PLM_FILTER_FOLD;

	plm_near_add(&filter->near, (u32)word, (u32)1 << ((word >> 24) % 32));
	plm_near_add(&filter->near, (u32)(word >> 8),
		     num > PLM_FILTER_WINDOW ? (u32)1 << ((word >> 32) % 32) :
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
	u64 bytes = (byte | PLM_FILTER_FOLD_BYTE) * 0x0101010101010101ull;
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
		if (num >= PLM_FILTER_WINDOW)
			plm_add_edge(&filter->first, text.data);
	} else if (op == PLM_OP_ENDSWITH || op == PLM_OP_EQUALS) {
		plm_add_piece(&filter->last, &filter->last_lens,
			      text.data + (text.len - num), num);
		if (num >= PLM_FILTER_WINDOW)
			plm_add_edge(&filter->last, text.data +
				     (text.len - PLM_FILTER_WINDOW));
	} else if (text.len >= PLM_FILTER_WINDOW) {
		plm_add_window(filter, text);
	} else if (text.len > 1) {
		plm_bits_add(&filter->tiny,
			     plm_window(plm_bytes(text.data, num) |
					PLM_FILTER_FOLD, num));
		plm_add_piece(&filter->far, &filter->far_lens, text.data, num);
	} else {
		plm_add_byte(filter, text.data[0]);
	}
}

/* Asking one */

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

	if (num && num < PLM_FILTER_REACH && len >= PLM_FILTER_REACH)
		return (plm_le64(data + (len - PLM_FILTER_REACH)) |
			PLM_FILTER_FOLD) >> 8 * (PLM_FILTER_REACH - num);
	return plm_bytes(data + pos, num) | PLM_FILTER_FOLD;
}

/* Is a piece of the @num lowest bytes of a folded word in the set? */
/*@ requires plm_bits_fit(bits);
  @ requires 1 <= num <= PLM_FILTER_REACH;
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
	if (most >= PLM_FILTER_WINDOW &&
	    !plm_bits_have(bits, plm_window(word, PLM_FILTER_WINDOW)))
		most = PLM_FILTER_WINDOW - 1;
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

	if (most >= PLM_FILTER_WINDOW &&
	    !plm_bits_have(bits, plm_window(word >> 8 * (reach -
							 PLM_FILTER_WINDOW),
					    PLM_FILTER_WINDOW)))
		most = PLM_FILTER_WINDOW - 1;
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
  @ requires 1 <= width <= PLM_FILTER_WINDOW && pos <= len;
  @ requires width < PLM_FILTER_WINDOW ==> pos + width <= len;
  @ assigns \nothing;
  @*/
static bool plm_window_known(const struct plm_filter *f, u32 width,
			     const u8 *data, u32 len, u32 pos)
{
	u64 word = plm_word_at(data, len, pos);
	u32 most = width < PLM_FILTER_WINDOW ? width : plm_reach(len - pos);
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
		plm_window_known(f, PLM_FILTER_WINDOW, data, len, pos)) ||
	       (pos && plm_wide_has(&f->wide, word) &&
		plm_window_known(f, PLM_FILTER_WINDOW, data, len, pos - 1));
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
	for (; len - pos >= PLM_FILTER_REACH; pos += 6)
		if (plm_three_known(f, words, mask,
				    plm_le64(data + pos) | PLM_FILTER_FOLD,
				    data, len, pos))
			return true;
	return plm_three_known(f, words, mask, plm_word_at(data, len, pos),
			       data, len, pos);
}

/* One of any number of tiny texts from @pos on? */
/*@ requires plm_filter_fits(f) && !f->open;
  @ requires \object_pointer(data);
  @ requires \valid_read(data + (0 .. len - 1));
  @ requires 1 <= width < PLM_FILTER_WINDOW && pos <= len;
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
  @ requires 1 <= width < PLM_FILTER_WINDOW;
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
	for (; len - pos >= PLM_FILTER_REACH; pos += 4) {
		word = plm_le64(data + pos) | PLM_FILTER_FOLD;
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
			if (plm_any_zero((word | PLM_FILTER_FOLD) ^
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
	       (filter->far_lens >> PLM_FILTER_WINDOW &&
		plm_window_inside(filter, data, len));
}
