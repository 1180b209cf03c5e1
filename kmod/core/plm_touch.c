// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_touch.h"

#include "plm_lane.h"

/*@ predicate plm_lane_apart(struct plm_content *c, struct plm_scratch *s,
  @			    struct plm_lane *lane) =
  @	\separated(lane, c, s, s->walks);
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
  @ requires plm_lane_fits(lane) && plm_lane_apart(c, s, lane);
  @ assigns lane->pos, lane->state, s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(lane);
  @ ensures lane->pos >= \old(lane->pos);
  @ ensures lane->state < lane->t->num_hot || lane->pos == lane->len;
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
		plm_touch_outputs(c, t, lane->state, s);
		if (lane->pos == lane->len)
			break;
		lane->state = plm_step(t, lane->state,
				       t->class_map[lane->data[lane->pos]]);
		lane->pos++;
	}
}

/* The last step of a walk, on the end of its input. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_lane_fits(lane) && plm_lane_apart(c, s, lane);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_finish(const struct plm_content *c, const struct plm_lane *lane,
		       struct plm_scratch *s)
{
	plm_touch_outputs(c, lane->t,
			  plm_step(lane->t, lane->state, PLM_END_CLASS), s);
}

/* The string that the event has for an input, or NULL. */
/*@ requires plm_event_fits(event);
  @ assigns \nothing;
  @ ensures \result != \null ==> \valid_read(\result) &&
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

/*
 * A lane over @value.  What the start state has for outputs is reported after
 * no step, so one that is not hot is left here.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_walk_fits(w);
  @ requires \valid_read(value);
  @ requires plm_value_ok(*value) && value->kind == PLM_VALUE_STRING;
  @ requires \valid(lane) && \separated(lane, value, w);
  @ requires plm_lane_apart(c, s, lane);
  @ assigns *lane, s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(lane);
  @*/
static void plm_open(const struct plm_content *c, const struct plm_walk *w,
		     const struct plm_value *value, struct plm_lane *lane,
		     struct plm_scratch *s)
{
	const struct plm_tables *t = &w->t;

	lane->t = t;
	lane->skip = &w->skip;
	lane->data = value->data;
	lane->len = value->len;
	lane->pos = 0;
	lane->state = t->start;
	if (lane->state >= t->num_hot && lane->len) {
		lane->state = plm_step(t, lane->state,
				       t->class_map[lane->data[0]]);
		lane->pos = 1;
		plm_settle(c, lane, s);
	}
}

/* A lane that has no other beside it, to its end. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_lane_fits(lane) && plm_lane_apart(c, s, lane);
  @ assigns lane->pos, lane->state, s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(lane);
  @*/
static void plm_walk_alone(const struct plm_content *c, struct plm_lane *lane,
			   struct plm_scratch *s)
{
	/*@ loop invariant plm_scratch_fits(s) && plm_lane_fits(lane);
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

/*
 * A lane for the next automaton that may trigger a rule of the template; false
 * without one.  A walk that may skip would not gain by another beside it: those are
 * over at once.
 */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_walks_fit(s->walks);
  @ requires \valid(lane) && \valid(next) && *next <= s->walks->num;
  @ requires \separated(lane, next, c, event, s);
  @ assigns *lane, *next, s->walked[0 .. PLM_MAX_AUTOMATA / 32],
  @	s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s) && (\result ==> plm_lane_fits(lane));
  @ ensures \old(*next) <= *next <= s->walks->num;
  @ ensures \result ==> *next > \old(*next);
  @*/
static bool plm_open_next(const struct plm_content *c,
			  const struct plm_event *event, u32 template_index,
			  u32 *next, struct plm_lane *lane,
			  struct plm_scratch *s)
{
	const struct plm_value *value;
	const struct plm_walk *w;
	u32 index;

	/*@ loop invariant \at(*next, Pre) <= *next <= s->walks->num;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns w, value, index, *next, *lane,
	  @	s->walked[0 .. PLM_MAX_AUTOMATA / 32],
	  @	s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant s->walks->num - *next;
	  @*/
	while (*next < s->walks->num) {
		index = (*next)++;
		w = &s->walks->list[index];
		if (w->late || w->template_index != template_index)
			continue;
		value = plm_string_of(event, w->input);
		if (!value || !plm_filter_passes(&w->filter, value->data,
						 value->len))
			continue;
		plm_mark_walked(s, index);
		plm_open(c, w, value, lane, s);
		if (w->skip.rest == PLM_NO_STATE)
			return true;
		plm_walk_alone(c, lane, s);
	}
	return false;
}

/* Two lanes side by side, until one of them is at its end. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires \separated(a, b);
  @ requires plm_lane_fits(a) && plm_lane_apart(c, s, a);
  @ requires plm_lane_fits(b) && plm_lane_apart(c, s, b);
  @ assigns a->pos, a->state, b->pos, b->state,
  @	s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(a) && plm_lane_fits(b);
  @ ensures a->pos == a->len || b->pos == b->len;
  @*/
static void plm_walk_two(const struct plm_content *c, struct plm_lane *a,
			 struct plm_lane *b, struct plm_scratch *s)
{
	/*@ loop invariant plm_scratch_fits(s);
	  @ loop invariant plm_lane_fits(a) && plm_lane_fits(b);
	  @ loop assigns a->pos, a->state, b->pos, b->state,
	  @	s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant a->len - a->pos;
	  @*/
	while (a->pos < a->len && b->pos < b->len) {
		plm_run_two(a, b);
		plm_settle(c, a, s);
		plm_settle(c, b, s);
	}
}

void plm_touch_strings(const struct plm_content *c,
		       const struct plm_event *event, u32 template_index,
		       struct plm_scratch *s)
{
	struct plm_lane a, b;
	u32 next = 0;

	if (!plm_open_next(c, event, template_index, &next, &a, s))
		return;
	/*@ loop invariant plm_scratch_fits(s) && plm_lane_fits(&a);
	  @ loop invariant next <= s->walks->num;
	  @ loop assigns a, b, next, s->walked[0 .. PLM_MAX_AUTOMATA / 32],
	  @	s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant s->walks->num - next;
	  @*/
	while (plm_open_next(c, event, template_index, &next, &b, s)) {
		plm_walk_two(c, &a, &b, s);
		if (a.pos == a.len) {
			plm_finish(c, &a, s);
			a = b;
		} else {
			plm_finish(c, &b, s);
		}
	}
	plm_walk_alone(c, &a, s);
}

void plm_touch_late(const struct plm_content *c, const struct plm_event *event,
		    u32 index, struct plm_scratch *s)
{
	const struct plm_value *value;
	const struct plm_walk *w;
	struct plm_lane lane;
	u32 owner;

	if (index >= s->num_criteria)
		return;
	owner = s->walks->owners[index];
	if (owner >= s->walks->num || !plm_mark_walked(s, owner))
		return;
	w = &s->walks->list[owner];
	value = plm_string_of(event, w->input);
	if (!value)
		return;
	plm_open(c, w, value, &lane, s);
	plm_walk_alone(c, &lane, s);
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
	u32 input, left;

	if (template_index >= PLM_MAX_TEMPLATES)
		return;
	left = numbers->inputs[template_index];
	/*@ loop invariant 0 <= input <= event->num_values;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns input, left, value, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->blame;
	  @ loop variant event->num_values - input;
	  @*/
	for (input = 0; left && input < event->num_values; input++, left >>= 1) {
		value = &event->values[input];
		if (left & 1 && value->kind == PLM_VALUE_NUMBER)
			plm_touch_number(c,
					 numbers->spans[template_index][input],
					 value->number, s);
	}
}
