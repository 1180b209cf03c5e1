// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_eval.h"

#include "plm_lane.h"
#include "plm_pair.h"
#include "plm_program.h"

/* Bit sets of u32 words. */

/*@ assigns \nothing;
  @ ensures \result == num_bits / 32 + 1;
  @*/
static u32 plm_set_words(u32 num_bits)
{
	return num_bits / 32 + 1;
}

/*@ requires \valid_read(set + bit / 32);
  @ assigns \nothing;
  @*/
static bool plm_set_has(const u32 *set, u32 bit)
{
	return set[bit / 32] >> (bit % 32) & 1;
}

/*@ requires \valid(set + bit / 32);
  @ assigns set[bit / 32];
  @*/
static void plm_set_add(u32 *set, u32 bit)
{
	set[bit / 32] |= (u32)1 << (bit % 32);
}

/*@ requires \valid(set + bit / 32);
  @ assigns set[bit / 32];
  @*/
static void plm_set_remove(u32 *set, u32 bit)
{
	set[bit / 32] &= ~((u32)1 << (bit % 32));
}

/* Scratch */

u32 plm_scratch_words(const struct plm_content *content)
{
	u32 num_criteria = plm_num_criteria(content);
	u32 num_rules = plm_num_rules(content);

	return 2 * plm_set_words(num_criteria) + plm_set_words(num_rules) +
	       num_criteria + num_rules;
}

/*@
  @ predicate plm_tables_apart(struct plm_scratch *s, struct plm_tables *t) =
  @	\separated(t, s, s->hit + (0 .. s->num_criteria / 32),
  @		   s->queued + (0 .. s->num_rules / 32),
  @		   s->touched + (0 .. s->num_criteria - 1),
  @		   s->queue + (0 .. s->num_rules - 1));
  @*/

/* Criteria that are only looked for on demand. */
/*@ requires plm_scratch_fits(s) && plm_tables_fit(t);
  @ requires plm_tables_apart(s, t);
  @ assigns s->late[0 .. s->num_criteria / 32];
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_scratch_late(struct plm_scratch *s, const struct plm_tables *t)
{
	u32 i, index;

	/*@ loop invariant 0 <= i <= t->num_outputs;
	  @ loop assigns i, index, s->late[0 .. s->num_criteria / 32];
	  @ loop variant t->num_outputs - i;
	  @*/
	for (i = 0; i < t->num_outputs; i++) {
		index = plm_le32(t->outputs + (size_t)i * 4);
		if (index < s->num_criteria)
			plm_set_add(s->late, index);
	}
}

void plm_scratch_init(struct plm_scratch *scratch,
		      const struct plm_content *content,
		      const struct plm_walk *walks, u32 *words)
{
	u32 num_criteria = plm_num_criteria(content);
	u32 num_rules = plm_num_rules(content);
	u32 i;

	*scratch = (struct plm_scratch){ 0 };
	scratch->walks = walks;
	scratch->num_walks = plm_num_automata(content);
	scratch->hit = words;
	scratch->late = scratch->hit + plm_set_words(num_criteria);
	scratch->queued = scratch->late + plm_set_words(num_criteria);
	scratch->touched = scratch->queued + plm_set_words(num_rules);
	scratch->queue = scratch->touched + num_criteria;
	scratch->num_criteria = num_criteria;
	scratch->num_rules = num_rules;
	/*@ loop invariant 0 <= i <= scratch->num_walks;
	  @ loop invariant plm_scratch_fits(scratch);
	  @ loop assigns i, scratch->late[0 .. num_criteria / 32];
	  @ loop variant scratch->num_walks - i;
	  @*/
	for (i = 0; i < scratch->num_walks; i++)
		if (walks[i].late && walks[i].input != PLM_NO_INPUT)
			plm_scratch_late(scratch, &walks[i].t);
}

/* Walking: from the event's bytes to the criteria that hold */

