/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One event through the core's evaluator, with its promises asserted. */
#ifndef TESTS_EVALUATE_H
#define TESTS_EVALUATE_H

#include "plm_eval.h"

/* What became of each rule; every one that no event touched is untouched. */
enum outcome { UNTOUCHED, MISSED, MATCHED, FAULTED };

struct outcomes {
	enum outcome *rule;	/* by index */
	enum plm_err *err;
	uint32_t num_rules;
};

/*
 * Run @event.  Asserts (with cmocka) that every rule comes up at most once and
 * exists, that no evaluation fails but for an input that was not supplied or a
 * spent budget, and that the scratch is clean afterwards.  @budget is that of
 * each rule.
 */
struct outcomes evaluate(const struct plm_content *content,
			 const struct plm_event *event, uint32_t budget);
void outcomes_free(struct outcomes *outcomes);

/* A value of zero-terminated text, copied so that ASan sees its end. */
struct plm_value text_value(const char *text);
struct plm_value bytes_value(const void *data, uint32_t len);
struct plm_value number_value(uint64_t number);
void values_free(struct plm_value *values, uint32_t num);

#endif /* TESTS_EVALUATE_H */
