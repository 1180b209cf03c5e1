// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_touch.h"

#include "plm_lane.h"

/*
 * Silent: nothing to report before the next step.  Kept: what scratch says of its
 * memory; provers do not see by themselves that a store to a lane leaves it.
 */
/*@ predicate plm_lane_silent(struct plm_lane *lane) =
  @	lane->state < lane->t->num_hot || lane->pos == lane->len;
  @
  @ predicate plm_scratch_kept{K, L}(struct plm_scratch *s) =
  @	\at(s->num_criteria, L) == \at(s->num_criteria, K) &&
  @	\at(s->num_rules, L) == \at(s->num_rules, K) &&
  @	\at(s->hit, L) == \at(s->hit, K) &&
  @	\at(s->queued, L) == \at(s->queued, K) &&
  @	\at(s->touched, L) == \at(s->touched, K) &&
  @	\at(s->queue, L) == \at(s->queue, K);
  @*/

/* What holds in @state. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_tables_fit(t);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_touch_outputs(const struct plm_content *c,
			      const struct plm_tables *t, u32 state,
			      struct plm_scratch *s)
{
	u32 first;
	u32 num = plm_outputs(t, state, &first);
	u32 i;

	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		plm_hit(c, s, plm_le32(t->outputs + ((size_t)first + i) * 4));
}

/* Report what holds, and go on by single steps, until nothing does. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_lane_fits(lane);
  @ assigns lane->pos, lane->state, s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(lane);
  @ ensures lane->pos >= \old(lane->pos);
  @ ensures plm_lane_silent(lane);
  @*/
static void plm_settle(const struct plm_content *c, struct plm_lane *lane,
		       struct plm_scratch *s)
{
	const struct plm_tables *t = lane->t;

	/*@ loop invariant \at(lane->pos, Pre) <= lane->pos <= lane->len;
	  @ loop invariant plm_scratch_fits(s) && plm_lane_fits(lane);
	  @ loop assigns lane->pos, lane->state, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant lane->len - lane->pos;
	  @*/
	while (lane->state >= t->num_hot) {
		plm_touch_outputs(c, t, (u32)lane->state, s);
		if (lane->pos == lane->len)
			break;
		lane->state = plm_step(t, (u32)lane->state,
				       t->class_map[lane->data[lane->pos]]);
		lane->pos++;
	}
}

/* The last step of a walk, on the end of its input. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_lane_fits(lane);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_finish(const struct plm_content *c, const struct plm_lane *lane,
		       struct plm_scratch *s)
{
	u32 state = plm_step(lane->t, (u32)lane->state, PLM_END_CLASS);

	plm_touch_outputs(c, lane->t, state, s);
}

/* The string that the event has for an input, or NULL. */
/*@ requires plm_event_fits(event);
  @ assigns \nothing;
  @ ensures \result != \null ==> input < event->num_values &&
  @	\result == event->values + input && \valid_read(\result) &&
  @	plm_value_ok(*\result) && \result->kind == PLM_VALUE_STRING;
  @*/
static const struct plm_value *plm_string_of(const struct plm_event *event,
					     u32 input)
{
	const struct plm_value *value;

	if (input >= event->num_values)
		return NULL;
	value = &event->values[input];
	return value->kind == PLM_VALUE_STRING ? value : NULL;
}

/*@ requires \valid_read(w);
  @ requires plm_tables_fit(&w->t) && plm_skip_fits(&w->skip);
  @ requires \valid_read(value);
  @ requires plm_value_ok(*value) && value->kind == PLM_VALUE_STRING;
  @ requires \valid(lane) && \separated(lane, w) && \separated(lane, value);
  @ assigns *lane;
  @ ensures plm_lane_fits(lane);
  @*/
static void plm_lane_init(struct plm_lane *lane, const struct plm_walk *w,
			  const struct plm_value *value)
{
	lane->t = &w->t;
	lane->skip = &w->skip;
	lane->data = value->data;
	lane->len = value->len;
	lane->pos = 0;
	lane->state = w->t.start;
	//@ assert plm_tables_fit(lane->t);
	//@ assert plm_skip_fits(lane->skip);
}

/*
 * What the start state has for outputs is reported after no step, so one that
 * is not hot is left here.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_lane_fits(lane);
  @ assigns lane->pos, lane->state, s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @ ensures plm_lane_fits(lane) && plm_lane_silent(lane);
  @*/
static void plm_leave_start(const struct plm_content *c, struct plm_lane *lane,
			    struct plm_scratch *s)
{
	const struct plm_tables *t = lane->t;

	if (lane->state < t->num_hot || lane->pos == lane->len)
		return;
	lane->state = plm_step(t, (u32)lane->state,
			       t->class_map[lane->data[lane->pos]]);
	lane->pos++;
	plm_settle(c, lane, s);
}

/* A lane over @value. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires \valid_read(w);
  @ requires plm_tables_fit(&w->t) && plm_skip_fits(&w->skip);
  @ requires \valid_read(value);
  @ requires plm_value_ok(*value) && value->kind == PLM_VALUE_STRING;
  @ requires \valid(lane) && \separated(lane, w) && \separated(lane, value);
  @ requires \separated(lane, c) && \separated(lane, s);
  @ requires \separated(lane, s->walks);
  @ assigns *lane, s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @ ensures plm_scratch_kept{Pre, Post}(s);
  @ ensures plm_lane_fits(lane) && plm_lane_silent(lane);
  @*/
