// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lanes and skips: a walk that leaves out what it may reports the same, at the
 * same places, and ends in the same state as one that steps on every byte; over
 * automata made up by chance, whose states mostly lead back to one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_lane.h"
#include "tests/unit/lib/chance.h"

#define NUM_STATES	18	/* more than groups of pairs */
#define NUM_CLASSES	6
#define NUM_AUTOMATA	3000
#define NUM_INPUTS	40
#define MAX_LEN		40

/* Dense states only; the bytes "a" to "e" have classes of their own. */
struct made {
	struct plm_tables t;
	struct plm_skip skip;
	uint8_t class_map[256];
	uint8_t cells[NUM_STATES * NUM_CLASSES * 4];
	uint32_t words[PLM_SKIP_WORDS];
};

static const struct plm_skip no_skip = { PLM_NO_STATE, NULL };

static void set_cell(struct made *made, uint32_t state, uint32_t cls,
		     uint32_t next)
{
	made->cells[(state * NUM_CLASSES + cls) * 4] = (uint8_t)next;
}

static void make_tables(struct made *made, uint32_t start, uint32_t num_hot)
{
	memset(made, 0, sizeof(*made));
	for (int byte = 0; byte < 256; byte++)
		made->class_map[byte] = byte >= 'a' && byte <= 'e' ?
					(uint8_t)(byte - 'a' + 1) : 1;
	made->t = (struct plm_tables){
		.class_map = made->class_map, .cells = made->cells,
		.num_classes = NUM_CLASSES, .num_states = NUM_STATES,
		.num_hot = num_hot, .num_dense = NUM_STATES,
		.num_cells = NUM_STATES * NUM_CLASSES, .start = start,
	};
}

static void make_skip(struct made *made)
{
	struct plm_cursor cursor = plm_cursor(PLM_SKIP_WORDS);

	plm_skip_init(&made->skip, &made->t, made->words, &cursor);
}

/* An automaton by chance; states from num_hot on are those that report. */
static void make_any(struct made *made)
{
	uint32_t usual = below(NUM_STATES), wild = 1 + below(8);

	make_tables(made, below(NUM_STATES), 3 + below(NUM_STATES - 2));
	for (uint32_t state = 0; state < NUM_STATES; state++)
		for (uint32_t cls = 0; cls < NUM_CLASSES; cls++)
			set_cell(made, state, cls, below(wild) || cls < 2 ?
						   usual : below(NUM_STATES));
	/* Now and then one that remembers just the last byte. */
	for (uint32_t state = 1; below(2) && state < NUM_STATES; state++)
		for (uint32_t cls = 1; cls < NUM_CLASSES; cls++)
			if (below(3))
				made->cells[(state * NUM_CLASSES + cls) * 4] =
					made->cells[cls * 4];
	make_skip(made);
}

/* What a walk of @data reports, as position and state, and where it ends. */
static size_t walk(const struct made *made, const struct plm_skip *skip,
		   const uint8_t *data, uint32_t len, uint32_t *out)
{
	struct plm_lane lane = { &made->t, skip, data, len, 0, made->t.start };
	size_t num = 0;

	while (lane.pos < len) {
		plm_run(&lane);
		while (lane.state >= made->t.num_hot) {
			out[num++] = lane.pos << 8 | lane.state;
			if (lane.pos == len)
				break;
			lane.state = plm_next(&made->t, lane.state,
					      data[lane.pos]);
			lane.pos++;
		}
	}
	out[num++] = lane.state;
	return num;
}

static void assert_same(const struct made *made, const uint8_t *data,
			uint32_t len)
{
	uint32_t plain[MAX_LEN + 2], skipping[MAX_LEN + 2];
	size_t num = walk(made, &no_skip, data, len, plain);

	assert_int_equal(walk(made, &made->skip, data, len, skipping), num);
	assert_memory_equal(plain, skipping, num * sizeof(*plain));
}

