// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What content is made ready into: who reports which criterion, which walks are
 * late, whose filter or skip is made, and of what; nothing but the memory that
 * was asked for is touched, and tables that are none make a walk over nothing.
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
#include "plm_walk.h"
#include "tests/unit/lib/rules.h"

enum { IMAGE, COMMAND_LINE, USER = 5, PROCESS_ID = 8 };

#define T PLM_PROCESS_CREATION_ID
#define CANARY 0xa5

/* Content made ready in memory of which every byte was something before. */
struct ready {
	struct plm_content content;
	uint8_t *data;
	struct plm_walks walks;
	struct plm_walk *list;	/* with one more behind the last */
	uint32_t *words;
	uint32_t num_words;	/* with as many more */
};

static void again(struct ready *r)
{
	uint32_t num = plm_num_automata(&r->content);

	memset(r->list, CANARY, (num + 1) * sizeof(*r->list));
	memset(r->words, 0, r->num_words * 2 * sizeof(*r->words));
	memset(&r->walks, CANARY, sizeof(r->walks));
	plm_walks_init(&r->walks, &r->content, r->list, r->words);
	for (size_t i = 0; i < sizeof(*r->list); i++)
		assert_int_equal(((uint8_t *)&r->list[num])[i], CANARY);
	for (uint32_t i = 0; i < r->num_words; i++)
		assert_int_equal(r->words[r->num_words + i], 0);
}

static void make(struct ready *r, struct model *model)
{
	uint32_t num;

	r->data = rules_content(model, &r->content);
	num = plm_num_automata(&r->content);
	r->num_words = plm_walks_words(&r->content);
	assert_int_equal(r->num_words,
			 plm_num_criteria(&r->content) + PLM_SKIP_WORDS * num +
			 PLM_FILTER_WORDS(num, plm_num_criteria(&r->content)));
	r->list = xcalloc(num + 1, sizeof(*r->list));
	r->words = xcalloc(r->num_words * 2, sizeof(*r->words));
	again(r);
	assert_int_equal(r->walks.num, num);
	assert_int_equal(r->walks.num_criteria, plm_num_criteria(&r->content));
}

static void drop(struct ready *r)
{
	free(r->list);
	free(r->words);
	free(r->data);
}

static const struct plm_walk *walk_of(const struct ready *r, uint32_t input)
{
	for (uint32_t i = 0; i < r->walks.num; i++)
		if (r->list[i].input == input)
			return &r->list[i];
	fail_msg("no walk over input %u", input);
	return NULL;
}

static uint32_t index_of(const struct ready *r, const struct plm_walk *walk)
{
	return (uint32_t)(walk - r->list);
}

/* The criterion with this text, or of a number: "". */
static uint32_t criterion_of(const struct ready *r, const char *text)
{
	struct plm_criterion c;

	for (uint32_t i = 0; plm_get_criterion(&r->content, i, &c); i++)
		if (c.text.len == strlen(text) &&
		    !memcmp(c.text.data, text, c.text.len))
			return i;
	fail_msg("no criterion of %s", text);
	return 0;
}

static bool passes(const struct plm_walk *walk, const char *text)
{
	return plm_filter_passes(&walk->filter, (const u8 *)text,
				 (u32)strlen(text));
}

/* Overwrite a word of a table that was checked. */
static void put_word(const u8 *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		((u8 *)at)[i] = (u8)(value >> 8 * i);
}

static uint32_t text(struct model *model, uint32_t input, const char *text)
{
	return rules_contains(model, T, input, text);
}

/*
 * CommandLine: two texts of which the one is in the other, that rules wait for,
 * and one that only a condition asks for.  Image: late.  User: waited for.
 */
