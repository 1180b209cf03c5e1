// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Limits too large for a vector written by hand: each file stands at a limit
 * and passes, and is refused one above it.
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
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vector.h"

#define TEST(criterion) (1u << 24 | (criterion))
#define NOT (2u << 24)
#define LEAST(k, n) (3u << 24 | (k) << 8 | (n))
#define PROCESS_ID 8
#define USER 5
#define NO_RULE 0xffffffffu

static void assert_check(const struct vector *v, enum plm_err expected,
			 size_t off, uint32_t rule)
{
	struct plm_content content;
	struct plm_fault fault;
	enum plm_err err;

	assert_false(v->failed);
	err = plm_check(v->data, (uint32_t)v->len, 0, &content, &fault);
	assert_string_equal(plm_error_name(err), plm_error_name(expected));
	assert_int_equal(fault.off, off);
	assert_int_equal(fault.rule, rule);
}

static void assert_good(const struct vector *v)
{
	assert_check(v, PLM_OK, 0, NO_RULE);
}

/* What a generated file has, where it is not as small as it can be. */
struct shape {
	const char *id, *title, *tags, *text;
	uint32_t num_rules, num_criteria, program_len;
};

static void add_rules(struct vector *v, const struct shape *s)
{
	struct vector_rule rule = {
		.action = 1, .level = 1, .program_len = s->program_len,
		.title = s->title ? s->title : "", .tags = s->tags ? s->tags : "",
	};
	char id[16];

	vector_section(v, "rules");
	for (uint32_t i = 0; i < s->num_rules; i++) {
		snprintf(id, sizeof(id), "%08x", i);
		rule.id = s->id ? s->id : id;
		rule.program_off = i * s->program_len;
		vector_rule(v, i ? NULL : "r0", &rule);
	}
}

/* One over the user's name if there is a text, else over the process's id. */
static void add_criteria(struct vector *v, const struct shape *s)
{
	struct vector_criterion c = { .input = PROCESS_ID, .op = 16, .text = "" };

	vector_section(v, "criteria");
	if (s->text) {
		c.input = USER;
		c.op = 2;
		c.text = s->text;
	}
	for (uint32_t i = 0; i < s->num_criteria; i++) {
		c.number = s->text ? 0 : i;
		vector_criterion(v, i ? NULL : "c0", &c);
	}
}

/* TEST 0, then NOT as often as needed; all rules are for every event. */
static struct vector make(const struct shape *s)
{
	uint32_t num_inputs = s->text ? USER + 1 : PROCESS_ID + 1;
	struct vector v;

	vector_init(&v, 1, 1);
	vector_section(&v, "templates");
	vector_template(&v, "t0", 1, num_inputs, vector_shape(1, num_inputs),
			s->num_rules);
	add_rules(&v, s);
	add_criteria(&v, s);
	vector_section(&v, "programs");
	for (uint32_t i = 0; i < s->num_rules * s->program_len; i++)
		vector_field(&v, NULL, 4, i % s->program_len ? NOT : TEST(0));
	vector_section(&v, "triggers");
	for (uint32_t i = 0; i < s->num_rules; i++)
		vector_field(&v, NULL, 4, i);
	vector_section(&v, "automata");
	vector_section(&v, "tables");
	vector_finish(&v);
	return v;
}

static const struct shape least = {
	.num_rules = 1, .num_criteria = 1, .program_len = 1,
};

static void assert_limit(const struct shape *at, const struct shape *above,
			 const char *place, uint32_t rule)
{
	struct vector v = make(at);

	assert_good(&v);
	vector_free(&v);
	v = make(above);
	assert_check(&v, PLM_LIMIT_EXCEEDED, vector_at(&v, place, NULL), rule);
	vector_free(&v);
}

static void test_rules(void **state)
{
	struct shape at = least, above = least;

	(void)state;
	at.num_rules = 131072;
	above.num_rules = 131073;
	assert_limit(&at, &above, "sections.rules.count", NO_RULE);
}

static void test_criteria(void **state)
{
	struct shape at = least, above = least;

	(void)state;
	at.num_criteria = 1048576;
	above.num_criteria = 1048577;
	assert_limit(&at, &above, "sections.criteria.count", NO_RULE);
}

static void test_program(void **state)
{
	struct shape at = least, above = least;

	(void)state;
	at.program_len = 65536;
	above.program_len = 65537;
	assert_limit(&at, &above, "r0.program_len", 0);
}

/* 4,097 bytes of x; the shorter texts are its tail. */
static const char *text_of(size_t len)
{
	static char text[4098];

	memset(text, 'x', sizeof(text) - 1);
	return text + sizeof(text) - 1 - len;
}

