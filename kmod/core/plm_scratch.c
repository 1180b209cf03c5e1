// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_scratch.h"

/* Bit sets of u32 words. */

/*@ assigns \nothing;
  @ ensures \result == num_bits / 32 + 1;
  @*/
static u32 plm_set_words(u32 num_bits)
{
	return num_bits / 32 + 1;
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

u32 plm_scratch_words(const struct plm_content *content)
{
	u32 num_criteria = plm_num_criteria(content);
	u32 num_rules = plm_num_rules(content);

	return plm_set_words(num_criteria) + plm_set_words(num_rules) +
	       num_criteria + num_rules;
}

void plm_scratch_init(struct plm_scratch *scratch,
		      const struct plm_content *content,
		      const struct plm_walks *walks, u32 *words)
{
	u32 num_criteria = plm_num_criteria(content);
	u32 num_rules = plm_num_rules(content);

	*scratch = (struct plm_scratch){ 0 };
	scratch->walks = walks;
	scratch->hit = words;
	scratch->queued = scratch->hit + plm_set_words(num_criteria);
	scratch->touched = scratch->queued + plm_set_words(num_rules);
	scratch->queue = scratch->touched + num_criteria;
	scratch->num_criteria = num_criteria;
	scratch->num_rules = num_rules;
}

void plm_scratch_clean(struct plm_scratch *s)
{
	u32 num_walked = plm_set_words(s->walks->num);
	u32 i;

	/*@ loop invariant 0 <= i <= s->num_touched;
	  @ loop assigns i, s->hit[0 .. s->num_criteria / 32];
	  @ loop variant s->num_touched - i;
	  @*/
	for (i = 0; i < s->num_touched; i++)
		plm_set_remove(s->hit, s->touched[i]);
	/*@ loop invariant 0 <= i <= s->num_queue;
	  @ loop assigns i, s->queued[0 .. s->num_rules / 32];
	  @ loop variant s->num_queue - i;
	  @*/
	for (i = 0; i < s->num_queue; i++)
		plm_set_remove(s->queued, s->queue[i]);
	/*@ loop invariant 0 <= i <= num_walked;
	  @ loop assigns i, s->walked[0 .. PLM_MAX_AUTOMATA / 32];
	  @ loop variant num_walked - i;
	  @*/
	for (i = 0; i < num_walked; i++)
		s->walked[i] = 0;
	s->num_touched = 0;
	s->num_queue = 0;
	s->next = 0;
	s->spent = false;
	s->begun = false;
}

bool plm_mark_walked(struct plm_scratch *s, u32 index)
{
	if (index >= s->walks->num || plm_set_has(s->walked, index))
		return false;
	plm_set_add(s->walked, index);
	return true;
}

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

/* The rules that @num words of the triggers section from @first on name. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ requires plm_content_apart(s, c);
  @ assigns s->queued[0 .. s->num_rules / 32], s->queue[0 .. s->num_rules - 1],
  @	s->num_queue, s->steps, s->spent, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
static void plm_queue_triggers(const struct plm_content *c,
			       struct plm_scratch *s, u32 first, u32 num)
{
	u32 i;

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

void plm_queue_always(const struct plm_content *c, struct plm_scratch *s,
		      u32 template_index)
{
	u32 count = c->section[PLM_SECTION_TRIGGERS - 1].count;
	u32 i, index, template;

	if (!plm_spend(c, s, count - c->num_always, c->num_always))
		return;
	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, index, template, s->queued[0 .. s->num_rules / 32],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_queue;
	  @ loop variant count - i;
	  @*/
	for (i = count - c->num_always; i < count; i++) {
		index = plm_get_word(c, PLM_SECTION_TRIGGERS, i);
		if (plm_get_rule_template(c, index, &template) &&
		    template == template_index)
			plm_enqueue(s, index);
	}
}

void plm_hit(const struct plm_content *c, struct plm_scratch *s, u32 index)
{
	u32 first, num;

	if (index >= s->num_criteria || s->num_touched >= s->num_criteria ||
	    plm_set_has(s->hit, index))
		return;
	plm_set_add(s->hit, index);
	s->touched[s->num_touched++] = index;
	if (s->begun)
		return;
	plm_get_criterion_triggers(c, index, &first, &num);
	plm_queue_triggers(c, s, first, num);
}

void plm_hit_span(const struct plm_content *c, struct plm_scratch *s,
		  struct plm_span span)
{
	u32 first, num, i;

	if (span.first >= span.end ||
	    !plm_get_criterion_triggers(c, span.first, &first, &num) ||
	    !plm_spend(c, s, first, span.end - span.first))
		return;
	/*@ loop invariant span.first <= i <= span.end;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, s->hit[0 .. s->num_criteria / 32],
	  @	s->touched[0 .. s->num_criteria - 1], s->num_touched,
	  @	s->queued[0 .. s->num_rules / 32],
	  @	s->queue[0 .. s->num_rules - 1],
	  @	s->num_queue, s->steps, s->spent, s->blame;
	  @ loop variant span.end - i;
	  @*/
	for (i = span.first; i < span.end; i++)
		plm_hit(c, s, i);
}
