// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_pair.h"

/*@ assigns \nothing; @*/
static u8 plm_pair_fold(u8 byte, u32 flags)
{
	if (flags & PLM_FLAG_CASED || byte < 'A' || byte > 'Z')
		return byte;
	return (u8)(byte + ('a' - 'A'));
}

/*@ requires \valid_read(a + (0 .. len - 1)) && \valid_read(b + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static bool plm_pair_bytes(const u8 *a, const u8 *b, u32 len, u32 flags)
{
	u32 i;

	/*@ loop invariant 0 <= i <= len;
	  @ loop assigns i;
	  @ loop variant len - i;
	  @*/
	for (i = 0; i < len; i++)
		if (a[i] != b[i] &&
		    plm_pair_fold(a[i], flags) != plm_pair_fold(b[i], flags))
			return false;
	return true;
}

bool plm_pair_holds(u32 op, u32 flags, const struct plm_value *value,
		    const struct plm_value *other)
{
	if (value->kind != other->kind || value->kind == PLM_VALUE_ABSENT)
		return false;
	if (value->kind != PLM_VALUE_STRING)
		return op == PLM_OP_SAME && value->number == other->number;
	if (other->len > value->len)
		return false;
	switch (op) {
	case PLM_OP_SAME:
		return other->len == value->len &&
		       plm_pair_bytes(value->data, other->data, other->len,
				      flags);
	case PLM_OP_SAME_START:
		return plm_pair_bytes(value->data, other->data, other->len,
				      flags);
	case PLM_OP_SAME_END:
		return plm_pair_bytes(value->data + (value->len - other->len),
				      other->data, other->len, flags);
	default:
		return false;
	}
}
