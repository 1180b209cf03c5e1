// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an event is walked over by, and when: walks whose filters say no are not
 * begun, late ones wait to be asked for, none is taken twice.  And that numbers,
 * strings and walks are looked for within what there is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/machine.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/rules.h"

enum { IMAGE, COMMAND_LINE, USER = 5, PROCESS_ID = 8, NUM_INPUTS = 10 };
enum { RULE_ASKS, RULE_WAITS, RULE_NUMBER, RULE_ELSEWHERE };

#define BUDGET 65536

static uint8_t *data;
static struct plm_content content;
static struct machine machine;
static struct plm_walk *image, *command_line, *user;

static uint32_t string(struct model *model, uint32_t input, const char *text)
{
	return rules_contains(model, PLM_PROCESS_CREATION_ID, input, text);
}

static struct plm_walk *walk_of(uint32_t input)
{
	for (u32 i = 0; i < machine.walks.num; i++)
		if (machine.list[i].input == input)
			return &machine.list[i];
	return NULL;
}

/*
 * One rule waits for CommandLine, and asks for two other inputs then.  Another
 * one, of other events, waits for nothing.
 */
static int make(void **state)
{
	struct model model;

	(void)state;
	model_init(&model, 1, 1);
	rules_add(&model, PLM_PROCESS_CREATION_ID, "asks", (uint32_t[]){
		RULE_TEST(string(&model, COMMAND_LINE, "xxy")),
		RULE_TEST(string(&model, IMAGE, "ex")), RULE_NOT,
		RULE_TEST(string(&model, USER, "zed")), RULE_NOT,
		RULE_ALL(3) }, 6);
	rules_add(&model, PLM_PROCESS_CREATION_ID, "waits", (uint32_t[]){
		RULE_TEST(string(&model, COMMAND_LINE, "queue")) }, 1);
	rules_add(&model, PLM_PROCESS_CREATION_ID, "watches", (uint32_t[]){
		RULE_TEST(rules_number(&model, PLM_PROCESS_CREATION_ID,
				       PROCESS_ID, 7)) }, 1);
	rules_add(&model, PLM_FILE_EVENT_ID, "x", (uint32_t[]){
		RULE_TEST(rules_contains(&model, PLM_FILE_EVENT_ID, 0, "no")),
		RULE_NOT }, 2);
	data = rules_content(&model, &content);
	machine_init(&machine, &content);
	image = walk_of(IMAGE);
	command_line = walk_of(COMMAND_LINE);
	user = walk_of(USER);
	return image && command_line && user ? 0 : -1;
}

static int drop(void **state)
{
	(void)state;
	machine_free(&machine);
	free(data);
	return 0;
}

/* An event of three strings, each of which may be NULL: none. */
struct given {
	struct plm_value values[NUM_INPUTS];
	struct plm_event event;
};

static void give(struct given *g, const char *for_image,
		 const char *for_command_line, const char *for_user)
{
	*g = (struct given){ .event = { PLM_PROCESS_CREATION_ID, NUM_INPUTS,
					g->values } };
	if (for_image)
		g->values[IMAGE] = text_value(for_image);
	if (for_command_line)
		g->values[COMMAND_LINE] = text_value(for_command_line);
	if (for_user)
		g->values[USER] = text_value(for_user);
}

static void take_back(struct given *g)
{
	plm_eval_end(&machine.scratch);
	values_free(g->values, NUM_INPUTS);
}

static void begin(struct given *g)
{
	u32 budget = BUDGET, rule;

	assert_int_equal(plm_eval_begin(&content, &g->event, &machine.scratch,
					&budget, &rule), PLM_OK);
	assert_int_equal(rule, 0);
}

static bool is_walked(const struct plm_walk *walk)
{
	return plm_set_has(machine.scratch.walked,
			   (u32)(walk - machine.list));
}

/* The criterion that the only word of @walk's outputs names. */
static u32 only_output(const struct plm_walk *walk)
{
	assert_int_equal(walk->t.num_outputs, 1);
	return plm_le32(walk->t.outputs);
}

static void test_late(void **state)
{
	struct given g;
	u32 rule, budget = BUDGET;
	bool matched;

	(void)state;
	assert_true(image->late && user->late);
	assert_false(command_line->late);
	assert_false(command_line->filter.open);
	give(&g, "/bin/no", "xxy", "nobody");
	begin(&g);
	assert_true(is_walked(command_line));
	assert_false(is_walked(image) || is_walked(user));
	assert_true(plm_eval_next(&machine.scratch, &rule));
	assert_int_equal(rule, RULE_ASKS);
	assert_int_equal(plm_eval_rule(&content, &g.event, &machine.scratch,
				       rule, &budget, &matched), PLM_OK);
	assert_true(matched && is_walked(image) && is_walked(user));
	assert_false(plm_eval_next(&machine.scratch, &rule));
	take_back(&g);
	assert_false(is_walked(command_line) || is_walked(image));
}

