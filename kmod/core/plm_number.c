// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_number.h"

#define PLM_NUMBER_MAX	(~(u64)0)

/* Does criterion @index compare with a number, and trigger rules? */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @*/
static bool plm_awaits_number(const struct plm_content *c, u32 index, u32 op)
{
	u32 first, num;

	return plm_op_is_number(op) &&
	       plm_get_criterion_triggers(c, index, &first, &num) && num > 0;
}

void plm_numbers_init(struct plm_numbers *numbers,
		      const struct plm_content *content)
{
	u32 count = plm_num_criteria(content);
	struct plm_criterion_key key;
	struct plm_span *span;
	u32 i;

	/*@ loop invariant 0 <= i <= PLM_MAX_TEMPLATES;
	  @ loop assigns i, numbers->inputs[0 .. PLM_MAX_TEMPLATES - 1];
	  @ loop variant PLM_MAX_TEMPLATES - i;
	  @*/
	for (i = 0; i < PLM_MAX_TEMPLATES; i++)
		numbers->inputs[i] = 0;
	/*@ loop invariant 0 <= i <= count;
	  @ loop assigns i, key, span, *numbers;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		if (!plm_get_criterion_key(content, i, &key) ||
		    key.template_index >= PLM_MAX_TEMPLATES ||
		    key.input >= PLM_MAX_INPUTS ||
		    !plm_awaits_number(content, i, key.op))
			continue;
		span = &numbers->spans[key.template_index][key.input];
		if (!(numbers->inputs[key.template_index] >> key.input & 1))
			span->first = i;
		span->end = i + 1;
		numbers->inputs[key.template_index] |= (u32)1 << key.input;
	}
}

/*
 * The first criterion of a span that does not come before @number in the order
 * of operators and numbers, nor is it, if that is @past too.
 */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @ ensures span.first <= span.end ==> span.first <= \result <= span.end;
  @*/
static u32 plm_bound(const struct plm_content *c, struct plm_span span, u32 op,
		     u64 number, bool past)
{
	struct plm_criterion criterion;
	u32 mid;

	/*@ loop invariant \at(span.first, Pre) <= \at(span.end, Pre) ==>
	  @	\at(span.first, Pre) <= span.first <= span.end &&
	  @	span.end <= \at(span.end, Pre);
	  @ loop assigns span, mid, criterion;
	  @ loop variant span.end - span.first;
	  @*/
	while (span.first < span.end) {
		mid = span.first + (span.end - span.first) / 2;
		if (!plm_get_criterion(c, mid, &criterion))
			break;
		if (criterion.op != op ? criterion.op < op :
		    criterion.number < number ||
		    (past && criterion.number == number))
			span.first = mid + 1;
		else
			span.end = mid;
	}
	return span.first;
}

struct plm_span plm_numbers_next(const struct plm_content *c,
				 struct plm_span *span, u64 value)
{
	struct plm_span holding = { 0, 0 };
	struct plm_criterion_key key;
	bool above, below;
	u32 next;

	if (!plm_get_criterion_key(c, span->first, &key)) {
		span->first = span->end;
		return holding;
	}
	/* A value is less than all numbers above it, more than those below. */
	above = key.op == PLM_OP_NUM_LT || key.op == PLM_OP_NUM_LTE;
	below = key.op == PLM_OP_NUM_GT || key.op == PLM_OP_NUM_GTE;
	holding.first = plm_bound(c, *span, key.op, below ? 0 : value,
				  key.op == PLM_OP_NUM_LT);
	holding.end = plm_bound(c, *span, key.op,
				above ? PLM_NUMBER_MAX : value,
				key.op != PLM_OP_NUM_GT);
	next = plm_bound(c, *span, key.op, PLM_NUMBER_MAX, true);
	/* Of content that is sorted it is a later one anyway. */
	span->first = next > span->first ? next : span->first + 1;
	return holding;
}
