// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounds that no accepted file comes to: the cursor after it has failed, every
 * accessor past its section's end, and automata whose tables lie although they
 * have been located.  The core promises that none of these goes wrong even if
 * the check before it had missed something.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_automaton.h"
#include "plm_content.h"
#include "plm_cursor.h"
#include "plm_lane.h"
#include "plm_program.h"
#include "tests/unit/lib/vecfile.h"

#define GARBAGE 0xaa

/* A vector's file, checked. */
struct subject {
	struct vec_file file;
	struct vec_case *c;
	struct plm_content content;
};

static void open_subject(struct subject *s, const char *path, const char *name)
{
	struct plm_fault fault;

	assert_int_equal(vec_file_read(&s->file, path), 0);
	s->c = vec_file_find(&s->file, name);
	assert_non_null(s->c);
	assert_int_equal(plm_check(s->c->v.data, (u32)s->c->v.len, 0,
				   &s->content, &fault), PLM_OK);
}

static void open_plain(struct subject *s)
{
	open_subject(s, "tests/vectors/plain.vec", "plain");
}

static struct plm_tables open_tables(struct subject *s, const char *path,
				     const char *name, u32 index)
{
	struct plm_automaton a;
	struct plm_tables t;

	open_subject(s, path, name);
	assert_true(plm_get_automaton(&s->content, index, &a));
	assert_true(plm_tables_locate(&s->content, &a, &t));
	return t;
}

static void put_words(u8 *to, const u32 *words, size_t num)
{
	for (size_t i = 0; i < num; i++)
		for (int j = 0; j < 4; j++)
			to[4 * i + (size_t)j] = (u8)(words[i] >> (8 * j));
}

/* The cursor */

static void assert_cursor(const struct plm_cursor *cursor, u32 pos, bool failed)
{
	assert_int_equal(cursor->pos, pos);
	assert_int_equal(cursor->failed, failed);
}

static void test_cursor_to_its_end(void **state)
{
	struct plm_cursor cursor = plm_cursor(10);
	u32 off = 99;

	(void)state;
	assert_int_equal(cursor.len, 10);
	assert_cursor(&cursor, 0, false);
	assert_false(plm_at_end(&cursor));
	assert_true(plm_take(&cursor, 0, &off));
	assert_int_equal(off, 0);
	assert_true(plm_take(&cursor, 4, &off));
	assert_int_equal(off, 0);
	assert_cursor(&cursor, 4, false);
	assert_true(plm_take(&cursor, 6, &off));
	assert_int_equal(off, 4);
	assert_true(plm_at_end(&cursor));
	assert_true(plm_take(&cursor, 0, &off));
	assert_int_equal(off, 10);
	assert_true(plm_at_end(&cursor));
}

static void test_cursor_fails_for_good(void **state)
{
	struct plm_cursor cursor = plm_cursor(10);
	u32 off = 99;

	(void)state;
	assert_true(plm_take(&cursor, 4, &off));
	assert_false(plm_take(&cursor, 7, &off));
	assert_int_equal(off, 4);
	assert_cursor(&cursor, 4, true);
	off = 99;
	assert_false(plm_take(&cursor, 1, &off));
	assert_int_equal(off, 4);
	assert_false(plm_take(&cursor, 0, &off));
	assert_cursor(&cursor, 4, true);
	assert_false(plm_at_end(&cursor));
	cursor = plm_cursor(10);
	assert_true(plm_take(&cursor, 10, &off));
	assert_false(plm_take(&cursor, 0xffffffff, &off));
	assert_cursor(&cursor, 10, true);
	assert_false(plm_at_end(&cursor));
}

/* Small things */

static void test_operators(void **state)
{
	(void)state;
	for (u32 op = 0; op < 256; op++) {
		struct plm_criterion c = { .op = op, .number = 3 };

		assert_int_equal(plm_op_is_string(op), op >= 1 && op <= 5);
		assert_int_equal(plm_op_is_pair(op), op >= 48 && op <= 50);
		assert_int_equal(plm_is_paired_from(&c, 2), op >= 48 && op <= 50);
		assert_int_equal(plm_is_paired_from(&c, 3), op >= 48 && op <= 50);
		assert_false(plm_is_paired_from(&c, 4));
	}
}

static void test_low_bits(void **state)
{
	(void)state;
	for (u32 n = 0; n < 64; n++)
		assert_true(plm_low_bits(n) == ((u64)1 << n) - 1);
	assert_true(plm_low_bits(64) == ~(u64)0);
}

