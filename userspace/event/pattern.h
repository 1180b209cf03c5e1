/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that a pattern matches, and changes that it may not. */
#ifndef EVENT_PATTERN_H
#define EVENT_PATTERN_H

#include <stdbool.h>

#include "content/model.h"

/* So many different texts are made of a pattern, numbered from 0. */
#define PATTERN_NUM_SAMPLES 9u

/*
 * A text that @pattern is likely to match, as the criterion that demands it:
 * where the pattern is about the input's start or end, so is *@out.  Its text
 * is owned.  False where the pattern has none of a sensible length.
 */
bool pattern_sample(const struct model_criterion *pattern, uint32_t number,
		    struct model_criterion *out);

/*
 * Make change @number to the @len bytes at @data; *@out_len is never larger.
 * False past the last change.
 */
bool pattern_change(uint8_t *data, size_t len, uint32_t number,
		    size_t *out_len);

#endif /* EVENT_PATTERN_H */
