// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What conditions are evaluated from has been checked; nothing relies on it.
 * Words that no check lets through, and scratch that is another content's, are
 * refused by the evaluator as well.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "content/machine.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vector.h"

#define TEST(criterion) (1u << 24 | (criterion))
#define NOT (2u << 24)
#define LEAST(k, n) (3u << 24 | (k) << 8 | (n))

#define NUM_INPUTS 10
#define MAX_WORDS 80
#define BUDGET 65536

/* A rule of so many words, and so many criteria: that input i exists. */
static struct vector make(uint32_t num_words, uint32_t num_criteria)
{
	struct vector v;

	vector_init(&v, 1, 1);
	vector_section(&v, "templates");
	vector_template(&v, NULL, 1, num_criteria,
			vector_shape(1, num_criteria), 1);
	vector_section(&v, "rules");
	vector_rule(&v, NULL, &(struct vector_rule){
			    .action = 1, .level = 1, .id = "r", .title = "",
			    .tags = "", .program_len = num_words });
	vector_section(&v, "criteria");
	for (uint32_t i = 0; i < num_criteria; i++)
		vector_criterion(&v, NULL, &(struct vector_criterion){
					 .input = i, .op = 32, .text = "" });
	vector_section(&v, "programs");
	for (uint32_t i = 0; i < num_criteria; i++)
		vector_field(&v, NULL, 4, TEST(i));
	vector_field(&v, NULL, 4, LEAST(1, num_criteria));
	for (uint32_t i = num_criteria + 1; i < num_words; i++)
		vector_field(&v, NULL, 4, NOT);
	vector_section(&v, "triggers");
	vector_field(&v, NULL, 4, 0);
	vector_section(&v, "automata");
	vector_section(&v, "tables");
	vector_finish(&v);
	assert_false(v.failed);
	return v;
}

static struct plm_content check(const struct vector *v)
{
	struct plm_content content;
	struct plm_fault fault;

	assert_int_equal(plm_check(v->data, (uint32_t)v->len, 0, &content,
				   &fault), PLM_OK);
	return content;
}

/* Write @words over the condition of a content that was checked. */
static void overwrite(struct vector *v, const struct plm_content *content,
		      const uint32_t *words, uint32_t num)
{
	struct plm_condition condition;
	size_t off = content->section[PLM_SECTION_PROGRAMS - 1].off;

	assert_true(plm_get_condition(content, 0, &condition));
	assert_int_equal(condition.len, num);
	for (uint32_t i = 0; i < num; i++)
		for (uint32_t byte = 0; byte < 4; byte++)
			v->data[off + 4 * (condition.off + i) + byte] =
				(uint8_t)(words[i] >> 8 * byte);
}

/* The rule, where inputs 0 and 2 of three exist. */
static enum plm_err run(const struct plm_content *content,
			struct plm_scratch *scratch, bool *out_matched)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };
	u32 budget = BUDGET;
	enum plm_err err;

	values[0] = text_value("");
	values[2] = text_value("");
	*out_matched = true;
	err = plm_eval_rule(content, &event, scratch, 0, &budget, out_matched);
	assert_int_equal(budget, BUDGET - (content->section[
				PLM_SECTION_PROGRAMS - 1].count));
	return err;
}

/* @num words, at least four. */
static enum plm_err run_words(const uint32_t *words, uint32_t num,
			      bool *out_matched)
{
	struct vector v = make(num, 3);
	struct plm_content content = check(&v);
	struct machine machine;
	enum plm_err err;

	overwrite(&v, &content, words, num);
	machine_init(&machine, &content);
	err = run(&content, &machine.scratch, out_matched);
	assert_false(err && *out_matched);
	plm_eval_end(&machine.scratch);
	machine_free(&machine);
	vector_free(&v);
	return err;
}

static void test_words(void **state)
{
	static const struct {
		uint32_t words[4];
		enum plm_err err;
		bool matches;
	} cases[] = {
		{ { TEST(0), NOT, NOT, NOT }, PLM_OK, false },
		{ { TEST(0), NOT, NOT, 0 }, PLM_BAD_PROGRAM, false },
		{ { 0, TEST(0), NOT, NOT }, PLM_BAD_PROGRAM, false },
		{ { TEST(0), 4u << 24, NOT, NOT }, PLM_BAD_PROGRAM, false },
		{ { TEST(0), 0xffffffff, NOT, NOT }, PLM_BAD_PROGRAM, false },
		{ { NOT, TEST(0), NOT, NOT }, PLM_BAD_PROGRAM, false },
		{ { TEST(0), LEAST(1, 2), NOT, NOT }, PLM_BAD_PROGRAM, false },
		{ { TEST(0), LEAST(0, 1), NOT, NOT }, PLM_BAD_PROGRAM, false },
		{ { TEST(0), TEST(2), TEST(3), NOT }, PLM_BAD_INDEX, false },
		{ { TEST(0), TEST(0xffffff), NOT, NOT }, PLM_BAD_INDEX, false },
		/* More than one truth is left: the topmost one counts. */
		{ { TEST(0), TEST(2), TEST(0), TEST(1) }, PLM_OK, false },
		{ { TEST(1), TEST(1), TEST(1), TEST(2) }, PLM_OK, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool matched;

		assert_int_equal(run_words(cases[i].words, 4, &matched),
				 cases[i].err);
		assert_int_equal(matched, cases[i].matches);
	}
}

/* The stack takes 64 truths, and not one more. */
static void test_deep(void **state)
{
	uint32_t words[MAX_WORDS];
	bool matched;

	(void)state;
	for (uint32_t num = 60; num <= 70; num++) {
		for (uint32_t i = 0; i < num; i++)
			words[i] = TEST(i % 3);
		assert_int_equal(run_words(words, num, &matched),
				 num > 64 ? PLM_BAD_PROGRAM : PLM_OK);
		if (num <= 64)
			assert_int_equal(matched, (num - 1) % 3 != 1);
	}
}

/* Scratch that was made for more criteria than there are, or for fewer. */
static void test_other_scratch(void **state)
{
	static const uint32_t words[] = { TEST(0), TEST(2), TEST(3), NOT };
	struct vector vectors[5] = { 0 };
	struct plm_content contents[5];
	struct machine machine;

	(void)state;
	for (uint32_t num = 1; num < ARRAY_LEN(vectors); num++) {
		vectors[num] = make(num < 4 ? 4 : 6, num);
		contents[num] = check(&vectors[num]);
	}
	overwrite(&vectors[3], &contents[3], words, 4);
	for (uint32_t num = 1; num < ARRAY_LEN(vectors); num++) {
		bool matched;

		machine_init(&machine, &contents[num]);
		assert_int_equal(run(&contents[3], &machine.scratch, &matched),
				 PLM_BAD_INDEX);
		assert_int_equal(run(&contents[2], &machine.scratch, &matched),
				 num < 2 ? PLM_BAD_INDEX : PLM_OK);
		plm_eval_end(&machine.scratch);
		machine_free(&machine);
	}
	for (uint32_t num = 1; num < ARRAY_LEN(vectors); num++)
		vector_free(&vectors[num]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_other_scratch),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("unchecked", tests, NULL, NULL);
}
