// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_text.h"

#define PLM_EACH_BYTE 0x0101010101010101ull

/*
 * Whether one of eight bytes lies between two ASCII characters: bit 7 of a sum
 * below is set from @first on, in the other one past @last, and in @bytes
 * itself where the byte is no ASCII.
 */
/*@ requires first <= last <= 0x7f;
  @ assigns \nothing;
  @*/
static inline bool plm_any_between(u64 bytes, u32 first, u32 last)
{
	u64 low = bytes & PLM_EACH_BYTE * 0x7f;
	u64 from_first = low + PLM_EACH_BYTE * (0x80 - first);
	u64 past_last = low + PLM_EACH_BYTE * (0x7f - last);

	return (from_first & ~past_last & ~bytes & PLM_EACH_BYTE * 0x80) != 0;
}

/*@ assigns \nothing;
  @*/
static inline bool plm_all_in_set(u64 bytes, enum plm_byte_set set)
{
	switch (set) {
	case PLM_BYTES_ID:
		return !plm_any_between(bytes, 0, ' ') &&
		       !plm_any_between(bytes, 0x7f, 0x7f) &&
		       !(bytes & PLM_EACH_BYTE * 0x80);
	case PLM_BYTES_TEXT:
		return !plm_any_between(bytes, 0, 0x1f) &&
		       !plm_any_between(bytes, 0x7f, 0x7f);
	case PLM_BYTES_FOLDED:
		return !plm_any_between(bytes, 'A', 'Z');
	default:
		return true;
	}
}

/* Inline, and with a constant @set, so that each set has loops of its own. */
/*@ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @ ensures \result <= len;
  @*/
static inline u32 plm_span(const u8 *data, u32 len, enum plm_byte_set set)
{
	u32 i = 0;

	/*@ loop invariant 0 <= i <= len && (i == 0 || i >= 8);
	  @ loop assigns i;
	  @ loop variant len - i;
	  @*/
	while (len - i >= 8 && plm_all_in_set(plm_le64(data + i), set))
		i += 8;
	/* What is left may be the end of a word that began before. */
	if (i && len - i < 8 && plm_all_in_set(plm_le64(data + len - 8), set))
		return len;
	if (len < 8 && len >= 4 &&
	    plm_all_in_set((u64)plm_le32(data) << 32 | plm_le32(data + len - 4),
			   set))
		return len;
	/*@ loop invariant 0 <= i <= len;
	  @ loop assigns i;
	  @ loop variant len - i;
	  @*/
	while (i < len && plm_all_in_set(data[i] * PLM_EACH_BYTE, set))
		i++;
	return i;
}

u32 plm_text_span(const u8 *data, u32 len, enum plm_byte_set set)
{
	switch (set) {
	case PLM_BYTES_ID:
		return plm_span(data, len, PLM_BYTES_ID);
	case PLM_BYTES_TEXT:
		return plm_span(data, len, PLM_BYTES_TEXT);
	case PLM_BYTES_FOLDED:
		return plm_span(data, len, PLM_BYTES_FOLDED);
	default:
		return len;
	}
}

/* Big-endian words are ordered as their bytes are. */
/*@ requires \valid_read(p + (0 .. 7));
  @ assigns \nothing;
  @*/
static inline u64 plm_be64(const u8 *p)
{
	return (u64)p[0] << 56 | (u64)p[1] << 48 | (u64)p[2] << 40 |
	       (u64)p[3] << 32 | (u64)p[4] << 24 | (u64)p[5] << 16 |
	       (u64)p[6] << 8 | (u64)p[7];
}

int plm_text_compare(struct plm_text a, struct plm_text b)
{
	u32 len = a.len < b.len ? a.len : b.len;
	u64 word_a, word_b;
	u32 i;

	/*@ loop invariant 0 <= i <= len;
	  @ loop assigns i, word_a, word_b;
	  @ loop variant len - i;
	  @*/
	for (i = 0; len - i >= 8; i += 8) {
		word_a = plm_be64(a.data + i);
		word_b = plm_be64(b.data + i);
		if (word_a != word_b)
			return word_a < word_b ? -1 : 1;
	}
	/*@ loop invariant 0 <= i <= len;
	  @ loop assigns i;
	  @ loop variant len - i;
	  @*/
	for (; i < len; i++)
		if (a.data[i] != b.data[i])
			return a.data[i] < b.data[i] ? -1 : 1;
	return (a.len > b.len) - (a.len < b.len);
}
