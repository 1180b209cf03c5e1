/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The evaluator: one event against one checked content.
 *
 *	err = plm_eval_begin(&content, &event, &scratch, &budget, &rule);
 *	if (err)
 *		...
 *	while (plm_eval_next(&scratch, &rule)) {
 *		if (disabled(rule))
 *			continue;
 *		err = plm_eval_rule(&content, &event, &scratch, rule,
 *				    &budget, &matched);
 *		...
 *	}
 *	plm_eval_end(&scratch);
 *
 * begin walks each automaton of the event's template that can trigger a rule
 * once over its input, at a cost of at most a constant for each byte of the
 * event; then it takes one step of the budget for each trigger of a criterion
 * that holds and for each rule of the final list.  next yields each rule that
 * something touched, once, in no useful order.  Automata that trigger nothing
 * are walked, once, when a condition first asks for one of their criteria.
 */
#ifndef PLM_EVAL_H
#define PLM_EVAL_H

#include "plm_walk.h"

enum plm_value_kind {
	PLM_VALUE_ABSENT = 0,	/* supplied, but this event has none */
	PLM_VALUE_STRING,
	PLM_VALUE_NUMBER,
};

struct plm_value {
	u32 kind;		/* enum plm_value_kind */
	u32 len;		/* bytes of data */
	const u8 *data;
	u64 number;
};

struct plm_event {
	u32 template_id;
	u32 num_values;		/* what the source supplied */
	const struct plm_value *values;	/* by input index */
};

/*
 * Working memory of one evaluation at a time, plm_scratch_words(content) words
 * of u32 that the caller allocates, zeroes once, and hands to plm_scratch_init,
 * with the content's walks, which many may share.
 */
struct plm_scratch {
	const struct plm_walk *walks;
	u32 *hit;		/* bit a criterion */
	u32 *late;		/* bit a criterion: see struct plm_walk */
	u32 *queued;		/* bit a rule */
	u32 *touched;		/* criteria with their bit set */
	u32 *queue;		/* rules with their bit set */
	u32 num_walks;
	u32 num_criteria;
	u32 num_rules;
	u32 num_touched;
	u32 num_queue;
	u32 next;
	u32 steps;		/* left of begin's budget */
	u32 blame;		/* the rule that found too few of them */
	bool spent;
	bool walked_some;
	u32 walked[PLM_MAX_AUTOMATA / 32 + 1];	/* late ones, by this event */
};

/*@ predicate plm_value_ok(struct plm_value value) =
  @	value.kind == PLM_VALUE_STRING ==>
  @		\valid_read(value.data + (0 .. value.len - 1));
  @
  @ predicate plm_event_fits(struct plm_event *event) =
  @	\valid_read(event) &&
  @	\valid_read(event->values + (0 .. event->num_values - 1)) &&
  @	\forall integer i; 0 <= i < event->num_values ==>
  @		plm_value_ok(event->values[i]);
  @
  @ predicate plm_scratch_ok(struct plm_scratch s) =
  @	s.num_criteria <= PLM_MAX_CRITERIA && s.num_rules <= PLM_MAX_RULES &&
  @	s.num_touched <= s.num_criteria && s.num_queue <= s.num_rules &&
  @	s.num_walks <= PLM_MAX_AUTOMATA && plm_walks_fit(s.walks, s.num_walks) &&
  @	\valid(s.hit + (0 .. s.num_criteria / 32)) &&
  @	\valid(s.late + (0 .. s.num_criteria / 32)) &&
  @	\valid(s.queued + (0 .. s.num_rules / 32)) &&
  @	\valid(s.touched + (0 .. s.num_criteria - 1)) &&
  @	\valid(s.queue + (0 .. s.num_rules - 1));
  @
  @ predicate plm_indices_ok(u32 *list, integer num, integer end) =
  @	\forall integer i; 0 <= i < num ==> list[i] < end;
  @
  @ predicate plm_scratch_fits(struct plm_scratch *s) =
  @	\valid(s) && plm_scratch_ok(*s) &&
  @	plm_indices_ok(s->touched, s->num_touched, s->num_criteria) &&
  @	plm_indices_ok(s->queue, s->num_queue, s->num_rules) &&
  @	\separated(s, s->hit + (0 .. s->num_criteria / 32),
  @		   s->late + (0 .. s->num_criteria / 32),
  @		   s->queued + (0 .. s->num_rules / 32),
  @		   s->touched + (0 .. s->num_criteria - 1),
  @		   s->queue + (0 .. s->num_rules - 1));
  @
  @ predicate plm_content_apart(struct plm_scratch *s, struct plm_content *c) =
  @	\separated(c, s, s->hit + (0 .. s->num_criteria / 32),
  @		   s->late + (0 .. s->num_criteria / 32),
  @		   s->queued + (0 .. s->num_rules / 32),
  @		   s->touched + (0 .. s->num_criteria - 1),
  @		   s->queue + (0 .. s->num_rules - 1));
  @
  @ predicate plm_event_apart(struct plm_scratch *s, struct plm_event *event) =
  @	\separated(event, s, s->hit + (0 .. s->num_criteria / 32),
  @		   s->late + (0 .. s->num_criteria / 32),
  @		   s->queued + (0 .. s->num_rules / 32),
  @		   s->touched + (0 .. s->num_criteria - 1),
  @		   s->queue + (0 .. s->num_rules - 1));
  @
  @ predicate plm_value_apart(struct plm_scratch *s, struct plm_value *value) =
  @	\separated(value, s, s->hit + (0 .. s->num_criteria / 32),
  @		   s->late + (0 .. s->num_criteria / 32),
  @		   s->queued + (0 .. s->num_rules / 32),
  @		   s->touched + (0 .. s->num_criteria - 1),
  @		   s->queue + (0 .. s->num_rules - 1));
  @
  @ logic integer plm_scratch_len(struct plm_content *c) =
  @	2 * (c->section[PLM_SECTION_CRITERIA - 1].count / 32 + 1) +
  @	c->section[PLM_SECTION_RULES - 1].count / 32 + 1 +
  @	c->section[PLM_SECTION_CRITERIA - 1].count +
  @	c->section[PLM_SECTION_RULES - 1].count;
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
  @ requires plm_walks_fit(walks,
  @	content->section[PLM_SECTION_AUTOMATA - 1].count);
  @ requires \valid(words + (0 .. plm_scratch_len(content) - 1));
  @ requires \separated(scratch, content,
  @		     words + (0 .. plm_scratch_len(content) - 1));
  @ assigns *scratch, words[0 .. plm_scratch_len(content) - 1];
  @ ensures plm_scratch_fits(scratch) && plm_content_apart(scratch, content);
  @*/
