// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_bits.h"

bool plm_bits_init(struct plm_bits *bits, u32 num, u32 most, u32 *words,
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
