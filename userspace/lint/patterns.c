// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Patterns that say nothing.  The core takes an automaton at its word, whatever
 * the pattern's text; so a text that cannot be read hides what a rule matches.
 */
#include "lint/checks.h"

/* The first such criterion that @rule tests, or NULL. */
static const struct model_criterion *unreadable_of(const struct model *model,
						   const struct model_rule *rule)
{
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		if (PLM_WORD_OP(rule->program[i]) == PLM_WORD_TEST &&
		    model->criteria[arg].unreadable)
			return &model->criteria[arg];
	}
	return NULL;
}

void lint_patterns(struct lint *lint)
{
	const struct model *model = &lint->candidate.model;

	for (uint32_t i = 0; i < model->num_rules; i++) {
		const struct model_criterion *c =
			unreadable_of(model, &model->rules[i]);

		if (c)
			lint_find(lint, POLICY_UNREADABLE_PATTERN, i, NULL,
				  "the pattern for %s is not in the canonical notation, or counts to more than any compiler writes: what it matches cannot be told",
				  c->template->shape.inputs[c->input].name);
	}
}
