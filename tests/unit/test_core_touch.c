// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules by the hundred, whose criteria wait for several inputs: what triggers a
 * rule is walked for at once, and what else it asks for when its condition does.
 * Whichever way, each says what the naive reading of it says.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/model.h"
#include "tests/unit/lib/chance.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/rules.h"

#define NUM_INPUTS	7
#define NUM_RULES	150
#define NUM_EVENTS	400
#define BUDGET		65536
#define MAX_LEN		200

static const uint32_t inputs[] = { 0, 1, 5 };
static const uint32_t ops[] = {
	PLM_OP_EQUALS, PLM_OP_CONTAINS, PLM_OP_CONTAINS, PLM_OP_STARTSWITH,
	PLM_OP_ENDSWITH,
};

static struct model model;
static struct plm_content content;
static uint8_t *data;

/* Of few syllables, so that texts hold others, and begin and end alike. */
static size_t make_text(char *out, uint32_t most)
{
	static const char *const syllables[] = {
		"ab", "ba", "Cab", "d", "/", "dda", "c-", "x",
	};
	size_t len = 0;

	for (uint32_t i = 1 + below(most); i > 0; i--) {
		const char *syllable = syllables[below(ARRAY_LEN(syllables))];

		memcpy(out + len, syllable, strlen(syllable) + 1);
		len += strlen(syllable);
	}
	return len;
}

static uint32_t make_criterion(const struct plm_template *t)
{
	char text[MAX_LEN];
	size_t len = make_text(text, 4);

	return model_criterion(&model, t, inputs[below(ARRAY_LEN(inputs))],
			       ops[below(ARRAY_LEN(ops))],
			       below(3) ? 0 : PLM_FLAG_CASED, text,
			       (uint32_t)len, 0);
}

/* Some of few criteria, and now and then not another one. */
static void make_rule(size_t index)
{
	const struct plm_template *t =
		plm_template_find(PLM_PROCESS_CREATION_ID);
	uint32_t program[8], num = 1 + below(3), len = 0;
	char id[16];

	snprintf(id, sizeof(id), "%04zu", index);
	for (uint32_t i = 0; i < num; i++)
		program[len++] = RULE_TEST(make_criterion(t));
	program[len++] = PLM_WORD(PLM_WORD_AT_LEAST,
				  (1 + below(num)) << 8 | num);
	if (!below(4)) {
		program[len++] = RULE_TEST(make_criterion(t));
		program[len++] = RULE_NOT;
		program[len++] = RULE_ALL(2);
	}
	rules_add(&model, PLM_PROCESS_CREATION_ID, id, program, len);
}

static int make(void **state)
{
	struct model_error error;
	struct plm_fault fault;
	size_t len;

	(void)state;
	chance_seed(5);
	model_init(&model, 1, 1);
	for (size_t i = 0; i < NUM_RULES; i++)
		make_rule(i);
	return model_encode(&model, &data, &len, &error) ||
	       plm_check(data, (u32)len, 0, &content, &fault) != PLM_OK;
}

static int drop(void **state)
{
	(void)state;
	model_free(&model);
	free(data);
	return 0;
}

static void test_all(void **state)
{
	unsigned int matched = 0, missed = 0;

	(void)state;
	for (unsigned int i = 0; i < NUM_EVENTS; i++) {
		struct plm_value values[NUM_INPUTS] = { 0 };
		struct plm_event event = { PLM_PROCESS_CREATION_ID, NUM_INPUTS,
					   values };
		struct outcomes o;

		for (uint32_t k = 0; k < NUM_INPUTS; k++) {
			char text[MAX_LEN];

			make_text(text, 1 + below(12));
			if (below(8))
				values[k] = text_value(text);
		}
		o = evaluate(&content, &event, BUDGET);
		for (size_t rule = 0; rule < NUM_RULES; rule++) {
			int expected = model_rule_matches(&model, rule, values,
							  NUM_INPUTS);

			assert_int_equal(o.rule[rule] == MATCHED, expected);
			assert_int_not_equal(o.rule[rule], FAULTED);
			matched += o.rule[rule] == MATCHED;
			missed += o.rule[rule] == MISSED;
		}
		outcomes_free(&o);
		values_free(values, NUM_INPUTS);
	}
	/* Enough of either for what is said above to mean something. */
	assert_true(matched > NUM_EVENTS);
	assert_true(missed > NUM_EVENTS);
	assert_true(content.section[PLM_SECTION_CRITERIA - 1].count > 96);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("touch", tests, make, drop);
}
