// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_scratch.h"

/* Bit sets of s32 words. */

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
static void plm_set_add(s32 *set, u32 bit)
{
	set[bit / 32] = (s32)((u32)set[bit / 32] | (u32)1 << (bit % 32));
}

/*@ requires \valid(set + bit / 32);
  @ assigns set[bit / 32];
  @*/
static void plm_set_remove(s32 *set, u32 bit)
{
	set[bit / 32] = (s32)((u32)set[bit / 32] & ~((u32)1 << (bit % 32)));
}

u32 plm_scratch_words(const struct plm_content *content)
{
	u32 num_criteria = plm_num_criteria(content);
	u32 num_rules = plm_num_rules(content);

	return plm_set_words(num_criteria) + plm_set_words(num_rules) +
	       num_criteria + num_rules;
}

/* The parts of @words, one behind the other. */
/*@ requires \valid(scratch) && \valid_read(walks);
  @ requires 0 <= num_criteria <= PLM_MAX_CRITERIA;
  @ requires 0 <= num_rules <= PLM_MAX_RULES;
  @ requires \valid(words + (0 .. plm_words_for(num_criteria, num_rules) - 1));
  @ requires \separated(scratch,
  @	words + (0 .. plm_words_for(num_criteria, num_rules) - 1));
  @ assigns *scratch;
  @ ensures scratch->walks == walks && scratch->hit == words;
  @ ensures scratch->num_criteria == num_criteria;
  @ ensures scratch->num_rules == num_rules;
  @ ensures plm_sets_fit(scratch);
  @ ensures plm_lists_fit(scratch);
  @ ensures scratch->next == 0;
  @*/
static void plm_scratch_lay(struct plm_scratch *scratch,
			    const struct plm_walks *walks, s32 *words,
			    u32 num_criteria, u32 num_rules)
{
	*scratch = (struct plm_scratch){ 0 };
	scratch->walks = walks;
	scratch->hit = words;
	scratch->queued = scratch->hit + plm_set_words(num_criteria);
	scratch->touched = scratch->queued + plm_set_words(num_rules);
	scratch->queue = scratch->touched + num_criteria;
	scratch->num_criteria = num_criteria;
	scratch->num_rules = num_rules;
	scratch->num_touched = 0;	/* again, as provers do not see it above */
	scratch->num_queue = 0;
	scratch->next = 0;
	scratch->blame = PLM_NO_BLAME;
}

void plm_scratch_init(struct plm_scratch *scratch,
		      const struct plm_content *content,
		      const struct plm_walks *walks, s32 *words)
{
	plm_scratch_lay(scratch, walks, words, plm_num_criteria(content),
			plm_num_rules(content));
}

/* Remove the bits that @list names, @num of them, all below @end. */
/*@ requires 0 <= num <= end;
  @ requires \valid(set + (0 .. end / 32));
  @ requires \valid_read(list + (0 .. num - 1));
  @ requires plm_indices_ok(list, num, end);
  @ requires \separated(set + (0 .. end / 32), list + (0 .. num - 1));
  @ assigns set[0 .. end / 32];
  @*/
static void plm_set_clean(s32 *set, u32 end, const s32 *list, s64 num)
{
	u32 i;

	(void)end;	/* the contract needs it */
	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_indices_ok(list, num, end);
	  @ loop assigns i, set[0 .. end / 32];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++) {
		//@ assert list[i] / 32 <= end / 32;
		plm_set_remove(set, (u32)list[i]);
	}
}

void plm_scratch_clean(struct plm_scratch *s)
{
	u32 num_walked = plm_set_words(s->walks->num);
	u32 i;

	plm_set_clean(s->hit, s->num_criteria, s->touched, s->num_touched);
	s->num_touched = 0;
	plm_set_clean(s->queued, s->num_rules, s->queue, s->num_queue);
	s->num_queue = 0;
	s->next = 0;
	s->blame = PLM_NO_BLAME;
	s->begun = false;
	//@ assert plm_sets_fit(s);
	//@ assert plm_walks_known(s, s->walks);
	/*@ loop invariant 0 <= i <= num_walked;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, s->walked[0 .. PLM_MAX_AUTOMATA / 32];
	  @ loop variant num_walked - i;
	  @*/
	for (i = 0; i < num_walked; i++)
		s->walked[i] = 0;
}

bool plm_mark_walked(struct plm_scratch *s, u32 index)
{
	if (index >= s->walks->num || plm_set_has(s->walked, index))
		return false;
	plm_set_add(s->walked, index);
	return true;
}