static void make_ready(struct ready *r)
{
	struct model model;

	model_init(&model, 1, 1);
	rules_add(&model, T, "a", (uint32_t[]){
		RULE_TEST(text(&model, COMMAND_LINE, "power")) }, 1);
	rules_add(&model, T, "b", (uint32_t[]){
		RULE_TEST(text(&model, COMMAND_LINE, "thepowerof")),
		RULE_TEST(text(&model, COMMAND_LINE, "unwaited")), RULE_NOT,
		RULE_TEST(text(&model, IMAGE, "image")), RULE_NOT,
		RULE_ALL(3) }, 6);
	rules_add(&model, T, "c", (uint32_t[]){
		RULE_TEST(text(&model, USER, "user")) }, 1);
	rules_add(&model, T, "d", (uint32_t[]){
		RULE_TEST(rules_number(&model, T, PROCESS_ID, 7)) }, 1);
	make(r, &model);
}

static void test_owners(void **state)
{
	static const struct {
		const char *text;
		uint32_t input;
	} owned[] = {
		{ "power", COMMAND_LINE }, { "thepowerof", COMMAND_LINE },
		{ "unwaited", COMMAND_LINE }, { "image", IMAGE },
		{ "user", USER },
	};
	struct ready r;

	(void)state;
	make_ready(&r);
	for (size_t i = 0; i < ARRAY_LEN(owned); i++)
		assert_int_equal(r.walks.owners[criterion_of(&r, owned[i].text)],
				 index_of(&r, walk_of(&r, owned[i].input)));
	assert_int_equal(r.walks.owners[criterion_of(&r, "")], PLM_NO_WALK);
	drop(&r);
}

static void test_looks(void **state)
{
	const struct plm_walk *walk;
	struct ready r;

	(void)state;
	make_ready(&r);
	walk = walk_of(&r, COMMAND_LINE);
	assert_false(walk->late || walk->filter.open);
	assert_int_equal(walk->skip.rest, PLM_NO_STATE);
	assert_true(passes(walk, "a power"));
	assert_true(passes(walk, "is thepowerof it"));
	assert_false(passes(walk, "what is unwaited"));
	assert_false(passes(walk, "an image, a user"));
	walk = walk_of(&r, USER);
	assert_false(walk->late || walk->filter.open);
	walk = walk_of(&r, IMAGE);
	assert_true(walk->late && walk->filter.open);
	assert_int_not_equal(walk->skip.rest, PLM_NO_STATE);
	for (uint32_t i = 0; i < r.walks.num; i++)
		assert_int_equal(r.list[i].template_index, 0);
	drop(&r);
}

/* Sets have room for what is looked up in them: plm_bits.h and plm_filter.h. */
static void test_room(void **state)
{
	const struct plm_filter *filter;
	struct model model;
	struct ready r;
	char id[16], part[32];

	(void)state;
	model_init(&model, 1, 1);
	for (uint32_t i = 0; i < 300; i++) {
		snprintf(id, sizeof(id), "%03u", i);
		snprintf(part, sizeof(part), "%03u-text-of-rule", i);
		rules_add(&model, T, id, (uint32_t[]){
			RULE_TEST(text(&model, COMMAND_LINE, part)) }, 1);
	}
	make(&r, &model);
	filter = &walk_of(&r, COMMAND_LINE)->filter;
	assert_false(filter->open);
	assert_int_equal(filter->near.mask, 2048 * 32 - 1);
	assert_int_equal(filter->wide.mask, 256 * 32 - 1);
	assert_int_equal(filter->far.mask, 256 * 32 - 1);
	assert_int_equal(filter->tiny.mask, 31);
	drop(&r);
}

/* Without automata there is nothing to look at. */
static void test_numbers_alone(void **state)
{
	struct model model;
	struct ready r;

	(void)state;
	model_init(&model, 1, 1);
	rules_add(&model, T, "a", (uint32_t[]){
		RULE_TEST(rules_number(&model, T, PROCESS_ID, 7)) }, 1);
	make(&r, &model);
	assert_int_equal(r.walks.num, 0);
	assert_int_equal(r.words[0], PLM_NO_WALK);
	for (uint32_t i = 1; i < r.num_words; i++)
		assert_int_equal(r.words[i], 0);
	drop(&r);
}

