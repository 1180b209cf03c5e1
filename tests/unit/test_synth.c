// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events made from rules.  What they claim is asked of the naive reference
 * again; what they are for is shown on rules whose answer is known.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/solve.h"
#include "event/synth.h"
#include "tests/unit/lib/chance.h"

enum { IMAGE, COMMAND_LINE, PARENT_IMAGE, DIRECTORY = 4, USER, LOGON_ID = 7,
       PROCESS_ID };

#define NOT		PLM_WORD(PLM_WORD_NOT, 0)
#define OF(least, num)	PLM_WORD(PLM_WORD_AT_LEAST, (least) << 8 | (num))
#define ALL(num)	OF(num, num)
#define ANY(num)	OF(1, num)

static struct model model;
static struct synth synth;

static int begin(void **state)
{
	(void)state;
	model_init(&model, 1, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	synth_free(&synth);
	model_free(&model);
	return 0;
}

static uint32_t text(uint32_t input, enum plm_op op, const char *bytes)
{
	return PLM_WORD(PLM_WORD_TEST,
			model_criterion(&model, plm_template_at(0), input, op,
					0, bytes, (uint32_t)strlen(bytes), 0));
}

static uint32_t cased(uint32_t input, enum plm_op op, const char *bytes)
{
	return PLM_WORD(PLM_WORD_TEST,
			model_criterion(&model, plm_template_at(0), input, op,
					PLM_FLAG_CASED, bytes,
					(uint32_t)strlen(bytes), 0));
}

static uint32_t number(uint32_t input, enum plm_op op, uint64_t operand)
{
	return PLM_WORD(PLM_WORD_TEST,
			model_criterion(&model, plm_template_at(0), input, op,
					0, NULL, 0, operand));
}

static uint32_t exists(uint32_t input)
{
	return number(input, PLM_OP_EXISTS, 0);
}

static void rule(const uint32_t *words, size_t num)
{
	struct model_rule *r = model_rule_add(&model);
	char *id = xasprintf("rule-%04zu", model.num_rules);

	r->template = plm_template_at(0);
	r->action = PLM_ACTION_AUDIT;
	r->level = PLM_LEVEL_LOW;
	model_text_set(&r->id, id, strlen(id));
	r->program = xmemdup(words, num * sizeof(*words));
	r->program_len = (uint32_t)num;
	free(id);
}

#define RULE(...)							\
	rule((const uint32_t[]){ __VA_ARGS__ },				\
	     sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static size_t count(uint32_t of_rule, enum synth_kind kind)
{
	size_t num = 0;

	for (size_t i = 0; i < synth.num_events; i++)
		num += synth.events[i].rule == of_rule &&
		       synth.events[i].kind == kind;
	return num;
}

static const struct synth_event *first(uint32_t of_rule, enum synth_kind kind)
{
	for (size_t i = 0; i < synth.num_events; i++)
		if (synth.events[i].rule == of_rule &&
		    synth.events[i].kind == kind)
			return &synth.events[i];
	fail_msg("no event of kind %s", synth_kind_name(kind));
	return NULL;
}

static void assert_value(const struct synth_event *e, uint32_t input,
			 const char *bytes)
{
	const struct plm_value *value = &e->event.values[input];

	assert_int_equal(value->kind, PLM_VALUE_STRING);
	assert_string_equal((const char *)value->data, bytes);
}

/* Everything that is claimed of every event, whatever the rules. */
static void make(void)
{
	synth_make(&synth, &model);
	for (size_t i = 0; i < synth.num_events; i++) {
		const struct synth_event *e = &synth.events[i];

		assert_int_equal(e->expect, e->kind == SYNTH_MATCHING);
		assert_int_equal(e->expect,
				 solve_matches(&model, e->rule, &e->event));
	}
}

static void joins_texts(void **state)
{
	(void)state;
	RULE(text(IMAGE, PLM_OP_STARTSWITH, "/tmp/"),
	     text(IMAGE, PLM_OP_ENDSWITH, "/nc"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, " -e "),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "/bin/sh"), ALL(4));
	make();
	assert_value(first(0, SYNTH_MATCHING), IMAGE, "/tmp/x/nc");
	assert_value(first(0, SYNTH_MATCHING), COMMAND_LINE, "x -e /bin/sh");
	/* Each of the four broken once, and the case turned round once. */
	assert_int_equal(count(0, SYNTH_NEAR_MISS), 4);
	assert_int_equal(count(0, SYNTH_MATCHING), 2);
	assert_int_equal(synth.num_wanted, 4);
	assert_int_equal(synth.num_covered, 4);
}

static void plain_events(void **state)
{
	(void)state;
	RULE(text(IMAGE, PLM_OP_ENDSWITH, "/nc"));
	make();
	assert_value(first(0, SYNTH_MATCHING), COMMAND_LINE, "true");
	assert_value(first(0, SYNTH_MATCHING), USER, "root");
	assert_value(first(0, SYNTH_MATCHING), DIRECTORY, "/");
	assert_int_equal(first(0, SYNTH_MATCHING)->event.values[LOGON_ID].kind,
			 PLM_VALUE_NUMBER);
	assert_int_equal(first(0, SYNTH_MATCHING)->event.
			 values[PROCESS_ID].kind, PLM_VALUE_ABSENT);
	assert_int_equal(first(0, SYNTH_MATCHING)->event.
			 values[PARENT_IMAGE].kind, PLM_VALUE_ABSENT);
	assert_value(first(0, SYNTH_NEAR_MISS), IMAGE, "/nd");
}

/* Every one of a list of alternatives has its event. */
static void covers_alternatives(void **state)
{
	uint32_t words[64], num = 0;
	char name[32];

	(void)state;
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "/tool%02d", i);
		words[num++] = text(IMAGE, PLM_OP_ENDSWITH, name);
	}
	words[num++] = ANY(40);
	words[num++] = text(COMMAND_LINE, PLM_OP_CONTAINS, "go");
	words[num++] = ALL(2);
	rule(words, num);
	make();
	assert_int_equal(synth.num_wanted, 41);
	assert_int_equal(synth.num_covered, 41);
	assert_int_equal(count(0, SYNTH_NEAR_MISS), 41);
	assert_int_equal(count(0, SYNTH_MATCHING), 41);
}

