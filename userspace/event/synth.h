/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events made from rules: for each rule one that must match and a near miss
 * that must not.  Expectations come from the naive reference over the decoded
 * model, never from the evaluator that they are to test.
 */
#ifndef EVENT_SYNTH_H
#define EVENT_SYNTH_H

#include "content/model.h"
#include "event/event.h"

struct synth_event {
	uint32_t rule;		/* index in the content (rules sorted by id) */
	bool expect;		/* the rule must match / must not match */
	struct event event;
};

struct synth {
	struct synth_event *events;
	size_t num_events, cap_events;
	uint32_t *unsolved;	/* rules for which no matching event was found */
	size_t num_unsolved, cap_unsolved;
	uint32_t *no_miss;	/* rules for which no near miss was found */
	size_t num_no_miss, cap_no_miss;
};

/*
 * Deterministic.  Where a criterion leaves it open, the events are such that a
 * Linux machine can really execute them: absolute Image, arguments without a
 * zero byte, a User and LogonId of root.
 */
void synth_make(struct synth *synth, const struct model *model);
void synth_free(struct synth *synth);

#endif /* EVENT_SYNTH_H */
