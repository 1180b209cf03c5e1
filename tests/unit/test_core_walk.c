// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Automata at work: every short string over a small alphabet through the
 * automata that tests/vectors draws by hand, compared with plain searching; and
 * each single step and output, compared with another reading of the tables.
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
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vecfile.h"

#define NUM_INPUTS 10
#define BUDGET 65536

/* One file with the content that it holds. */
struct subject {
	struct vec_file file;
	struct plm_content content;
};

static void open_subject(struct subject *s, const char *path, const char *name)
{
	struct plm_fault fault;
	struct vec_case *c;

	assert_int_equal(vec_file_read(&s->file, path), 0);
	c = vec_file_find(&s->file, name);
	assert_non_null(c);
	assert_int_equal(plm_check(c->v.data, (uint32_t)c->v.len, 0,
				   &s->content, &fault), PLM_OK);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool same(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

static bool contains(const char *text, const char *part)
{
	size_t len = strlen(text), part_len = strlen(part);

	for (size_t i = 0; i + part_len <= len; i++)
		if (same(text + i, part, part_len))
			return true;
	return false;
}

static bool starts(const char *text, const char *part)
{
	return strlen(text) >= strlen(part) && same(text, part, strlen(part));
}

static bool ends(const char *text, const char *part)
{
	size_t len = strlen(text), part_len = strlen(part);

	return len >= part_len && same(text + len - part_len, part, part_len);
}

static bool equals(const char *text, const char *part)
{
	return strlen(text) == strlen(part) && starts(text, part);
}

/* Call @fn with every string of at most @max_len of the letters. */
static void for_each_text(const char *letters, size_t max_len,
			  void (*fn)(const struct subject *s, const char *text),
			  const struct subject *s)
{
	size_t digits[16] = { 0 };
	char text[17] = "";
	size_t num_letters = strlen(letters), len = 0;

	assert_true(max_len < sizeof(text));
	for (;;) {
		size_t i = 0;

		fn(s, text);
		while (i < len && digits[i] + 1 == num_letters)
			digits[i++] = 0;
		if (i < len)
			digits[i]++;
		else if (len == max_len)
			return;
		else
			digits[len++] = 0;
		for (i = 0; i < len; i++)
			text[i] = letters[digits[i]];
		text[len] = 0;
	}
}

static struct outcomes evaluate_text(const struct subject *s, uint32_t input,
				     const char *text, struct plm_value *others)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };
	struct outcomes o;

	if (others)
		memcpy(values, others, sizeof(values));
	values[input] = text_value(text);
	o = evaluate(&s->content, &event, BUDGET);
	free((void *)values[input].data);
	return o;
}

static enum outcome triggered(bool touched, bool matches)
{
	if (!touched)
		return UNTOUCHED;
	return matches ? MATCHED : MISSED;
}

/* CommandLine of plain.vec; Image as given. */
static void assert_plain(const struct subject *s, const char *text,
			 const char *image)
{
	struct plm_value others[NUM_INPUTS] = { [0] = text_value(image) };
	struct outcomes o = evaluate_text(s, 1, text, others);
	bool x = strchr(image, 'X');
	bool any = contains(text, "ab") || starts(text, "a") || ends(text, "b");

	assert_int_equal(o.rule[0], triggered(x, x && !equals(text, "a")));
	assert_int_equal(o.rule[1], triggered(any, any));
	assert_int_equal(o.rule[2], MISSED);
	assert_int_equal(o.rule[3], triggered(contains(text, "ab"), true));
	assert_int_equal(o.rule[4], contains(text, "ab") ? MISSED : MATCHED);
	outcomes_free(&o);
	values_free(others, 1);
}

static void with_x(const struct subject *s, const char *text)
{
	assert_plain(s, text, "/bin/X");
}

static void without_x(const struct subject *s, const char *text)
{
	assert_plain(s, text, "/bin/x");
}

static void test_anchors(void **state)
{
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/plain.vec", "plain");
	for_each_text("abA", 7, with_x, &s);
	for_each_text("aB\xff", 6, without_x, &s);
	for_each_text("ab@[`{", 4, without_x, &s);
	vec_file_free(&s.file);
}

static void assert_chain(const struct subject *s, const char *text)
{
	struct outcomes o = evaluate_text(s, 5, text, NULL);
	bool any = contains(text, "aaaaaaaa") || contains(text, "b");

	assert_int_equal(o.rule[0], triggered(any, any));
	outcomes_free(&o);
}

static void test_failures(void **state)
{
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/automata.vec", "chain");
	for_each_text("ac", 11, assert_chain, &s);
	for_each_text("aAB", 4, assert_chain, &s);
	vec_file_free(&s.file);
}