static void shows_what_is_excepted(void **state)
{
	(void)state;
	RULE(text(IMAGE, PLM_OP_ENDSWITH, "/curl"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "--help"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "--version"), ANY(2), NOT,
	     text(USER, PLM_OP_EQUALS, "root"), NOT, ALL(3));
	make();
	assert_int_equal(count(0, SYNTH_EXCEPTED), 3);
	assert_value(first(0, SYNTH_EXCEPTED), COMMAND_LINE, "--help");
	assert_value(first(0, SYNTH_MATCHING), USER, "1000");
}

/* The texts that must not occur decide what may stand between the others. */
static void avoids_what_must_not_be(void **state)
{
	(void)state;
	RULE(text(COMMAND_LINE, PLM_OP_CONTAINS, "ab"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "cd"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, " "), NOT,
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "x"), NOT,
	     text(COMMAND_LINE, PLM_OP_STARTSWITH, "ab"), NOT, ALL(5));
	RULE(text(COMMAND_LINE, PLM_OP_CONTAINS, "abc"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "bcd"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "abcb"), NOT,
	     text(COMMAND_LINE, PLM_OP_EQUALS, "abcd"), ALL(4));
	make();
	assert_int_equal(synth.num_unsolved, 0);
	assert_value(first(1, SYNTH_MATCHING), COMMAND_LINE, "abcd");
}

