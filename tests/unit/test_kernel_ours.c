// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a kernel says of a neighbour beside what userspace says: another answer is
 * a disagreement, and none that the module gave is unknown.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "fuzz/kernel.h"

static const uint8_t file[64] = "no content, but it has neighbours";
static const struct fuzz_options options = { .one = FUZZ_ALL };
static struct stage stage;
static struct fuzz f;

static int begin(void **state)
{
	(void)state;
	stage_begin(&stage);
	f = (struct fuzz){
		.options = &options, .path = "file", .stage = &stage,
		.ours = true, .base = { file, sizeof(file), NULL, 0 },
		.neighbours = json_array(),
	};
	neighbourhood_init(&f.n, &f.base, true, 0);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	json_decref(f.neighbours);
	stage_end(&stage);
	stage_free(&stage);
	return 0;
}

/* What comes of one answer where userspace says @wanted. */
static const struct finding *judged(enum plm_err wanted,
				    const struct vm_refusal *got)
{
	const struct fuzz_answer said = {
		.state = FUZZ_DONE, .err = wanted, .rule = PLM_NO_RULE,
	};
	const struct candidate candidate = { .path = "file" };
	const struct module module = { .path = (char *)"plimsoll.ko" };
	const uint64_t numbers[] = { 1 };
	struct kernel_answer answers[1] = { { 0 } };
	struct fuzz_kernel kernel = {
		.f = &f, .module = &module, .candidate = &candidate,
		.label = (char *)"debian:6.1", .numbers = numbers, .num = 1,
		.wanted = &said, .answers = answers,
	};
	struct fuzz_batch batch = { .kernel = &kernel, .to = 1 };
	struct result result = {
		.head = { .type = VM_RESULT_REFUSALS, .len = sizeof(*got) },
	};

	batch.outcome.results = (struct results){
		.bytes = { (uint8_t *)got, sizeof(*got), 0 },
		.list = &result, .num = 1,
	};
	fuzz_side_ours.judge(&batch);
	assert_int_equal(batch.num_answered, 1);
	return stage.num_findings ? &stage.findings[0] : NULL;
}

static void assert_judged(enum plm_err wanted, int error, enum plm_err err,
			  enum severity severity, const char *code)
{
	const struct vm_refusal got = { .error = error, .err = err,
					.fault_rule = PLM_NO_RULE };
	const struct finding *finding = judged(wanted, &got);

	if (!code) {
		assert_null(finding);
		return;
	}
	assert_non_null(finding);
	assert_string_equal(finding->code, code);
	assert_int_equal(finding->severity, severity);
}

/* A test of its own for each, with a stage that has no findings yet. */
#define TEST(name, wanted, error, err, severity, code)			\
	static void test_##name(void **state)				\
	{								\
		(void)state;						\
		assert_judged(wanted, error, err, SEVERITY_##severity, code); \
	}

TEST(alike, PLM_BAD_MAGIC, EBADMSG, PLM_BAD_MAGIC, INFO, NULL)
TEST(both_take, PLM_OK, 0, PLM_OK, INFO, NULL)
TEST(other_error, PLM_BAD_MAGIC, EBADMSG, PLM_TRUNCATED, FAIL, "DISAGREE")
TEST(refuses, PLM_OK, EBADMSG, PLM_BAD_MAGIC, FAIL, "DISAGREE")
TEST(without_a_code, PLM_OK, EBADMSG, PLM_OK, FAIL, "DISAGREE")
TEST(takes, PLM_BAD_MAGIC, 0, PLM_OK, FAIL, "NOT_REFUSED")
TEST(no_device, PLM_BAD_MAGIC, EBADF, PLM_OK, UNKNOWN, "NOT_TRIED")
TEST(no_device_for_sound, PLM_OK, EBADF, PLM_OK, UNKNOWN, "NOT_TRIED")
TEST(no_memory, PLM_OK, ENOMEM, PLM_NO_MEMORY, UNKNOWN, "NOT_TRIED")
/* What is refused before memory is asked for needs none. */
TEST(believes_a_count, PLM_BAD_MAGIC, ENOMEM, PLM_NO_MEMORY, FAIL, "DISAGREE")

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(test_##name, begin, finish)
	const struct CMUnitTest tests[] = {
		CASE(alike), CASE(both_take), CASE(other_error), CASE(refuses),
		CASE(without_a_code), CASE(takes), CASE(no_device),
		CASE(no_device_for_sound), CASE(no_memory),
		CASE(believes_a_count),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
