// SPDX-License-Identifier: GPL-2.0-or-later
/* The evaluator: conditions, numbers, absent and missing inputs, budgets. */
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
#include "tests/unit/lib/chance.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vector.h"

#define TEST(criterion) (1u << 24 | (criterion))
#define NOT (2u << 24)
#define LEAST(k, n) (3u << 24 | (k) << 8 | (n))

#define NUM_INPUTS 10
#define NUMBER_INPUT 8	/* ProcessId */
#define BUDGET 65536
#define MAX_RULES 256

/* Conditions under test: a rule each, all of them for every event. */
struct conditions {
	uint32_t words[8192];
	uint32_t num_words;
	uint32_t start[MAX_RULES + 1];
	uint32_t num_rules;
};

static void add(struct conditions *c, uint32_t word)
{
	assert_true(c->num_words < ARRAY_LEN(c->words));
	c->words[c->num_words++] = word;
}

static void end_rule(struct conditions *c)
{
	assert_true(c->num_rules < MAX_RULES);
	c->start[++c->num_rules] = c->num_words;
}

/* Criterion i: input i exists.  So a set of bits chooses what holds. */
static struct vector make(const struct conditions *c)
{
	struct vector v;
	char id[16];

	vector_init(&v, 1, 1);
	vector_section(&v, "templates");
	vector_template(&v, NULL, 1, NUM_INPUTS, vector_shape(1, NUM_INPUTS),
			c->num_rules);
	vector_section(&v, "rules");
	for (uint32_t i = 0; i < c->num_rules; i++) {
		struct vector_rule rule = {
			.action = 1, .level = 1, .id = id, .title = "",
			.tags = "", .program_off = c->start[i],
			.program_len = c->start[i + 1] - c->start[i],
		};

		snprintf(id, sizeof(id), "%03u", i);
		vector_rule(&v, NULL, &rule);
	}
	vector_section(&v, "criteria");
	for (uint32_t i = 0; i < NUM_INPUTS; i++)
		vector_criterion(&v, NULL, &(struct vector_criterion){
					 .input = i, .op = 32, .text = "" });
	vector_section(&v, "programs");
	for (uint32_t i = 0; i < c->num_words; i++)
		vector_field(&v, NULL, 4, c->words[i]);
	vector_section(&v, "triggers");
	for (uint32_t i = 0; i < c->num_rules; i++)
		vector_field(&v, NULL, 4, i);
	vector_section(&v, "automata");
	vector_section(&v, "tables");
	vector_finish(&v);
	return v;
}

static struct plm_content check(const struct vector *v)
{
	struct plm_content content;
	struct plm_fault fault;

	assert_false(v->failed);
	assert_int_equal(plm_check(v->data, (uint32_t)v->len, 0, &content,
				   &fault), PLM_OK);
	return content;
}

static struct outcomes evaluate_bits(const struct plm_content *content,
				     uint32_t bits)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };

	for (uint32_t i = 0; i < NUM_INPUTS; i++)
		if (bits >> i & 1)
			values[i] = i < 7 ? bytes_value("", 0) :
					    number_value(0);
	return evaluate(content, &event, BUDGET);
}

static uint32_t count_bits(uint32_t bits)
{
	uint32_t num = 0;

	for (; bits; bits &= bits - 1)
		num++;
	return num;
}

/* All k of n up to 6, each also negated, under every assignment. */
static void test_at_least(void **state)
{
	struct conditions c = { 0 };
	struct plm_content content;
	struct outcomes o;
	struct vector v;
	uint32_t rule;

	(void)state;
	for (uint32_t n = 1; n <= 6; n++)
		for (uint32_t k = 1; k <= n; k++)
			for (uint32_t negated = 0; negated < 2; negated++) {
				for (uint32_t i = 0; i < n; i++)
					add(&c, TEST(i));
				add(&c, LEAST(k, n));
				if (negated)
					add(&c, NOT);
				end_rule(&c);
			}
	v = make(&c);
	content = check(&v);
	for (uint32_t bits = 0; bits < 64; bits++) {
		o = evaluate_bits(&content, bits);
		rule = 0;
		for (uint32_t n = 1; n <= 6; n++)
			for (uint32_t k = 1; k <= n; k++) {
				uint32_t held = count_bits(bits &
							   ((1u << n) - 1));

				assert_int_equal(o.rule[rule++], held >= k ?
						 MATCHED : MISSED);
				assert_int_equal(o.rule[rule++], held >= k ?
						 MISSED : MATCHED);
			}
		assert_int_equal(rule, o.num_rules);
		outcomes_free(&o);
	}
	vector_free(&v);
}

/*
 * Emit a random condition and return under which of the 2^10 assignments it
 * holds, as a set: a truth table that needs no stack.
 */
