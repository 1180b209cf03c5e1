// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The neighbourhood of good files: torn, cut, spoilt in every bit.  A file that
 * a change leaves acceptable must still be harmless: every event is evaluated
 * on it under the sanitizers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vecfile.h"

#define NUM_INPUTS 10

static struct vec_file *files;
static size_t num_files;

static int read_files(void **state)
{
	glob_t paths;

	(void)state;
	if (glob("tests/vectors/*.vec", 0, NULL, &paths))
		return -1;
	files = xcalloc(paths.gl_pathc, sizeof(*files));
	num_files = paths.gl_pathc;
	for (size_t i = 0; i < num_files; i++)
		if (vec_file_read(&files[i], paths.gl_pathv[i]))
			return -1;
	globfree(&paths);
	return 0;
}

static int free_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < num_files; i++)
		vec_file_free(&files[i]);
	free(files);
	return 0;
}

/* Call @fn with every good file that is not made from another. */
static void for_each_good(void (*fn)(const struct vector *good))
{
	size_t num = 0;

	for (size_t i = 0; i < num_files; i++)
		for (size_t j = 0; j < files[i].num_cases; j++) {
			const struct vec_case *c = &files[i].cases[j];

			if (c->accept && !c->base) {
				fn(&c->v);
				num++;
			}
		}
	assert_true(num >= 4);
}

/* Events that take every road through the small automata. */
static void set_values(struct plm_value values[NUM_INPUTS], const char *text)
{
	for (uint32_t i = 0; i < 7; i++)
		values[i] = text_value(text);
	for (uint32_t i = 7; i < NUM_INPUTS; i++)
		values[i] = number_value(strlen(text) * 40);
}

static void evaluate_events(const struct plm_content *content)
{
	static const char *const texts[] = {
		"", "a", "b", "ab", "X", "xab", "AAAAAAAAAAAAAAAAB", "abXak",
		"jkaiahagafaeadacab", "\xff\x80\x7f@[`{",
	};
	struct plm_value values[NUM_INPUTS];
	struct outcomes outcomes;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct plm_event event = { 1, NUM_INPUTS, values };

		set_values(values, texts[i]);
		outcomes = evaluate(content, &event, 65536);
		outcomes_free(&outcomes);
		event.num_values = (uint32_t)(i % NUM_INPUTS);
		outcomes = evaluate(content, &event, 2);
		outcomes_free(&outcomes);
		values_free(values, NUM_INPUTS);
	}
}

/* Check a copy that is exactly as long as the file, so that ASan sees its end. */
static enum plm_err check_copy(const uint8_t *data, size_t len, bool evaluated)
{
	uint8_t *copy = xmalloc(len ? len : 1);
	struct plm_content content;
	struct plm_fault fault;
	enum plm_err err;

	memcpy(copy, data, len);
	err = plm_check(copy, (uint32_t)len, 0, &content, &fault);
	assert_true(fault.off <= len);
	if (!err && evaluated)
		evaluate_events(&content);
	free(copy);
	return err;
}

static void good_itself(const struct vector *good)
{
	assert_int_equal(check_copy(good->data, good->len, true), PLM_OK);
}

static void test_good(void **state)
{
	(void)state;
	for_each_good(good_itself);
}

static void cut_everywhere(const struct vector *good)
{
	for (size_t len = 0; len < good->len; len++) {
		struct vector cut = vector_copy(good);

		assert_int_equal(check_copy(cut.data, len, false),
				 PLM_TRUNCATED);
		/* The header agrees with the cut, and the sum with both. */
		vector_resize(&cut, len);
		if (len >= 64) {
			vector_set(&cut, "header.total_len", len);
			vector_sum(&cut);
		}
		assert_int_not_equal(check_copy(cut.data, len, false), PLM_OK);
		vector_free(&cut);
	}
}

static void test_cut(void **state)
{
	(void)state;
	for_each_good(cut_everywhere);
}

static void append_everywhere(const struct vector *good)
{
	for (size_t more = 1; more <= 64; more++) {
		struct vector longer = vector_copy(good);

		vector_resize(&longer, good->len + more);
		assert_int_equal(check_copy(longer.data, longer.len, false),
				 PLM_TRAILING);
		vector_set(&longer, "header.total_len", longer.len);
		vector_sum(&longer);
		assert_int_equal(check_copy(longer.data, longer.len, false),
				 PLM_TRAILING);
		vector_free(&longer);
	}
}

