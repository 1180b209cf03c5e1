/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sets of values by their hash: bits, which say of a value that it is in the set
 * or by chance of another one; never that one is not that was added.
 */
#ifndef PLM_BITS_H
#define PLM_BITS_H

#include "plm_cursor.h"
#include "plm_format.h"

#define PLM_BITS_FACTOR		0x9e3779b97f4a7c15ull	/* makes hashes */

/*
 * A set by hash; words[0 .. mask / 32].  The mask is no u32, so that a store to
 * words leaves all masks as they are, for compilers and for provers.
 */
struct plm_bits {
	u32 *words;
	u64 mask;
};

/*@ predicate plm_mask_ok(integer mask) =
  @	mask == 0x1f || mask == 0x1ff || mask == 0x3ff || mask == 0x7ff ||
  @	mask == 0xfff || mask == 0x1fff || mask == 0x3fff || mask == 0x7fff ||
  @	mask == 0xffff || mask == 0x1ffff || mask == 0x3ffff ||
  @	mask == 0x7ffff || mask == 0xfffff || mask == 0x1fffff ||
  @	mask == 0x3fffff || mask == 0x7fffff || mask == 0xffffff ||
  @	mask == 0x1ffffff;
  @
  @ predicate plm_bits_fit(struct plm_bits *bits) =
  @	\valid_read(bits) && plm_mask_ok(bits->mask) &&
  @	\valid(bits->words + (0 .. bits->mask / 32));
  @
  @ predicate plm_bits_in(struct plm_bits *bits, u32 *words, integer len) =
  @	\exists integer first; 0 <= first &&
  @		first + bits->mask / 32 < len && bits->words == words + first;
  @*/

/*
 * Room for @num values: a word for each, so that hardly a value is taken for
 * another, up to the next power of two; 16 words at least, @most (a power of two)
 * at most, and one for no values.  They are those of @words, all zero, that @cursor
 * takes next, and stay the caller's.  False where too few are left; then @bits is
 * as it was, and @cursor has failed.
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
bool plm_bits_init(struct plm_bits *bits, u32 num, u32 most, u32 *words,
		   struct plm_cursor *cursor);

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

/* Add what has this hash. */
/*@ requires plm_bits_fit(bits);
  @ assigns bits->words[0 .. bits->mask / 32];
  @*/
static inline void plm_bits_add(const struct plm_bits *bits, u32 hash)
{
	u32 bit = plm_masked(hash, bits->mask);

	bits->words[bit / 32] |= (u32)1 << (bit % 32);
}

/* Another hash of what @hash is of; made when the first was found, seldom. */
/*@ assigns \nothing; @*/
static inline u32 plm_second(u64 hash)
{
	return (u32)((hash ^ hash >> 32) * PLM_BITS_FACTOR >> 32);
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

/* Add both. */
/*@ requires plm_bits_fit(bits);
  @ assigns bits->words[0 .. bits->mask / 32];
  @*/
static inline void plm_bits_add_both(const struct plm_bits *bits, u64 hash)
{
	plm_bits_add(bits, (u32)(hash >> 32));
	plm_bits_add(bits, plm_second(hash));
}

#endif /* PLM_BITS_H */