static void test_same(void **state)
{
	uint32_t num_skips = 0;
	struct made made;

	(void)state;
	for (uint32_t i = 0; i < NUM_AUTOMATA; i++) {
		make_any(&made);
		num_skips += made.skip.rest != PLM_NO_STATE;
		for (uint32_t k = 0; k < NUM_INPUTS; k++) {
			uint32_t len = below(MAX_LEN + 1);
			uint8_t *data = xmalloc(len);

			for (uint32_t pos = 0; pos < len; pos++)
				data[pos] = (uint8_t)('a' + below(5));
			assert_same(&made, data, len);
			free(data);
		}
	}
	assert_true(num_skips > NUM_AUTOMATA / 4);
	assert_true(num_skips < NUM_AUTOMATA);
}

/* "bc" and "bd" somewhere, from state 0, with the report in state 6. */
static void make_two(struct made *made)
{
	make_tables(made, 0, 6);
	for (uint32_t state = 0; state < NUM_STATES; state++)
		set_cell(made, state, 2, 1);
	set_cell(made, 1, 3, 6);
	set_cell(made, 1, 4, 6);
	make_skip(made);
}

static uint32_t skip_to(const struct made *made, const char *text, uint32_t pos)
{
	return plm_skip_to(&made->skip, (const uint8_t *)text,
			   (uint32_t)strlen(text), pos);
}

static void test_leaves_out(void **state)
{
	struct made made;

	(void)state;
	make_two(&made);
	assert_int_equal(made.skip.rest, 0);
	assert_int_equal(skip_to(&made, "aabaacadbaebbabebabad", 0), 20);
	assert_int_equal(skip_to(&made, "aabaacadbaebbdbebabad", 0), 12);
	assert_int_equal(skip_to(&made, "aabaacadbaebbdbebabad", 13), 20);
	assert_int_equal(skip_to(&made, "bc", 0), 0);
	assert_int_equal(skip_to(&made, "abc", 0), 1);
	assert_int_equal(skip_to(&made, "aaaaabc", 0), 5);
	assert_int_equal(skip_to(&made, "abcbd", 2), 3);
	assert_int_equal(skip_to(&made, "b", 0), 0);
	assert_int_equal(skip_to(&made, "aaab", 0), 3);
}

/* Where one byte is enough for a report, or there is no room, or no rest. */
static void test_none(void **state)
{
	struct plm_cursor cursor = plm_cursor(PLM_SKIP_WORDS - 1);
	struct made made;

	(void)state;
	make_two(&made);
	plm_skip_init(&made.skip, &made.t, made.words, &cursor);
	assert_int_equal(made.skip.rest, PLM_NO_STATE);
	set_cell(&made, 0, 3, 6);
	make_skip(&made);
	assert_int_equal(made.skip.rest, PLM_NO_STATE);
	make_two(&made);
	made.t.num_hot = 0;
	make_skip(&made);
	assert_int_equal(made.skip.rest, PLM_NO_STATE);
}

/* Two texts of two, "bd" and "ce", from state 0: "be" is none of them. */
static void test_groups(void **state)
{
	struct made made;

	(void)state;
	make_tables(&made, 0, 6);
	for (uint32_t s = 0; s < NUM_STATES; s++) {
		set_cell(&made, s, 2, 1);
		set_cell(&made, s, 3, 2);
	}
	set_cell(&made, 1, 4, 6);
	set_cell(&made, 2, 5, 6);
	make_skip(&made);
	assert_int_equal(skip_to(&made, "abeabeabeabea", 0), 12);
	assert_int_equal(skip_to(&made, "abeabeacdabea", 0), 12);
	assert_int_equal(skip_to(&made, "abeabeabdabea", 0), 7);
	assert_int_equal(skip_to(&made, "abeabeaceabea", 0), 7);
}

/* "bb": one that is looked at in two steps is still one. */
static void test_alike(void **state)
{
	struct made made;

	(void)state;
	make_tables(&made, 0, 6);
	set_cell(&made, 0, 2, 1);
	set_cell(&made, 1, 2, 6);
	make_skip(&made);
	for (uint32_t at = 0; at < 12; at++) {
		char text[] = "aaaaaaaaaaaaa";

		text[at] = 'b';
		assert_int_equal(skip_to(&made, text, 0), 12);
		text[at + 1] = 'b';
		assert_int_equal(skip_to(&made, text, 0), at);
	}
}

