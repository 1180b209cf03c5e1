/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of things in the content file to be: which rules, criteria and
 * templates it holds, and at which index.
 */
#ifndef CONTENT_PLAN_H
#define CONTENT_PLAN_H

#include "content/model.h"

#define PLAN_UNUSED UINT32_MAX

struct plan_template {
	const struct plm_template *template;
	uint32_t num_inputs;	/* highest input touched, plus one */
	uint32_t num_rules;
};

struct plan {
	const struct model *model;
	struct plan_template templates[PLM_MAX_TEMPLATES];
	uint32_t num_templates;
	uint32_t *rules;	/* model's index of each of the file's rules */
	uint32_t num_rules;
	uint32_t *criteria;	/* the same of its criteria */
	uint32_t num_criteria;
	uint32_t *criterion_of;	/* the file's index of each of the model's
				 * criteria, or PLAN_UNUSED */
	uint32_t *first_rule;	/* for each of the file's criteria, a model's
				 * rule that tests it */
};

/*
 * Check everything in @model that a content file limits, and order it.  0, or
 * -1 and *out_error; plan_free() in either case.
 */
int plan_make(struct plan *plan, const struct model *model,
	      struct model_error *out_error);
void plan_free(struct plan *plan);

/* Fill *error and return -1. */
int model_fail(struct model_error *error, size_t rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The file's rule or criterion with this index. */
const struct model_rule *plan_rule(const struct plan *plan, uint32_t index);
const struct model_criterion *plan_criterion(const struct plan *plan,
					     uint32_t index);
/* The file's index of a template that is in use. */
uint32_t plan_template_index(const struct plan *plan,
			     const struct plm_template *template);

static inline bool op_is_string(uint32_t op)
{
	return plm_op_is_string(op);
}

static inline bool op_is_number(uint32_t op)
{
	return plm_op_is_number(op);
}

/* The highest input that a criterion is over. */
static inline uint32_t last_input(const struct model_criterion *c)
{
	return plm_op_is_pair(c->op) && c->number > c->input ?
	       (uint32_t)c->number : c->input;
}

#endif /* CONTENT_PLAN_H */
