/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The evaluator: one event against one checked content.
 *
 *	err = plm_eval_begin(&content, &event, &scratch, &budget, &rule);
 *	if (err)
 *		...
 *	while (plm_eval_next(&scratch, &rule)) {
 *		if (disabled(rule))
 *			continue;
 *		err = plm_eval_rule(&content, &event, &scratch, rule,
 *				    &budget, &matched);
 *		...
 *	}
 *	plm_eval_end(&scratch);
 *
 * begin looks at each string of the event through the filters of its automata,
 * and walks, once, those whose texts may be there, at a cost of at most a
 * constant for each byte of the event.  It takes one step of the budget for each
 * trigger of a criterion that holds and for each rule of the final list, those
 * that no text speaks for: of numbers, of inputs that exist, of pairs.  next
 * yields each rule that something touched, once, in no useful order.  Any other
 * automaton is walked, once, when a condition first asks for one of its criteria.
 */
#ifndef PLM_EVAL_H
#define PLM_EVAL_H

#include "plm_touch.h"

/*
 * Find the rules that something in @event touches; each trigger of a criterion
 * that holds and each rule of the final list costs one of *@budget.
 * PLM_BUDGET_SPENT: there are more than it allows.  next then yields none, and
 * *@out_rule is the first that there were no steps for: the caller is to count
 * the event as failed and that rule as faulted.  plm_eval_end in either case.
 */
/*@ requires plm_content_fits(content) && plm_event_fits(event);
  @ requires plm_scratch_fits(scratch);
  @ requires plm_walks_fit(scratch->walks);
  @ requires 0 <= scratch->next && \valid(budget) && \valid(out_rule);
  @ requires \separated(budget, scratch, scratch->walks);
  @ requires \separated(out_rule, scratch, scratch->walks);
  @ assigns scratch->walked[0 .. PLM_MAX_AUTOMATA / 32],
  @	scratch->hit[0 .. plm_words_of(scratch) - 1],
  @	scratch->num_touched, scratch->num_queue, scratch->next,
  @	scratch->begun,
  @	scratch->steps, scratch->blame, *budget, *out_rule;
  @ ensures plm_scratch_fits(scratch);
  @ ensures 0 <= scratch->next;
  @*/
enum plm_err plm_eval_begin(const struct plm_content *content,
			    const struct plm_event *event,
			    struct plm_scratch *scratch, u32 *budget,
			    u32 *out_rule);

/* False past the last rule. */
/*@ requires plm_scratch_fits(scratch) && 0 <= scratch->next;
  @ requires \valid(out_rule);
  @ requires \separated(scratch, out_rule);
  @ requires \separated(scratch->queue + (0 .. scratch->num_rules - 1), out_rule);
  @ assigns scratch->next, *out_rule;
  @ ensures 0 <= scratch->next;
  @ ensures \result ==> *out_rule < \old(scratch->num_rules);
  @*/
bool plm_eval_next(struct plm_scratch *scratch, u32 *out_rule);

/*
 * Evaluate the condition of one rule; each word of it costs one of *@budget,
 * and one that compares two inputs plm_pair_cost() more.
 * PLM_OK: *@out_matched says whether it holds.
 * PLM_INPUT_NOT_SUPPLIED, PLM_BUDGET_SPENT: it does not, and the caller is to
 *	disable the rule.
 * PLM_BAD_INDEX: no such rule.
 */
/*@ requires plm_content_fits(content) && plm_event_fits(event);
  @ requires plm_scratch_fits(scratch);
  @ requires plm_walks_fit(scratch->walks);
  @ requires \valid(budget) && \valid(out_matched);
  @ requires \separated(budget, out_matched, content, event, scratch);
  @ requires \separated(budget, scratch->walks);
  @ requires \separated(budget,
  @	scratch->walks->list + (0 .. scratch->walks->num - 1));
  @ requires \separated(out_matched,
  @	scratch->walks->list + (0 .. scratch->walks->num - 1));
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ requires \separated(out_matched, event->values + (0 .. event->num_values - 1));
  @ assigns *budget, *out_matched,
  @	scratch->walked[0 .. PLM_MAX_AUTOMATA / 32],
  @	scratch->hit[0 .. plm_words_of(scratch) - 1],
  @	scratch->num_touched, scratch->num_queue, scratch->steps,
  @	scratch->blame;
  @ ensures plm_scratch_fits(scratch);
  @*/
enum plm_err plm_eval_rule(const struct plm_content *content,
			   const struct plm_event *event,
			   struct plm_scratch *scratch, u32 rule,
			   u32 *budget, bool *out_matched);

/* Leave the scratch clean for the next event. */
/*@ requires plm_scratch_fits(scratch);
  @ assigns scratch->hit[0 .. plm_words_of(scratch) - 1],
  @	scratch->num_touched, scratch->num_queue, scratch->next,
  @	scratch->blame, scratch->begun,
  @	scratch->walked[0 .. PLM_MAX_AUTOMATA / 32];
  @ ensures plm_scratch_fits(scratch) && scratch->next == 0;
  @*/
void plm_eval_end(struct plm_scratch *scratch);

#endif /* PLM_EVAL_H */
