/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Content in memory, as rules and criteria: what the compiler makes, what
 * encode turns into a content file, and what decode reads back from one.
 * encode(decode(file)) gives the same bytes for every file that encode made.
 */
#ifndef CONTENT_MODEL_H
#define CONTENT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plm_check.h"
#include "plm_content.h"
#include "plm_eval.h"

struct model_text {
	uint8_t *data;		/* not terminated; owned */
	uint32_t len;
};

struct model_criterion {
	const struct plm_template *template;
	uint32_t input;
	uint32_t op;		/* enum plm_op */
	uint32_t flags;		/* PLM_FLAG_CASED */
	uint64_t number;	/* numeric operators; of a pair: the other
				 * input */
	struct model_text text;	/* string operators; folded to lower case
				 * unless PLM_FLAG_CASED */
	bool unreadable;	/* decoded: a pattern in no canonical notation,
				 * or of more parts than a compiler writes; for
				 * the reference it holds nowhere */
	uint32_t parts;		/* decoded: that the reference has to run of a
				 * pattern; 0 where it is none */
};

struct model_rule {
	const struct plm_template *template;
	struct model_text id, title, tags;
	uint32_t action;	/* enum plm_action */
	uint32_t level;		/* enum plm_level */
	uint32_t *program;	/* condition words; TEST takes an index into
				 * the model's criteria; owned */
	uint32_t program_len;
};

struct model {
	uint32_t channel;
	uint64_t version;
	struct model_rule *rules;
	size_t num_rules, cap_rules;
	struct model_criterion *criteria;
	size_t num_criteria, cap_criteria;
	uint32_t *index;	/* hash table: index of a criterion + 1, or 0 */
	size_t index_len;	/* places, a power of two */
};

/* Why a model can't be encoded; all zero where it could. */
struct model_error {
	char text[256];
	size_t rule;		/* index of the model's rule, or SIZE_MAX */
};

void model_init(struct model *model, uint32_t channel, uint64_t version);
void model_free(struct model *model);

/* A new rule, all zero, at the end; valid until the next one is added. */
struct model_rule *model_rule_add(struct model *model);
/* Make *text a copy of these bytes; frees what it held. */
void model_text_set(struct model_text *text, const void *data, size_t len);

/*
 * The index of this criterion in the model, added where it is new.  The text
 * is copied, and folded unless flags say PLM_FLAG_CASED.
 */
uint32_t model_criterion(struct model *model, const struct plm_template *t,
			 uint32_t input, uint32_t op, uint32_t flags,
			 const void *text, uint32_t text_len, uint64_t number);

/*
 * Make the one content file that says what the model says: rules sorted by id,
 * criteria sorted and without those that no rule tests, automata and triggers
 * derived.  0 and an allocated buffer, or -1 and *out_error.  The result
 * always passes plm_check.
 */
int model_encode(const struct model *model, uint8_t **out_data,
		 size_t *out_len, struct model_error *out_error);

/* Read a checked file back.  The model owns copies. */
void model_decode(struct model *model, const struct plm_content *content);

/*
 * The naive reference of one rule on one event: criteria by comparison of
 * bytes, condition by its words, no automata, nothing of plm_eval.  0 as well
 * where the rule tests an input that is not supplied (index >= num_values).
 */
int model_rule_matches(const struct model *model, size_t rule,
		       const struct plm_value *values, uint32_t num_values);

#endif /* CONTENT_MODEL_H */
