// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_program.h"

#include "plm_triggers.h"

/* The number of set bits; the compiler's own may be a call to a library. */
/*@ assigns \nothing; @*/
static u32 plm_count_bits(u64 bits)
{
	bits -= bits >> 1 & 0x5555555555555555ull;
	bits = (bits & 0x3333333333333333ull) +
	       (bits >> 2 & 0x3333333333333333ull);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0full;
	return (u32)(bits * 0x0101010101010101ull >> 56);
}

/*@ requires \valid(stack);
  @ assigns *stack;
  @*/
static bool plm_step_not(u32 arg, u64 *stack, u32 depth)
{
	if (arg || depth < 1)
		return false;
	*stack ^= 1;
	return true;
}

/* Are at least @least of the @num topmost bits set?  OR and AND come first. */
/*@ assigns \nothing; @*/
static bool plm_at_least(u64 stack, u32 num, u32 least)
{
	u64 mask = plm_low_bits(num);

	if (least == 1)
		return (stack & mask) != 0;
	if (least == num)
		return (stack & mask) == mask;
	return plm_count_bits(stack & mask) >= least;
}

/* Put one bit in the place of the @num topmost ones; num is 1 to 64. */
/*@ requires 1 <= num <= 64;
  @ assigns \nothing;
  @*/
static u64 plm_replace(u64 stack, u32 num, bool bit)
{
	return (stack >> (num - 1) & ~(u64)1) | bit;
}

/*@ requires \valid(stack) && \valid(depth) && \separated(stack, depth);
  @ requires *depth <= PLM_MAX_STACK;
  @ assigns *stack, *depth;
  @ ensures *depth <= PLM_MAX_STACK;
  @ ensures \result ==> 1 <= (arg & 0xff) <= PLM_MAX_STACK;
  @*/
static bool plm_step_at_least(u32 arg, u64 *stack, u32 *depth)
{
	u32 num = arg & 0xff;
	u32 least = arg >> 8;

	if (num < 1 || num > *depth || least < 1 || least > num)
		return false;
	*stack = plm_replace(*stack, num, plm_at_least(*stack, num, least));
	*depth -= num - 1;
	return true;
}

bool plm_program_step(u32 word, u64 *stack, u32 *depth)
{
	switch (PLM_WORD_OP(word)) {
	case PLM_WORD_NOT:
		return plm_step_not(PLM_WORD_ARG(word), stack, *depth);
	case PLM_WORD_AT_LEAST:
		return plm_step_at_least(PLM_WORD_ARG(word), stack, depth);
	default:
		return false;
	}
}

/*
 * The stack when it is not known which criteria hold: whether each bit can be
 * set, and whether it can be clear.
 */
struct plm_possible {
	u64 set, clear;
	u32 depth;
};

/*@ requires plm_content_fits(c) && \valid_read(condition) && \valid(p);
  @ requires \separated(c, p) && \separated(condition, p);
  @ assigns *p;
  @ ensures \old(p->depth) <= PLM_MAX_STACK ==> p->depth <= PLM_MAX_STACK;
  @*/
static enum plm_err plm_possible_test(const struct plm_content *c, u32 index,
				      const struct plm_condition *condition,
				      u32 arg,
				      struct plm_possible *p)
{
	struct plm_criterion_key key;

	if (!plm_get_criterion_key(c, arg, &key))
		return PLM_BAD_INDEX;
	if (key.template_index != condition->template_index)
		return PLM_BAD_TYPE;
	if (p->depth >= PLM_MAX_STACK)
		return PLM_BAD_PROGRAM;
	p->set = p->set << 1 | (plm_is_trigger(c, arg, index) ? 0 : 1);
	p->clear = p->clear << 1 | 1;
	p->depth++;
	return PLM_OK;
}

/* Fewer than k of n can hold as soon as n - k + 1 of them can be clear. */
/*@ requires \valid(p) && p->depth <= PLM_MAX_STACK;
  @ assigns *p;
  @ ensures p->depth <= PLM_MAX_STACK;
  @*/
static enum plm_err plm_possible_step(u32 word, struct plm_possible *p)
{
	u32 num = word & 0xff;
	u32 least = PLM_WORD_ARG(word) >> 8;
	u64 set = p->set;

	if (!plm_program_step(word, &p->set, &p->depth))
		return PLM_BAD_PROGRAM;
	if (PLM_WORD_OP(word) == PLM_WORD_NOT) {
		p->set = (set & ~(u64)1) | (p->clear & 1);
		p->clear = (p->clear & ~(u64)1) | (set & 1);
	} else {
		p->clear = plm_replace(p->clear, num,
				       plm_at_least(p->clear, num,
						    num - least + 1));
	}
	return PLM_OK;
}

enum plm_err plm_check_program(const struct plm_content *c, u32 index,
			       const struct plm_condition *condition,
			       u32 *out_word)
{
	struct plm_possible p = { 0, 0, 0 };
	enum plm_err err;
	u32 i, word;

	/*@ loop invariant 0 <= i <= condition->len;
	  @ loop invariant p.depth <= PLM_MAX_STACK;
	  @ loop assigns i, word, err, p, *out_word;
	  @ loop variant condition->len - i;
	  @*/
	for (i = 0; i < condition->len; i++) {
		word = plm_get_word(c, PLM_SECTION_PROGRAMS,
				    condition->off + i);
		if (PLM_WORD_OP(word) == PLM_WORD_TEST)
			err = plm_possible_test(c, index, condition,
						PLM_WORD_ARG(word), &p);
		else
			err = plm_possible_step(word, &p);
		if (err) {
			*out_word = condition->off + i;
			return err;
		}
	}
	*out_word = condition->off + i - 1;
	if (p.depth != 1)
		return PLM_BAD_PROGRAM;
	return p.set & 1 && !plm_is_always(c, index) ? PLM_BAD_TRIGGERS :
						       PLM_OK;
}
