// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/lib/evaluate.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/machine.h"

static void run_rule(const struct plm_content *content,
		     const struct plm_event *event, struct plm_scratch *scratch,
		     uint32_t budget, uint32_t rule, struct outcomes *out)
{
	bool matched = true;
	enum plm_err err;

	assert_true(rule < out->num_rules);
	assert_int_equal(out->rule[rule], UNTOUCHED);
	err = plm_eval_rule(content, event, scratch, rule, &budget, &matched);
	out->err[rule] = err;
	if (err) {
		assert_true(err == PLM_INPUT_NOT_SUPPLIED ||
			    err == PLM_BUDGET_SPENT);
		assert_false(matched);
		out->rule[rule] = FAULTED;
	} else {
		out->rule[rule] = matched ? MATCHED : MISSED;
	}
}

struct outcomes evaluate(const struct plm_content *content,
			 const struct plm_event *event, uint32_t budget)
{
	struct machine machine;
	struct plm_scratch *scratch = &machine.scratch;
	struct outcomes out = { .num_rules = plm_num_rules(content) };
	uint32_t rule, steps = 1u << 20;

	out.rule = xcalloc(out.num_rules, sizeof(*out.rule));
	out.err = xcalloc(out.num_rules, sizeof(*out.err));
	machine_init(&machine, content);
	assert_int_equal(plm_eval_begin(content, event, scratch, &steps,
					&rule), PLM_OK);
	while (plm_eval_next(scratch, &rule))
		run_rule(content, event, scratch, budget, rule, &out);
	assert_false(plm_eval_next(scratch, &rule));
	plm_eval_end(scratch);
	/* Lists may keep what they held; sets and counts may not. */
	for (uint32_t i = 0; i < plm_num_criteria(content); i++)
		assert_false(plm_set_has(scratch->hit, i));
	for (uint32_t i = 0; i < out.num_rules; i++)
		assert_false(plm_set_has(scratch->queued, i));
	assert_false(plm_eval_next(scratch, &rule));
	machine_free(&machine);
	return out;
}

void outcomes_free(struct outcomes *outcomes)
{
	free(outcomes->rule);
	free(outcomes->err);
	memset(outcomes, 0, sizeof(*outcomes));
}

struct plm_value bytes_value(const void *data, uint32_t len)
{
	return (struct plm_value){
		.kind = PLM_VALUE_STRING,
		.len = len,
		.data = len ? xmemdup(data, len) : NULL,
	};
}

struct plm_value text_value(const char *text)
{
	return bytes_value(text, (uint32_t)strlen(text));
}

struct plm_value number_value(uint64_t number)
{
	return (struct plm_value){ .kind = PLM_VALUE_NUMBER, .number = number };
}

void values_free(struct plm_value *values, uint32_t num)
{
	for (uint32_t i = 0; i < num; i++) {
		free((void *)values[i].data);
		values[i] = (struct plm_value){ 0 };
	}
}
