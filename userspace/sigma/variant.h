/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A value as what it is compared with: after placeholders have been filled in,
 * dashes varied and texts encoded, one value is several.
 */
#ifndef SIGMA_VARIANT_H
#define SIGMA_VARIANT_H

#include "sigma/text.h"

/* An item is a byte, or one of these. */
#define ITEM_CHARACTER	256u	/* ?: a character of UTF-8 */
#define ITEM_STAR	257u	/* * */
#define ITEM_DASH	258u	/* whatever windash takes for a dash */
#define ITEM_BYTE	259u	/* any: half of a unit of UTF-16 */

/* Bytes of each of the dashes. */
extern const char *const sigma_dashes[];
#define SIGMA_NUM_DASHES 5

struct sigma_variant {
	uint16_t *items;
	size_t num, cap;
};

struct sigma_variants {
	struct sigma_variant *list;
	size_t num, cap;
};

/* NULL, or why there are none; static. */
const char *sigma_variants(struct sigma_variants *out,
			   const struct sigma_text *text);
void sigma_variants_free(struct sigma_variants *variants);

#endif /* SIGMA_VARIANT_H */
