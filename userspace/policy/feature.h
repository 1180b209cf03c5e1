/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Features: the parts of consumer and evaluator that content makes run.  What
 * runs for the first time is what has never been shown to be sound.
 *
 *	template NAME		the template has a rule
 *	input TEMPLATE.INPUT	a criterion is over the input
 *	operator OP		equals, contains, startswith, endswith,
 *				matches, =, <, <=, >, >=, exists, equals input,
 *				startswith input, endswith input
 *	flag cased		a criterion tells cases apart
 *	condition not		a condition negates something
 *	condition count		a condition wants some, neither one nor all
 *	action kill		a rule kills
 *	trigger none		a rule is evaluated on every event
 */
#ifndef POLICY_FEATURE_H
#define POLICY_FEATURE_H

#include "content/model.h"

/* In an order of their own, without gaps, for every build of the core. */
uint32_t feature_count(void);
/* "operator matches", a new string. */
char *feature_name(uint32_t feature);
/* The feature of this name, or feature_count(). */
uint32_t feature_find(const char *name);

/*
 * Which features does it use?  Sets out[feature] and leaves the others.  Of a
 * rule that is all but "trigger none", which is for the caller to see; of a
 * condition what is not its criteria'.
 */
void feature_of_criterion(const struct model_criterion *criterion,
			  uint8_t *out);
void feature_of_condition(const struct model_rule *rule, uint8_t *out);
void feature_of_rule(const struct model *model, const struct model_rule *rule,
		     uint8_t *out);
uint32_t feature_trigger_none(void);

#endif /* POLICY_FEATURE_H */