static void plm_open(const struct plm_content *c, const struct plm_walk *w,
		     const struct plm_value *value, struct plm_lane *lane,
		     struct plm_scratch *s)
{
	plm_lane_init(lane, w, value);
	//@ assert plm_content_fits(c);
	/*@ assert s->num_criteria == \at(s->num_criteria, Pre) &&
	  @	s->num_rules == \at(s->num_rules, Pre) &&
	  @	s->hit == \at(s->hit, Pre) &&
	  @	s->queued == \at(s->queued, Pre) &&
	  @	s->touched == \at(s->touched, Pre) &&
	  @	s->queue == \at(s->queue, Pre);
	  @*/
	//@ assert plm_sets_fit(s);
	//@ assert plm_lists_fit(s);
	//@ assert plm_walks_known(s, s->walks);
	plm_leave_start(c, lane, s);
}

/* A lane to its end. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_lane_fits(lane) && plm_lane_silent(lane);
  @ assigns lane->pos, lane->state, s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(lane);
  @*/
static void plm_walk_on(const struct plm_content *c, struct plm_lane *lane,
			struct plm_scratch *s)
{
	/*@ loop invariant plm_scratch_fits(s);
	  @ loop invariant plm_lane_fits(lane) && plm_lane_silent(lane);
	  @ loop assigns lane->pos, lane->state, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant lane->len - lane->pos;
	  @*/
	while (lane->pos < lane->len) {
		plm_run(lane);
		plm_settle(c, lane, s);
	}
	plm_finish(c, lane, s);
}

/* A walk from its beginning to its end. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires \valid_read(w);
  @ requires plm_tables_fit(&w->t) && plm_skip_fits(&w->skip);
  @ requires \valid_read(value);
  @ requires plm_value_ok(*value) && value->kind == PLM_VALUE_STRING;
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_sets_fit(s);
  @ ensures plm_lists_fit(s);
  @ ensures plm_walks_known(s, s->walks);
  @*/
static void plm_walk_over(const struct plm_content *c, const struct plm_walk *w,
			  const struct plm_value *value, struct plm_scratch *s)
{
	struct plm_lane lane;

	plm_open(c, w, value, &lane, s);
	//@ assert plm_content_fits(c);
	plm_walk_on(c, &lane, s);
}

void plm_touch_strings(const struct plm_content *c,
		       const struct plm_event *event, u32 template_index,
		       struct plm_scratch *s)
{
	const struct plm_value *value;
	const struct plm_walk *w;
	u32 i;

	/*@ loop invariant 0 <= i <= s->walks->num;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, w, value, s->walked[0 .. PLM_MAX_AUTOMATA / 32],
	  @	s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant s->walks->num - i;
	  @*/
	for (i = 0; i < s->walks->num; i++) {
		w = &s->walks->list[i];
		if (w->late || w->template_index != template_index)
			continue;
		value = plm_string_of(event, w->input);
		if (!value || !plm_filter_passes(&w->filter, value->data,
						 value->len))
			continue;
		plm_mark_walked(s, i);
		plm_walk_over(c, w, value, s);
	}
}

void plm_touch_late(const struct plm_content *c, const struct plm_event *event,
		    u32 index, struct plm_scratch *s)
{
	const struct plm_value *value;
	const struct plm_walk *w;
	u32 owner;

	if (index >= s->num_criteria)
		return;
	owner = s->walks->owners[index];
	if (owner >= s->walks->num || !plm_mark_walked(s, owner))
		return;
	w = &s->walks->list[owner];
	value = plm_string_of(event, w->input);
	if (value)
		plm_walk_over(c, w, value, s);
}

/* The criteria of @span that hold for @value. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_touch_number(const struct plm_content *c, struct plm_span span,
			     u64 value, struct plm_scratch *s)
{
	struct plm_span holding;

	/*@ loop invariant plm_scratch_fits(s);
	  @ loop assigns span, holding, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant span.end - span.first;
	  @*/
	while (span.first < span.end) {
		holding = plm_numbers_next(c, &span, value);
		plm_hit_span(c, s, holding);
	}
}

void plm_touch_numbers(const struct plm_content *c,
		       const struct plm_event *event, u32 template_index,
		       struct plm_scratch *s)
{
	const struct plm_numbers *numbers = &s->walks->numbers;
	const struct plm_value *value;
	u32 end = event->num_values < PLM_MAX_INPUTS ? event->num_values :
						       PLM_MAX_INPUTS;
	u32 input, left;

	if (template_index >= PLM_MAX_TEMPLATES)
		return;
	left = numbers->inputs[template_index];
	/*@ loop invariant 0 <= input <= end;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns input, left, value, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant end - input;
	  @*/
	for (input = 0; left && input < end; input++, left >>= 1) {
		value = &event->values[input];
		if (left & 1 && value->kind == PLM_VALUE_NUMBER)
			plm_touch_number(c,
					 numbers->spans[template_index][input],
					 value->number, s);
	}
}