static void test_appended(void **state)
{
	(void)state;
	for_each_good(append_everywhere);
}

/* Without repair the check sum or something before it sees every bit. */
static void flip_each_bit(const struct vector *good)
{
	struct vector v = vector_copy(good);

	for (size_t bit = 0; bit < v.len * 8; bit++) {
		v.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_not_equal(check_copy(v.data, v.len, false), PLM_OK);
		v.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	vector_free(&v);
}

static void test_flipped(void **state)
{
	(void)state;
	for_each_good(flip_each_bit);
}

/* With it some bits are free: texts, numbers, levels, ways of an automaton. */
static void flip_and_repair(const struct vector *good)
{
	struct vector v = vector_copy(good);
	size_t num_accepted = 0;

	for (size_t bit = 0; bit < v.len * 8; bit++) {
		v.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		vector_sum(&v);
		if (!check_copy(v.data, v.len, true))
			num_accepted++;
		v.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	/* The sum itself is repaired: 64 bits always pass. */
	assert_true(num_accepted > 64);
	assert_true(num_accepted < v.len * 8 / 2);
	vector_free(&v);
}

static void test_flipped_and_repaired(void **state)
{
	(void)state;
	for_each_good(flip_and_repair);
}

/* Every aligned word, as every count and offset that a liar would choose. */
static void overwrite_words(const struct vector *good)
{
	static const uint32_t lies[] = {
		0, 1, 2, 0x7f, 0xff, 0x100, 0xffff, 0x10000, 0xffffff,
		0x1000000, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff,
	};
	struct vector v = vector_copy(good);

	for (size_t off = 0; off < v.len; off += 4) {
		uint8_t *p = v.data + off;
		uint8_t old[4];

		memcpy(old, p, 4);
		for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
			for (int j = 0; j < 4; j++)
				p[j] = (uint8_t)(lies[i] >> (8 * j));
			vector_sum(&v);
			check_copy(v.data, v.len, true);
		}
		memcpy(p, old, 4);
	}
	vector_sum(&v);
	assert_memory_equal(v.data, good->data, v.len);
	vector_free(&v);
}

static void test_overwritten(void **state)
{
	(void)state;
	for_each_good(overwrite_words);
}

/* Half old and half new: the old file up to somewhere, the new one from there. */
static void test_torn(void **state)
{
	struct vec_case *old = NULL;
	struct vector new, torn;

	(void)state;
	for (size_t i = 0; i < num_files && !old; i++)
		old = vec_file_find(&files[i], "plain");
	assert_non_null(old);
	new = vector_copy(&old->v);
	vector_set(&new, "header.content_version", 2);
	vector_set(&new, "c8.number", 4711);
	vector_set(&new, "c0.text.text", 'Y');
	vector_sum(&new);
	assert_int_equal(check_copy(new.data, new.len, true), PLM_OK);
	for (size_t off = 0; off <= new.len; off++) {
		torn = vector_copy(&new);
		memcpy(torn.data, old->v.data, off);
		if (memcmp(torn.data, new.data, new.len) &&
		    memcmp(torn.data, old->v.data, new.len))
			assert_int_not_equal(check_copy(torn.data, torn.len,
							false), PLM_OK);
		vector_free(&torn);
	}
	vector_free(&new);
}

/* Blocks that a crash left empty. */
static void zero_blocks(const struct vector *good)
{
	for (size_t block = 8; block <= 512; block *= 2)
		for (size_t off = 0; off < good->len; off += block) {
			struct vector v = vector_copy(good);
			size_t len = v.len - off < block ? v.len - off : block;

			memset(v.data + off, 0, len);
			if (memcmp(v.data, good->data, v.len))
				assert_int_not_equal(
					check_copy(v.data, v.len, false),
					PLM_OK);
			vector_free(&v);
		}
}

static void test_zeroed(void **state)
{
	static const uint8_t zeros[4096];

	(void)state;
	assert_int_equal(check_copy(zeros, 0, false), PLM_TRUNCATED);
	for (size_t len = 8; len <= sizeof(zeros); len *= 2)
		assert_int_equal(check_copy(zeros, len, false), PLM_BAD_MAGIC);
	for_each_good(zero_blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_appended),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_flipped_and_repaired),
		cmocka_unit_test(test_overwritten),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_zeroed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("damage", tests, read_files,
					   free_files);
}
