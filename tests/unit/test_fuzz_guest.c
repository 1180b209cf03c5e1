// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fuzzer in the guest, as far as it needs no kernel: what of an execution is
 * new, and the inputs in the memory that host and guest both write.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/fuzz_vm.h"
#include "vm/guest/fuzz.h"
#include "vm/guest/fuzz_edges.h"

#define START 0xffffffffa0000000ull
#define LEN   0x10000u

/* One execution that goes through these places of a module at @start. */
static bool goes(uint64_t start, const uint64_t *places, size_t num)
{
	uint64_t addresses[64];

	assert_true(num <= ARRAY_LEN(addresses));
	for (size_t i = 0; i < num; i++)
		addresses[i] = start + places[i];
	edges_begin();
	edges_trace(addresses, num);
	edges_end();
	return edges_is_new();
}

static void test_new(void **state)
{
	static const uint64_t way[] = { 0x100, 0x140, 0x180 };
	static const uint64_t other[] = { 0x100, 0x180, 0x140 };
	static const uint64_t loop[] = { 0x100, 0x140, 0x100, 0x140, 0x180 };
	uint64_t points;

	(void)state;
	edges_modules(1);
	edges_set_module(0, START, LEN);
	assert_true(goes(START, way, 3));
	assert_int_equal(edges_num_points(), 3);
	assert_false(goes(START, way, 3));
	/* A part of what is known is not new; another order is. */
	assert_false(goes(START, way, 2));
	points = edges_num_points();
	assert_true(goes(START, other, 3));
	assert_int_equal(edges_num_points(), points);
	/* So is going the same step more often. */
	assert_true(goes(START, loop, 5));
	assert_false(goes(START, loop, 5));
	assert_false(goes(START, way, 3));
}

static void test_modules(void **state)
{
	static const uint64_t way[] = { 0x2100, 0x2140, 0x2180 };
	static const uint64_t beyond[] = { LEN, LEN + 0x40 };
	const uint64_t elsewhere = START + 0x100000;

	(void)state;
	edges_modules(1);
	edges_set_module(0, START, LEN);
	assert_true(goes(START, way, 3));
	assert_false(goes(START, beyond, 2));
	assert_int_equal(edges_place(START + LEN), 0);
	assert_int_equal(edges_place(START - 1), 0);
	/* Loaded anew it lies elsewhere, and its ways are known. */
	edges_set_module(0, elsewhere, LEN);
	assert_int_equal(edges_place(START + 0x2100), 0);
	assert_false(goes(elsewhere, way, 3));
	/* The same offsets in another module are other places. */
	edges_modules(2);
	edges_set_module(1, START, LEN);
	assert_true(goes(START, way, 3));
	/* Without modules every address counts. */
	edges_modules(0);
	assert_true(goes(0x1000, beyond, 2));
}

/* A trace is known when all of it was told of, in this order. */
static void test_known(void **state)
{
	static const uint64_t way[] = { START, START + 0x40, START + 0x80 };
	static const uint64_t other[] = { START + 0x40, START, START + 0x80 };

	(void)state;
	assert_false(edges_known(way, 3));
	assert_true(edges_known(way, 3));
	assert_false(edges_known(way, 2));
	assert_false(edges_known(way, 0));
	assert_false(edges_known(other, 3));
	assert_true(edges_known(way, 2));
	assert_true(edges_known(way, 3));
}

static void test_counters(void **state)
{
	uint64_t way[64];
	unsigned int sum = 0;

	(void)state;
	edges_modules(0);
	for (size_t i = 0; i < 64; i++)
		way[i] = 0x700000 + 8 * (i & 1);
	goes(START, way, 64);
	for (size_t i = 0; i < EDGES_NUM_COUNTERS; i++)
		sum += fuzz_counters[i];
	assert_int_equal(sum, 64);
	/* What was counted is gone with the next one. */
	goes(START, way, 1);
	sum = 0;
	for (size_t i = 0; i < EDGES_NUM_COUNTERS; i++)
		sum += fuzz_counters[i];
	assert_int_equal(sum, 1);
}

static uint8_t *share;

static int make_share(void **state)
{
	(void)state;
	share = xcalloc(1, FUZZ_SHARE_LEN);
	return 0;
}

static int free_share(void **state)
{
	(void)state;
	free(share);
	return 0;
}

