/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Conditions: a rule's boolean expression in reverse Polish notation over a
 * stack of single bits, which is one u64 because it is at most 64 deep.
 */
#ifndef PLM_PROGRAM_H
#define PLM_PROGRAM_H

#include "plm_content.h"

static_assert(PLM_MAX_STACK == 64, "the stack is the bits of one u64");

/* The @n lowest bits; n at most 64. */
/*@ assigns \nothing; @*/
static inline u64 plm_low_bits(u32 n)
{
	return n < 64 ? ((u64)1 << n) - 1 : ~(u64)0;
}

/*
 * Check the condition of rule @index, whose words lie inside the programs
 * section: well-formed, over criteria of the rule's template, and impossible
 * without the rule's triggers, since nothing would then evaluate it.
 * PLM_BAD_PROGRAM, PLM_BAD_INDEX, PLM_BAD_TYPE: *@out_word is the word at fault.
 * PLM_BAD_TRIGGERS: the rule as a whole.
 */
/*@ requires plm_content_fits(c) && \valid_read(condition) && \valid(out_word);
  @ requires \separated(c, out_word) && \separated(condition, out_word);
  @ assigns *out_word;
  @*/
enum plm_err plm_check_program(const struct plm_content *c, u32 index,
			       const struct plm_condition *condition,
			       u32 *out_word);

/*
 * One step that needs no criterion: NOT or AT_LEAST on *@stack, which holds
 * *@depth bits.  False where the word is malformed or the stack too shallow.
 */
/*@ requires \valid(stack) && \valid(depth) && \separated(stack, depth);
  @ requires *depth <= PLM_MAX_STACK;
  @ assigns *stack, *depth;
  @ ensures *depth <= PLM_MAX_STACK;
  @ ensures \result && PLM_WORD_OP(word) != PLM_WORD_NOT ==>
  @	1 <= (word & 0xff) <= PLM_MAX_STACK;
  @*/
bool plm_program_step(u32 word, u64 *stack, u32 *depth);

#endif /* PLM_PROGRAM_H */