static void numbers(void **state)
{
	(void)state;
	RULE(number(LOGON_ID, PLM_OP_NUM_GT, 5),
	     number(LOGON_ID, PLM_OP_NUM_LTE, 7),
	     number(LOGON_ID, PLM_OP_NUM_EQ, 6), NOT, ALL(3));
	RULE(number(PROCESS_ID, PLM_OP_NUM_EQ, UINT64_MAX));
	make();
	assert_int_equal(synth.num_unsolved, 0);
	assert_int_equal(first(0, SYNTH_MATCHING)->event.
			 values[LOGON_ID].number, 7);
	assert_true(first(1, SYNTH_MATCHING)->event.
		    values[PROCESS_ID].number == UINT64_MAX);
}

static void absence(void **state)
{
	(void)state;
	RULE(exists(IMAGE), NOT, text(USER, PLM_OP_EQUALS, ""), ALL(2));
	RULE(exists(PROCESS_ID), exists(PARENT_IMAGE), ALL(2));
	make();
	assert_int_equal(synth.num_unsolved, 0);
	assert_int_equal(first(0, SYNTH_MATCHING)->event.values[IMAGE].kind,
			 PLM_VALUE_ABSENT);
	assert_value(first(0, SYNTH_MATCHING), USER, "");
}

/* 2 of (a, b, c), and once more under a negation. */
static void counts_of_several(void **state)
{
	(void)state;
	RULE(text(COMMAND_LINE, PLM_OP_CONTAINS, "aa"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "bb"),
	     text(COMMAND_LINE, PLM_OP_CONTAINS, "cc"), OF(2, 3),
	     text(IMAGE, PLM_OP_CONTAINS, "dd"),
	     text(IMAGE, PLM_OP_CONTAINS, "ee"),
	     text(IMAGE, PLM_OP_CONTAINS, "ff"), OF(2, 3), NOT, ALL(2));
	make();
	assert_int_equal(synth.num_wanted, 3);
	assert_int_equal(synth.num_covered, 3);
	assert_true(count(0, SYNTH_NEAR_MISS) >= 2);
	assert_true(count(0, SYNTH_EXCEPTED) >= 2);
}

static void respects_case(void **state)
{
	(void)state;
	RULE(text(COMMAND_LINE, PLM_OP_EQUALS, "run abc"),
	     cased(COMMAND_LINE, PLM_OP_CONTAINS, "ABC"), ALL(2));
	make();
	assert_value(first(0, SYNTH_MATCHING), COMMAND_LINE, "run ABC");
}

static const struct contradiction {
	uint32_t input;
	enum plm_op op, other_op;
	const char *a, *b;
	bool not_b;
} contradictions[] = {
	{ IMAGE, PLM_OP_EQUALS, PLM_OP_EQUALS, "/a", "/b", false },
	{ IMAGE, PLM_OP_ENDSWITH, PLM_OP_ENDSWITH, "/a", "/b", false },
	{ IMAGE, PLM_OP_STARTSWITH, PLM_OP_STARTSWITH, "/a", "/b", false },
	{ IMAGE, PLM_OP_EQUALS, PLM_OP_CONTAINS, "/abc", "bb", false },
	{ IMAGE, PLM_OP_CONTAINS, PLM_OP_CONTAINS, "abc", "bc", true },
	{ IMAGE, PLM_OP_EQUALS, PLM_OP_STARTSWITH, "/abc", "/a", true },
	{ IMAGE, PLM_OP_ENDSWITH, PLM_OP_ENDSWITH, "/abc", "bc", true },
};

static void proves_contradictions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(contradictions); i++) {
		const struct contradiction *c = &contradictions[i];
		uint32_t a = text(c->input, c->op, c->a);
		uint32_t b = text(c->input, c->other_op, c->b);

		if (c->not_b)
			RULE(a, b, NOT, ALL(2));
		else
			RULE(a, b, ALL(2));
	}
	RULE(number(LOGON_ID, PLM_OP_NUM_LT, 3),
	     number(LOGON_ID, PLM_OP_NUM_GT, 3), ALL(2));
	RULE(number(LOGON_ID, PLM_OP_NUM_LT, 0));
	RULE(exists(USER), NOT, text(USER, PLM_OP_CONTAINS, "r"), ALL(2));
	make();
	assert_int_equal(synth.num_unsolved, model.num_rules);
	assert_int_equal(synth.num_impossible, model.num_rules);
}