/* The bytes at both ends of their range are bytes like others. */
static void test_first_and_last_byte(void **state)
{
	static const uint8_t ends[] = { 0, 255 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		uint8_t first[] = { 'a', 'a', ends[i], 'c', 'a' };
		uint8_t second[] = { 'a', 'a', 'b', ends[i], 'a' };
		struct made made;

		make_two(&made);
		made.class_map[ends[i]] = 2;
		memset(made.words, 0, sizeof(made.words));
		make_skip(&made);
		assert_int_equal(plm_skip_to(&made.skip, first, 5, 0), 2);
		made.class_map[ends[i]] = 3;
		memset(made.words, 0, sizeof(made.words));
		make_skip(&made);
		assert_int_equal(plm_skip_to(&made.skip, second, 5, 0), 2);
		/* One that is reported at once leaves nothing out. */
		made.class_map['e'] = 1;
		made.class_map[ends[i]] = 5;
		set_cell(&made, 0, 5, 6);
		make_skip(&made);
		assert_int_equal(made.skip.rest, PLM_NO_STATE);
	}
}

/* A state that reports is none to rest in, though nothing does behind it. */
static void test_reporting_rest(void **state)
{
	struct made made;

	(void)state;
	make_tables(&made, 0, 2);
	for (uint32_t cls = 0; cls < NUM_CLASSES; cls++) {
		set_cell(&made, 0, cls, 1);
		set_cell(&made, 1, cls, 2);
	}
	make_skip(&made);
	assert_int_equal(made.skip.rest, PLM_NO_STATE);
}

/* By one byte more than half, in any order, the state to rest in is found. */
static void test_usual(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		uint32_t left = 129;	/* bytes that stay with class 1 */
		struct made made;

		make_tables(&made, 4, NUM_STATES);
		for (uint32_t byte = 0; byte < 256; byte++) {
			bool stays = below(256 - byte) < left;

			made.class_map[byte] = stays ? 1 : (uint8_t)(2 + below(4));
			left -= stays;
		}
		for (uint32_t cls = 2; cls < NUM_CLASSES; cls++) {
			set_cell(&made, 4, cls, below(2) ? 1 : 6);
			set_cell(&made, 3, cls, below(2) ? 1 : 6);
		}
		set_cell(&made, 4, 1, 3);
		set_cell(&made, 3, 1, 2);
		make_skip(&made);
		assert_int_equal(made.skip.rest, 2);
	}
}

/* Words behind those that others have taken. */
static void test_place(void **state)
{
	struct plm_cursor cursor = plm_cursor(PLM_SKIP_WORDS + 5);
	uint32_t *words = xcalloc(PLM_SKIP_WORDS + 5, sizeof(*words));
	struct made made;
	u32 first;

	(void)state;
	make_two(&made);
	assert_true(plm_take(&cursor, 5, &first));
	plm_skip_init(&made.skip, &made.t, words, &cursor);
	assert_ptr_equal(made.skip.pairs, words + 5);
	assert_memory_equal(words + 5, made.words, sizeof(made.words));
	free(words);
}

/* A run does leave out what its skip says: with another's it sees no "bc". */
static void test_used(void **state)
{
	static const uint8_t text[] = "aabcaabd";
	struct made two, one;
	struct plm_lane lane;

	(void)state;
	make_two(&two);
	make_two(&one);
	set_cell(&one, 1, 3, 0);
	memset(one.words, 0, sizeof(one.words));
	make_skip(&one);
	lane = (struct plm_lane){ &two.t, &two.skip, text, 8, 0, 0 };
	plm_run(&lane);
	assert_int_equal(lane.pos, 4);
	lane = (struct plm_lane){ &two.t, &one.skip, text, 8, 0, 0 };
	plm_run(&lane);
	assert_int_equal(lane.pos, 8);
	assert_int_equal(lane.state, 6);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_leaves_out),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_first_and_last_byte),
		cmocka_unit_test(test_reporting_rest),
		cmocka_unit_test(test_usual),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_used),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