static void test_error_names(void **state)
{
	(void)state;
	assert_string_equal(plm_error_name(PLM_OK), "OK");
	assert_string_equal(plm_error_name(PLM_BAD_TRIGGERS), "BAD_TRIGGERS");
	assert_string_equal(plm_error_name(PLM_NUM_ERRORS), "UNKNOWN");
	assert_string_equal(plm_error_name((enum plm_err)-1), "UNKNOWN");
	assert_string_equal(plm_error_text(PLM_OK), "no error");
	assert_string_equal(plm_error_text(PLM_BAD_TRIGGERS),
			    "rule could match without any of its triggers");
	assert_string_equal(plm_error_text(PLM_NUM_ERRORS), "unknown error");
	assert_string_equal(plm_error_text((enum plm_err)-1), "unknown error");
}

/* Access to content */

static void assert_zero(const void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(((const u8 *)data)[i], 0);
}

/* What every accessor of records says of one that is not there. */
#define ASSERT_NONE(get, type, content, index) do {			\
	type out;							\
	memset(&out, GARBAGE, sizeof(out));				\
	assert_false(get(content, index, &out));			\
	assert_zero(&out, sizeof(out));					\
} while (0)

static void assert_past(const struct plm_content *c, u32 more)
{
	u32 first = 7, num = 7;

	ASSERT_NONE(plm_get_template, struct plm_template_ref, c,
		    plm_num_templates(c) + more);
	ASSERT_NONE(plm_get_rule, struct plm_rule, c, plm_num_rules(c) + more);
	ASSERT_NONE(plm_get_condition, struct plm_condition, c,
		    plm_num_rules(c) + more);
	ASSERT_NONE(plm_get_rule_template, u32, c, plm_num_rules(c) + more);
	ASSERT_NONE(plm_get_criterion, struct plm_criterion, c,
		    plm_num_criteria(c) + more);
	ASSERT_NONE(plm_get_criterion_key, struct plm_criterion_key, c,
		    plm_num_criteria(c) + more);
	ASSERT_NONE(plm_get_automaton, struct plm_automaton, c,
		    plm_num_automata(c) + more);
	assert_false(plm_get_criterion_triggers(c, plm_num_criteria(c) + more,
						&first, &num));
	assert_int_equal(first, 0);
	assert_int_equal(num, 0);
	for (u32 type = PLM_SECTION_PROGRAMS; type <= PLM_SECTION_TABLES;
	     type++)
		if (type != PLM_SECTION_AUTOMATA)
			assert_int_equal(plm_get_word(
				c, type, c->section[type - 1].count + more), 0);
}

static void test_past_the_end(void **state)
{
	struct subject s;

	(void)state;
	open_plain(&s);
	assert_past(&s.content, 0);
	assert_past(&s.content, 1);
	assert_past(&s.content, 0x7fffffff);
	vec_file_free(&s.file);
}

static void test_last_of_all(void **state)
{
	struct plm_criterion_key key;
	struct plm_condition condition;
	struct plm_template_ref t;
	u32 first, num, template_index = 9;
	struct subject s;

	(void)state;
	open_plain(&s);
	assert_int_equal(s.content.channel, 1);
	assert_true(s.content.version == 1);
	assert_int_equal(s.content.num_always, 2);
	assert_true(plm_get_template(&s.content, 0, &t));
	assert_int_equal(t.num_rules, 5);
	assert_true(plm_get_criterion_key(&s.content, 8, &key));
	assert_int_equal(key.input, 8);
	assert_int_equal(key.op, PLM_OP_NUM_LT);
	assert_true(plm_get_criterion_triggers(&s.content, 2, &first, &num));
	assert_int_equal(first, 1);
	assert_int_equal(num, 2);
	assert_true(plm_get_condition(&s.content, 4, &condition));
	assert_int_equal(condition.off, 15);
	assert_int_equal(condition.len, 2);
	assert_true(plm_get_rule_template(&s.content, 4, &template_index));
	assert_int_equal(template_index, 0);
	assert_int_equal(plm_get_word(&s.content, PLM_SECTION_TRIGGERS, 6), 4);
	vec_file_free(&s.file);
}

/* The second of two templates, by every way to a record. */
static void test_second_template(void **state)
{
	struct plm_condition condition;
	struct plm_criterion_key key;
	u32 template_index = 9, last;
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/templates.vec", "templates");
	last = plm_num_rules(&s.content) - 1;
	assert_true(plm_get_rule_template(&s.content, last, &template_index));
	assert_int_equal(template_index, plm_num_templates(&s.content) - 1);
	assert_true(plm_get_condition(&s.content, last, &condition));
	assert_int_equal(condition.template_index, template_index);
	assert_true(plm_get_criterion_key(&s.content,
					  plm_num_criteria(&s.content) - 1,
					  &key));
	assert_int_equal(key.template_index, template_index);
	vec_file_free(&s.file);
}

