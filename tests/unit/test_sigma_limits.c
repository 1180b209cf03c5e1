// SPDX-License-Identifier: GPL-2.0-or-later
/* The Sigma compiler: how large rules may be, and what they cost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dump/dump.h"
#include "sigma/compile.h"
#include "sigma/tree.h"
#include "tests/unit/lib/sigma.h"

/* @count times @text, between @head and @tail. */
static char *repeat(const char *head, const char *text, size_t count,
		    const char *tail)
{
	size_t len = strlen(text);
	char *out = xmalloc(strlen(head) + len * count + strlen(tail) + 1);
	char *at = stpcpy(out, head);

	for (size_t i = 0; i < count; i++)
		at = stpcpy(at, text);
	stpcpy(at, tail);
	return out;
}

static void assert_load(const char *head, const char *text, size_t count,
			const char *tail, enum sigma_code code)
{
	char *yaml = repeat(head, text, count, tail);
	struct sigma_error error;
	struct tree_file file;
	int status = tree_load(&file, (uint8_t *)yaml, strlen(yaml), &error);

	assert_int_equal(status, code == SIGMA_NUM_CODES ? 0 : -1);
	if (status)
		assert_int_equal(error.code, code);
	tree_free(&file);
	free(yaml);
}

static void test_yaml_limits(void **state)
{
	const enum sigma_code fine = SIGMA_NUM_CODES;

	(void)state;
	assert_load("", "[", 0, "", fine);
	assert_load("", "[", 31, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", fine);
	assert_load("", "[", 33, "", SIGMA_FILE_LIMIT);
	assert_load("", "[", 1u << 20, "", SIGMA_FILE_LIMIT);
	assert_load("", "- ", 500000, "", SIGMA_FILE_LIMIT);
	assert_load("", "? ", 500000, "", SIGMA_FILE_LIMIT);
	assert_load("a: [", "b,", 60000, "]", fine);
	assert_load("a: [", "b,", 70000, "]", SIGMA_FILE_LIMIT);
	assert_load("", "#\n", 1u << 19, "", fine);
	assert_load("#", "#\n", 1u << 19, "", SIGMA_FILE_LIMIT);
	assert_load("a: ", "'", 1000001, "", SIGMA_YAML_SYNTAX);
}

static void test_rule_limits(void **state)
{
	struct sigma_error error;
	char *yaml, *condition;

	(void)state;
	yaml = repeat(RULE_HEAD "  a: {Image: x}\n  b: {User: y}\n  condition: a",
		      " or not (b and not (a", 30,
		      "))))))))))))))))))))))))))))))))))))))))))))))))))))))"
		      "))))))\n");
	assert_int_equal(compile_rule(yaml, &condition, &error), -1);
	assert_int_equal(error.code, SIGMA_BAD_CONDITION);
	assert_non_null(strstr(error.text, "nested deeper"));
	free(yaml);
	yaml = repeat(RULE_HEAD "  a: {Image: x}\n  condition: a", " and a", 3000,
		      "\n");
	assert_int_equal(compile_rule(yaml, &condition, &error), -1);
	assert_int_equal(error.code, SIGMA_BAD_CONDITION);
	assert_non_null(strstr(error.text, "longer than"));
	free(yaml);
	yaml = repeat(RULE_HEAD "  a: {Image: x}\n  condition: a", " and a", 2000,
		      "\n");
	assert_int_equal(compile_rule(yaml, &condition, &error), 0);
	assert_string_equal(condition, "Image equals 'x'");
	free(condition);
	free(yaml);
	yaml = repeat(RULE_HEAD "  a: {Image: '", "x", PLM_MAX_TEXT_LEN,
		      "'}\n  condition: a\n");
	assert_int_equal(compile_rule(yaml, &condition, &error), 0);
	free(condition);
	free(yaml);
	yaml = repeat(RULE_HEAD "  a: {Image: '", "x", PLM_MAX_TEXT_LEN + 1,
		      "'}\n  condition: a\n");
	assert_int_equal(compile_rule(yaml, &condition, &error), -1);
	assert_int_equal(error.code, SIGMA_BAD_VALUE);
	free(yaml);
}

/*  selections, the deep ones last, of which two must hold. */
static int compile_two_of(size_t num, size_t num_deep, char **out_condition,
			  struct sigma_error *error)
{
	char *yaml = xstrdup(RULE_HEAD), *more;
	int status;

	for (size_t i = 0; i < num; i++) {
		more = i + num_deep < num ?
		       xasprintf("%s  s%zu: {Image: v%zu}\n", yaml, i, i) :
		       xasprintf("%s  s%zu: {Image: [a, v%zu], "
				 "User: [a, v%zu]}\n", yaml, i, i, i);
		free(yaml);
		yaml = more;
	}
	more = xasprintf("%s  condition: 2 of s*\n", yaml);
	status = compile_rule(more, out_condition, error);
	free(more);
	free(yaml);
	return status;
}

/* Counted results wait on the stack: those that need much of it go first. */
static void test_counted_lists(void **state)
{
	struct sigma_error error;
	char *condition;

	(void)state;
	assert_int_equal(compile_two_of(64, 0, &condition, &error), 0);
	assert_non_null(strstr(condition, "2 of (Image equals 'v0'"));
	free(condition);
	assert_int_equal(compile_two_of(62, 62, &condition, &error), 0);
	free(condition);
	assert_int_equal(compile_two_of(63, 1, &condition, &error), 0);
	assert_non_null(strstr(condition, "2 of ((Image equals any of ('a'"));
	free(condition);
	assert_int_equal(compile_two_of(63, 63, &condition, &error), 0);
	free(condition);
	assert_int_equal(compile_two_of(65, 0, &condition, &error), 0);
	free(condition);
	assert_int_equal(compile_two_of(900, 900, &condition, &error), 0);
	free(condition);
}

/* @least of @num selections, of which each looks for its own number. */
static int compile_counted(struct model *model, size_t num, size_t least,
			   uint64_t *steps, struct sigma_error *error)
{
	char *yaml = xstrdup(RULE_HEAD), *more;
	struct sigma_rule rule = { 0 };
	struct tree_file file;
	int status;

	for (size_t i = 0; i < num; i++) {
		more = xasprintf("%s  s%zu: {Image|contains: ',%zu,'}\n", yaml,
				 i, i);
		free(yaml);
		yaml = more;
	}
	more = xasprintf("%s  condition: %zu of s*\n", yaml, least);
	assert_int_equal(tree_load(&file, (uint8_t *)more, strlen(more),
				   error), 0);
	status = sigma_rule_compile(&rule, file.documents[0], NULL, steps,
				    error);
	model_init(model, 1, 1);
	if (!status)
		sigma_rule_emit(&rule, PLM_ACTION_AUDIT, model);
	sigma_rule_free(&rule);
	tree_free(&file);
	free(more);
	free(yaml);
	return status;
}

/* Do exactly the events match in which so many of the numbers stand? */
static void assert_counts(size_t num, size_t least)
{
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_error error;
	struct model model;

	assert_int_equal(compile_counted(&model, num, least, &steps, &error),
			 0);
	for (size_t round = 0; round < 20; round++) {
		/* About as many as matter, here and there. */
		size_t want = least + round % 3 - 1, have = 0;
		struct plm_value value = { .kind = PLM_VALUE_STRING };
		char text[4096] = ",", *at = text + 1;

		for (size_t i = 0; i < num; i++) {
			size_t k = (i * 37 + round * 11) % num;

			if (have == want)
				break;
			at += snprintf(at, 8, "%zu,,", k);
			have++;
		}
		value.data = (const u8 *)text;
		value.len = (u32)(at - text);
		assert_int_equal(model_rule_matches(&model, 0, &value, 1),
				 have >= least);
	}
	model_free(&model);
}

/* Lists longer than the stack are counted in parts. */
static void test_long_counts(void **state)
{
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_error error;
	struct model model;

	(void)state;
	assert_counts(64, 3);
	assert_counts(65, 2);
	assert_counts(65, 64);
	assert_counts(100, 3);
	assert_counts(130, 127);
	assert_counts(200, 5);
	assert_counts(600, 2);
	assert_int_equal(compile_counted(&model, 600, 300, &steps, &error), -1);
	assert_int_equal(error.code, SIGMA_RULE_LIMIT);
	model_free(&model);
}

/*
 * What rules cost is taken off; the one that leaves nothing is named, as nothing
 * left means that some rule was left out.
 */
static void test_steps(void **state)
{
	static const char yaml[] = RULE_HEAD
		"  a:\n    Image: [x, y]\n    User|re: a.b.{3}c\n"
		"  condition: a\n";
	uint64_t all = SIGMA_MAX_STEPS, left = all, short_of;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;

	(void)state;
	assert_int_equal(tree_load(&file, (const uint8_t *)yaml,
				   strlen(yaml), &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &left, &error), 0);
	assert_int_equal(rule.steps, all - left);
	assert_true(rule.steps > 3 * SIGMA_TEXT_STEPS);
	short_of = rule.steps;
	sigma_rule_free(&rule);
	left = short_of + 1;
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &left, &error), 0);
	assert_int_equal(left, 1);
	sigma_rule_free(&rule);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &short_of, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_int_equal(error.at.line, 10);
	assert_int_equal(error.at.column, 14);
	assert_non_null(strstr(error.text, "steps and more: of the 268435456"));
	assert_int_equal(short_of, 0);
	sigma_rule_free(&rule);
	tree_free(&file);
}

