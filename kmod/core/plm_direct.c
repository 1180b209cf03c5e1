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