static void assert_edges(const struct subject *s, const char *text)
{
	static const char *const parts[] = {
		"ab", "ac", "ad", "ae", "af", "ag", "ah", "ai", "jk",
	};
	struct outcomes o = evaluate_text(s, 5, text, NULL);
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		any = any || contains(text, parts[i]);
	assert_int_equal(o.rule[0], triggered(any, any));
	outcomes_free(&o);
}

static void test_edges(void **state)
{
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/automata.vec", "edges");
	for_each_text("abcdefghijkl", 3, assert_edges, &s);
	for_each_text("aIJk", 6, assert_edges, &s);
	vec_file_free(&s.file);
}

static void assert_start(const struct subject *s, const char *text)
{
	struct plm_value others[NUM_INPUTS] = { [0] = text_value("/bin/x") };
	struct outcomes o = evaluate_text(s, 5, text, others);

	assert_int_equal(o.rule[0], triggered(true, contains(text, "b")));
	outcomes_free(&o);
	values_free(others, 1);
}

static void test_start(void **state)
{
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/automata.vec", "start-reports");
	for_each_text("abB", 5, assert_start, &s);
	vec_file_free(&s.file);
}

/* "ab", or an "a", whatever, and a "b". */
static void assert_pattern(const struct subject *s, const char *text)
{
	struct outcomes o = evaluate_text(s, 5, text, NULL);
	bool any = contains(text, "ab");

	for (size_t i = 0; i + 2 < strlen(text); i++)
		any = any || (lower(text[i]) == 'a' && lower(text[i + 2]) == 'b');
	assert_int_equal(o.rule[0], triggered(any, any));
	outcomes_free(&o);
}

static void test_pattern(void **state)
{
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/pattern.vec", "pattern");
	for_each_text("abx", 7, assert_pattern, &s);
	for_each_text("aBA", 5, assert_pattern, &s);
	vec_file_free(&s.file);
}

/* What another template has an automaton for is not for this one's events. */
static void test_templates(void **state)
{
	struct plm_value values[1] = { text_value("xaby") };
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/templates.vec", "automata-alike");
	for (uint32_t t = 1; t <= 3; t++) {
		struct plm_event event = { t, 1, values };
		struct outcomes o = evaluate(&s.content, &event, BUDGET);

		assert_int_equal(o.rule[0], triggered(t == 1, true));
		assert_int_equal(o.rule[1], triggered(t == 2, true));
		outcomes_free(&o);
	}
	values_free(values, 1);
	vec_file_free(&s.file);
}

/* Only a string is walked: anything else touches no string criterion. */
static void test_not_a_string(void **state)
{
	struct plm_value values[NUM_INPUTS] = { 0 };
	struct plm_event event = { 1, NUM_INPUTS, values };
	struct outcomes o;
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/plain.vec", "plain");
	for (uint32_t kind = 0; kind < 4; kind++) {
		if (kind == PLM_VALUE_STRING)
			continue;
		values[0].kind = values[1].kind = kind;
		values[0].len = values[1].len = 1000;
		o = evaluate(&s.content, &event, BUDGET);
		assert_int_equal(o.rule[0], UNTOUCHED);
		assert_int_equal(o.rule[1], UNTOUCHED);
		assert_int_equal(o.rule[4], MATCHED);
		outcomes_free(&o);
	}
	vec_file_free(&s.file);
}

/* An automaton's tables as FORMAT.md has them, read by nobody else's code. */
struct drawn {
	struct plm_automaton a;
	const uint8_t *words;
	uint32_t cells, edge_starts, failures, edges, output_starts, outputs;
};

static void draw(struct drawn *d, const struct subject *s, uint32_t index)
{
	uint32_t num_sparse;

	assert_true(plm_get_automaton(&s->content, index, &d->a));
	num_sparse = d->a.num_states - d->a.num_dense;
	d->words = s->content.data + 4 * (size_t)d->a.tables_off +
		   s->content.section[PLM_SECTION_TABLES - 1].off;
	d->cells = 64;
	d->edge_starts = d->cells + d->a.num_dense * d->a.num_classes;
	d->failures = d->edge_starts + num_sparse + 1;
	d->edges = d->failures + num_sparse;
	d->output_starts = d->edges + d->a.num_edges;
	d->outputs = d->output_starts + d->a.num_states - d->a.num_hot + 1;
	assert_int_equal(d->outputs + d->a.num_outputs, d->a.tables_len);
}