/* What the one selection "a", and the condition "a", cost. */
static uint64_t steps_of(const char *detection)
{
	char *yaml = xasprintf(RULE_HEAD "%s", detection);
	uint64_t left = SIGMA_MAX_STEPS, steps;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;

	assert_int_equal(tree_load(&file, (const uint8_t *)yaml,
				   strlen(yaml), &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &left, &error), 0);
	steps = rule.steps;
	sigma_rule_free(&rule);
	tree_free(&file);
	free(yaml);
	return steps;
}

/* Tests that are no texts, terms, and selections that are looked at. */
static void test_other_steps(void **state)
{
	uint64_t one = SIGMA_TEXT_STEPS + SIGMA_TERM_STEPS +
		       SIGMA_CHILD_STEPS + 2;

	(void)state;
	assert_int_equal(steps_of("  a: {ProcessId: 1}\n  condition: a\n"),
			 one);
	assert_int_equal(steps_of("  a: {Image: null}\n  condition: a\n"),
			 one);
	assert_int_equal(steps_of("  a: {Image|exists: true}\n"
				  "  condition: a\n"), one);
	assert_int_equal(steps_of("  a: {Image|fieldref: User}\n"
				  "  condition: a\n"), one);
	assert_int_equal(steps_of("  a: {ProcessId: 1, Image: '*'}\n"
				  "  condition: a\n"), one + SIGMA_TEXT_STEPS);
	assert_int_equal(steps_of("  a: {ProcessId: [1, 2, 3]}\n"
				  "  condition: a\n"),
			 one + 2 * SIGMA_TEXT_STEPS + 2 * SIGMA_CHILD_STEPS);
	assert_int_equal(steps_of("  a: {ProcessId: 1}\n"
				  "  condition: not a\n"),
			 one + SIGMA_TERM_STEPS);
	assert_int_equal(steps_of("  a: {ProcessId: 1}\n"
				  "  b: {ProcessId: 2}\n"
				  "  condition: 1 of them\n"),
			 2 * SIGMA_TEXT_STEPS + SIGMA_TERM_STEPS +
			 2 * (SIGMA_CHILD_STEPS + 1));
}