static struct plm_text text_of(const struct plm_content *c, u32 off, u32 len)
{
	const u32 words[] = { off, len };
	u8 ref[8];

	put_words(ref, words, 2);
	return plm_string(c, ref);
}

static void test_strings(void **state)
{
	static const u8 data[] = "..texts";
	static const u32 outside[][2] = {
		{ 6, 0 }, { 5, 1 }, { 1, 5 }, { 0, 6 }, { 0xffffffff, 2 },
		{ 2, 0xffffffff }, { 0xffffffff, 0 }, { 0, 0xffffffff },
		{ 6, 0xffffffff }, { 0xfffffffe, 7 },
	};
	struct plm_content c = { .data = data, .len = 7 };
	struct plm_text text;

	(void)state;
	c.section[PLM_SECTION_STRINGS - 1] =
		(struct plm_section_ref){ .off = 2, .len = 5, .count = 5 };
	text = text_of(&c, 0, 5);
	assert_ptr_equal(text.data, data + 2);
	assert_int_equal(text.len, 5);
	text = text_of(&c, 5, 0);
	assert_ptr_equal(text.data, data + 7);
	assert_int_equal(text.len, 0);
	text = text_of(&c, 4, 1);
	assert_ptr_equal(text.data, data + 6);
	assert_int_equal(text.len, 1);
	for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
		text = text_of(&c, outside[i][0], outside[i][1]);
		assert_null(text.data);
		assert_int_equal(text.len, 0);
	}
}

/* Automata: plain's second one has states 0 to 2 dense and 3 to 7 sparse. */

static void test_step_out_of_range(void **state)
{
	struct subject s;
	struct plm_tables t = open_tables(&s, "tests/vectors/plain.vec",
					  "plain", 1);
	struct plm_tables fewer = t;

	(void)state;
	assert_int_equal(plm_step(&t, 1, 2), 2);
	assert_int_equal(plm_step(&t, 2, 0), 7);
	assert_int_equal(plm_step(&t, 1, 4), 0);
	assert_int_equal(plm_step(&t, 0, 0xffffffff), 0);
	assert_int_equal(plm_step(&t, 8, 0), 0);
	assert_int_equal(plm_step(&t, 0xffffffff, 0), 0);
	fewer.num_cells = 6;
	assert_int_equal(plm_step(&fewer, 1, 2), 0);
	assert_int_equal(plm_step(&fewer, 0, 3), 4);
	fewer = t;
	assert_int_equal(plm_step(&t, 3, 3), 5);
	fewer.num_edges = 0;
	assert_int_equal(plm_step(&fewer, 3, 3), 4);
	vec_file_free(&s.file);
}

