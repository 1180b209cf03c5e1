/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Scratch: what one evaluation knows of its event so far.  Which criteria hold
 * that automata have reported, which rules something touched, and which of them
 * have been handed out.
 */
#ifndef PLM_SCRATCH_H
#define PLM_SCRATCH_H

#include "plm_walk.h"

#define PLM_NO_BLAME	(-1)

/*
 * Working memory of one evaluation at a time, plm_scratch_words(content) words
 * of s32 that the caller allocates, zeroes once, and hands to plm_scratch_init,
 * with the content's walks, which many may share.
 *
 * What evaluation writes here is signed, and nothing else of the core is: so
 * provers, to whom memory of different types is apart, know that it leaves all
 * else as it was.
 */
struct plm_scratch {
	const struct plm_walks *walks;
	s32 *hit;		/* bit a criterion */
	s32 *queued;		/* bit a rule */
	s32 *touched;		/* criteria with their bit set */
	s32 *queue;		/* rules with their bit set */
	u32 num_criteria;
	u32 num_rules;
	s64 num_touched;
	s64 num_queue;
	s64 next;
	s64 steps;		/* left of begin's budget */
	s64 blame;		/* the rule that found too few of them, or PLM_NO_BLAME */
	bool begun;		/* rules are known: criteria trigger no more */
	s32 walked[PLM_MAX_AUTOMATA / 32 + 1];	/* bit a walk, over this event */
};

/*
 * The two sets and the two lists are one block of words, from hit on.  That the
 * walks hold what they say (plm_walks_fit) is for those to know who walk.
 */
/*@ logic integer plm_words_for(integer num_criteria, integer num_rules) =
  @	num_criteria / 32 + 1 + num_rules / 32 + 1 + num_criteria + num_rules;
  @
  @ logic integer plm_words_of(struct plm_scratch *s) =
  @	plm_words_for(s->num_criteria, s->num_rules);
  @
  @ predicate plm_sets_fit(struct plm_scratch *s) =
  @	\valid(s) && \valid(s->hit + (0 .. plm_words_of(s) - 1)) &&
  @	\separated(s, s->hit + (0 .. plm_words_of(s) - 1)) &&
  @	s->queued == s->hit + (s->num_criteria / 32 + 1) &&
  @	s->touched == s->queued + (s->num_rules / 32 + 1) &&
  @	s->queue == s->touched + s->num_criteria &&
  @	0 <= s->num_criteria <= PLM_MAX_CRITERIA &&
  @	0 <= s->num_rules <= PLM_MAX_RULES &&
  @	0 <= s->num_touched <= s->num_criteria &&
  @	0 <= s->num_queue <= s->num_rules;
  @
  @ predicate plm_indices_ok(s32 *list, integer num, integer end) =
  @	\forall integer i; 0 <= i < num ==> 0 <= list[i] < end;
  @
  @ predicate plm_lists_fit(struct plm_scratch *s) =
  @	plm_indices_ok(s->touched, s->num_touched, s->num_criteria) &&
  @	plm_indices_ok(s->queue, s->num_queue, s->num_rules);
  @
  @ predicate plm_walks_known(struct plm_scratch *s, struct plm_walks *w) =
  @	\valid_read(w) && 0 <= w->num <= PLM_MAX_AUTOMATA &&
  @	w->num_criteria == s->num_criteria &&
  @	\valid_read(w->owners + (0 .. w->num_criteria - 1));
  @
  @ predicate plm_scratch_fits(struct plm_scratch *s) =
  @	plm_sets_fit(s) && plm_lists_fit(s) && plm_walks_known(s, s->walks);
  @
  @ logic integer plm_scratch_len(struct plm_content *c) =
  @	plm_words_for(c->section[PLM_SECTION_CRITERIA - 1].count,
  @		      c->section[PLM_SECTION_RULES - 1].count);
  @*/

/* Words of scratch that @content needs. */
/*@ requires plm_content_fits(content);
  @ assigns \nothing;
  @ ensures \result == plm_scratch_len(content);
  @*/
u32 plm_scratch_words(const struct plm_content *content);

/*
 * @words: plm_scratch_words(@content) words, all zero; stay the caller's, like
 * @walks, which plm_walks_init has made of @content.
 */