/* The other way round: what can be matched is never called impossible. */
static void claims_no_contradiction(void **state)
{
	(void)state;
	RULE(text(IMAGE, PLM_OP_ENDSWITH, "/bc"),
	     text(IMAGE, PLM_OP_ENDSWITH, "a/bc"),
	     text(IMAGE, PLM_OP_STARTSWITH, "/"),
	     text(IMAGE, PLM_OP_CONTAINS, "/bc/"), NOT,
	     text(IMAGE, PLM_OP_EQUALS, "/a/bd"), NOT, ALL(5));
	RULE(cased(IMAGE, PLM_OP_EQUALS, "/A"),
	     text(IMAGE, PLM_OP_EQUALS, "/a"), ALL(2));
	RULE(cased(IMAGE, PLM_OP_CONTAINS, "AB"), NOT,
	     text(IMAGE, PLM_OP_CONTAINS, "ab"), ALL(2));
	make();
	assert_int_equal(synth.num_impossible, 0);
	assert_int_equal(synth.num_unsolved, 0);
}

static void notices_what_always_matches(void **state)
{
	uint32_t a = text(IMAGE, PLM_OP_CONTAINS, "a");

	(void)state;
	RULE(a, a, NOT, ANY(2));
	make();
	assert_int_equal(synth.num_unsolved, 0);
	assert_int_equal(synth.num_no_miss, 1);
}

/* As deep, as long and as ambiguous as the format allows: no hang, no fall. */
static void bears_hostile_conditions(void **state)
{
	uint32_t *words = xcalloc(PLM_MAX_PROGRAM_LEN, sizeof(*words));
	uint32_t num = 0;
	char name[32];

	(void)state;
	words[num++] = text(IMAGE, PLM_OP_CONTAINS, "start");
	for (uint32_t i = 0; num + 4 <= PLM_MAX_PROGRAM_LEN; i++) {
		snprintf(name, sizeof(name), "n%u", i % 2000);
		words[num++] = text(COMMAND_LINE, PLM_OP_CONTAINS, name);
		words[num++] = i % 3 ? ANY(2) : ALL(2);
		words[num++] = NOT;
	}
	rule(words, num);
	num = 0;
	words[num++] = text(IMAGE, PLM_OP_CONTAINS, "a");
	while (num < PLM_MAX_PROGRAM_LEN)
		words[num++] = NOT;
	rule(words, num);
	/* 60 choices of two that contradict a last one. */
	num = 0;
	for (uint32_t i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "l%u", i);
		words[num++] = text(COMMAND_LINE, PLM_OP_CONTAINS, name);
		snprintf(name, sizeof(name), "r%u", i);
		words[num++] = text(COMMAND_LINE, PLM_OP_CONTAINS, name);
		words[num++] = ANY(2);
	}
	words[num++] = text(COMMAND_LINE, PLM_OP_CONTAINS, "l");
	words[num++] = NOT;
	words[num++] = text(COMMAND_LINE, PLM_OP_CONTAINS, "r");
	words[num++] = NOT;
	words[num++] = ALL(62);
	rule(words, num);
	make();
	free(words);
	/* Seen at once, although there are 2^60 ways to choose. */
	assert_int_equal(synth.impossible[synth.num_impossible - 1], 2);
}

/* Short texts over few letters, so that they get in each other's way. */
static uint32_t random_test(void)
{
	static const enum plm_op ops[] = { PLM_OP_EQUALS, PLM_OP_CONTAINS,
					   PLM_OP_STARTSWITH, PLM_OP_ENDSWITH,
					   PLM_OP_CONTAINS, PLM_OP_EXISTS };
	enum plm_op op = ops[below(ARRAY_LEN(ops))];
	uint32_t input = below(2) ? USER : COMMAND_LINE;
	uint32_t num = below(3) + (op != PLM_OP_EQUALS);
	bool is_cased = below(4) == 0;
	char bytes[4] = "";

	if (op == PLM_OP_EXISTS)
		return exists(input);
	for (uint32_t i = 0; i < num; i++)
		bytes[i] = "abA"[below(is_cased ? 3 : 2)];
	return is_cased ? cased(input, op, bytes) : text(input, op, bytes);
}

