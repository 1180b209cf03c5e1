/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One Sigma rule, understood. */
#ifndef SIGMA_RULE_H
#define SIGMA_RULE_H

#include "content/model.h"
#include "sigma/category.h"
#include "sigma/field.h"
#include "sigma/lower.h"
#include "sigma/tree.h"

struct sigma_rule {
	char *id, *title, *tags;
	uint64_t steps;		/* that it cost to compile */
	uint64_t bytes;		/* of the content file; 0 before there is one */
	uint32_t level;		/* enum plm_level */
	const struct plm_template *template;
	struct sigma_category category;
	struct logic_pool pool;	/* what the program's tests stand in */
	struct sigma_program program;
};

/*
 * Compile one document.  0, or -1 and *out_error; sigma_rule_free() in either
 * case.  The id is set whenever the document has one, so that a refused rule
 * can be named by it.  @placeholders may be NULL.  *@steps_left is what rules may
 * still cost (of SIGMA_MAX_STEPS); what this one did is taken off, and 0 is left
 * where it was not enough.
 */
int sigma_rule_compile(struct sigma_rule *rule,
		       const struct tree_node *document,
		       const struct sigma_placeholders *placeholders,
		       uint64_t *steps_left,
		       struct sigma_error *out_error);
void sigma_rule_free(struct sigma_rule *rule);

/* Add the rule to a model. */
void sigma_rule_emit(const struct sigma_rule *rule, uint32_t action,
		     struct model *model);

#endif /* SIGMA_RULE_H */