static uint32_t word(const struct drawn *d, uint32_t index)
{
	const uint8_t *p = d->words + 4 * (size_t)index;

	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t drawn_step(const struct drawn *d, uint32_t state, uint32_t cls)
{
	while (state >= d->a.num_dense) {
		uint32_t sparse = state - d->a.num_dense;

		for (uint32_t i = word(d, d->edge_starts + sparse);
		     i < word(d, d->edge_starts + sparse + 1); i++)
			if (word(d, d->edges + i) >> 24 == cls)
				return word(d, d->edges + i) & 0xffffff;
		state = word(d, d->failures + sparse) & 0xffffff;
	}
	return word(d, d->cells + state * d->a.num_classes + cls);
}

static void assert_drawn(const struct subject *s, uint32_t index)
{
	struct plm_tables t;
	struct drawn d;

	draw(&d, s, index);
	assert_true(plm_tables_locate(&s->content, &d.a, &t));
	for (u32 state = 0; state < t.num_states; state++) {
		uint32_t starts = d.output_starts + state - t.num_hot;
		u32 first, num;

		for (u32 cls = 0; cls < t.num_classes; cls++)
			assert_int_equal(plm_step(&t, state, cls),
					 drawn_step(&d, state, cls));
		for (int byte = 0; state < t.num_dense && byte < 256; byte++)
			assert_int_equal(plm_next(&t, state, (u8)byte),
					 drawn_step(&d, state, d.words[byte]));
		num = plm_outputs(&t, state, &first);
		if (state < t.num_hot) {
			assert_int_equal(num, 0);
			continue;
		}
		assert_int_equal(num, word(&d, starts + 1) - word(&d, starts));
		assert_int_equal(first, word(&d, starts));
	}
}

static void test_drawn(void **state)
{
	static const struct {
		const char *path, *name;
	} files[] = {
		{ "tests/vectors/plain.vec", "plain" },
		{ "tests/vectors/automata.vec", "chain" },
		{ "tests/vectors/automata.vec", "edges" },
		{ "tests/vectors/automata.vec", "odd" },
		{ "tests/vectors/automata.vec", "least" },
		{ "tests/vectors/automata.vec", "single" },
		{ "tests/vectors/automata.vec", "sides" },
		{ "tests/vectors/automata.vec", "start-reports" },
		{ "tests/vectors/pattern.vec", "pattern" },
		{ "tests/vectors/templates.vec", "automata-of-two" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct subject s;

		open_subject(&s, files[i].path, files[i].name);
		for (u32 k = 0; k < plm_num_automata(&s.content); k++)
			assert_drawn(&s, k);
		vec_file_free(&s.file);
	}
}

/* What a walk calls bounds itself: it ends, inside, whatever it is given. */
static void test_step_bounds(void **state)
{
	struct plm_automaton a;
	struct plm_tables t;
	struct subject s;
	u32 first;

	(void)state;
	open_subject(&s, "tests/vectors/plain.vec", "plain");
	assert_true(plm_get_automaton(&s.content, 1, &a));
	assert_true(plm_tables_locate(&s.content, &a, &t));
	for (u32 state_ = 0; state_ < 20; state_++)
		for (u32 cls = 0; cls < 300; cls++)
			assert_true(plm_step(&t, state_, cls) < t.num_states);
	assert_int_equal(plm_step(&t, 0xffffffff, 0xffffffff), 0);
	for (u32 state_ = t.num_states; state_ < 100; state_++)
		assert_int_equal(plm_outputs(&t, state_, &first), 0);
	assert_int_equal(plm_outputs(&t, 0xffffffff, &first), 0);
	assert_int_equal(plm_outputs(&t, 5, &first), 2);
	assert_int_equal(first, 2);
	vec_file_free(&s.file);
}

/* Accessors past the end say so and leave nothing behind. */
static void test_accessor_bounds(void **state)
{
	static const u32 past[] = { 9, 10, 0x7fffffff, 0xffffffff };
	struct plm_template_ref t;
	struct plm_criterion c;
	struct plm_automaton a;
	struct plm_rule r;
	struct subject s;

	(void)state;
	open_subject(&s, "tests/vectors/plain.vec", "plain");
	assert_true(plm_get_criterion(&s.content, 8, &c));
	assert_int_equal(c.number, 200);
	for (size_t i = 0; i < ARRAY_LEN(past); i++) {
		assert_false(plm_get_template(&s.content, past[i], &t));
		assert_int_equal(t.num_inputs, 0);
		assert_false(plm_get_rule(&s.content, past[i], &r));
		assert_null(r.id.data);
		assert_false(plm_get_criterion(&s.content, past[i], &c));
		assert_int_equal(c.op, 0);
		assert_false(plm_get_automaton(&s.content, past[i], &a));
		assert_int_equal(a.num_states, 0);
		assert_int_equal(plm_get_word(&s.content,
					      PLM_SECTION_TRIGGERS, past[i]), 0);
	}
	assert_int_equal(plm_get_word(&s.content, PLM_SECTION_TRIGGERS, 1), 1);
	vec_file_free(&s.file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anchors),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_pattern),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_not_a_string),
		cmocka_unit_test(test_drawn),
		cmocka_unit_test(test_step_bounds),
		cmocka_unit_test(test_accessor_bounds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
