// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Criteria that one value decides: what they say of each kind of value, and what
 * is said where there is none, whatever stood in the answer before.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "plm_direct.h"
#include "tests/unit/lib/evaluate.h"

#define NUM_INPUTS 3
#define BUDGET 10

enum { NOTHING, TEXT, NUMBER };

static struct plm_value values[NUM_INPUTS];
static const struct plm_event event = { 1, NUM_INPUTS, values };

static int set_up(void **state)
{
	(void)state;
	values[TEXT] = text_value("0123456789abcdef");
	values[NUMBER] = number_value(7);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	values_free(values, NUM_INPUTS);
	return 0;
}

/* The answer must be the same whatever its place held before. */
static bool holds(uint32_t op, uint32_t input, uint64_t number)
{
	struct plm_criterion c = { .op = op, .input = input, .number = number };
	bool first = false, second = true;
	u32 budget = BUDGET;

	assert_int_equal(plm_direct_holds(&event, &c, &budget, &first), PLM_OK);
	assert_int_equal(plm_direct_holds(&event, &c, &budget, &second), PLM_OK);
	assert_int_equal(first, second);
	return first;
}

static void test_numbers(void **state)
{
	static const struct {
		uint32_t op;
		bool below, same, above;	/* the value is, of the operand */
	} cases[] = {
		{ PLM_OP_NUM_EQ, false, true, false },
		{ PLM_OP_NUM_LT, true, false, false },
		{ PLM_OP_NUM_LTE, true, true, false },
		{ PLM_OP_NUM_GT, false, false, true },
		{ PLM_OP_NUM_GTE, false, true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(holds(cases[i].op, NUMBER, 8), cases[i].below);
		assert_int_equal(holds(cases[i].op, NUMBER, 7), cases[i].same);
		assert_int_equal(holds(cases[i].op, NUMBER, 6), cases[i].above);
		assert_false(holds(cases[i].op, TEXT, 0));
		assert_false(holds(cases[i].op, NOTHING, 0));
	}
}

static void test_exists(void **state)
{
	(void)state;
	assert_true(holds(PLM_OP_EXISTS, NUMBER, 0));
	assert_true(holds(PLM_OP_EXISTS, TEXT, 0));
	assert_false(holds(PLM_OP_EXISTS, NOTHING, 0));
}

/* An operator that is none, which no checked content has. */
static void test_no_operator(void **state)
{
	(void)state;
	assert_false(holds(0, NUMBER, 7));
	assert_false(holds(PLM_OP_NUM_GTE + 1, NUMBER, 7));
	assert_false(holds(PLM_OP_EXISTS - 1, NUMBER, 7));
	assert_false(holds(PLM_OP_EXISTS + 1, NUMBER, 7));
	assert_false(holds(PLM_OP_SAME_END + 1, NUMBER, 7));
}

static void test_not_supplied(void **state)
{
	struct plm_criterion c = { .op = PLM_OP_EXISTS, .input = NUM_INPUTS };
	bool answer = true;
	u32 budget = BUDGET;

	(void)state;
	assert_int_equal(plm_direct_holds(&event, &c, &budget, &answer),
			 PLM_INPUT_NOT_SUPPLIED);
	assert_false(answer);
	c = (struct plm_criterion){ .op = PLM_OP_SAME, .input = TEXT,
				    .number = NUM_INPUTS };
	answer = true;
	assert_int_equal(plm_direct_holds(&event, &c, &budget, &answer),
			 PLM_INPUT_NOT_SUPPLIED);
	assert_false(answer);
	assert_int_equal(budget, BUDGET);
}

/* A pair's cost is taken where there is enough, and nothing otherwise. */
static void test_pair_budget(void **state)
{
	struct plm_criterion c = { .op = PLM_OP_SAME, .input = TEXT,
				   .number = TEXT };
	bool answer = false;
	u32 budget = 1;

	(void)state;
	assert_int_equal(plm_direct_holds(&event, &c, &budget, &answer), PLM_OK);
	assert_true(answer);
	assert_int_equal(budget, 0);
	assert_int_equal(plm_direct_holds(&event, &c, &budget, &answer),
			 PLM_BUDGET_SPENT);
	assert_false(answer);
	assert_int_equal(budget, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_exists),
		cmocka_unit_test(test_no_operator),
		cmocka_unit_test(test_not_supplied),
		cmocka_unit_test(test_pair_budget),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("direct", tests, set_up, tear_down);
}
