/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The evaluator: one event against one checked content.
 *
 *	plm_eval_begin(&content, &event, &scratch);
 *	while (plm_eval_next(&scratch, &rule)) {
 *		if (disabled(rule))
 *			continue;
 *		err = plm_eval_rule(&content, &event, &scratch, rule,
 *				    &budget, &matched);
 *		...
 *	}
 *	plm_eval_end(&scratch);
 *
 * begin walks each automaton of the event's template once over its input, at a
 * cost of at most a constant for each byte of the event; then it takes one step
 * for each trigger of a criterion that holds and for each rule of the final
 * list, which is what a file can make an event pay for.  next yields each rule
 * that something touched, once, in no useful order.
 */
#ifndef PLM_EVAL_H
#define PLM_EVAL_H

#include "plm_content.h"

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
 * of u32 that the caller allocates, zeroes once, and hands to plm_scratch_init.
 */
struct plm_scratch {
	u32 *hit;		/* bit a criterion */
	u32 *queued;		/* bit a rule */
	u32 *touched;		/* criteria with their bit set */
	u32 *queue;		/* rules with their bit set */
	u32 num_criteria;
	u32 num_rules;
	u32 num_touched;
	u32 num_queue;
	u32 next;
};

/* Words of scratch that @content needs. */
u32 plm_scratch_words(const struct plm_content *content);

/* @words: plm_scratch_words(@content) words, all zero; stays the caller's. */
void plm_scratch_init(struct plm_scratch *scratch,
		      const struct plm_content *content, u32 *words);

void plm_eval_begin(const struct plm_content *content,
		    const struct plm_event *event,
		    struct plm_scratch *scratch);

/* False past the last rule. */
bool plm_eval_next(struct plm_scratch *scratch, u32 *out_rule);

/*
 * Evaluate the condition of one rule; each word of it costs one of *@budget.
 * PLM_OK: *@out_matched says whether it holds.
 * PLM_INPUT_NOT_SUPPLIED, PLM_BUDGET_SPENT: it does not, and the caller is to
 *	disable the rule.
 * PLM_BAD_INDEX: no such rule.
 */
enum plm_err plm_eval_rule(const struct plm_content *content,
			   const struct plm_event *event,
			   const struct plm_scratch *scratch, u32 rule,
			   u32 *budget, bool *out_matched);

/* Leave the scratch clean for the next event. */
void plm_eval_end(struct plm_scratch *scratch);

#endif /* PLM_EVAL_H */