static void test_filtered(void **state)
{
	struct given g;
	u32 rule;

	(void)state;
	give(&g, "ex", "neither of the two", "zed");
	begin(&g);
	assert_false(is_walked(command_line));
	assert_false(plm_eval_next(&machine.scratch, &rule));
	take_back(&g);
}

static void test_once(void **state)
{
	struct plm_scratch *s = &machine.scratch;
	u32 ex = only_output(image);
	struct given without, with;

	(void)state;
	give(&without, "none", NULL, NULL);
	give(&with, "ex", NULL, NULL);
	plm_touch_late(&content, &without.event, ex, s);
	assert_true(plm_is_settled(s, ex));
	assert_false(plm_is_hit(s, ex));
	plm_touch_late(&content, &with.event, ex, s);
	assert_false(plm_is_hit(s, ex));
	take_back(&without);
	plm_touch_late(&content, &with.event, ex, s);
	assert_true(plm_is_hit(s, ex));
	take_back(&with);
}

/* Of criteria that there are not, or that no walk reports. */
static void test_nobodys(void **state)
{
	u32 num = machine.walks.num_criteria;
	u32 *owners = xcalloc(num + 1, sizeof(*owners));
	struct plm_walks walks = machine.walks;
	struct given g;

	(void)state;
	memcpy(owners, walks.owners, num * sizeof(*owners));
	owners[num] = (u32)(image - machine.list);
	walks.owners = owners;
	machine.scratch.walks = &walks;
	give(&g, "ex", NULL, NULL);
	plm_touch_late(&content, &g.event, num, &machine.scratch);
	assert_false(is_walked(image));
	plm_touch_late(&content, &g.event, 0xffffffff, &machine.scratch);
	for (u32 i = 0; i < num; i++)
		if (owners[i] >= walks.num)
			plm_touch_late(&content, &g.event, i, &machine.scratch);
	assert_int_equal(machine.scratch.num_touched, 0);
	machine.scratch.walks = &machine.walks;
	take_back(&g);
	free(owners);
}

/* One behind the last walk, for which a machine's list has room, is none. */
static void test_past_the_last(void **state)
{
	struct plm_walk *past = &machine.list[machine.walks.num];
	struct given g;

	(void)state;
	*past = *image;
	past->late = false;
	give(&g, "ex", NULL, NULL);
	begin(&g);
	assert_int_equal(machine.scratch.num_touched, 0);
	take_back(&g);
	memset(past, 0, sizeof(*past));
}

/* What an event does not supply is not looked at, though it be there. */
static void test_not_supplied(void **state)
{
	u32 rule, budget = BUDGET;
	struct given g;
	bool matched;

	(void)state;
	give(&g, NULL, "xxy", "zed");
	for (u32 num = 0; num < NUM_INPUTS; num++) {
		enum plm_err err;

		g.event.num_values = num;
		begin(&g);
		assert_int_equal(plm_eval_next(&machine.scratch, &rule),
				 num > COMMAND_LINE);
		err = plm_eval_rule(&content, &g.event, &machine.scratch,
				    RULE_ASKS, &budget, &matched);
		assert_int_equal(err, num > USER ? PLM_OK :
				 PLM_INPUT_NOT_SUPPLIED);
		assert_false(matched);
		plm_eval_end(&machine.scratch);
	}
	take_back(&g);
}

/* Rules are known once the event has begun; later reports trigger no more. */
static void test_begun(void **state)
{
	uint8_t *output = (uint8_t *)image->t.outputs, old[4];
	struct plm_condition waits;
	u32 rule, budget = BUDGET;
	struct given g;
	bool matched;

	(void)state;
	memcpy(old, output, 4);
	assert_true(plm_get_condition(&content, RULE_WAITS, &waits));
	output[0] = (uint8_t)plm_get_word(&content, PLM_SECTION_PROGRAMS,
					  waits.off);
	give(&g, "ex", "xxy", NULL);
	begin(&g);
	assert_true(plm_eval_next(&machine.scratch, &rule));
	assert_int_equal(plm_eval_rule(&content, &g.event, &machine.scratch,
				       rule, &budget, &matched), PLM_OK);
	assert_true(plm_is_hit(&machine.scratch, output[0]));
	assert_false(plm_eval_next(&machine.scratch, &rule));
	take_back(&g);
	memcpy(output, old, 4);
}