/* A bit is newly set once at most, so that the queue never is too short. */
/*@ requires plm_scratch_fits(s);
  @ assigns s->queued[0 .. s->num_rules / 32],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_queue;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_enqueue(struct plm_scratch *s, u32 rule)
{
	if (rule >= s->num_rules || s->num_queue >= s->num_rules ||
	    plm_set_has(s->queued, rule))
		return;
	plm_set_add(s->queued, rule);
	s->queue[s->num_queue++] = rule;
}

/*
 * Take @num steps for as many triggers from @first on.  False where so many
 * are not left; then the first rule of those is to blame.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ assigns s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static bool plm_spend(const struct plm_content *c, struct plm_scratch *s,
		      u32 first, u32 num)
{
	if (s->spent)
		return false;
	if (num > s->steps) {
		s->spent = true;
		s->blame = plm_get_word(c, PLM_SECTION_TRIGGERS, first);
		return false;
	}
	s->steps -= num;
	return true;
}

/*
 * A criterion holds: remember it, and queue the rules that it triggers, at a
 * step for each.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ assigns s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_touch(const struct plm_content *c, struct plm_scratch *s,
		      u32 index)
{
	u32 first, num, i;

	if (index >= s->num_criteria || s->num_touched >= s->num_criteria ||
	    plm_set_has(s->hit, index))
		return;
	plm_set_add(s->hit, index);
	s->touched[s->num_touched++] = index;
	plm_get_criterion_triggers(c, index, &first, &num);
	if (!plm_spend(c, s, first, num))
		return;
	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, s->queued[0 .. s->num_rules / 32],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_queue;
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		plm_enqueue(s, plm_get_word(c, PLM_SECTION_TRIGGERS,
					    first + i));
}

/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_tables_fit(t) && plm_content_apart(s, c);
  @ requires plm_tables_apart(s, t);
  @ assigns s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
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
	  @ loop assigns i, s->hit[0 .. s->num_criteria / 32],
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->touched[0 .. s->num_criteria - 1],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		plm_touch(c, s, plm_le32(t->outputs + ((size_t)first + i) * 4));
}

/*@ predicate plm_lane_apart(struct plm_scratch *s, struct plm_lane *lane) =
  @	plm_tables_apart(s, lane->t) && \separated(lane, s, s->walks +
  @		(0 .. s->num_walks - 1)) &&
  @	\separated(lane, s->hit + (0 .. s->num_criteria / 32),
  @		   s->queued + (0 .. s->num_rules / 32),
  @		   s->touched + (0 .. s->num_criteria - 1),
  @		   s->queue + (0 .. s->num_rules - 1));
  @*/

/* Report what holds, and go on by single steps, until nothing does. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ requires plm_lane_fits(lane) && plm_lane_apart(s, lane);
  @ assigns lane->pos, lane->state, s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
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
	  @ loop assigns lane->pos, lane->state, s->hit[0 .. s->num_criteria / 32],
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->touched[0 .. s->num_criteria - 1],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
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
  @ requires plm_content_apart(s, c);
  @ requires plm_lane_fits(lane) && plm_lane_apart(s, lane);
  @ assigns s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_finish(const struct plm_content *c, const struct plm_lane *lane,
		       struct plm_scratch *s)
{
	plm_touch_outputs(c, lane->t,
			  plm_step(lane->t, lane->state, PLM_END_CLASS), s);
}

/*
 * A lane for @w where the event has a string for it.  What the start state has
 * for outputs is reported after no step, so one that is not hot is left here.
 */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_content_apart(s, c);
  @ requires plm_event_apart(s, event) && \valid_read(w) && plm_walk_ok(*w);
  @ requires \valid(lane) && \separated(lane, c, event, s, w);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(s, event->values + i);
  @ assigns *lane, s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s) && (\result ==> plm_lane_fits(lane));
  @*/
static bool plm_open(const struct plm_content *c, const struct plm_event *event,
		     const struct plm_walk *w, struct plm_lane *lane,
		     struct plm_scratch *s)
{
	const struct plm_value *value;

	if (w->input >= event->num_values)
		return false;
	value = &event->values[w->input];
	if (value->kind != PLM_VALUE_STRING)
		return false;
	lane->t = &w->t;
	lane->data = value->data;
	lane->len = value->len;
	lane->pos = 0;
	lane->state = w->t.start;
	if (lane->state >= w->t.num_hot && lane->len) {
		lane->state = plm_step(&w->t, lane->state,
				       w->t.class_map[lane->data[0]]);
		lane->pos = 1;
		plm_settle(c, lane, s);
	}
	return true;
}

/* A lane for the next automaton that can trigger a rule; false without one. */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_content_apart(s, c);
  @ requires plm_event_apart(s, event);
  @ requires \valid(lane) && \valid(next) && *next <= s->num_walks;
  @ requires \separated(lane, next, c, event, s);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(s, event->values + i);
  @ assigns *lane, *next, s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s) && (\result ==> plm_lane_fits(lane));
  @ ensures \old(*next) <= *next <= s->num_walks;
  @ ensures \result ==> *next > \old(*next);
  @*/