static void test_texts(void **state)
{
	struct shape at = least, above = least;

	(void)state;
	at.id = text_of(64);
	above.id = text_of(65);
	assert_limit(&at, &above, "r0.id.len", 0);
	at = above = least;
	at.title = text_of(4096);
	above.title = text_of(4097);
	assert_limit(&at, &above, "r0.title.len", 0);
	at = above = least;
	at.tags = text_of(4096);
	above.tags = text_of(4097);
	assert_limit(&at, &above, "r0.tags.len", 0);
	at = above = least;
	at.text = text_of(4096);
	above.text = text_of(4097);
	assert_limit(&at, &above, "c0.text.len", NO_RULE);
}

/* No text, behind so many that its offset fills a word. */
static void test_far_text(void **state)
{
	struct shape far = least;
	struct vector v;

	(void)state;
	far.num_rules = 4100;
	far.title = text_of(4096);
	far.text = "";
	v = make(&far);
	assert_check(&v, PLM_EMPTY, vector_at(&v, "c0.text.len", NULL), NO_RULE);
	vector_free(&v);
}

/* Records of a section, zeros, which are counted before they are read. */
static struct vector make_zeros(const char *section, size_t len)
{
	static const char *const names[] = {
		"templates", "rules", "criteria", "programs", "triggers",
		"automata", "tables",
	};
	uint8_t *zeros = xcalloc(1, len);
	struct vector v;

	vector_init(&v, 1, 1);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		vector_section(&v, names[i]);
		if (!strcmp(names[i], section))
			vector_bytes(&v, NULL, zeros, len);
	}
	vector_finish(&v);
	free(zeros);
	return v;
}

/* At the limit their content is to blame, and above it their number. */
static void assert_too_many(const char *section, size_t most, size_t len)
{
	struct vector v = make_zeros(section, most * len);
	struct plm_content content;
	struct plm_fault fault;
	char place[64];
	enum plm_err err;

	err = plm_check(v.data, (uint32_t)v.len, 0, &content, &fault);
	assert_int_not_equal(err, PLM_OK);
	assert_int_not_equal(err, PLM_LIMIT_EXCEEDED);
	vector_free(&v);
	v = make_zeros(section, (most + 1) * len);
	snprintf(place, sizeof(place), "sections.%s.count", section);
	assert_check(&v, PLM_LIMIT_EXCEEDED, vector_at(&v, place, NULL),
		     NO_RULE);
	vector_free(&v);
}

static void test_too_many(void **state)
{
	(void)state;
	assert_too_many("templates", 16, 24);
	assert_too_many("automata", 256, 48);
}

/* The caller's limit, and the format's own, before a byte is read. */
static void test_len(void **state)
{
	struct vector v = make(&least);
	uint32_t len = (uint32_t)v.len;
	struct plm_content content;
	struct plm_fault fault;
	uint8_t byte = 0;

	(void)state;
	assert_int_equal(plm_check(v.data, len, len, &content, &fault), PLM_OK);
	assert_int_equal(plm_check(v.data, len, len - 1, &content, &fault),
			 PLM_TOO_LARGE);
	assert_int_equal(fault.off, len - 1);
	assert_null(content.data);
	assert_int_equal(plm_check(&byte, (64u << 20) + 1, 0, &content, &fault),
			 PLM_TOO_LARGE);
	assert_int_equal(fault.off, 64u << 20);
	assert_int_equal(plm_check(&byte, 0xffffffff, 0xffffffff, &content,
				   &fault), PLM_TOO_LARGE);
	assert_int_equal(fault.off, 64u << 20);
	assert_int_equal(plm_check(&byte, (64u << 20) + 1, (64u << 20) + 1,
				   &content, &fault), PLM_TOO_LARGE);
	assert_int_equal(fault.off, 64u << 20);
	vector_free(&v);
}

#define NUM_TEXTS 65

/* User contains any of 65 texts: more than one state may tell. */
static void add_65_criteria(struct vector *v)
{
	char text[8];

	vector_section(v, "criteria");
	for (uint32_t i = 0; i < NUM_TEXTS; i++) {
		struct vector_criterion c = {
			.input = USER, .op = 2, .text = text,
			.trigger_off = i, .num_triggers = 1,
		};

		snprintf(text, sizeof(text), "k%02u", i);
		vector_criterion(v, NULL, &c);
	}
	vector_section(v, "programs");
	for (uint32_t i = 0; i < 64; i++)
		vector_field(v, NULL, 4, TEST(i));
	vector_field(v, NULL, 4, LEAST(1, 64));
	vector_field(v, NULL, 4, TEST(64));
	vector_field(v, NULL, 4, LEAST(1, 2));
	vector_section(v, "triggers");
	for (uint32_t i = 0; i < NUM_TEXTS; i++)
		vector_field(v, NULL, 4, 0);
}

static void add_words(struct vector *v, const char *name, const uint32_t *words,
		      size_t num)
{
	for (size_t i = 0; i < num; i++)
		vector_field(v, i ? NULL : name, 4, words[i]);
}