/* What one walk reports is not another one's, and no filter speaks for it then. */
static void test_claimed(void **state)
{
	const struct plm_walk *first, *second;
	struct ready r;
	uint32_t power;

	(void)state;
	make_ready(&r);
	first = walk_of(&r, COMMAND_LINE);
	second = walk_of(&r, USER);
	assert_true(index_of(&r, first) < index_of(&r, second));
	power = criterion_of(&r, "power");
	put_word(second->t.outputs, power);
	again(&r);
	assert_int_equal(r.walks.owners[power], index_of(&r, first));
	assert_int_equal(r.walks.owners[criterion_of(&r, "user")], PLM_NO_WALK);
	assert_false(first->filter.open);
	assert_true(second->filter.open && !second->late);
	assert_int_not_equal(second->skip.rest, PLM_NO_STATE);
	drop(&r);
}

/* Criteria that there are not are nobody's, and change nothing else. */
static void test_no_criterion(void **state)
{
	const struct plm_walk *walk;
	struct ready r;
	uint32_t num;

	(void)state;
	make_ready(&r);
	num = plm_num_criteria(&r.content);
	walk = walk_of(&r, COMMAND_LINE);
	for (uint32_t i = 0; i < walk->t.num_outputs; i++)
		if (plm_le32(walk->t.outputs + 4 * i) ==
		    criterion_of(&r, "unwaited"))
			put_word(walk->t.outputs + 4 * i, 0xffffffff);
	again(&r);
	assert_false(walk->filter.open);
	assert_int_equal(r.walks.owners[criterion_of(&r, "unwaited")],
			 PLM_NO_WALK);
	put_word(walk_of(&r, IMAGE)->t.outputs, num);
	again(&r);
	assert_true(walk_of(&r, IMAGE)->late);
	drop(&r);
}

/* Behind the last of a walk's outputs is something else. */
static void test_past_outputs(void **state)
{
	const struct plm_walk *walk;
	struct ready r;

	(void)state;
	make_ready(&r);
	walk = walk_of(&r, COMMAND_LINE);
	assert_true(index_of(&r, walk) + 1 < r.walks.num);
	put_word(walk->t.outputs + 4 * walk->t.num_outputs,
		 criterion_of(&r, ""));
	again(&r);
	assert_int_equal(r.walks.owners[criterion_of(&r, "")], PLM_NO_WALK);
	assert_false(walk->filter.open);
	put_word(walk->t.outputs + 4 * walk->t.num_outputs,
		 criterion_of(&r, "user"));
	again(&r);
	assert_int_equal(r.walks.owners[criterion_of(&r, "user")],
			 index_of(&r, walk_of(&r, USER)));
	assert_false(passes(walk, "some user"));
	drop(&r);
}

/* An automaton whose tables are not in the file. */
static void test_no_tables(void **state)
{
	uint32_t off, index;
	struct ready r;
	u8 *record;

	(void)state;
	make_ready(&r);
	index = index_of(&r, walk_of(&r, COMMAND_LINE));
	off = r.content.section[PLM_SECTION_AUTOMATA - 1].off +
	      index * PLM_AUTOMATON_LEN;
	record = (u8 *)r.content.data + off;
	put_word(record + PLM_AUT_TABLES_OFF, 0xffffff00);
	again(&r);
	assert_int_equal(r.list[index].input, PLM_NO_INPUT);
	assert_true(r.list[index].filter.open);
	assert_false(r.list[index].late);
	assert_int_equal(r.list[index].template_index, 0);
	assert_int_equal(r.list[index].skip.rest, PLM_NO_STATE);
	assert_int_equal(r.walks.owners[criterion_of(&r, "power")],
			 PLM_NO_WALK);
	drop(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_numbers_alone),
		cmocka_unit_test(test_claimed),
		cmocka_unit_test(test_no_criterion),
		cmocka_unit_test(test_past_outputs),
		cmocka_unit_test(test_no_tables),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("walks", tests, NULL, NULL);
}
