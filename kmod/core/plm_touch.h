/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Touching: from the bytes of an event's strings to the criteria that hold,
 * and to the rules that these trigger.
 */
#ifndef PLM_TOUCH_H
#define PLM_TOUCH_H

#include "plm_event.h"
#include "plm_scratch.h"

/*
 * Walk the automata of the template at @template_index whose filters let the
 * event's strings through, two at a time.
 */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_walks_fit(s->walks);
  @ assigns s->walked[0 .. PLM_MAX_AUTOMATA / 32],
  @	s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
void plm_touch_strings(const struct plm_content *c,
		       const struct plm_event *event, u32 template_index,
		       struct plm_scratch *s);

/*
 * A condition asks for criterion @index: walk what would report it, unless it
 * has been walked over this event.
 */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_walks_fit(s->walks);
  @ assigns s->walked[0 .. PLM_MAX_AUTOMATA / 32],
  @	s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
void plm_touch_late(const struct plm_content *c, const struct plm_event *event,
		    u32 index, struct plm_scratch *s);

/* Does a rule of the template wait for a number? */
/*@ requires plm_scratch_fits(s);
  @ assigns \nothing;
  @*/
static inline bool plm_waits_for_numbers(const struct plm_scratch *s,
					 u32 template_index)
{
	return template_index < PLM_MAX_TEMPLATES &&
	       s->walks->numbers.inputs[template_index];
}

/* What rules of the event's template wait for of its numbers. */
/*@ requires plm_content_fits(c) && plm_event_fits(event);
  @ requires plm_scratch_fits(s) && plm_walks_fit(s->walks);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_touched, s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
void plm_touch_numbers(const struct plm_content *c,
		       const struct plm_event *event, u32 template_index,
		       struct plm_scratch *s);

#endif /* PLM_TOUCH_H */