/* An automaton's record over the user, all states dense. */
static void add_record(struct vector *v, uint32_t flags, uint32_t num_classes,
		       uint32_t num_states, uint32_t num_hot,
		       uint32_t num_outputs)
{
	uint32_t num_words = 64 + num_states * num_classes + 1 +
			     (num_states - num_hot + 1) + num_outputs;
	const uint32_t words[] = {
		num_states, num_hot, num_states, 0, 0, num_outputs, 0, num_words,
	};

	vector_section(v, "automata");
	vector_field(v, NULL, 2, 0);
	vector_field(v, NULL, 2, USER);
	vector_field(v, NULL, 2, flags);
	vector_field(v, NULL, 2, num_classes);
	add_words(v, NULL, words, ARRAY_LEN(words));
	vector_field(v, NULL, 8, 0);
}

/* State 1 has the first 64 of 65 criteria, state 2 the last. */
static void add_65_outputs(struct vector *v)
{
	static const uint32_t cells[] = { 0, 0, 1, 0, 0, 2, 0, 0, 0 };
	static const uint32_t starts[] = { 0, 64, 65 };
	uint8_t map[256];

	add_record(v, 0, 3, 3, 1, NUM_TEXTS);
	vector_section(v, "tables");
	memset(map, 1, sizeof(map));
	map['K'] = map['k'] = 2;
	vector_bytes(v, NULL, map, sizeof(map));
	add_words(v, NULL, cells, ARRAY_LEN(cells));
	vector_field(v, NULL, 4, 0);
	add_words(v, "starts", starts, ARRAY_LEN(starts));
	for (uint32_t i = 0; i < NUM_TEXTS; i++)
		vector_field(v, NULL, 4, i);
}

static void begin_user(struct vector *v, uint32_t program_len)
{
	struct vector_rule rule = {
		.action = 1, .level = 1, .program_len = program_len,
		.id = "user", .title = "", .tags = "",
	};

	vector_init(v, 1, 1);
	vector_section(v, "templates");
	vector_template(v, "t0", 1, USER + 1, vector_shape(1, USER + 1), 1);
	vector_section(v, "rules");
	vector_rule(v, "r0", &rule);
}

static void test_outputs(void **state)
{
	struct plm_value values[10] = { 0 };
	struct plm_event event = { 1, 10, values };
	struct plm_content content;
	struct plm_fault fault;
	struct outcomes o;
	struct vector v;

	(void)state;
	begin_user(&v, 67);
	add_65_criteria(&v);
	add_65_outputs(&v);
	vector_finish(&v);
	assert_good(&v);
	assert_int_equal(plm_check(v.data, (uint32_t)v.len, 0, &content,
				   &fault), PLM_OK);
	values[USER] = text_value("kkk00");
	o = evaluate(&content, &event, 67);
	assert_int_equal(o.rule[0], MATCHED);
	outcomes_free(&o);
	o = evaluate(&content, &event, 66);
	assert_int_equal(o.err[0], PLM_BUDGET_SPENT);
	outcomes_free(&o);
	values_free(values, 10);
	vector_set(&v, "starts+4", 65);
	vector_sum(&v);
	assert_check(&v, PLM_LIMIT_EXCEEDED, vector_at(&v, "starts+4", NULL),
		     NO_RULE);
	vector_free(&v);
}

/* 256 classes: every byte but one has its own, and class 0 is the end. */
static void test_classes(void **state)
{
	struct vector_criterion c = {
		.input = USER, .op = 2, .flags = 1, .text = "x",
		.num_triggers = 1,
	};
	uint8_t map[256];
	struct vector v;

	(void)state;
	begin_user(&v, 1);
	vector_section(&v, "criteria");
	vector_criterion(&v, NULL, &c);
	vector_section(&v, "programs");
	vector_field(&v, NULL, 4, TEST(0));
	vector_section(&v, "triggers");
	vector_field(&v, NULL, 4, 0);
	add_record(&v, 1, 256, 2, 1, 1);
	vector_section(&v, "tables");
	for (int i = 0; i < 256; i++)
		map[i] = (uint8_t)(i ? i : 1);
	vector_bytes(&v, "map", map, sizeof(map));
	for (int i = 0; i < 512; i++)
		vector_field(&v, NULL, 4, i % 256 == 'x');
	vector_field(&v, NULL, 4, 0);
	vector_field(&v, NULL, 4, 0);
	vector_field(&v, NULL, 4, 1);
	vector_field(&v, NULL, 4, 0);
	vector_finish(&v);
	assert_good(&v);
	vector_set(&v, "map+255", 0);
	vector_sum(&v);
	assert_check(&v, PLM_BAD_INDEX, vector_at(&v, "map+255", NULL), NO_RULE);
	vector_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_criteria),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_far_text),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_len),
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_classes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
