// SPDX-License-Identifier: GPL-2.0-or-later
/* Criteria over two inputs: what they say, what they cost, what they need. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "content/machine.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vecfile.h"

#define NUM_INPUTS 10
#define BUDGET 65536
#define NO_RULE 0xffffffffu

enum { IMAGE, PARENT_IMAGE = 2, USER = 5, PARENT_USER, LOGON_ID,
       PARENT_ID = 9 };

static struct vec_file file;
static struct plm_content content;

static int read_file(void **state)
{
	struct vec_case *c;
	struct plm_fault fault;

	(void)state;
	if (vec_file_read(&file, "tests/vectors/pair.vec"))
		return -1;
	c = vec_file_find(&file, "pair");
	return plm_check(c->v.data, (uint32_t)c->v.len, 0, &content, &fault) ?
	       -1 : 0;
}

static int free_file(void **state)
{
	(void)state;
	vec_file_free(&file);
	return 0;
}

static struct plm_value value_of(const char *text)
{
	return text ? text_value(text) : (struct plm_value){ 0 };
}

/* What @rule says where these two inputs have these values (NULL: none). */
static enum outcome ask(uint32_t rule, uint32_t a, const char *text_a,
			uint32_t b, const char *text_b, uint32_t budget)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };
	struct outcomes o;
	enum outcome outcome;

	values[a] = value_of(text_a);
	values[b] = value_of(text_b);
	o = evaluate(&content, &event, budget);
	outcome = o.rule[rule];
	if (outcome == FAULTED)
		assert_int_equal(o.err[rule], PLM_BUDGET_SPENT);
	outcomes_free(&o);
	values_free(values, NUM_INPUTS);
	return outcome;
}

static void test_texts(void **state)
{
	static const struct {
		const char *user, *parent;
		enum outcome expected;
	} cases[] = {
		{ "root", "root", MATCHED }, { "rOOT", "Root", MATCHED },
		{ "", "", MATCHED }, { "root", "roo", MISSED },
		{ "roo", "root", MISSED }, { "root", "rooT7", MISSED },
		{ "@[`{", "@[`{", MATCHED }, { "@", "`", MISSED },
		{ "[", "{", MISSED }, { "\xc3\x89", "\xc3\xa9", MISSED },
		{ "AZ", "az", MATCHED }, { "az", "AZ", MATCHED },
		{ "root", "", MISSED }, { NULL, "root", MISSED },
		{ "root", NULL, MISSED }, { NULL, NULL, MISSED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(ask(1, USER, cases[i].user, PARENT_USER,
				     cases[i].parent, BUDGET),
				 cases[i].expected);
}

/* The start cased, the end not. */
static void test_ends(void **state)
{
	static const struct {
		const char *whole, *part;
		enum outcome expected;
	} cases[] = {
		{ "/bin/sh", "/bin", MATCHED }, { "/bin/sh", "/BIN", MISSED },
		{ "/bin/sh", "/sh", MATCHED }, { "/bin/sh", "/SH", MATCHED },
		{ "/bin/sh", "in", MISSED }, { "/bin/sh", "", MATCHED },
		{ "/bin/sh", "/bin/sh", MATCHED },
		{ "/bin/sh", "/bin/shh", MISSED },
		{ "/bin/sh", "x/bin/sh", MISSED }, { "", "", MATCHED },
		{ "", "x", MISSED }, { NULL, "", MISSED }, { "", NULL, MISSED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(ask(0, PARENT_IMAGE, cases[i].whole, IMAGE,
				     cases[i].part, BUDGET),
				 cases[i].expected);
}

static void test_numbers(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 1ull << 32, UINT64_MAX };
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		for (size_t k = 0; k < ARRAY_LEN(numbers); k++) {
			struct outcomes o;

			values[LOGON_ID] = number_value(numbers[i]);
			values[PARENT_ID] = number_value(numbers[k]);
			o = evaluate(&content, &event, BUDGET);
			assert_int_equal(o.rule[2], i == k ? MATCHED : MISSED);
			outcomes_free(&o);
		}
	}
}

/* A word, and a step for each 16 bytes of the other value; or no answer. */
static void test_budget(void **state)
{
	static const char text[] = "0123456789abcdef0123456789abcdefrest";

	(void)state;
	assert_int_equal(ask(1, USER, text, PARENT_USER, text, 3), MATCHED);
	assert_int_equal(ask(1, USER, text, PARENT_USER, text, 2), FAULTED);
	assert_int_equal(ask(1, USER, text, PARENT_USER, "0123456789abcde", 1),
			 MISSED);
	assert_int_equal(ask(1, USER, text, PARENT_USER,
			     "0123456789abcdef0123456789abcdef", 2), FAULTED);
}

/* What is left of a budget behind the word and the two steps of its pair. */
static void test_left(void **state)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };
	u32 budget = BUDGET, none = BUDGET, rule;
	struct machine machine;
	bool matched;

	(void)state;
	values[USER] = text_value("0123456789abcdef0123456789abcdefrest");
	values[PARENT_USER] = text_value("0123456789abcdef0123456789abcdefrest");
	machine_init(&machine, &content);
	assert_int_equal(plm_eval_begin(&content, &event, &machine.scratch,
					&none, &rule), PLM_OK);
	assert_int_equal(plm_eval_rule(&content, &event, &machine.scratch, 1,
				       &budget, &matched), PLM_OK);
	assert_true(matched);
	assert_int_equal(budget, BUDGET - 3);
	plm_eval_end(&machine.scratch);
	machine_free(&machine);
	values_free(values, NUM_INPUTS);
}

/* A source that supplies one of the two only. */
static void test_not_supplied(void **state)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, PARENT_ID, values };
	struct plm_supply supply = plm_template_at(0)->shape;
	const struct plm_supply *supplies[] = { &supply };
	struct plm_fault fault;
	struct outcomes o;

	(void)state;
	values[LOGON_ID] = number_value(1);
	o = evaluate(&content, &event, BUDGET);
	assert_int_equal(o.rule[2], FAULTED);
	assert_int_equal(o.err[2], PLM_INPUT_NOT_SUPPLIED);
	assert_int_equal(o.rule[1], MISSED);
	outcomes_free(&o);

	assert_int_equal(plm_check_supply(&content, supplies, 1, &fault),
			 PLM_OK);
	supply.num_inputs = PARENT_ID;
	assert_int_equal(plm_check_supply(&content, supplies, 1, &fault),
			 PLM_INPUT_NOT_SUPPLIED);
	assert_int_equal(fault.rule, 2);
	assert_int_equal(fault.off, vector_at(&vec_file_find(&file, "pair")->v,
					      "c3.number", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_not_supplied),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, read_file, free_file);
}