static bool plm_open_next(const struct plm_content *c,
			  const struct plm_event *event, u32 template_index,
			  u32 *next, struct plm_lane *lane,
			  struct plm_scratch *s)
{
	const struct plm_walk *w;

	/*@ loop invariant \at(*next, Pre) <= *next <= s->num_walks;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns w, *next, *lane, s->hit[0 .. s->num_criteria / 32],
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->touched[0 .. s->num_criteria - 1],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant s->num_walks - *next;
	  @*/
	while (*next < s->num_walks) {
		w = &s->walks[(*next)++];
		if (!w->late && w->template_index == template_index &&
		    plm_open(c, event, w, lane, s))
			return true;
	}
	return false;
}

/* A lane that has no other beside it, to its end. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ requires plm_lane_fits(lane) && plm_lane_apart(s, lane);
  @ assigns lane->pos, lane->state, s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(lane);
  @*/
static void plm_walk_alone(const struct plm_content *c, struct plm_lane *lane,
			   struct plm_scratch *s)
{
	/*@ loop invariant plm_scratch_fits(s) && plm_lane_fits(lane);
	  @ loop assigns lane->pos, lane->state, s->hit[0 .. s->num_criteria / 32],
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->touched[0 .. s->num_criteria - 1],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant lane->len - lane->pos;
	  @*/
	while (lane->pos < lane->len) {
		plm_run(lane);
		plm_settle(c, lane, s);
	}
	plm_finish(c, lane, s);
}

/* Two lanes side by side, until one of them is at its end. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c) && \separated(a, b);
  @ requires plm_lane_fits(a) && plm_lane_apart(s, a);
  @ requires plm_lane_fits(b) && plm_lane_apart(s, b);
  @ assigns a->pos, a->state, b->pos, b->state,
  @	s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s) && plm_lane_fits(a) && plm_lane_fits(b);
  @ ensures a->pos == a->len || b->pos == b->len;
  @*/
static void plm_walk_two(const struct plm_content *c, struct plm_lane *a,
			 struct plm_lane *b, struct plm_scratch *s)
{
	/*@ loop invariant plm_scratch_fits(s);
	  @ loop invariant plm_lane_fits(a) && plm_lane_fits(b);
	  @ loop assigns a->pos, a->state, b->pos, b->state,
	  @	s->hit[0 .. s->num_criteria / 32],
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->touched[0 .. s->num_criteria - 1],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant a->len - a->pos;
	  @*/
	while (a->pos < a->len && b->pos < b->len) {
		plm_run_two(a, b);
		plm_settle(c, a, s);
		plm_settle(c, b, s);
	}
}

/* The automata of the template at @template_index that can trigger a rule. */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_content_apart(s, c);
  @ requires plm_event_apart(s, event);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(s, event->values + i);
  @ assigns s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_walk_inputs(const struct plm_content *c,
			    const struct plm_event *event, u32 template_index,
			    struct plm_scratch *s)
{
	struct plm_lane a, b;
	u32 next = 0;

	if (!plm_open_next(c, event, template_index, &next, &a, s))
		return;
	/*@ loop invariant plm_scratch_fits(s) && plm_lane_fits(&a);
	  @ loop invariant next <= s->num_walks;
	  @ loop assigns a, b, next, s->hit[0 .. s->num_criteria / 32],
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->touched[0 .. s->num_criteria - 1],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant s->num_walks - next;
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

/*
 * A condition asks for criterion @index: walk whatever may report it and has
 * not been walked over this event.
 */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_content_apart(s, c);
  @ requires plm_event_apart(s, event);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(s, event->values + i);
  @ assigns s->walked[0 .. PLM_MAX_AUTOMATA / 32], s->walked_some,
  @	s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_walk_late(const struct plm_content *c,
			  const struct plm_event *event, u32 index,
			  struct plm_scratch *s)
{
	const struct plm_walk *w;
	struct plm_lane lane;
	u32 i;

