// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_direct.h"

#include "plm_pair.h"

/* Whether a criterion holds */

/*@ assigns \nothing; @*/
static bool plm_number_holds(u32 op, u64 value, u64 operand)
{
	switch (op) {
	case PLM_OP_NUM_EQ:
		return value == operand;
	case PLM_OP_NUM_LT:
		return value < operand;
	case PLM_OP_NUM_LTE:
		return value <= operand;
	case PLM_OP_NUM_GT:
		return value > operand;
	case PLM_OP_NUM_GTE:
		return value >= operand;
	default:
		return false;
	}
}

/* Does a criterion over two inputs hold?  The longer the dearer. */
/*@ requires plm_event_fits(event) && \valid_read(criterion);
  @ requires criterion->input < event->num_values;
  @ requires \valid(budget) && \valid(out_holds);
  @ requires \separated(budget, out_holds, event, criterion);
  @ requires \separated(out_holds, event->values + (0 .. event->num_values - 1));
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ assigns *budget, *out_holds;
  @ ensures *budget <= \old(*budget);
  @*/
static enum plm_err plm_pair_test(const struct plm_event *event,
				  const struct plm_criterion *criterion,
				  u32 *budget, bool *out_holds)
{
	const struct plm_value *other;

	if (criterion->number >= event->num_values)
		return PLM_INPUT_NOT_SUPPLIED;
	other = &event->values[(u32)criterion->number];
	if (plm_pair_cost(other) > *budget)
		return PLM_BUDGET_SPENT;
	*budget -= plm_pair_cost(other);
	*out_holds = plm_pair_holds(criterion->op, criterion->flags,
				    &event->values[criterion->input], other);
	return PLM_OK;
}

enum plm_err plm_direct_holds(const struct plm_event *event,
			      const struct plm_criterion *criterion,
			      u32 *budget, bool *out_holds)
{
	const struct plm_value *value;

	*out_holds = false;
	if (criterion->input >= event->num_values)
		return PLM_INPUT_NOT_SUPPLIED;
	value = &event->values[criterion->input];
	if (plm_op_is_pair(criterion->op))
		return plm_pair_test(event, criterion, budget, out_holds);
	if (criterion->op == PLM_OP_EXISTS)
		*out_holds = value->kind != PLM_VALUE_ABSENT;
	else if (value->kind == PLM_VALUE_NUMBER)
		*out_holds = plm_number_holds(criterion->op, value->number,
					      criterion->number);
	return PLM_OK;
}

/* Which rules they trigger */

/*
 * The triggers of the criteria from @first to before @end.  Lists lie in the
 * order of criteria, so theirs are one.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ assigns s->queued[0 .. s->num_rules / 32],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_queue_criteria(const struct plm_content *c,
			       struct plm_scratch *s, u32 first, u32 end)
{
	u32 from, to, num;

	if (first >= end)
		return;
	plm_get_criterion_triggers(c, first, &from, &num);
	plm_get_criterion_triggers(c, end - 1, &to, &num);
	plm_queue_triggers(c, s, from, to + num - from);
}

/*
 * The first of the criteria from @first to before @end, which ascend, whose
 * number is at least @number, or above it; @end where there is none.
 */
/*@ requires plm_content_fits(c) && first <= end;
  @ assigns \nothing;
  @ ensures first <= \result <= end;
  @*/
