// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What texts may hold, and their order, beside a byte-by-byte reading of both:
 * every byte at every place of texts of up to four words, with the same behind
 * and before them as in them, and with what they may not hold.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_text.h"

#define MAX_LEN	35
#define MARGIN	16

static bool in_set(uint8_t byte, enum plm_byte_set set)
{
	switch (set) {
	case PLM_BYTES_ID:
		return byte > ' ' && byte < 0x7f;
	case PLM_BYTES_TEXT:
		return byte >= ' ' && byte != 0x7f;
	case PLM_BYTES_FOLDED:
		return byte < 'A' || byte > 'Z';
	default:
		return true;
	}
}

static uint32_t first_not_in(const uint8_t *text, uint32_t len,
			     enum plm_byte_set set)
{
	for (uint32_t i = 0; i < len; i++)
		if (!in_set(text[i], set))
			return i;
	return len;
}

/* @len bytes of @fill within memory that is all @around. */
static uint8_t *text_within(uint8_t *memory, uint8_t around, uint8_t fill,
			    uint32_t len)
{
	memset(memory, around, MARGIN + MAX_LEN + MARGIN);
	memset(memory + MARGIN, fill, len);
	return memory + MARGIN;
}

static void assert_span(const uint8_t *text, uint32_t len,
			enum plm_byte_set set)
{
	uint32_t span = plm_text_span(text, len, set);

	if (span != first_not_in(text, len, set))
		fail_msg("%u of %u bytes, set %d", span, len, set);
}

/* Bytes at which one of the sets begins or ends, and what looks alike. */
static const uint8_t edges[] = {
	0, 1, 0x1f, ' ', '!', '@', 'A', 'Z', '[', 'a', '~', 0x7f, 0x80, 0x9f,
	0xa0, 0xc1, 0xda, 0xdb, 0xff,
};

/* Each of @num bytes (all of them without a list) at each place of a text. */
static void span_of_fill(enum plm_byte_set set, uint8_t around, uint8_t fill,
			 const uint8_t *bytes, uint32_t num)
{
	uint8_t memory[MARGIN + MAX_LEN + MARGIN];

	for (uint32_t len = 0; len <= MAX_LEN; len++) {
		uint8_t *text = text_within(memory, around, fill, len);

		assert_span(text, len, set);
		for (uint32_t i = 0; i < len; i++) {
			for (uint32_t k = 0; k < num; k++) {
				text[i] = bytes ? bytes[k] : (uint8_t)k;
				assert_span(text, len, set);
			}
			text[i] = fill;
		}
	}
}

static void test_span(void **state)
{
	static const uint8_t around[] = { 0, 'b', 'Q' };
	static const uint8_t fills[] = { '!', '~', ' ', 0x80, '@', 0xff };
	uint8_t ends[4] = { 'a', 'b', 'c', 'd' };

	(void)state;
	for (enum plm_byte_set set = PLM_BYTES_ANY; set <= PLM_BYTES_FOLDED;
	     set++) {
		span_of_fill(set, 'b', 'b', NULL, 256);
		for (size_t i = 0; i < ARRAY_LEN(fills); i++)
			for (size_t k = 0; in_set(fills[i], set) &&
					   k < ARRAY_LEN(around); k++)
				span_of_fill(set, around[k], fills[i], edges,
					     ARRAY_LEN(edges));
	}
	/* A set that is none holds all. */
	assert_int_equal(plm_text_span(ends, 4, 99), 4);
}

/* Of two bytes that may not be there, the first one is told. */
static void test_first(void **state)
{
	uint8_t text[MAX_LEN];

	(void)state;
	memset(text, 'b', sizeof(text));
	for (uint32_t i = 0; i < MAX_LEN; i++)
		for (uint32_t k = i + 1; k < MAX_LEN; k++) {
			text[i] = text[k] = 0x7f;
			assert_int_equal(plm_text_span(text, MAX_LEN,
						       PLM_BYTES_ID), i);
			assert_int_equal(plm_text_span(text, k,
						       PLM_BYTES_TEXT), i);
			text[i] = text[k] = 'b';
		}
}

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static int order(const uint8_t *a, uint32_t len_a, const uint8_t *b,
		 uint32_t len_b)
{
	for (uint32_t i = 0; i < len_a && i < len_b; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return len_a < len_b ? -1 : len_a > len_b;
}

/* Behind and before each text stands what would turn their order. */
static void assert_order(const uint8_t *a, uint32_t len_a, const uint8_t *b,
			 uint32_t len_b)
{
	uint8_t memory_a[MARGIN + MAX_LEN + MARGIN];
	uint8_t memory_b[MARGIN + MAX_LEN + MARGIN];
	int expected = order(a, len_a, b, len_b);

	for (int turned = 0; turned < 2; turned++) {
		uint8_t *text_a = text_within(memory_a, turned ? 0xff : 0, 0,
					      len_a);
		uint8_t *text_b = text_within(memory_b, turned ? 0 : 0xff, 0,
					      len_b);

		memcpy(text_a, a, len_a);
		memcpy(text_b, b, len_b);
		assert_int_equal(sign(plm_text_compare(
			(struct plm_text){ text_a, len_a },
			(struct plm_text){ text_b, len_b })), expected);
	}
}

static const uint8_t some[] = { 0, 1, 0x7f, 0x80, 0xff };

/* Wherever two bytes stand that differ, the first one decides. */
static void test_order(void **state)
{
	uint8_t a[MAX_LEN], b[MAX_LEN];

	(void)state;
	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	for (uint32_t at = 0; at < 20; at++) {
		for (size_t i = 0; i < 625; i++) {
			a[at] = some[i % 5];
			a[at + 1] = some[i / 5 % 5];
			b[at] = some[i / 25 % 5];
			b[at + 1] = some[i / 125];
			assert_order(a, MAX_LEN, b, MAX_LEN);
		}
		a[at] = b[at] = 'x';
	}
}

/* The same with ends just behind it. */
static void test_ends(void **state)
{
	uint8_t a[MAX_LEN], b[MAX_LEN];

	(void)state;
	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	for (uint32_t at = 0; at < 20; at++) {
		a[at] = 'y';
		b[at + 1] = 'z';
		for (uint32_t more = 0; more < 144; more++)
			assert_order(a, at + more / 12, b, at + more % 12);
		a[at] = b[at + 1] = 'x';
	}
}

/* One is the other's beginning. */
static void test_prefix(void **state)
{
	uint8_t text[MAX_LEN];

	(void)state;
	for (uint32_t i = 0; i < MAX_LEN; i++)
		text[i] = (uint8_t)(i * 37 + 1);
	for (uint32_t len_a = 0; len_a <= MAX_LEN; len_a++)
		for (uint32_t len_b = 0; len_b <= MAX_LEN; len_b++)
			assert_order(text, len_a, text, len_b);
}

/* Texts in memory of just their length, for sanitizers. */
static void test_bounds(void **state)
{
	(void)state;
	for (uint32_t len = 0; len <= MAX_LEN; len++) {
		uint8_t *text = xmalloc(len ? len : 1);
		struct plm_text whole = { text, len };

		memset(text, 'b', len);
		for (enum plm_byte_set set = PLM_BYTES_ANY;
		     set <= PLM_BYTES_FOLDED; set++)
			assert_int_equal(plm_text_span(text, len, set), len);
		assert_int_equal(plm_text_compare(whole, whole), 0);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_bounds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
