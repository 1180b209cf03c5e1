// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_pair.h"

/*@ assigns \nothing; @*/
static u8 plm_pair_fold(u8 byte, u32 flags)
{
	if (flags & PLM_FLAG_CASED || byte < 'A' || byte > 'Z')
		return byte;
	return (u8)(byte + ('a' - 'A'));
}

/* Do the bytes of @other stand in @value from @from on? */
/*@ requires \valid_read(value) && plm_value_ok(*value);
  @ requires \valid_read(other) && plm_value_ok(*other);
  @ requires value->kind == PLM_VALUE_STRING;
  @ requires other->kind == PLM_VALUE_STRING;
  @ requires from + other->len <= value->len;
  @ assigns \nothing;
  @*/
static bool plm_pair_stands(const struct plm_value *value, u32 from,
			    const struct plm_value *other, u32 flags)
{
	u32 i;
	u8 a, b;

	/*@ loop invariant 0 <= i <= other->len;
	  @ loop assigns i, a, b;
	  @ loop variant other->len - i;
	  @*/
	for (i = 0; i < other->len; i++) {
		a = value->data[from + i];
		b = other->data[i];
		if (a != b && plm_pair_fold(a, flags) != plm_pair_fold(b, flags))
			return false;
	}
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
		       plm_pair_stands(value, 0, other, flags);
	case PLM_OP_SAME_START:
		return plm_pair_stands(value, 0, other, flags);
	case PLM_OP_SAME_END:
		return plm_pair_stands(value, value->len - other->len, other,
				       flags);
	default:
		return false;
	}
}