static void random_rule(void)
{
	uint32_t words[64], num = 0, depth = 0;
	uint32_t left = 2 + below(7);

	while (left || depth > 1) {
		uint32_t many = 2 + below(3);

		if (left && (depth < 2 || below(2))) {
			words[num++] = random_test();
			left--;
			depth++;
		} else {
			many = many > depth ? depth : many;
			words[num++] = below(2) ? ALL(many) :
				       OF(1 + below(many), many);
			depth -= many - 1;
		}
		if (below(4) == 0)
			words[num++] = NOT;
	}
	rule(words, num);
}

/* String @number over three letters, of at most 4 of them; absent: 0. */
static void set_numbered(struct event *event, uint32_t input, uint32_t number)
{
	char bytes[8];
	size_t len = 0;

	if (!number) {
		event_set_absent(event, input);
		return;
	}
	for (number--; number; number = (number - 1) / 3)
		bytes[len++] = "abA"[(number - 1) % 3];
	event_set_string(event, input, bytes, len);
}

#define NUM_NUMBERED (1 + 1 + 3 + 9 + 27 + 81)

static bool can_match(uint32_t of_rule)
{
	struct event event = { .template = plm_template_at(0) };
	bool found = false;

	for (uint32_t i = 0; !found && i < NUM_NUMBERED; i++) {
		set_numbered(&event, COMMAND_LINE, i);
		for (uint32_t k = 0; !found && k < NUM_NUMBERED; k++) {
			set_numbered(&event, USER, k);
			found = solve_matches(&model, of_rule, &event);
		}
	}
	event_free(&event);
	return found;
}

/*
 * Against all short events: nothing is called impossible that is not, and
 * nothing that one of them matches is left without an event.
 */
static void finds_what_there_is(void **state)
{
	size_t num_impossible = 0;

	(void)state;
	for (int i = 0; i < 300; i++)
		random_rule();
	make();
	for (size_t i = 0; i < synth.num_unsolved; i++)
		if (can_match(synth.unsolved[i]))
			fail_msg("no event for rule %u", synth.unsolved[i]);
	for (size_t i = 0; i < synth.num_impossible; i++)
		num_impossible += !can_match(synth.impossible[i]);
	assert_int_equal(num_impossible, synth.num_impossible);
	/* Both kinds have been met. */
	assert_in_range(synth.num_impossible, 5, 200);
	print_message("# %zu unsolved, %zu of them proven impossible\n",
		      synth.num_unsolved, synth.num_impossible);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(joins_texts, begin, end),
		cmocka_unit_test_setup_teardown(plain_events, begin, end),
		cmocka_unit_test_setup_teardown(covers_alternatives, begin,
						end),
		cmocka_unit_test_setup_teardown(shows_what_is_excepted, begin,
						end),
		cmocka_unit_test_setup_teardown(avoids_what_must_not_be, begin,
						end),
		cmocka_unit_test_setup_teardown(numbers, begin, end),
		cmocka_unit_test_setup_teardown(absence, begin, end),
		cmocka_unit_test_setup_teardown(counts_of_several, begin, end),
		cmocka_unit_test_setup_teardown(respects_case, begin, end),
		cmocka_unit_test_setup_teardown(proves_contradictions, begin,
						end),
		cmocka_unit_test_setup_teardown(claims_no_contradiction, begin,
						end),
		cmocka_unit_test_setup_teardown(notices_what_always_matches,
						begin, end),
		cmocka_unit_test_setup_teardown(bears_hostile_conditions,
						begin, end),
		cmocka_unit_test_setup_teardown(finds_what_there_is, begin,
						end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
