// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_program.h"

/* The number of set bits; the kernel's and the compiler's may be calls. */
static u32 plm_count_bits(u64 bits)
{
	bits -= bits >> 1 & 0x5555555555555555ull;
	bits = (bits & 0x3333333333333333ull) +
	       (bits >> 2 & 0x3333333333333333ull);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0full;
	return (u32)(bits * 0x0101010101010101ull >> 56);
}

static bool plm_step_not(u32 arg, u64 *stack, u32 depth)
{
	if (arg || depth < 1)
		return false;
	*stack ^= 1;
	return true;
}

static bool plm_step_at_least(u32 arg, u64 *stack, u32 *depth)
{
	u32 num = arg & 0xff;
	u32 least = arg >> 8;
	u64 popped = *stack & plm_low_bits(num);

	if (num < 1 || num > *depth || least < 1 || least > num)
		return false;
	*stack = num < 64 ? *stack >> num : 0;
	*stack = *stack << 1 | (plm_count_bits(popped) >= least);
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

static enum plm_err plm_check_test(const struct plm_content *c, u32 arg,
				   u32 template_index, u32 *depth)
{
	struct plm_criterion_key key;

	if (!plm_get_criterion_key(c, arg, &key))
		return PLM_BAD_INDEX;
	if (key.template_index != template_index)
		return PLM_BAD_TYPE;
	if (*depth >= PLM_MAX_STACK)
		return PLM_BAD_PROGRAM;
	*depth += 1;
	return PLM_OK;
}

enum plm_err plm_check_program(const struct plm_content *c, u32 off, u32 len,
			       u32 template_index, u32 *out_word)
{
	enum plm_err err;
	u64 stack = 0;
	u32 depth = 0;
	u32 i, word;

	for (i = 0; i < len; i++) {
		*out_word = off + i;
		word = plm_get_word(c, PLM_SECTION_PROGRAMS, off + i);
		if (PLM_WORD_OP(word) == PLM_WORD_TEST) {
			err = plm_check_test(c, PLM_WORD_ARG(word),
					     template_index, &depth);
			if (err)
				return err;
		} else if (!plm_program_step(word, &stack, &depth)) {
			return PLM_BAD_PROGRAM;
		}
	}
	return depth == 1 ? PLM_OK : PLM_BAD_PROGRAM;
}