struct table {
	uint8_t holds[1 << NUM_INPUTS];
};

static void random_condition(struct conditions *c, uint32_t depth,
			     struct table *out)
{
	struct table part;
	uint8_t sums[1 << NUM_INPUTS] = { 0 };
	uint32_t num, least, input;

	if (depth == 0 || below(4) == 0) {
		input = below(NUM_INPUTS);
		add(c, TEST(input));
		for (uint32_t bits = 0; bits < 1 << NUM_INPUTS; bits++)
			out->holds[bits] = bits >> input & 1;
	} else {
		num = 1 + below(4);
		least = 1 + below(num);
		for (uint32_t i = 0; i < num; i++) {
			random_condition(c, depth - 1, &part);
			for (uint32_t bits = 0; bits < 1 << NUM_INPUTS; bits++)
				sums[bits] += part.holds[bits];
		}
		add(c, LEAST(least, num));
		for (uint32_t bits = 0; bits < 1 << NUM_INPUTS; bits++)
			out->holds[bits] = sums[bits] >= least;
	}
	if (below(3))
		return;
	add(c, NOT);
	for (uint32_t bits = 0; bits < 1 << NUM_INPUTS; bits++)
		out->holds[bits] = !out->holds[bits];
}

static void test_random_conditions(void **state)
{
	enum { NUM = 32 };
	struct conditions c = { 0 };
	struct table *tables = xcalloc(NUM, sizeof(*tables));
	struct plm_content content;
	struct vector v;

	(void)state;
	for (uint32_t i = 0; i < NUM; i++) {
		random_condition(&c, 3, &tables[i]);
		end_rule(&c);
	}
	v = make(&c);
	content = check(&v);
	for (uint32_t bits = 0; bits < 1 << NUM_INPUTS; bits++) {
		struct outcomes o = evaluate_bits(&content, bits);

		for (uint32_t i = 0; i < NUM; i++)
			assert_int_equal(o.rule[i], tables[i].holds[bits] ?
					 MATCHED : MISSED);
		outcomes_free(&o);
	}
	vector_free(&v);
	free(tables);
}

/* All 64 places of the stack: the lowest bit pushed first, the top one last. */
static void test_full_stack(void **state)
{
	struct conditions c = { 0 };
	struct plm_content content;
	struct outcomes o;
	struct vector v;

	(void)state;
	for (uint32_t k = 1; k <= 64; k++) {
		for (uint32_t i = 0; i < 64; i++)
			add(&c, TEST(i % 8));
		add(&c, LEAST(k, 64));
		end_rule(&c);
	}
	v = make(&c);
	content = check(&v);
	for (uint32_t bits = 0; bits < 256; bits++) {
		o = evaluate_bits(&content, bits);
		for (uint32_t k = 1; k <= 64; k++)
			assert_int_equal(o.rule[k - 1],
					 8 * count_bits(bits) >= k ?
					 MATCHED : MISSED);
		outcomes_free(&o);
	}
	vector_free(&v);
}

/* A budget pays for whole conditions, word by word, or not at all. */
static void test_budget(void **state)
{
	struct conditions c = { 0 };
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };
	struct machine machine;
	struct plm_scratch *scratch = &machine.scratch;
	struct plm_content content;
	struct vector v;
	uint32_t budget, rule;
	bool matched;

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		add(&c, TEST(i));
	add(&c, LEAST(1, 3));
	add(&c, NOT);
	end_rule(&c);
	v = make(&c);
	content = check(&v);
	machine_init(&machine, &content);
	budget = BUDGET;
	assert_int_equal(plm_eval_begin(&content, &event, scratch, &budget,
					&rule), PLM_OK);
	for (uint32_t start = 0; start < 12; start++) {
		enum plm_err err;

		budget = start;
		matched = true;
		err = plm_eval_rule(&content, &event, scratch, 0, &budget,
				    &matched);
		assert_int_equal(err, start < 5 ? PLM_BUDGET_SPENT : PLM_OK);
		assert_int_equal(matched, start >= 5);
		assert_int_equal(budget, start < 5 ? start : start - 5);
	}
	budget = BUDGET;
	matched = true;
	assert_int_equal(plm_eval_rule(&content, &event, scratch, 1, &budget,
				       &matched), PLM_BAD_INDEX);
	assert_false(matched);
	assert_int_equal(budget, BUDGET);
	plm_eval_end(scratch);
	machine_free(&machine);
	vector_free(&v);
}

