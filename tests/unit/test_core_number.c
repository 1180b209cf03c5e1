// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules that wait for numbers: of many, an event has those evaluated that its
 * number makes hold, and no other.
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
#include "content/machine.h"
#include "content/model.h"
#include "tests/unit/lib/vecfile.h"

#define INPUT		8	/* ProcessId */
#define NUM_VALUES	12
#define PLENTY		100000

/* Neighbours, both ends, and what differs in the upper half alone. */
static const uint64_t numbers[NUM_VALUES] = {
	0, 1, 2, 7, 8, 9, 100, 1ull << 32, (1ull << 32) + 7, UINT64_MAX / 2,
	UINT64_MAX - 1, UINT64_MAX,
};

static const uint32_t ops[] = {
	PLM_OP_NUM_EQ, PLM_OP_NUM_LT, PLM_OP_NUM_LTE, PLM_OP_NUM_GT,
	PLM_OP_NUM_GTE,
};

struct made {
	uint8_t *data;
	struct plm_content content;
	struct machine machine;
	struct plm_value values[INPUT + 1];
	struct plm_event event;
};

static bool holds(uint32_t op, uint64_t value, uint64_t number)
{
	const bool answers[] = {
		value == number, value < number, value <= number,
		value > number, value >= number,
	};

	return answers[op - PLM_OP_NUM_EQ];
}

/* A rule of one criterion: its id says which. */
static void add_rule(struct model *m, uint32_t op, size_t number)
{
	const struct plm_template *process =
		plm_template_find(PLM_PROCESS_CREATION_ID);
	struct model_rule *rule = model_rule_add(m);
	char id[16];

	snprintf(id, sizeof(id), "%02u-%02zu", op, number);
	model_text_set(&rule->id, id, strlen(id));
	model_text_set(&rule->title, "", 0);
	model_text_set(&rule->tags, "", 0);
	rule->template = process;
	rule->action = PLM_ACTION_AUDIT;
	rule->level = PLM_LEVEL_LOW;
	rule->program = xcalloc(1, sizeof(*rule->program));
	rule->program[0] = PLM_WORD(PLM_WORD_TEST,
				    model_criterion(m, process, INPUT, op, 0,
						    "", 0, numbers[number]));
	rule->program_len = 1;
}

/* One rule for each operator of @chosen (a bit each) and number. */
static void make(struct made *made, unsigned int chosen)
{
	struct model_error error;
	struct plm_fault fault;
	struct model m;
	size_t len;

	memset(made, 0, sizeof(*made));
	model_init(&m, 1, 1);
	for (size_t op = 0; op < ARRAY_LEN(ops); op++)
		for (size_t i = 0; i < NUM_VALUES; i++)
			if (chosen >> op & 1)
				add_rule(&m, ops[op], i);
	assert_int_equal(model_encode(&m, &made->data, &len, &error), 0);
	model_free(&m);
	assert_int_equal(plm_check(made->data, (u32)len, 0, &made->content,
				   &fault), PLM_OK);
	assert_int_equal(made->content.num_always, 0);
	machine_init(&made->machine, &made->content);
	made->event = (struct plm_event){ PLM_PROCESS_CREATION_ID, INPUT + 1,
					  made->values };
}

static void drop(struct made *made)
{
	machine_free(&made->machine);
	free(made->data);
}

static void set_value(struct made *made, uint64_t value)
{
	made->values[INPUT].kind = PLM_VALUE_NUMBER;
	made->values[INPUT].number = value;
}

/* Each of what is evaluated matches; how many are. */
static unsigned int evaluated(struct made *made, uint64_t value)
{
	struct plm_scratch *s = &made->machine.scratch;
	u32 budget = PLENTY, rule;
	unsigned int num = 0;
	bool matched;

	set_value(made, value);
	assert_int_equal(plm_eval_begin(&made->content, &made->event, s,
					&budget, &rule), PLM_OK);
	while (plm_eval_next(s, &rule)) {
		assert_int_equal(plm_eval_rule(&made->content, &made->event, s,
					       rule, &budget, &matched),
				 PLM_OK);
		assert_true(matched);
		num++;
	}
	plm_eval_end(s);
	return num;
}

static unsigned int expected(unsigned int chosen, uint64_t value)
{
	unsigned int num = 0;

	for (size_t op = 0; op < ARRAY_LEN(ops); op++)
		for (size_t i = 0; i < NUM_VALUES; i++)
			num += chosen >> op & 1 &&
			       holds(ops[op], value, numbers[i]);
	return num;
}

