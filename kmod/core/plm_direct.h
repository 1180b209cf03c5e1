/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Direct criteria: those that no automaton decides, but one or two values of
 * the event by themselves.  Numbers, existence, and pairs of inputs.
 */
#ifndef PLM_DIRECT_H
#define PLM_DIRECT_H

#include "plm_content.h"
#include "plm_event.h"

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

#endif /* PLM_DIRECT_H */