/* Every number of supplied inputs: rules that need more fault, others do not. */
static void test_not_supplied(void **state)
{
	struct conditions c = { 0 };
	struct plm_content content;
	struct vector v;

	(void)state;
	for (uint32_t i = 0; i < NUM_INPUTS; i++) {
		add(&c, TEST(i));
		add(&c, NOT);
		end_rule(&c);
	}
	v = make(&c);
	content = check(&v);
	for (uint32_t num = 0; num <= NUM_INPUTS; num++) {
		/* Exactly as many as supplied: a read past them is a report. */
		struct plm_value *values = xcalloc(num + 1, sizeof(*values));
		struct plm_value *exact = xmemdup(values, num * sizeof(*values));
		struct plm_event event = { 1, num, exact };
		struct outcomes o = evaluate(&content, &event, BUDGET);

		for (uint32_t i = 0; i < NUM_INPUTS; i++) {
			assert_int_equal(o.rule[i], i < num ? MATCHED : FAULTED);
			assert_int_equal(o.err[i], i < num ? PLM_OK :
					 PLM_INPUT_NOT_SUPPLIED);
		}
		outcomes_free(&o);
		free(exact);
		free(values);
	}
	vector_free(&v);
}

static void test_other_template(void **state)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct conditions c = { 0 };
	struct plm_content content;
	struct vector v;

	(void)state;
	add(&c, TEST(0));
	add(&c, NOT);
	end_rule(&c);
	v = make(&c);
	content = check(&v);
	for (uint32_t id = 0; id < 4; id++) {
		struct plm_event event = { id, NUM_INPUTS, values };
		struct outcomes o = evaluate(&content, &event, BUDGET);

		assert_int_equal(o.rule[0], id == 1 ? MATCHED : UNTOUCHED);
		outcomes_free(&o);
	}
	vector_free(&v);
}

/* Numbers */

static const uint64_t operands[] = { 0, 1, 100, 1ull << 63, UINT64_MAX };

static bool holds(uint32_t op, uint64_t value, uint64_t operand)
{
	const bool by_op[] = {
		value == operand, value < operand, value <= operand,
		value > operand, value >= operand,
	};

	return by_op[op - 16];
}

/* A rule for each of = < <= > >= with each operand. */
static struct vector make_numbers(void)
{
	const uint32_t num = 5 * ARRAY_LEN(operands);
	struct vector v;
	char id[16];

	vector_init(&v, 1, 1);
	vector_section(&v, "templates");
	vector_template(&v, NULL, 1, NUMBER_INPUT + 1,
			vector_shape(1, NUMBER_INPUT + 1), num);
	vector_section(&v, "rules");
	for (uint32_t i = 0; i < num; i++) {
		snprintf(id, sizeof(id), "%03u", i);
		vector_rule(&v, NULL, &(struct vector_rule){
				    .action = 1, .level = 1, .program_off = i,
				    .program_len = 1, .id = id, .title = "",
				    .tags = "" });
	}
	vector_section(&v, "criteria");
	for (uint32_t i = 0; i < num; i++)
		vector_criterion(&v, NULL, &(struct vector_criterion){
				.input = NUMBER_INPUT, .text = "",
				.op = 16 + i / ARRAY_LEN(operands),
				.number = operands[i % ARRAY_LEN(operands)] });
	vector_section(&v, "programs");
	for (uint32_t i = 0; i < num; i++)
		vector_field(&v, NULL, 4, TEST(i));
	vector_section(&v, "triggers");
	for (uint32_t i = 0; i < num; i++)
		vector_field(&v, NULL, 4, i);
	vector_section(&v, "automata");
	vector_section(&v, "tables");
	vector_finish(&v);
	return v;
}

static void assert_number(const struct plm_content *content,
			  struct plm_value value)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };
	struct outcomes o;

	values[NUMBER_INPUT] = value;
	o = evaluate(content, &event, BUDGET);
	for (uint32_t i = 0; i < o.num_rules; i++) {
		bool expected = value.kind == PLM_VALUE_NUMBER &&
				holds(16 + i / ARRAY_LEN(operands),
				      value.number,
				      operands[i % ARRAY_LEN(operands)]);

		assert_int_equal(o.rule[i], expected ? MATCHED : MISSED);
	}
	outcomes_free(&o);
	free((void *)value.data);
}

static void test_numbers(void **state)
{
	struct vector v = make_numbers();
	struct plm_content content = check(&v);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(operands); i++)
		for (int around = -1; around <= 1; around++)
			assert_number(&content, number_value(
				operands[i] + (uint64_t)around));
	/* No value and a value of another kind satisfy no comparison. */
	assert_number(&content, (struct plm_value){ 0 });
	assert_number(&content, text_value("100"));
	assert_number(&content, (struct plm_value){ .kind = 99, .number = 100 });
	vector_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_least),
		cmocka_unit_test(test_random_conditions),
		cmocka_unit_test(test_full_stack),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_not_supplied),
		cmocka_unit_test(test_other_template),
		cmocka_unit_test(test_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("eval", tests, NULL, NULL);
}