/* Eight sparse states, then a dense one: nine, and no further. */
static void test_step_far(void **state)
{
	static const u32 long_way[] = {
		0, 0x01000001, 2, 3, 4, 5, 6, 7, 8,
	};
	static const u32 to_itself[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct subject s;
	struct plm_tables t = open_tables(&s, "tests/vectors/automata.vec",
					  "chain", 0);
	u8 failures[4 * ARRAY_LEN(long_way)];

	(void)state;
	assert_int_equal(plm_step(&t, 8, 3), 9);
	assert_int_equal(plm_step(&t, 8, 2), 8);
	assert_int_equal(plm_step(&t, 4, 2), 5);
	t.failures = failures;
	put_words(failures, long_way, ARRAY_LEN(long_way));
	assert_int_equal(plm_step(&t, 8, 3), 9);
	assert_int_equal(plm_step(&t, 9, 3), 0);
	put_words(failures, to_itself, ARRAY_LEN(to_itself));
	assert_int_equal(plm_step(&t, 9, 3), 0);
	vec_file_free(&s.file);
}

static void assert_outputs(const struct plm_tables *t, u32 state, u32 num,
			   u32 first)
{
	u32 out_first = 77;

	assert_int_equal(plm_outputs(t, state, &out_first), num);
	assert_int_equal(out_first, first);
}

static void test_outputs_out_of_range(void **state)
{
	struct subject s;
	struct plm_tables t = open_tables(&s, "tests/vectors/plain.vec",
					  "plain", 1);
	const u32 lies[] = { 1, 2, 1, 7, 6, 6, 5, 6 };
	u8 starts[4 * ARRAY_LEN(lies)];

	(void)state;
	assert_outputs(&t, 0, 0, 0);
	assert_outputs(&t, 1, 0, 0);
	assert_outputs(&t, 2, 1, 0);
	assert_outputs(&t, 3, 0, 1);
	assert_outputs(&t, 5, 2, 2);
	assert_outputs(&t, 7, 1, 5);
	put_words(starts, lies, ARRAY_LEN(lies));
	t.output_starts = starts;
	assert_outputs(&t, 2, 1, 1);
	assert_outputs(&t, 3, 0, 0);	/* ends before it begins */
	assert_outputs(&t, 4, 0, 0);	/* ends behind the last */
	assert_outputs(&t, 8, 0, 0);	/* there would be words for it */
	assert_outputs(&t, 0xffffffff, 0, 0);
	vec_file_free(&s.file);
}

/* Whatever the numbers of a record are, tables lie inside their section. */
static void test_locate(void **state)
{
	static const size_t fields[] = {
		offsetof(struct plm_automaton, num_classes),
		offsetof(struct plm_automaton, num_states),
		offsetof(struct plm_automaton, num_hot),
		offsetof(struct plm_automaton, num_dense),
		offsetof(struct plm_automaton, num_edges),
		offsetof(struct plm_automaton, num_outputs),
		offsetof(struct plm_automaton, tables_off),
		offsetof(struct plm_automaton, tables_len),
	};
	static const u32 by[] = { 1, 2, 0x7fffffff, 0x80000000, 0xffffff00,
				  0xffffffff };
	struct plm_automaton good, a;
	struct plm_tables t;
	struct subject s;

	(void)state;
	open_plain(&s);
	assert_true(plm_get_automaton(&s.content, 1, &good));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		for (size_t j = 0; j < ARRAY_LEN(by); j++) {
			a = good;
			*(u32 *)((u8 *)&a + fields[i]) += by[j];
			/* One word earlier they would be inside, too. */
			if (a.tables_off == good.tables_off - 1)
				continue;
			memset(&t, GARBAGE, sizeof(t));
			assert_false(plm_tables_locate(&s.content, &a, &t));
			assert_null(t.class_map);
			assert_null(t.outputs);
			assert_int_equal(t.num_states, 0);
			assert_int_equal(t.num_outputs, 0);
		}
	vec_file_free(&s.file);
}

/* The check of an automaton that the record's own check has not seen. */
static void test_check_automaton(void **state)
{
	struct subject s;
	u32 off = 7, record;

	(void)state;
	open_plain(&s);
	record = s.content.section[PLM_SECTION_AUTOMATA - 1].off;
	assert_int_equal(plm_check_automaton(&s.content, 1, &off), PLM_OK);
	assert_int_equal(off, record + PLM_AUTOMATON_LEN);
	assert_int_equal(plm_check_automaton(&s.content, 2, &off),
			 PLM_BAD_INDEX);
	assert_int_equal(off, record + 2 * PLM_AUTOMATON_LEN);
	/* Flags that say nothing of case: capitals are folded. */
	vector_set(&s.c->v, "a0.flags", 2);
	assert_int_equal(plm_check_automaton(&s.content, 0, &off),
			 PLM_BAD_AUTOMATON);
	vec_file_free(&s.file);
}

/*
 * Starts that never descend up to the end of all bytes: the search for a bad
 * one ends with the table all the same.
 */
static void test_starts_at_the_end(void **state)
{
	enum { WORDS = 64 + 2 + 1 + 1 };
	const u32 numbers[] = { 1, 1, 1, 0, 0, 0, 0, WORDS, 0, 0 };
	size_t len = PLM_AUTOMATON_LEN + 4 * WORDS;
	u8 *data = xcalloc(1, len);
	struct plm_content c = { .data = data, .len = (u32)len };
	u32 off;

	(void)state;
	data[PLM_AUT_NUM_CLASSES] = 2;
	put_words(data + PLM_AUT_NUM_STATES, numbers, ARRAY_LEN(numbers));
	memset(data + PLM_AUTOMATON_LEN, 1, 256);
	c.section[PLM_SECTION_AUTOMATA - 1] = (struct plm_section_ref){
		.off = 0, .len = PLM_AUTOMATON_LEN, .count = 1 };
	c.section[PLM_SECTION_TABLES - 1] = (struct plm_section_ref){
		.off = PLM_AUTOMATON_LEN, .len = 4 * WORDS, .count = WORDS };
	assert_int_equal(plm_check_automaton(&c, 0, &off), PLM_OK);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cursor_to_its_end),
		cmocka_unit_test(test_cursor_fails_for_good),
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_low_bits),
		cmocka_unit_test(test_error_names),
		cmocka_unit_test(test_past_the_end),
		cmocka_unit_test(test_last_of_all),
		cmocka_unit_test(test_second_template),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_step_out_of_range),
		cmocka_unit_test(test_step_far),
		cmocka_unit_test(test_outputs_out_of_range),
		cmocka_unit_test(test_locate),
		cmocka_unit_test(test_check_automaton),
		cmocka_unit_test(test_starts_at_the_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