	/*@ loop invariant 0 <= i <= s->num_walks;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, w, lane, s->walked[0 .. PLM_MAX_AUTOMATA / 32],
	  @	s->walked_some, s->hit[0 .. s->num_criteria / 32],
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->touched[0 .. s->num_criteria - 1],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant s->num_walks - i;
	  @*/
	for (i = 0; i < s->num_walks; i++) {
		w = &s->walks[i];
		if (!w->late || index < w->first || index > w->last ||
		    plm_set_has(s->walked, i))
			continue;
		plm_set_add(s->walked, i);
		s->walked_some = true;
		if (plm_open(c, event, w, &lane, s))
			plm_walk_alone(c, &lane, s);
	}
}

/* Rules that no string criterion can trigger wait in the triggers' tail. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ assigns s->queued[0 .. s->num_rules / 32],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_queue;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_enqueue_always(const struct plm_content *c, u32 template_index,
			       struct plm_scratch *s)
{
	u32 count = c->section[PLM_SECTION_TRIGGERS - 1].count;
	struct plm_rule rule;
	u32 i, index;

	if (!plm_spend(c, s, count - c->num_always, c->num_always))
		return;
	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, index, rule, s->queued[0 .. s->num_rules / 32],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_queue;
	  @ loop variant count - i;
	  @*/
	for (i = count - c->num_always; i < count; i++) {
		index = plm_get_word(c, PLM_SECTION_TRIGGERS, i);
		if (plm_get_rule(c, index, &rule) &&
		    rule.template_index == template_index)
			plm_enqueue(s, index);
	}
}

enum plm_err plm_eval_begin(const struct plm_content *content,
			    const struct plm_event *event,
			    struct plm_scratch *scratch, u32 *budget,
			    u32 *out_rule)
{
	struct plm_template_ref t;
	u32 i;

	*out_rule = 0;
	scratch->steps = *budget;

	/*@ loop invariant 0 <= i <= content->section[PLM_SECTION_TEMPLATES - 1].count;
	  @ loop invariant plm_scratch_fits(scratch);
	  @ loop assigns i, t, scratch->hit[0 .. scratch->num_criteria / 32],
	  @	scratch->queued[0 .. scratch->num_rules / 32],
	  @	scratch->touched[0 .. scratch->num_criteria - 1],
	  @	scratch->queue[0 .. scratch->num_rules - 1],
	  @	scratch->num_touched, scratch->num_queue, scratch->steps,
	  @	scratch->spent, scratch->blame;
	  @ loop variant content->section[PLM_SECTION_TEMPLATES - 1].count - i;
	  @*/
	for (i = 0; plm_get_template(content, i, &t); i++) {
		if (t.id != event->template_id)
			continue;
		plm_walk_inputs(content, event, i, scratch);
		plm_enqueue_always(content, i, scratch);
	}
	*budget = scratch->steps;
	if (!scratch->spent)
		return PLM_OK;
	*out_rule = scratch->blame;
	scratch->next = scratch->num_queue;
	return PLM_BUDGET_SPENT;
}

bool plm_eval_next(struct plm_scratch *scratch, u32 *out_rule)
{
	if (scratch->next >= scratch->num_queue)
		return false;
	*out_rule = scratch->queue[scratch->next++];
	return true;
}

/*@ requires plm_scratch_fits(s);
  @ assigns s->walked[0 .. PLM_MAX_AUTOMATA / 32], s->walked_some;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_forget_walked(struct plm_scratch *s)
{
	u32 i;

	/*@ loop invariant 0 <= i <= PLM_MAX_AUTOMATA / 32 + 1;
	  @ loop assigns i, s->walked[0 .. PLM_MAX_AUTOMATA / 32];
	  @ loop variant PLM_MAX_AUTOMATA / 32 + 1 - i;
	  @*/
	for (i = 0; i <= PLM_MAX_AUTOMATA / 32; i++)
		s->walked[i] = 0;
	s->walked_some = false;
}

void plm_eval_end(struct plm_scratch *scratch)
{
	u32 i;

	/*@ loop invariant 0 <= i <= scratch->num_touched;
	  @ loop assigns i, scratch->hit[0 .. scratch->num_criteria / 32];
	  @ loop variant scratch->num_touched - i;
	  @*/
	for (i = 0; i < scratch->num_touched; i++)
		plm_set_remove(scratch->hit, scratch->touched[i]);
	/*@ loop invariant 0 <= i <= scratch->num_queue;
	  @ loop assigns i, scratch->queued[0 .. scratch->num_rules / 32];
	  @ loop variant scratch->num_queue - i;
	  @*/
	for (i = 0; i < scratch->num_queue; i++)
		plm_set_remove(scratch->queued, scratch->queue[i]);
	if (scratch->walked_some)
		plm_forget_walked(scratch);
	scratch->num_touched = 0;
	scratch->num_queue = 0;
	scratch->next = 0;
	scratch->spent = false;
}

/* Conditions */

