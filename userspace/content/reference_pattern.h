/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONTENT_REFERENCE_PATTERN_H
#define CONTENT_REFERENCE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Does a pattern in the canonical notation match somewhere in these bytes?
 * The naive reference's answer: nothing of regex.h and dfa.h takes part.
 */
bool reference_pattern_holds(const uint8_t *pattern, uint32_t pattern_len,
			     const uint8_t *data, uint32_t len, bool cased);

#endif /* CONTENT_REFERENCE_PATTERN_H */