void plm_scratch_init(struct plm_scratch *scratch,
		      const struct plm_content *content,
		      const struct plm_walk *walks, u32 *words);

/*
 * Find the rules that something in @event touches; each trigger of a criterion
 * that holds and each rule of the final list costs one of *@budget.
 * PLM_BUDGET_SPENT: there are more than it allows.  next then yields none, and
 * *@out_rule is the first that there were no steps for: the caller is to count
 * the event as failed and that rule as faulted.  plm_eval_end in either case.
 */
/*@ requires plm_content_fits(content) && plm_event_fits(event);
  @ requires plm_scratch_fits(scratch);
  @ requires plm_content_apart(scratch, content);
  @ requires \valid(budget) && \valid(out_rule);
  @ requires \separated(budget, out_rule, content, event, scratch);
  @ requires plm_event_apart(scratch, event);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(scratch, event->values + i);
  @ assigns scratch->hit[0 .. scratch->num_criteria / 32],
  @	scratch->queued[0 .. scratch->num_rules / 32],
  @	scratch->touched[0 .. scratch->num_criteria - 1],
  @	scratch->queue[0 .. scratch->num_rules - 1],
  @	scratch->num_touched, scratch->num_queue, scratch->next,
  @	scratch->steps, scratch->spent, scratch->blame, *budget, *out_rule;
  @ ensures plm_scratch_fits(scratch);
  @*/
enum plm_err plm_eval_begin(const struct plm_content *content,
			    const struct plm_event *event,
			    struct plm_scratch *scratch, u32 *budget,
			    u32 *out_rule);

/* False past the last rule. */
/*@ requires plm_scratch_fits(scratch) && \valid(out_rule);
  @ requires \separated(scratch, out_rule);
  @ requires \separated(scratch->queue + (0 .. scratch->num_rules - 1), out_rule);
  @ assigns scratch->next, *out_rule;
  @ ensures \result ==> *out_rule < \old(scratch->num_rules);
  @*/
bool plm_eval_next(struct plm_scratch *scratch, u32 *out_rule);

/*
 * Evaluate the condition of one rule; each word of it costs one of *@budget,
 * and one that compares two inputs plm_pair_cost() more.
 * PLM_OK: *@out_matched says whether it holds.
 * PLM_INPUT_NOT_SUPPLIED, PLM_BUDGET_SPENT: it does not, and the caller is to
 *	disable the rule.
 * PLM_BAD_INDEX: no such rule.
 */
/*@ requires plm_content_fits(content) && plm_event_fits(event);
  @ requires plm_scratch_fits(scratch);
  @ requires plm_content_apart(scratch, content);
  @ requires plm_event_apart(scratch, event);
  @ requires \forall integer i; 0 <= i < event->num_values ==>
  @	plm_value_apart(scratch, event->values + i);
  @ requires \valid(budget) && \valid(out_matched);
  @ requires \separated(budget, out_matched, content, event, scratch);
  @ requires \separated(budget, scratch->hit + (0 .. scratch->num_criteria / 32));
  @ requires \separated(budget, event->values + (0 .. event->num_values - 1));
  @ requires \separated(out_matched, event->values + (0 .. event->num_values - 1));
  @ requires \separated(out_matched,
  @	scratch->hit + (0 .. scratch->num_criteria / 32));
  @ assigns *budget, *out_matched,
  @	scratch->walked[0 .. PLM_MAX_AUTOMATA / 32], scratch->walked_some,
  @	scratch->hit[0 .. scratch->num_criteria / 32],
  @	scratch->queued[0 .. scratch->num_rules / 32],
  @	scratch->touched[0 .. scratch->num_criteria - 1],
  @	scratch->queue[0 .. scratch->num_rules - 1],
  @	scratch->num_touched, scratch->num_queue, scratch->steps,
  @	scratch->spent, scratch->blame;
  @ ensures plm_scratch_fits(scratch);
  @*/
enum plm_err plm_eval_rule(const struct plm_content *content,
			   const struct plm_event *event,
			   struct plm_scratch *scratch, u32 rule,
			   u32 *budget, bool *out_matched);

/* Leave the scratch clean for the next event. */
/*@ requires plm_scratch_fits(scratch);
  @ assigns scratch->hit[0 .. scratch->num_criteria / 32],
  @	scratch->queued[0 .. scratch->num_rules / 32],
  @	scratch->num_touched,
  @	scratch->num_queue,
  @	scratch->next, scratch->spent, scratch->walked_some,
  @	scratch->walked[0 .. PLM_MAX_AUTOMATA / 32];
  @ ensures plm_scratch_fits(scratch);
  @*/
void plm_eval_end(struct plm_scratch *scratch);

#endif /* PLM_EVAL_H */
