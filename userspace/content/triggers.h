/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Triggers: for each rule the criteria, over strings and numbers, without one of
 * which it cannot match, so that an event costs nothing for rules that it has
 * nothing to do with.  Of several such sets the one is taken whose most common
 * criterion is the least common.
 */
#ifndef CONTENT_TRIGGERS_H
#define CONTENT_TRIGGERS_H

#include "content/plan.h"

struct triggers {
	uint32_t *first;	/* num_criteria + 1: each criterion's list */
	uint32_t *rules;	/* the lists, then the rules for every event */
	uint32_t num_rules;
};

void triggers_make(struct triggers *triggers, const struct plan *plan);
void triggers_free(struct triggers *triggers);

/* Does @rule wait for texts alone?  Its condition is well-formed. */
bool triggers_are_texts(const struct model *model,
			const struct model_rule *rule);

/* Would rule @a of @model wait for rarer texts than @b?  The same of both. */
bool triggers_better(const struct model *model, const struct model_rule *a,
		     const struct model_rule *b);

/*
 * How rare a text is in the inputs of ordinary events, in eighths of a bit:
 * the logarithm of one in how many it is expected in.
 */
uint32_t text_rarity(uint32_t op, const uint8_t *text, uint32_t len);

/* A text that is rarer than this is worth waiting for. */
#define TEXT_WILL_DO 100u

#endif /* CONTENT_TRIGGERS_H */