static u32 plm_bound(const struct plm_content *c, u32 first, u32 end,
		     u64 number, bool above)
{
	const u8 *p;
	u32 middle;
	u64 operand;

	/*@ loop invariant \at(first, Pre) <= first <= end <= \at(end, Pre);
	  @ loop assigns first, end, middle, p, operand;
	  @ loop variant end - first;
	  @*/
	while (first < end) {
		middle = first + (end - first) / 2;
		p = plm_record(c, PLM_SECTION_CRITERIA, PLM_CRITERION_LEN,
			       middle);
		operand = p ? plm_le64(p + PLM_CRI_NUMBER) : 0;
		if (operand < number || (above && operand == number))
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

/* @at: where the direct criteria of the input begin, as in plm_walks.direct. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ requires \valid_read(at + (0 .. PLM_DIRECT_END));
  @ requires at[PLM_DIRECT_EQ] <= at[PLM_DIRECT_LT] <= at[PLM_DIRECT_LTE] <=
  @	at[PLM_DIRECT_GT] <= at[PLM_DIRECT_GTE] <= at[PLM_DIRECT_EXISTS];
  @ assigns s->queued[0 .. s->num_rules / 32],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_touch_number(const struct plm_content *c, const u32 *at,
			     u64 number, struct plm_scratch *s)
{
	u32 lt = at[PLM_DIRECT_LT], lte = at[PLM_DIRECT_LTE];
	u32 gt = at[PLM_DIRECT_GT], gte = at[PLM_DIRECT_GTE];
	u32 end = at[PLM_DIRECT_EXISTS];

	plm_queue_criteria(c, s,
			   plm_bound(c, at[PLM_DIRECT_EQ], lt, number, false),
			   plm_bound(c, at[PLM_DIRECT_EQ], lt, number, true));
	plm_queue_criteria(c, s, plm_bound(c, lt, lte, number, true), lte);
	plm_queue_criteria(c, s, plm_bound(c, lte, gt, number, false), gt);
	plm_queue_criteria(c, s, gt, plm_bound(c, gt, gte, number, false));
	plm_queue_criteria(c, s, gte, plm_bound(c, gte, end, number, true));
}

/* Pairs are few: there are no more than pairs of inputs. */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_content_apart(s, c);
  @ requires plm_event_apart(s, event);
  @ assigns s->queued[0 .. s->num_rules / 32],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_touch_pairs(const struct plm_content *c,
			    const struct plm_event *event, u32 first, u32 end,
			    struct plm_scratch *s)
{
	struct plm_criterion criterion;
	u32 budget = s->steps;
	bool holds;
	enum plm_err err;

	/*@ loop invariant \at(first, Pre) <= first;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns first, criterion, budget, holds, err,
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant end - first;
	  @*/
	for (; first < end; first++) {
		if (!plm_get_criterion(c, first, &criterion) ||
		    !criterion.num_triggers)
			continue;
		budget = s->steps;
		err = plm_direct_holds(event, &criterion, &budget, &holds);
		if (err == PLM_BUDGET_SPENT)
			plm_blame(c, s, criterion.trigger_off);
		s->steps = budget;
		if (err || holds)
			plm_queue_criteria(c, s, first, first + 1);
	}
}

/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_content_apart(s, c);
  @ requires plm_event_apart(s, event) && input < event->num_values;
  @ requires \valid_read(at + (0 .. PLM_DIRECT_END));
  @ assigns s->queued[0 .. s->num_rules / 32],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_touch_value(const struct plm_content *c,
			    const struct plm_event *event, u32 input,
			    const u32 *at, struct plm_scratch *s)
{
	const struct plm_value *value = &event->values[input];

	if (value->kind == PLM_VALUE_NUMBER)
		plm_touch_number(c, at, value->number, s);
	if (value->kind != PLM_VALUE_ABSENT)
		plm_queue_criteria(c, s, at[PLM_DIRECT_EXISTS],
				   at[PLM_DIRECT_PAIR]);
	plm_touch_pairs(c, event, at[PLM_DIRECT_PAIR], at[PLM_DIRECT_END], s);
}

void plm_touch_direct(const struct plm_content *c,
		      const struct plm_event *event, u32 template_index,
		      struct plm_scratch *s)
{
	const struct plm_walks *walks = s->walks;
	const u32 *at = walks->direct +
			template_index * PLM_MAX_INPUTS * PLM_DIRECT_LEN;
	u32 input;

	if (template_index >= walks->num_templates ||
	    !(walks->direct_templates >> template_index & 1))
		return;
	/*@ loop invariant 0 <= input <= PLM_MAX_INPUTS;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns input, at, s->queued[0 .. s->num_rules / 32],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant PLM_MAX_INPUTS - input;
	  @*/
	for (input = 0; input < PLM_MAX_INPUTS; input++, at += PLM_DIRECT_LEN) {
		if (at[PLM_DIRECT_EQ] == at[PLM_DIRECT_END])
			continue;
		if (input < event->num_values)
			plm_touch_value(c, event, input, at, s);
		else
			plm_queue_criteria(c, s, at[PLM_DIRECT_EQ],
					   at[PLM_DIRECT_END]);
	}
}
