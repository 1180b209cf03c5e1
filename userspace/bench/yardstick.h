/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The yardstick: Hyperscan over the very texts and inputs that our automata of
 * texts are for.  One database for each input, made of all its texts through
 * the interface for literals; caseless unless the criterion is cased; reported
 * once, except where only the last match can be the one (ends with).  Where a
 * text is anchored, the callback looks at the place, since that interface has
 * no anchors.  Hyperscan is given nothing else to do: no patterns, no numbers,
 * no conditions.
 */
#ifndef BENCH_YARDSTICK_H
#define BENCH_YARDSTICK_H

#include <stdbool.h>

#include "event/event.h"

struct yardstick;

/* NULL, and a sentence in *@out_why, static. */
struct yardstick *yardstick_new(const struct plm_content *content,
				const char **out_why);
void yardstick_free(struct yardstick *yardstick);

/* Bytes of its databases. */
size_t yardstick_bytes(const struct yardstick *yardstick);

/*
 * Scan the strings of one event.  The set of the criteria that hold, a bit
 * each, as in struct plm_scratch; valid until the next call.
 */
const uint32_t *yardstick_scan(struct yardstick *yardstick,
			       const struct plm_event *event);

#endif /* BENCH_YARDSTICK_H */