/*@ assigns \nothing;
  @*/
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
  @*/
static enum plm_err plm_test_pair(const struct plm_event *event,
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

/* Does a criterion hold that no automaton decides? */
/*@ requires plm_event_fits(event) && \valid_read(criterion);
  @ requires criterion->input < event->num_values;
  @ requires \valid(budget) && \valid(out_holds);
  @ requires \separated(budget, out_holds, event, criterion);
  @ requires \separated(out_holds, event->values + (0 .. event->num_values - 1));
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ assigns *budget, *out_holds;
  @*/
static enum plm_err plm_test_value(const struct plm_event *event,
				   const struct plm_criterion *criterion,
				   u32 *budget, bool *out_holds)
{
	const struct plm_value *value = &event->values[criterion->input];

	if (plm_op_is_pair(criterion->op))
		return plm_test_pair(event, criterion, budget, out_holds);
	if (criterion->op == PLM_OP_EXISTS)
		*out_holds = value->kind != PLM_VALUE_ABSENT;
	else if (value->kind == PLM_VALUE_NUMBER)
		*out_holds = plm_number_holds(criterion->op, value->number,
					      criterion->number);
	return PLM_OK;
}

/* Does criterion @index hold?  Fails where the input is not supplied. */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && \valid(out_holds) && \valid(budget);
  @ requires plm_content_apart(s, c) && plm_event_apart(s, event);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(s, event->values + i);
  @ requires \separated(out_holds, budget, c, event, s);
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ requires \separated(out_holds, event->values + (0 .. event->num_values - 1));
  @ requires \separated(out_holds, s->hit + (0 .. s->num_criteria / 32));
  @ assigns *out_holds, *budget, s->walked[0 .. PLM_MAX_AUTOMATA / 32],
  @	s->walked_some, s->hit[0 .. s->num_criteria / 32],
  @	s->queued[0 .. s->num_rules / 32],
  @	s->touched[0 .. s->num_criteria - 1],
  @	s->queue[0 .. s->num_rules - 1],
  @	s->num_touched, s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static enum plm_err plm_test(const struct plm_content *c,
			     const struct plm_event *event,
			     struct plm_scratch *s, u32 index, u32 *budget,
			     bool *out_holds)
{
	struct plm_criterion_key key;
	struct plm_criterion criterion;

	*out_holds = false;
	if (!plm_get_criterion_key(c, index, &key) || index >= s->num_criteria)
		return PLM_BAD_INDEX;
	if (key.input >= event->num_values)
		return PLM_INPUT_NOT_SUPPLIED;
	if (!plm_op_is_string(key.op)) {
		plm_get_criterion(c, index, &criterion);
		return plm_test_value(event, &criterion, budget, out_holds);
	}
	if (plm_set_has(s->late, index))
		plm_walk_late(c, event, index, s);
	*out_holds = plm_set_has(s->hit, index);
	return PLM_OK;
}

enum plm_err plm_eval_rule(const struct plm_content *content,
			   const struct plm_event *event,
			   struct plm_scratch *scratch, u32 rule,
			   u32 *budget, bool *out_matched)
{
	struct plm_rule r;
	enum plm_err err;
	u64 stack = 0;
	u32 depth = 0;
	u32 i, word;
	bool holds;

	*out_matched = false;
	if (!plm_get_rule(content, rule, &r))
		return PLM_BAD_INDEX;
	if (r.program_len > *budget)
		return PLM_BUDGET_SPENT;
	*budget -= r.program_len;
	/*@ loop invariant 0 <= i <= r.program_len;
	  @ loop invariant depth <= PLM_MAX_STACK;
	  @ loop invariant plm_scratch_fits(scratch);
	  @ loop assigns i, word, err, holds, stack, depth, *budget,
	  @	scratch->walked[0 .. PLM_MAX_AUTOMATA / 32],
	  @	scratch->walked_some,
	  @	scratch->hit[0 .. scratch->num_criteria / 32],
	  @	scratch->queued[0 .. scratch->num_rules / 32],
	  @	scratch->touched[0 .. scratch->num_criteria - 1],
	  @	scratch->queue[0 .. scratch->num_rules - 1],
	  @	scratch->num_touched, scratch->num_queue, scratch->steps,
	  @	scratch->spent, scratch->blame;
	  @ loop variant r.program_len - i;
	  @*/
	for (i = 0; i < r.program_len; i++) {
		word = plm_get_word(content, PLM_SECTION_PROGRAMS,
				    r.program_off + i);
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