/*
 * A start that has something to report is left by one byte, taken once: behind
 * "xxy", "xy" is no other one.
 */
static void test_start(void **state)
{
	u32 xxy, start = command_line->t.start, first;
	struct given g;

	(void)state;
	give(&g, NULL, "xxy", NULL);
	begin(&g);
	assert_int_equal(machine.scratch.num_touched, 1);
	xxy = (u32)machine.scratch.touched[0];
	take_back(&g);
	for (u32 i = command_line->t.num_hot; i < command_line->t.num_states;
	     i++)
		if (plm_outputs(&command_line->t, i, &first) &&
		    plm_le32(command_line->t.outputs + 4 * first) == xxy)
			command_line->t.start = i;
	assert_int_not_equal(command_line->t.start, start);
	command_line->filter.open = true;
	for (size_t i = 0; i < 3; i++) {
		give(&g, NULL, &"xxy"[i], NULL);
		begin(&g);
		assert_int_equal(machine.scratch.num_touched, i == 0);
		take_back(&g);
	}
	command_line->t.start = start;
	command_line->filter.open = false;
}

/*
 * An event with more triggers than steps is evaluated by no rule, and the first
 * that found too few is named.
 */
static void test_spent(void **state)
{
	static const u32 blamed[] = { RULE_ASKS, RULE_ELSEWHERE, 0, 0 };
	struct given g;

	(void)state;
	give(&g, NULL, "xxy", NULL);
	for (u32 steps = 0; steps < ARRAY_LEN(blamed); steps++) {
		u32 left = steps, rule = 99, next;
		enum plm_err err = plm_eval_begin(&content, &g.event,
						  &machine.scratch, &left,
						  &rule);

		assert_int_equal(err, steps < 2 ? PLM_BUDGET_SPENT : PLM_OK);
		assert_int_equal(rule, blamed[steps]);
		assert_int_equal(left, steps < 2 ? 0 : steps - 2);
		assert_int_equal(plm_eval_next(&machine.scratch, &next),
				 steps >= 2);
		plm_eval_end(&machine.scratch);
	}
	take_back(&g);
}

/* Numbers */

/*
 * Is the criterion of a number hit by @event, where it is @input's alone, and
 * @bits say which inputs have one?
 */
static bool number_is_hit(const struct plm_event *event, u32 template,
			  u32 bits, u32 input)
{
	struct plm_walks *walks = xmemdup(&machine.walks, sizeof(*walks));
	bool hit;
	u32 seven;

	memset(&walks->numbers, 0, sizeof(walks->numbers));
	for (seven = 0; machine.walks.owners[seven] != PLM_NO_WALK; seven++)
		;
	if (template < PLM_MAX_TEMPLATES) {
		walks->numbers.inputs[template] = bits;
		walks->numbers.spans[template][input] =
			(struct plm_span){ seven, seven + 1 };
	}
	machine.scratch.walks = walks;
	machine.scratch.steps = BUDGET;
	plm_touch_numbers(&content, event, template, &machine.scratch);
	hit = plm_is_hit(&machine.scratch, seven);
	plm_eval_end(&machine.scratch);
	machine.scratch.walks = &machine.walks;
	free(walks);
	return hit;
}

static void test_numbers(void **state)
{
	struct plm_value values[40];
	struct plm_event event = { PLM_PROCESS_CREATION_ID, 0, values };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		values[i] = number_value(7);
	for (u32 num = 0; num <= ARRAY_LEN(values); num++) {
		event.num_values = num;
		for (u32 input = 0; input < PLM_MAX_INPUTS; input++)
			assert_int_equal(number_is_hit(&event, 0, 1u << input,
						       input), input < num);
	}
	/* A span that no bit announces is none. */
	assert_true(number_is_hit(&event, 0, 1u << 3 | 1u << 8, 8));
	assert_false(number_is_hit(&event, 0, 1u << 8, 3));
	for (u32 kind = 0; kind < 5; kind++) {
		values[4].kind = kind;
		assert_int_equal(number_is_hit(&event, 0, 1u << 4, 4),
				 kind == PLM_VALUE_NUMBER);
	}
	for (u32 t = 0; t < PLM_MAX_TEMPLATES; t++)
		assert_true(number_is_hit(&event, t, 1u << 9, 9));
	assert_false(number_is_hit(&event, PLM_MAX_TEMPLATES, 1u << 9, 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_filtered),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_nobodys),
		cmocka_unit_test(test_past_the_last),
		cmocka_unit_test(test_not_supplied),
		cmocka_unit_test(test_begun),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_spent),
		cmocka_unit_test(test_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("walked", tests, make, drop);
}
