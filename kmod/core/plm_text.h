/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What texts may hold, and their order; eight bytes at a time where it can. */
#ifndef PLM_TEXT_H
#define PLM_TEXT_H

#include "plm_content.h"

enum plm_byte_set {
	PLM_BYTES_ANY,
	PLM_BYTES_ID,		/* visible ASCII */
	PLM_BYTES_TEXT,		/* no control characters */
	PLM_BYTES_FOLDED,	/* no capital ASCII letters */
};

/* The index of the first of @len bytes that is not in @set, or @len. */
/*@ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @ ensures \result <= len;
  @*/
u32 plm_text_span(const u8 *data, u32 len, enum plm_byte_set set);

/* Below, equal to or above zero as @a sorts before, with or after @b. */
/*@ requires plm_text_ok(a) && plm_text_ok(b);
  @ assigns \nothing;
  @*/
int plm_text_compare(struct plm_text a, struct plm_text b);

#endif /* PLM_TEXT_H */
