// SPDX-License-Identifier: GPL-2.0-or-later
/* Inputs of the fuzzer in kernels: what it begins with, and what it keeps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "content/model.h"
#include "fuzz/in_kernel.h"
#include "plm_check.h"
#include "plm_content.h"
#include "vm/workdir.h"

#define SAMPLE "build/sample.plm"
#define SHORT 2048u

static struct kernel_corpus corpus;
static char *dir;
static uint8_t *sample;
static size_t sample_len;

static int begin(void **state)
{
	(void)state;
	dir = workdir_make();
	return !dir || kernel_corpus_open(&corpus, dir) ||
	       file_read(SAMPLE, 1u << 20, &sample, &sample_len);
}

static int end(void **state)
{
	(void)state;
	kernel_corpus_free(&corpus);
	workdir_remove(dir);
	free(sample);
	return 0;
}

static uint32_t num_rules(const struct kernel_input *input)
{
	struct plm_content content;
	struct plm_fault fault;

	assert_int_equal(plm_check(input->data, (u32)input->len, 0, &content,
				   &fault), PLM_OK);
	return plm_num_rules(&content);
}

/* Every seed is sound; each rule is there alone, and there are short ones. */
static void test_seeds(void **state)
{
	size_t num_short = 0, num_single = 0;

	(void)state;
	assert_true(kernel_corpus_seed(&corpus, sample, sample_len, true));
	assert_int_equal(corpus.first, 0);
	assert_memory_equal(corpus.inputs[0].data, sample, sample_len);
	for (size_t i = 1; i < corpus.num; i++) {
		num_single += num_rules(&corpus.inputs[i]) == 1;
		num_short += corpus.inputs[i].len <= SHORT;
	}
	assert_int_equal(num_single, corpus.num - 1);
	assert_true(corpus.num - 1 - num_short >= num_rules(&corpus.inputs[0]) / 2);
	assert_true(num_short >= 4);
	/* What was given or made of it is not kept: it can be had again. */
	assert_int_equal(corpus.num_new, 0);
}

static bool asks_for(const struct kernel_input *input,
		     const struct plm_template *template, uint32_t index)
{
	struct plm_content content;
	struct plm_fault fault;
	struct model model;
	bool asks = false;

	plm_check(input->data, (u32)input->len, 0, &content, &fault);
	model_decode(&model, &content);
	for (size_t i = 0; i < model.num_criteria; i++)
		asks |= model.criteria[i].template == template &&
			model.criteria[i].input == index;
	model_free(&model);
	return asks;
}

/* The sample's rules are all of one template, and leave some of its inputs alone. */
static void test_inputs(void **state)
{
	const struct plm_template *template =
		plm_template_find(PLM_PROCESS_CREATION_ID);
	size_t at;

	(void)state;
	kernel_corpus_seed(&corpus, sample, sample_len, true);
	assert_true(template->shape.num_inputs > 5);
	for (uint32_t i = 0; i < template->shape.num_inputs; i++) {
		for (at = 0; at < corpus.num; at++)
			if (asks_for(&corpus.inputs[at], template, i))
				break;
		assert_true(at < corpus.num);
	}
	assert_false(asks_for(&corpus.inputs[0], template,
			      template->shape.num_inputs - 1));
}

/* What is no content of ours, or is not sound, is the only seed. */
static void test_others(void **state)
{
	(void)state;
	assert_false(kernel_corpus_seed(&corpus, sample, sample_len, false));
	assert_int_equal(corpus.num, 1);
	sample[sample_len - 1] ^= 1;
	assert_false(kernel_corpus_seed(&corpus, sample, sample_len, true));
	assert_int_equal(corpus.num, 2);
	assert_int_equal(corpus.first, 1);
}

/* An input is there once, survives, and comes back the shortest first. */
static void test_kept(void **state)
{
	(void)state;
	assert_int_equal(kernel_corpus_add(&corpus, sample, 100, true), 0);
	assert_int_equal(kernel_corpus_add(&corpus, sample, 10, true), 1);
	assert_int_equal(kernel_corpus_add(&corpus, sample, 100, true), 0);
	assert_int_equal(kernel_corpus_add(&corpus, sample, 50, false), 2);
	assert_int_equal(corpus.num, 3);
	assert_int_equal(corpus.num_new, 2);
	kernel_corpus_free(&corpus);
	assert_int_equal(kernel_corpus_open(&corpus, dir), 0);
	assert_int_equal(corpus.num, 2);
	assert_int_equal(corpus.inputs[0].len, 10);
	assert_memory_equal(corpus.inputs[1].data, sample, 100);
}

/* A guest gets the one that was given, however long, and no other too long. */
static void test_list(void **state)
{
	struct fuzz_list list = { 0 };
	struct fuzz_entry entry;
	size_t num_short = 0;

	(void)state;
	kernel_corpus_add(&corpus, sample, 10, false);
	kernel_corpus_seed(&corpus, sample, sample_len, true);
	for (size_t i = 0; i < corpus.num; i++)
		num_short += corpus.inputs[i].len <= SHORT;
	kernel_corpus_list(&corpus, SHORT, &list);
	assert_int_equal(list.num, num_short + 1);
	assert_memory_equal(fuzz_list_at(&list, 0, &entry), sample, sample_len);
	for (size_t i = 1; i < list.num; i++) {
		assert_non_null(fuzz_list_at(&list, i, &entry));
		assert_int_equal(entry.ways, FUZZ_WAY_DIRECT);
		assert_true(entry.len <= SHORT);
	}
	assert_null(fuzz_list_at(&list, list.num, &entry));
	fuzz_list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_seeds, begin, end),
		cmocka_unit_test_setup_teardown(test_inputs, begin, end),
		cmocka_unit_test_setup_teardown(test_others, begin, end),
		cmocka_unit_test_setup_teardown(test_kept, begin, end),
		cmocka_unit_test_setup_teardown(test_list, begin, end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
