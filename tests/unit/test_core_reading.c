// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The format read twice: the hand-written files of tests/vectors, decoded and
 * encoded again by the product, must mean what they meant; and the product's
 * own files must be as hard to spoil as those.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/model.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vecfile.h"

#define NUM_INPUTS 10
#define BUDGET 65536

static const char *const texts[] = {
	"", "a", "A", "b", "ab", "aB", "abb", "X", "x", "Xab", "abX", "bX", "jk",
	"jjk", "ag", "aaaaaaaaa", "AAAAAAAAAAAAab", "aaaaaaa", "aaaaaaac", "ai",
	"h\xff\x80", "[`{@", "ahab", "bab", "aba", "ba",
};

static struct plm_content check(const uint8_t *data, size_t len)
{
	struct plm_content content;
	struct plm_fault fault;

	assert_int_equal(plm_check(data, (uint32_t)len, 0, &content, &fault),
			 PLM_OK);
	return content;
}

/* The values of event @i: all texts, numbers around those of the vectors. */
static void set_values(struct plm_value values[NUM_INPUTS], uint32_t i)
{
	static const uint64_t numbers[] = { 0, 1, 2, 99, 100, 199, 200, 1000 };
	uint32_t n = i;

	for (uint32_t input = 0; input < 7; input++, n = n * 7 + 3)
		values[input] = text_value(texts[n % ARRAY_LEN(texts)]);
	for (uint32_t input = 7; input < NUM_INPUTS; input++, n = n * 5 + 1)
		values[input] = n % 5 ? number_value(numbers[n % 8]) :
					(struct plm_value){ 0 };
}

/* Both contents say the same of the same events: rules are in one order. */
static void assert_same(const struct plm_content *a,
			const struct plm_content *b)
{
	struct plm_value values[NUM_INPUTS];
	struct plm_event event = { 1, NUM_INPUTS, values };

	assert_int_equal(plm_num_rules(a), plm_num_rules(b));
	for (uint32_t i = 0; i < 500; i++) {
		struct outcomes of_a, of_b;

		set_values(values, i);
		of_a = evaluate(a, &event, BUDGET);
		of_b = evaluate(b, &event, BUDGET);
		for (uint32_t rule = 0; rule < of_a.num_rules; rule++)
			assert_int_equal(of_a.rule[rule] == MATCHED,
					 of_b.rule[rule] == MATCHED);
		outcomes_free(&of_a);
		outcomes_free(&of_b);
		values_free(values, NUM_INPUTS);
	}
}

static void encode_again(const struct plm_content *content, uint8_t **out_data,
			 size_t *out_len)
{
	struct model_error error;
	struct model model;

	model_init(&model, 0, 0);
	model_decode(&model, content);
	if (model_encode(&model, out_data, out_len, &error))
		fail_msg("%s", error.text);
	model_free(&model);
}

static void read_twice(const struct vector *v)
{
	struct plm_content by_hand = check(v->data, v->len);
	struct plm_content encoded;
	uint8_t *data, *again;
	size_t len, again_len;

	encode_again(&by_hand, &data, &len);
	encoded = check(data, len);
	assert_int_equal(encoded.channel, by_hand.channel);
	assert_true(encoded.version == by_hand.version);
	assert_same(&by_hand, &encoded);
	encode_again(&encoded, &again, &again_len);
	assert_int_equal(len, again_len);
	assert_memory_equal(data, again, len);
	free(again);
	free(data);
}

/* Call @fn with each of the hand-written files. */
static void for_each_good(void (*fn)(const struct vector *v))
{
	static const char *const names[][2] = {
		{ "tests/vectors/plain.vec", "plain" },
		{ "tests/vectors/automata.vec", "chain" },
		{ "tests/vectors/automata.vec", "edges" },
		{ "tests/vectors/tiny.vec", "tiny" },
		{ "tests/vectors/tiny.vec", "deep" },
		{ "tests/vectors/channel291.vec", "last-input" },
		{ "tests/vectors/channel291.vec", "wildcard-twin" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct vec_file file;
		struct vec_case *c;

		assert_int_equal(vec_file_read(&file, names[i][0]), 0);
		c = vec_file_find(&file, names[i][1]);
		assert_non_null(c);
		fn(&c->v);
		vec_file_free(&file);
	}
}

static void test_read_twice(void **state)
{
	(void)state;
	for_each_good(read_twice);
}

/* A file of the encoder as a vector: the header's names are all it needs. */
static struct vector vector_of(const uint8_t *data, size_t len)
{
	struct vector v;

	vector_init(&v, 1, 1);
	free(v.data);
	v.data = xmemdup(data, len);
	v.len = len;
	return v;
}

/* Whatever a repaired flip leaves acceptable is harmless on every event. */
static void flip_and_evaluate(const struct vector *by_hand)
{
	struct plm_value values[NUM_INPUTS];
	struct plm_event event = { 1, NUM_INPUTS, values };
	struct plm_content content;
	struct plm_fault fault;
	struct outcomes o;
	struct vector v;
	uint8_t *data;
	size_t len;

	content = check(by_hand->data, by_hand->len);
	encode_again(&content, &data, &len);
	v = vector_of(data, len);
	for (size_t bit = 0; bit < v.len * 8; bit++) {
		v.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		vector_sum(&v);
		if (!plm_check(v.data, (uint32_t)v.len, 0, &content, &fault)) {
			set_values(values, (uint32_t)bit);
			o = evaluate(&content, &event, BUDGET);
			outcomes_free(&o);
			values_free(values, NUM_INPUTS);
		} else {
			assert_true(fault.off <= v.len);
		}
		v.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	vector_free(&v);
	free(data);
}

static void test_flipped(void **state)
{
	(void)state;
	for_each_good(flip_and_evaluate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_twice),
		cmocka_unit_test(test_flipped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