/* Queue @rule, whose bit is not set. */
/*@ requires plm_sets_fit(s) && plm_lists_fit(s);
  @ requires rule < s->num_rules && s->num_queue < s->num_rules;
  @ assigns s->hit[0 .. plm_words_of(s) - 1], s->num_queue;
  @ ensures plm_sets_fit(s);
  @ ensures plm_lists_fit(s);
  @*/
static void plm_push_rule(struct plm_scratch *s, u32 rule)
{
	plm_set_add(s->queued, rule);
	s->queue[s->num_queue++] = (s32)rule;
}

/* Remember that criterion @index holds. */
/*@ requires plm_sets_fit(s) && plm_lists_fit(s);
  @ requires index < s->num_criteria && s->num_touched < s->num_criteria;
  @ assigns s->hit[0 .. plm_words_of(s) - 1], s->num_touched;
  @ ensures plm_sets_fit(s);
  @ ensures plm_lists_fit(s);
  @*/
static void plm_push_criterion(struct plm_scratch *s, u32 index)
{
	plm_set_add(s->hit, index);
	s->touched[s->num_touched++] = (s32)index;
}

/* A bit is newly set once at most, so that the queue never is too short. */
/*@ requires plm_scratch_fits(s);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_queue;
  @ ensures plm_sets_fit(s);
  @ ensures plm_lists_fit(s);
  @ ensures plm_walks_known(s, s->walks);
  @*/
static void plm_enqueue(struct plm_scratch *s, u32 rule)
{
	if (rule >= s->num_rules || s->num_queue >= s->num_rules ||
	    plm_set_has(s->queued, rule))
		return;
	plm_push_rule(s, rule);
}

/*
 * Take @num steps for as many triggers from @first on.  False where so many
 * are not left; then the first rule of those is to blame.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ assigns s->steps, s->blame;
  @ ensures plm_sets_fit(s);
  @ ensures plm_lists_fit(s);
  @ ensures plm_walks_known(s, s->walks);
  @*/
static bool plm_spend(const struct plm_content *c, struct plm_scratch *s,
		      u32 first, u32 num)
{
	if (plm_is_spent(s))
		return false;
	if (num > s->steps) {
		s->blame = plm_get_word(c, PLM_SECTION_TRIGGERS, first);
		return false;
	}
	s->steps -= num;
	return true;
}

/* The rules that @num words of the triggers section from @first on name. */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_queue, s->steps, s->blame;
  @ ensures plm_sets_fit(s);
  @ ensures plm_lists_fit(s);
  @ ensures plm_walks_known(s, s->walks);
  @*/
static void plm_queue_triggers(const struct plm_content *c,
			       struct plm_scratch *s, u32 first, u32 num)
{
	u32 i;

	if (!plm_spend(c, s, first, num))
		return;
	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_queue;
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		plm_enqueue(s, plm_get_word(c, PLM_SECTION_TRIGGERS,
					    first + i));
}

/* Is rule @index of the template? */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @*/
static bool plm_rule_is_of(const struct plm_content *c, u32 index,
			   u32 template_index)
{
	u32 template;

	return plm_get_rule_template(c, index, &template) &&
	       template == template_index;
}

void plm_queue_always(const struct plm_content *c, struct plm_scratch *s,
		      u32 template_index)
{
	u32 count = c->section[PLM_SECTION_TRIGGERS - 1].count;
	u32 i, index;

	if (!plm_spend(c, s, count - c->num_always, c->num_always))
		return;
	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_scratch_fits(s);
	  @ loop assigns i, index, s->hit[0 .. plm_words_of(s) - 1],
	  @	s->num_queue;
	  @ loop variant count - i;
	  @*/
	for (i = count - c->num_always; i < count; i++) {
		index = plm_get_word(c, PLM_SECTION_TRIGGERS, i);
		if (plm_rule_is_of(c, index, template_index))
			plm_enqueue(s, index);
	}
}

void plm_hit(const struct plm_content *c, struct plm_scratch *s, u32 index)
{
	u32 first, num;

	if (index >= s->num_criteria || s->num_touched >= s->num_criteria ||
	    plm_set_has(s->hit, index))
		return;
	plm_push_criterion(s, index);
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
	  @ loop assigns i, s->hit[0 .. plm_words_of(s) - 1], s->num_touched,
	  @	s->num_queue, s->steps, s->blame;
	  @ loop variant span.end - i;
	  @*/
	for (i = span.first; i < span.end; i++)
		plm_hit(c, s, i);
}