/*@ requires plm_content_fits(content) && \valid(scratch);
  @ requires plm_walks_fit(walks) && walks->num_criteria ==
  @	content->section[PLM_SECTION_CRITERIA - 1].count;
  @ requires \valid(words + (0 .. plm_scratch_len(content) - 1));
  @ requires \separated(scratch, content, walks,
  @		     words + (0 .. plm_scratch_len(content) - 1));
  @ assigns *scratch;
  @ ensures plm_sets_fit(scratch);
  @ ensures plm_lists_fit(scratch);
  @ ensures plm_walks_known(scratch, walks) && scratch->walks == walks;
  @ ensures scratch->next == 0;
  @*/
void plm_scratch_init(struct plm_scratch *scratch,
		      const struct plm_content *content,
		      const struct plm_walks *walks, s32 *words);

/* Clean for the next event, at a cost of what this one touched. */
/*@ requires plm_scratch_fits(s);
  @ assigns s->hit[0 .. plm_words_of(s) - 1], s->num_touched, s->num_queue,
  @	s->next, s->blame, s->begun, s->walked[0 .. PLM_MAX_AUTOMATA / 32];
  @ ensures plm_scratch_fits(s) && s->next == 0;
  @*/
void plm_scratch_clean(struct plm_scratch *s);

/* Of a bit set of s32 words. */
/*@ requires \valid_read(set + bit / 32);
  @ assigns \nothing;
  @*/
static inline bool plm_set_has(const s32 *set, u32 bit)
{
	return (u32)set[bit / 32] >> (bit % 32) & 1;
}

/* Were steps found too few? */
/*@ requires \valid_read(s);
  @ assigns \nothing;
  @*/
static inline bool plm_is_spent(const struct plm_scratch *s)
{
	return s->blame != PLM_NO_BLAME;
}

/* Has an automaton reported criterion @index? */
/*@ requires plm_scratch_fits(s);
  @ assigns \nothing;
  @*/
static inline bool plm_is_hit(const struct plm_scratch *s, u32 index)
{
	return index < s->num_criteria && plm_set_has(s->hit, index);
}

/*
 * Is it known whether criterion @index holds, as it was reported, or its walk
 * is over without?
 */
/*@ requires plm_scratch_fits(s);
  @ assigns \nothing;
  @*/
static inline bool plm_is_settled(const struct plm_scratch *s, u32 index)
{
	u32 owner;

	if (index >= s->num_criteria)
		return false;
	owner = s->walks->owners[index];
	return owner < s->walks->num && plm_set_has(s->walked, owner);
}

/* Note that walk @index is under way; false where it was before. */
/*@ requires plm_scratch_fits(s);
  @ assigns s->walked[0 .. PLM_MAX_AUTOMATA / 32];
  @ ensures plm_scratch_fits(s);
  @*/
bool plm_mark_walked(struct plm_scratch *s, u32 index);

/*
 * Queue the rules of template @template_index among those that no criterion
 * triggers, each once, at a step of the budget for each of all of these.  Where
 * so many steps are not left, none is queued, and the first is to blame.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ assigns s->hit[0 .. plm_words_of(s) - 1],
  @	s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
void plm_queue_always(const struct plm_content *c, struct plm_scratch *s,
		      u32 template_index);

/*
 * Criterion @index holds: remember it, and queue the rules that it triggers.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ assigns s->hit[0 .. plm_words_of(s) - 1], s->num_touched,
  @	s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
void plm_hit(const struct plm_content *c, struct plm_scratch *s, u32 index);

/*
 * The same for the criteria of @span, at a step of the budget for each beside
 * those for triggers.  Where so many are not left none is remembered, and the
 * rule to blame is the first that waits for one of them or for a later one.
 */
/*@ requires plm_content_fits(c) && plm_scratch_fits(s);
  @ assigns s->hit[0 .. plm_words_of(s) - 1], s->num_touched,
  @	s->num_queue, s->steps, s->blame;
  @ ensures plm_scratch_fits(s);
  @*/
void plm_hit_span(const struct plm_content *c, struct plm_scratch *s,
		  struct plm_span span);

#endif /* PLM_SCRATCH_H */