static uint64_t steps_of_count(size_t num, size_t least)
{
	char *detection = NULL;
	size_t len;
	FILE *f = open_memstream(&detection, &len);
	uint64_t steps;

	for (size_t i = 0; i < num; i++)
		fprintf(f, "  s%zu: {ProcessId: %zu}\n", i, i);
	fprintf(f, "  condition: %zu of them\n", least);
	fclose(f);
	steps = steps_of(detection);
	free(detection);
	return steps - SIGMA_TERM_STEPS -
	       num * (SIGMA_TEXT_STEPS + SIGMA_CHILD_STEPS + 1);
}

/* What a count is split into is paid for; one that fits the stack is not. */
static void test_steps_of_counts(void **state)
{
	(void)state;
	assert_int_equal(steps_of_count(PLM_MAX_STACK, 3), 0);
	/* 2 of either half or 1 of both: 4 lists of halves, and 4 of these. */
	assert_int_equal(steps_of_count(66, 2),
			 8 * SIGMA_TERM_STEPS +
			 (4 * 33 + 7) * SIGMA_CHILD_STEPS +
			 (4 * 33 + 6) * SIGMA_BYTE_STEPS);
	assert_true(steps_of_count(200, 5) > 200 * SIGMA_TERM_STEPS);
}

/* Some rules that count so leave no steps for others. */
static void test_counts_end(void **state)
{
	uint64_t left = SIGMA_MAX_STEPS / 4;
	struct sigma_error error;
	struct model model;

	(void)state;
	assert_int_equal(compile_counted(&model, 600, 300, &left, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_non_null(strstr(error.text, "condition has a count that costs"));
	assert_int_equal(left, 0);
	model_free(&model);
}

/* @num selections with such names, and @times such a term. */
static int compile_terms(const char *name, size_t num, const char *term,
			 size_t times, struct sigma_error *error)
{
	char *yaml = NULL, *condition;
	size_t len;
	FILE *f = open_memstream(&yaml, &len);
	int status;

	fputs(RULE_HEAD, f);
	for (size_t i = 0; i < num; i++)
		fprintf(f, "  %s%zu: {ProcessId: %zu}\n", name, i, i);
	fprintf(f, "  condition:\n    - %s", term);
	for (size_t i = 1; i < times; i++)
		fprintf(f, i % 100 ? " or %s" : "\n    - %s", term);
	fputs("\n", f);
	fclose(f);
	status = compile_rule(yaml, &condition, error);
	free(condition);
	free(yaml);
	return status;
}

/* Names that nearly fit, and many selections named often, are no way around. */
static void test_steps_of_terms(void **state)
{
	char *name = repeat("", "a", 240, ""), *term;
	struct sigma_error error;

	(void)state;
	term = repeat("1 of *", "a", 120, "0");
	assert_int_equal(compile_terms(name, 1000, term, 100, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_non_null(strstr(error.text, "condition has a term that costs"));
	free(term);
	term = repeat("1 of *", "a", 120, "*");
	assert_int_equal(compile_terms(name, 1000, term, 50, &error), 0);
	free(term);
	free(name);
	assert_int_equal(compile_terms("s", 1000, "1 of *", 50, &error), 0);
	assert_int_equal(compile_terms("s", 1000, "1 of *", 9000, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_int_equal(compile_terms("s", 1000, "s999", 100, &error), 0);
}

/* A value list far longer than the stack, with each value alone matching. */
static void test_long_lists(void **state)
{
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;
	struct model model;
	char *yaml = repeat(RULE_HEAD, "", 0, "  a:\n    Image:\n"), *more;

	(void)state;
	for (int i = 0; i < 300; i++) {
		more = xasprintf("%s      - v%d\n", yaml, i);
		free(yaml);
		yaml = more;
	}
	more = xasprintf("%s  b: {User: u}\n  condition: b and a\n", yaml);
	assert_int_equal(tree_load(&file, (uint8_t *)more, strlen(more),
				   &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &steps, &error), 0);
	model_init(&model, 1, 1);
	sigma_rule_emit(&rule, PLM_ACTION_AUDIT, &model);
	for (int i = -1; i <= 300; i++) {
		struct plm_value values[6] = { 0 };
		char *text = xasprintf("V%d", i);

		values[0] = (struct plm_value){
			PLM_VALUE_STRING, (u32)strlen(text),
			(const u8 *)text, 0,
		};
		values[5] = (struct plm_value){
			PLM_VALUE_STRING, 1, (const u8 *)"u", 0,
		};
		assert_int_equal(model_rule_matches(&model, 0, values, 6),
				 i >= 0 && i < 300);
		free(text);
	}
	model_free(&model);
	sigma_rule_free(&rule);
	tree_free(&file);
	free(more);
	free(yaml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_yaml_limits),
		cmocka_unit_test(test_rule_limits),
		cmocka_unit_test(test_counted_lists),
		cmocka_unit_test(test_long_counts),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_other_steps),
		cmocka_unit_test(test_steps_of_counts),
		cmocka_unit_test(test_counts_end),
		cmocka_unit_test(test_steps_of_terms),
		cmocka_unit_test(test_long_lists),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
