/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONTENT_REFERENCE_PATTERN_H
#define CONTENT_REFERENCE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

/* Parts beyond which no compiler makes an automaton (DFA_MAX_NODES). */
#define REFERENCE_PATTERN_MAX	16384u

/*
 * The parts that a pattern in the canonical notation has once what is counted is
 * written out; REFERENCE_PATTERN_MAX + 1 where they are more than that.
 */
uint32_t reference_pattern_parts(const uint8_t *pattern, uint32_t pattern_len);

/*
 * Does a pattern in the canonical notation match somewhere in these bytes?
 * The naive reference's answer: nothing of regex.h and dfa.h takes part.
 *
 * Each part is run at most once from each place in the input: the time is that
 * of so many steps, and the memory a bit for each.  A pattern of more parts than
 * REFERENCE_PATTERN_MAX is not to be asked about.
 */
bool reference_pattern_holds(const uint8_t *pattern, uint32_t pattern_len,
			     const uint8_t *data, uint32_t len, bool cased);

#endif /* CONTENT_REFERENCE_PATTERN_H */