/* Every choice of operators, over every number and its neighbours. */
static void test_all(void **state)
{
	struct made made;

	(void)state;
	for (unsigned int chosen = 1; chosen < 1u << ARRAY_LEN(ops); chosen++) {
		make(&made, chosen);
		for (size_t i = 0; i < NUM_VALUES; i++)
			for (uint64_t beside = 0; beside < 3; beside++) {
				uint64_t value = numbers[i] + beside - 1;

				assert_int_equal(evaluated(&made, value),
						 expected(chosen, value));
			}
		drop(&made);
	}
}

/* An event without the number, or with a text in its place, asks for nothing. */
static void test_no_number(void **state)
{
	struct made made;
	u32 budget = PLENTY, rule;

	(void)state;
	make(&made, 31);
	made.values[INPUT] = (struct plm_value){
		.kind = PLM_VALUE_STRING, .data = (const u8 *)"8", .len = 1,
	};
	for (u32 num_values = INPUT; num_values <= INPUT + 1; num_values++) {
		made.event.num_values = num_values;
		assert_int_equal(plm_eval_begin(&made.content, &made.event,
						&made.machine.scratch, &budget,
						&rule), PLM_OK);
		assert_false(plm_eval_next(&made.machine.scratch, &rule));
		plm_eval_end(&made.machine.scratch);
	}
	assert_int_equal(budget, PLENTY);
	drop(&made);
}

/* A step for what holds, and one for the rule that it triggers; else blame. */
static void test_budget(void **state)
{
	const uint64_t value = 8;
	struct made made;
	u32 steps, budget, rule;

	(void)state;
	make(&made, 31);
	set_value(&made, value);
	steps = 2 * expected(31, value);
	for (budget = steps - 1; budget <= steps; budget++) {
		u32 left = budget;
		enum plm_err err =
			plm_eval_begin(&made.content, &made.event,
				       &made.machine.scratch, &left, &rule);

		assert_int_equal(err, budget < steps ? PLM_BUDGET_SPENT :
						       PLM_OK);
		assert_true(rule < plm_num_rules(&made.content));
		plm_eval_end(&made.machine.scratch);
	}
	drop(&made);
}

/* Of numbers.vec: four numbers, of which the fourth triggers no rule. */
static void four(struct vec_file *file, struct plm_content *content)
{
	struct plm_fault fault;
	struct vec_case *c;

	assert_int_equal(vec_file_read(file, "tests/vectors/numbers.vec"), 0);
	c = vec_file_find(file, "numbers");
	assert_int_equal(plm_check(c->v.data, (uint32_t)c->v.len, 0, content,
				   &fault), PLM_OK);
}

/* What is not there is said as well, whatever the memory held. */
static void test_spans(void **state)
{
	struct plm_numbers numbers;
	struct plm_content content;
	struct vec_file file;

	(void)state;
	four(&file, &content);
	memset(&numbers, 0xff, sizeof(numbers));
	plm_numbers_init(&numbers, &content);
	assert_int_equal(numbers.inputs[0], 1u << (INPUT - 1));
	for (u32 i = 1; i < PLM_MAX_TEMPLATES; i++)
		assert_int_equal(numbers.inputs[i], 0);
	assert_int_equal(numbers.spans[0][INPUT - 1].first, 0);
	assert_int_equal(numbers.spans[0][INPUT - 1].end, 3);
	vec_file_free(&file);
}

/* A number that triggers no rule costs no step, though it holds. */
static void test_without_trigger(void **state)
{
	struct plm_value values[INPUT + 1] = { 0 };
	struct plm_event event = { 1, INPUT + 1, values };
	struct plm_content content;
	struct machine machine;
	struct vec_file file;
	u32 budget = 1, rule;

	(void)state;
	four(&file, &content);
	machine_init(&machine, &content);
	values[INPUT] = (struct plm_value){ .kind = PLM_VALUE_NUMBER,
					    .number = 5 };
	assert_int_equal(plm_eval_begin(&content, &event, &machine.scratch,
					&budget, &rule), PLM_OK);
	assert_int_equal(budget, 0);
	plm_eval_end(&machine.scratch);
	machine_free(&machine);
	vec_file_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_no_number),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_without_trigger),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
