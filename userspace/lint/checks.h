/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of lint: one function each, one file for each kind. */
#ifndef LINT_CHECKS_H
#define LINT_CHECKS_H

#include "content/model.h"
#include "lint/lint.h"
#include "policy/date.h"

/*
 * Steps that deciding conditions may take, about a comparison or a propagation
 * each, of one rule and of all: people's rules take some hundreds.
 */
#define LINT_MAX_STEPS_RULE	(1u << 22)
#define LINT_MAX_STEPS		(1u << 27)

/* One content, as lint needs it. */
struct subject {
	const struct plm_content *content;
	struct model model;
};

struct lint {
	const struct lint_options *options;
	const struct policy *policy;
	const char *path;
	struct stage *stage;
	struct subject candidate;
	struct subject *baseline;	/* NULL: none to compare with */
	char today[DATE_LEN + 1];
	uint32_t counts[POLICY_NUM_CODES];
	uint8_t *used;		/* by exemption */
	uint8_t *constant;	/* by rule: matches every event, or none */
	uint64_t steps;		/* left for deciding conditions */
};

/*
 * A finding.  @rule: the rule that it is about, or PLM_NO_RULE and then @place
 * says what.  The policy decides about its severity.
 */
void lint_find(struct lint *lint, enum policy_code code, uint32_t rule,
	       const char *place, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The place of a finding about the whole file. */
#define LINT_FILE "file"

/* "process_creation.Image", a new string. */
char *lint_input_name(const struct plm_template *template, uint32_t input);

/*
 * The memory that a machine holds for content: its bytes, what is made of them
 * when it is loaded, and one scratch.
 */
uint64_t lint_memory(const struct plm_content *content);

/* The steps that one rule may take; lint_steps_end() takes them off all. */
uint64_t lint_steps_begin(const struct lint *lint);
void lint_steps_end(struct lint *lint, uint64_t before, uint64_t after);

void lint_budgets(struct lint *lint);
void lint_ordinary(struct lint *lint);
void lint_growth(struct lint *lint);
void lint_first_use(struct lint *lint);
void lint_patterns(struct lint *lint);
void lint_conditions(struct lint *lint);
void lint_duplicates(struct lint *lint);
void lint_supply(struct lint *lint);
void lint_exemptions(struct lint *lint);

#endif /* LINT_CHECKS_H */
