/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Near misses: an event changed as little as possible. */
#ifndef EVENT_MISS_H
#define EVENT_MISS_H

#include "event/event.h"
#include "event/search.h"

/*
 * Change @event, which @rule matches, so that @criterion no longer holds and
 * the rule no longer matches.  False where no small change does that; @out is
 * then empty.  Spends the search's steps.
 */
bool miss_make(struct search *search, uint32_t rule, uint32_t criterion,
	       const struct event *event, struct event *out);

#endif /* EVENT_MISS_H */
