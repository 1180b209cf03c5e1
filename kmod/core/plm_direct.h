/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Direct criteria: those that no automaton decides, but one or two values of
 * the event by themselves.  Numbers, existence, and pairs of inputs.
 */
#ifndef PLM_DIRECT_H
#define PLM_DIRECT_H

#include "plm_touch.h"

/*
 * Does @criterion hold?  PLM_INPUT_NOT_SUPPLIED, or PLM_BUDGET_SPENT where
 * *@budget is less than plm_pair_cost(); then, and where it has no value to
 * judge, *@out_holds is false.
 */
/*@ requires plm_event_fits(event) && \valid_read(criterion);
  @ requires \valid(budget) && \valid(out_holds);
  @ requires \separated(budget, out_holds, event, criterion);
  @ requires \separated(out_holds, event->values + (0 .. event->num_values - 1));
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ assigns *budget, *out_holds;
  @ ensures *budget <= \old(*budget);
  @*/
enum plm_err plm_direct_holds(const struct plm_event *event,
			      const struct plm_criterion *criterion,
			      u32 *budget, bool *out_holds);

/*
 * Queue the rules that direct criteria of the template at @template_index
 * trigger, without looking at criteria that don't hold, however many there are.
 * Those over inputs that are not supplied count as if they did, so that an
 * evaluation says so.
 */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_content_apart(s, c);
  @ requires plm_event_apart(s, event);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(s, event->values + i);
  @ assigns s->queued[0 .. s->num_rules / 32],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
void plm_touch_direct(const struct plm_content *c,
		      const struct plm_event *event, u32 template_index,
		      struct plm_scratch *s);

#endif /* PLM_DIRECT_H */
