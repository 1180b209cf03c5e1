// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_eval.h"

#include "plm_direct.h"
#include "plm_program.h"

enum plm_err plm_eval_begin(const struct plm_content *content,
			    const struct plm_event *event,
			    struct plm_scratch *scratch, u32 *budget,
			    u32 *out_rule)
{
	struct plm_template_ref t;
	bool spent;
	u32 i;

	scratch->steps = *budget;

	/*@ loop invariant 0 <= i <= content->section[PLM_SECTION_TEMPLATES - 1].count;
	  @ loop invariant plm_scratch_fits(scratch);
	  @ loop assigns i, t, scratch->walked[0 .. PLM_MAX_AUTOMATA / 32],
	  @	scratch->hit[0 .. plm_words_of(scratch) - 1],
	  @	scratch->num_touched, scratch->num_queue, scratch->steps,
	  @	scratch->blame;
	  @ loop variant content->section[PLM_SECTION_TEMPLATES - 1].count - i;
	  @*/
	for (i = 0; plm_get_template(content, i, &t); i++) {
		if (t.id != event->template_id)
			continue;
		plm_touch_strings(content, event, i, scratch);
		if (plm_waits_for_numbers(scratch, i))
			plm_touch_numbers(content, event, i, scratch);
		plm_queue_always(content, scratch, i);
	}
	scratch->begun = true;
	spent = plm_is_spent(scratch);
	if (spent)
		scratch->next = scratch->num_queue;
	*budget = (u32)scratch->steps;
	*out_rule = spent ? (u32)scratch->blame : 0;
	//@ assert plm_sets_fit(scratch);
	//@ assert plm_lists_fit(scratch);
	//@ assert plm_walks_known(scratch, scratch->walks);
	return spent ? PLM_BUDGET_SPENT : PLM_OK;
}

bool plm_eval_next(struct plm_scratch *scratch, u32 *out_rule)
{
	if (scratch->next >= scratch->num_queue)
		return false;
	*out_rule = (u32)scratch->queue[scratch->next++];
	return true;
}

void plm_eval_end(struct plm_scratch *scratch)
{
	plm_scratch_clean(scratch);
}

/* Does criterion @index hold, which no automaton reports? */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires \valid(out_holds) && \valid(budget);
  @ requires \separated(out_holds, budget, c, event);
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ requires \separated(out_holds, event->values + (0 .. event->num_values - 1));
  @ assigns *out_holds, *budget;
  @*/
static enum plm_err plm_test_direct(const struct plm_content *c,
				    const struct plm_event *event, u32 index,
				    u32 *budget, bool *out_holds)
{
	struct plm_criterion criterion;

	plm_get_criterion(c, index, &criterion);
	return plm_direct_holds(event, &criterion, budget, out_holds);
}

/* Does criterion @index hold?  Fails where the input is not supplied. */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && \valid(out_holds) && \valid(budget);
  @ requires plm_walks_fit(s->walks);
  @ requires \separated(out_holds, budget, c, event, s);
  @ requires \separated(budget, s->walks);
  @ requires \separated(budget, s->walks->list + (0 .. s->walks->num - 1));
  @ requires \separated(out_holds, s->walks->list + (0 .. s->walks->num - 1));
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ requires \separated(out_holds, event->values + (0 .. event->num_values - 1));
  @ assigns *out_holds, *budget, s->walked[0 .. PLM_MAX_AUTOMATA / 32],
  @	s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @ ensures plm_walks_fit(s->walks);
  @*/
static enum plm_err plm_test(const struct plm_content *c,
			     const struct plm_event *event,
			     struct plm_scratch *s, u32 index, u32 *budget,
			     bool *out_holds)
{
	struct plm_criterion_key key;
	u32 left = *budget;
	enum plm_err err;
	bool holds, hit;

	/* Known already, of most; then the event has the input. */
	hit = plm_is_hit(s, index);
	if (hit || plm_is_settled(s, index)) {
		*out_holds = hit;
		//@ assert plm_walks_fit(s->walks);
		return PLM_OK;
	}
	if (!plm_get_criterion_key(c, index, &key) || index >= s->num_criteria)
		return PLM_BAD_INDEX;
	if (key.input >= event->num_values)
		return PLM_INPUT_NOT_SUPPLIED;
	if (!plm_op_is_string(key.op)) {
		err = plm_test_direct(c, event, index, &left, &holds);
		*budget = left;
		//@ assert plm_sets_fit(s);
		//@ assert plm_lists_fit(s);
		//@ assert plm_walks_known(s, s->walks);
		//@ assert plm_walks_fit(s->walks);
		*out_holds = holds;
		//@ assert plm_walks_fit(s->walks);
		return err;
	}
	plm_touch_late(c, event, index, s);
	//@ assert plm_walks_fit(s->walks);
	*out_holds = plm_is_hit(s, index);
	//@ assert plm_walks_fit(s->walks);
	return PLM_OK;
}

enum plm_err plm_eval_rule(const struct plm_content *content,
			   const struct plm_event *event,
			   struct plm_scratch *scratch, u32 rule,
			   u32 *budget, bool *out_matched)
{
	struct plm_condition r;
	enum plm_err err;
	u64 stack = 0;
	u32 depth = 0;
	u32 i, word;
	bool holds;

	*out_matched = false;
	if (!plm_get_condition(content, rule, &r))
		return PLM_BAD_INDEX;
	if (r.len > *budget)
		return PLM_BUDGET_SPENT;
	*budget -= r.len;
	//@ assert plm_sets_fit(scratch);
	//@ assert plm_lists_fit(scratch);
	//@ assert plm_walks_known(scratch, scratch->walks);
	//@ assert plm_walks_fit(scratch->walks);
	//@ assert plm_content_fits(content);
	//@ assert plm_event_fits(event);
	/*@ loop invariant 0 <= i <= r.len;
	  @ loop invariant depth <= PLM_MAX_STACK;
	  @ loop invariant plm_scratch_fits(scratch);
	  @ loop invariant plm_walks_fit(scratch->walks);
	  @ loop assigns i, word, err, holds, stack, depth, *budget,
	  @	scratch->walked[0 .. PLM_MAX_AUTOMATA / 32],
	  @	scratch->hit[0 .. plm_words_of(scratch) - 1],
	  @	scratch->num_touched, scratch->num_queue, scratch->steps,
	  @	scratch->blame;
	  @ loop variant r.len - i;
	  @*/
	for (i = 0; i < r.len; i++) {
		word = plm_get_word(content, PLM_SECTION_PROGRAMS,
				    r.off + i);
		if (PLM_WORD_OP(word) != PLM_WORD_TEST) {
			if (!plm_program_step(word, &stack, &depth))
				return PLM_BAD_PROGRAM;
			continue;
		}
		err = plm_test(content, event, scratch, PLM_WORD_ARG(word),
			       budget, &holds);
		if (err)
			return err;
		if (depth >= PLM_MAX_STACK)
			return PLM_BAD_PROGRAM;
		stack = stack << 1 | holds;
		depth++;
	}
	*out_matched = stack & 1;
	return PLM_OK;
}
