/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of an event: evaluated by every channel, acted on, reported.
 */
#ifndef PLM_RAISED_EVENT_H
#define PLM_RAISED_EVENT_H

#include "plimsoll_uapi.h"
#include "plm_eval.h"

#define PLM_MAX_MATCHES 64	/* told for one event; all are counted */

/* What the rules said of one event. */
struct plm_verdict {
	u32 budget;	/* steps that each channel's content may take */
	u32 num_matches;
	u16 flags;	/* PLIMSOLL_RECORD_* flags */
	bool kill;	/* a rule that kills has matched: */
	struct plimsoll_match killer;	/* the first of them */
	struct plimsoll_match matches[PLM_MAX_MATCHES];
};

int plm_event_start(void);
void plm_event_stop(void);

/*
 * Evaluate @event, of which current is the actor: kill current if a rule says
 * so, and put a record into the stream.  @flags: PLIMSOLL_RECORD_CUT or 0.
 * Does not sleep; preemption is disabled; not to be called from interrupts.
 */
void plm_event_raise(const struct plm_event *event, u16 flags);

#endif /* PLM_RAISED_EVENT_H */