static void test_list(void **state)
{
	static const uint8_t data[] = "twelve bytes";
	struct fuzz_list list = { 0 };
	struct fuzz_entry entry;
	const uint8_t *got;
	size_t pos = 0;

	(void)state;
	for (size_t i = 0; i <= sizeof(data); i++)
		assert_true(fuzz_list_add(&list, data, i, (uint32_t)i));
	assert_int_equal(list.num, sizeof(data) + 1);
	memcpy(share + FUZZ_INPUTS_OFF, list.bytes.data, list.bytes.len);
	for (size_t i = 0; i <= sizeof(data); i++) {
		assert_true(inputs_next(share, &pos, &entry, &got));
		assert_int_equal(entry.len, i);
		assert_int_equal(entry.ways, i);
		assert_memory_equal(got, data, i);
	}
	assert_int_equal(pos, list.bytes.len);
	fuzz_list_free(&list);
}

static void test_list_limits(void **state)
{
	uint8_t *data = xcalloc(1, FUZZ_MAX_INPUT + 1);
	struct fuzz_entry entry = { .len = FUZZ_MAX_INPUT + 1 };
	struct fuzz_list list = { 0 };
	const uint8_t *got;
	size_t pos = 0;

	(void)state;
	assert_false(fuzz_list_add(&list, data, FUZZ_MAX_INPUT + 1, 0));
	while (fuzz_list_add(&list, data, FUZZ_MAX_INPUT, 0))
		;
	assert_true(list.bytes.len <= FUZZ_INPUTS_LEN);
	assert_int_equal(list.num, FUZZ_INPUTS_LEN / (FUZZ_MAX_INPUT + 8));
	fuzz_list_free(&list);
	free(data);
	/* The guest believes no length either. */
	memcpy(share + FUZZ_INPUTS_OFF, &entry, sizeof(entry));
	assert_false(inputs_next(share, &pos, &entry, &got));
	entry.len = 16;
	pos = FUZZ_INPUTS_LEN - sizeof(entry) - 8;
	memcpy(share + FUZZ_INPUTS_OFF + pos, &entry, sizeof(entry));
	assert_false(inputs_next(share, &pos, &entry, &got));
	pos = FUZZ_INPUTS_LEN - sizeof(entry) + 1;
	assert_false(inputs_next(share, &pos, &entry, &got));
}

static void test_recent(void **state)
{
	struct fuzz_share *head = (struct fuzz_share *)share;
	uint8_t data[4];

	(void)state;
	for (uint32_t n = 1; n <= FUZZ_NUM_RECENT + 3; n++) {
		memset(data, (int)n, sizeof(data));
		inputs_note(share, n, data, sizeof(data), n);
	}
	/* The newest took the place of the oldest. */
	assert_int_equal(head->recent[3].number, FUZZ_NUM_RECENT + 3);
	assert_int_equal(head->recent[3].ways, FUZZ_NUM_RECENT + 3);
	assert_int_equal(head->recent[4].number, 4);
	assert_int_equal(share[FUZZ_RECENT_OFF + 3 * FUZZ_MAX_INPUT],
			 FUZZ_NUM_RECENT + 3);
	assert_int_equal(share[FUZZ_RECENT_OFF + 4 * FUZZ_MAX_INPUT], 4);
}

/* The ring goes round; what does not fit is left out and breaks nothing. */
static void test_found(void **state)
{
	struct fuzz_share *head = (struct fuzz_share *)share;
	uint8_t *data = xcalloc(1, FUZZ_MAX_INPUT);
	const size_t each = FUZZ_MAX_INPUT + sizeof(struct fuzz_entry);
	struct fuzz_entry entry;
	uint64_t before;

	(void)state;
	for (size_t i = 0; i < FUZZ_FOUND_LEN / each; i++)
		inputs_found(share, data, FUZZ_MAX_INPUT);
	before = head->found_head;
	assert_int_equal(before, FUZZ_FOUND_LEN / each * each);
	inputs_found(share, data, FUZZ_MAX_INPUT);
	assert_int_equal(head->found_head, before);
	/* The host has taken all: the next one goes over the end. */
	head->found_tail = before;
	memset(data, 0x5a, FUZZ_MAX_INPUT);
	inputs_found(share, data, FUZZ_MAX_INPUT);
	assert_int_equal(head->found_head, before + each);
	memcpy(&entry, share + FUZZ_FOUND_OFF + before, sizeof(entry));
	assert_int_equal(entry.len, FUZZ_MAX_INPUT);
	assert_int_equal(share[FUZZ_FOUND_OFF + FUZZ_FOUND_LEN - 1], 0x5a);
	assert_int_equal(share[FUZZ_FOUND_OFF], 0x5a);
	assert_int_equal(share[FUZZ_FOUND_OFF + FUZZ_FOUND_LEN], 0);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_counters),
		cmocka_unit_test_setup_teardown(test_list, make_share,
						free_share),
		cmocka_unit_test_setup_teardown(test_list_limits, make_share,
						free_share),
		cmocka_unit_test_setup_teardown(test_recent, make_share,
						free_share),
		cmocka_unit_test_setup_teardown(test_found, make_share,
						free_share),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
