// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said of operations whose allocations were made to fail. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vm/judge.h"

static struct run run;
static struct qemu_outcome outcome;
static struct candidate candidate = { .path = "x.plm" };

static void put(enum vm_result_type type, enum vm_step_op op, int value,
		const void *data, size_t len)
{
	struct vm_result head = { .magic = VM_RESULT_MAGIC,
				  .len = (uint32_t)len, .type = (uint16_t)type,
				  .op = (uint16_t)op, .id = 1, .value = value };

	results_feed(&outcome.results, &head, sizeof(head), 0);
	results_feed(&outcome.results, data, len, 0);
}

static void put_failures(enum vm_step_op op, struct vm_failures sums)
{
	put(VM_RESULT_FAILURES, op, 0, &sums, sizeof(sums));
}

static int clear(void **state)
{
	(void)state;
	results_free(&outcome.results);
	stage_free(&run.stage);
	outcome = (struct qemu_outcome){ 0 };
	run = (struct run){ .candidate = &candidate, .label = "made up" };
	stage_init(&run.stage, "boot");
	return 0;
}

static json_t *judge(const struct boot_plan *boot)
{
	struct judge judge = { .run = &run, .outcome = &outcome, .boot = boot,
			       .evidence = json_object() };

	judge_failures(&judge);
	return judge.evidence;
}

/* The boot that makes allocations fail. */
static const struct boot_plan *failing(void)
{
	return &scenario_find("low-memory")->boots[1];
}

static void expect(const char *code, enum severity severity)
{
	json_t *evidence = judge(failing());

	assert_int_equal(run.stage.num_findings, 1);
	assert_string_equal(run.stage.findings[0].code, code);
	assert_int_equal(run.stage.findings[0].severity, severity);
	json_decref(evidence);
}

static void test_good(void **state)
{
	json_t *evidence, *list;

	(void)state;
	put_failures(VM_STEP_FAIL_LOAD, (struct vm_failures){
			     .num_tried = 9, .num_failed = 8,
			     .num_refused = 7 });
	put_failures(VM_STEP_FAIL_EXECUTE, (struct vm_failures){
			     .num_tried = 3, .num_failed = 2 });
	evidence = judge(failing());
	assert_int_equal(run.stage.num_findings, 0);
	list = json_object_get(evidence, "failures");
	assert_int_equal(json_array_size(list), 2);
	assert_int_equal(json_integer_value(json_object_get(
		json_array_get(list, 0), "failed_allocations")), 8);
	assert_string_equal(json_string_value(json_object_get(
		json_array_get(list, 1), "operation")), "executing");
	json_decref(evidence);
}

static void test_nothing_told(void **state)
{
	(void)state;
	expect("NOTHING_FAILED", SEVERITY_UNKNOWN);
}

static void test_nothing_failed(void **state)
{
	(void)state;
	put_failures(VM_STEP_FAIL_LOAD, (struct vm_failures){ .num_tried = 1 });
	expect("NOTHING_FAILED", SEVERITY_UNKNOWN);
}

static void test_no_end(void **state)
{
	(void)state;
	put_failures(VM_STEP_FAIL_LOAD, (struct vm_failures){
			     .num_tried = VM_FAILURES_MAX,
			     .num_failed = VM_FAILURES_MAX });
	expect("NOT_ENDED", SEVERITY_UNKNOWN);
}

static void test_other_error(void **state)
{
	(void)state;
	put_failures(VM_STEP_FAIL_REPLACE, (struct vm_failures){
			     .num_tried = 5, .num_failed = 4, .num_other = 1,
			     .error = EINVAL });
	expect("NOT_NO_MEMORY", SEVERITY_FAIL);
}

/* Elsewhere nobody asks. */
static void test_other_boot(void **state)
{
	json_t *evidence;

	(void)state;
	evidence = judge(&scenario_find("load")->boots[0]);
	assert_int_equal(run.stage.num_findings, 0);
	assert_null(json_object_get(evidence, "failures"));
	json_decref(evidence);
}

/* Of a kernel that died it is known what had failed before. */
static void test_failing(void **state)
{
	struct judge judge = { .run = &run, .outcome = &outcome };
	char *text;

	(void)state;
	assert_null(judge_failing(&judge));
	put(VM_RESULT_FAILING, VM_STEP_FAIL_LOAD, 41, "", 0);
	put(VM_RESULT_FAILING, VM_STEP_FAIL_LOAD, 42, "", 0);
	text = judge_failing(&judge);
	assert_string_equal(text, " (after allocation 42 of loading had failed)");
	free(text);
	put_failures(VM_STEP_FAIL_LOAD, (struct vm_failures){ 0 });
	assert_null(judge_failing(&judge));
}

/* Memory is pressed where nothing can be told to fail, and only there. */
static void test_kernels(void **state)
{
	const struct boot_plan *boots = scenario_find("low-memory")->boots;
	const struct kernel stock = { .name = NULL };
	const struct kernel sanitizer = { .fails_on_demand = true };

	(void)state;
	assert_true(boot_is_for(&boots[0], &stock));
	assert_false(boot_is_for(&boots[1], &stock));
	assert_false(boot_is_for(&boots[0], &sanitizer));
	assert_true(boot_is_for(&boots[1], &sanitizer));
	assert_true(boot_wants_memory(&boots[0]));
	assert_true(boot_wants_memory(&boots[1]));
	boots = scenario_find("load")->boots;
	assert_true(boot_is_for(&boots[0], &stock));
	assert_true(boot_is_for(&boots[0], &sanitizer));
	assert_false(boot_wants_memory(&boots[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, clear),
		cmocka_unit_test_setup(test_nothing_told, clear),
		cmocka_unit_test_setup(test_nothing_failed, clear),
		cmocka_unit_test_setup(test_no_end, clear),
		cmocka_unit_test_setup(test_other_error, clear),
		cmocka_unit_test_setup(test_other_boot, clear),
		cmocka_unit_test_setup(test_failing, clear),
		cmocka_unit_test(test_kernels),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	clear(NULL);
	stage_free(&run.stage);
	return failed;
}
