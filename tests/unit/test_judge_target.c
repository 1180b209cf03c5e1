// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The judgement of a parser that is not ours, on answers that are made up: which
 * step was not answered, or had its answer cut, is said.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/judge.h"
#include "vm/target_script.h"

enum { LOAD, USE, UNDO, NUM_STEPS };

static char *load_texts[] = { "kind=write", "write=/dev/parser", NULL };
static char *use_texts[] = { "kind=read", "read=/proc/parsed", NULL };
static char *undo_texts[] = { "kind=run", "run=/tool", "run=remove", NULL };
static struct target_step steps[NUM_STEPS] = {
	{ .phase = TARGET_LOAD, .texts = load_texts },
	{ .phase = TARGET_USE, .texts = use_texts },
	{ .phase = TARGET_UNDO, .texts = undo_texts },
};

static struct target target = { .steps = steps, .num_steps = NUM_STEPS };
static struct candidate candidate = { .path = (char *)"file" };
static struct run run;
static struct qemu_outcome outcome;
static const struct boot_plan boot = { .name = "made up" };

static void put(enum vm_result_type type, uint32_t id, const void *data,
		size_t len)
{
	struct vm_result head = { .magic = VM_RESULT_MAGIC,
				  .len = (uint32_t)len, .id = id,
				  .type = (uint16_t)type };

	results_feed(&outcome.results, &head, sizeof(head), 1);
	results_feed(&outcome.results, data, len, 1);
}

static void put_answer(size_t step, enum target_told told)
{
	const struct vm_answer answer = { .phase = steps[step].phase,
					  .told = told };

	put(VM_RESULT_ANSWER, target_step_id(step), &answer, sizeof(answer));
}

/* The finding of this code, or NULL. */
static const struct finding *judged(const char *code)
{
	const struct vm_figures figures = { .lockdep = VM_LOCKDEP_NONE };
	struct judge judge = { .run = &run, .outcome = &outcome, .boot = &boot,
			       .evidence = json_object() };
	const struct finding *found = NULL;

	put(VM_RESULT_FIGURES, 1, &figures, sizeof(figures));
	put(VM_RESULT_FIGURES, 2, &figures, sizeof(figures));
	judge_target(&judge, true);
	json_decref(judge.evidence);
	for (size_t i = 0; i < run.stage.num_findings && !found; i++)
		if (!strcmp(run.stage.findings[i].code, code))
			found = &run.stage.findings[i];
	return found;
}

static void assert_found(const char *code, enum severity severity,
			 const char *text)
{
	const struct finding *found = judged(code);

	assert_non_null(found);
	assert_int_equal(found->severity, severity);
	assert_non_null(strstr(found->text, text));
	assert_int_equal(run.stage.num_findings, 1);
}

static int begin(void **state)
{
	(void)state;
	stage_init(&run.stage, "boot");
	run.candidate = &candidate;
	run.label = "made up";
	run.target = &target;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	stage_free(&run.stage);
	qemu_outcome_free(&outcome);
	outcome = (struct qemu_outcome){ 0 };
	run = (struct run){ 0 };
	return 0;
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUM_STEPS; i++)
		put_answer(i, TARGET_ACCEPTED);
	assert_null(judged("ANSWER_CUT"));
	assert_int_equal(run.stage.num_findings, 0);
}

static void test_load_cut(void **state)
{
	(void)state;
	put_answer(LOAD, TARGET_CUT);
	put_answer(USE, TARGET_SKIPPED);
	put_answer(UNDO, TARGET_CUT);
	assert_found("ANSWER_CUT", SEVERITY_UNKNOWN,
		     "of a step of load the answer was cut, and a line that decides may be missing: write /dev/parser");
}

static void test_use_cut(void **state)
{
	(void)state;
	put_answer(LOAD, TARGET_ACCEPTED);
	put_answer(USE, TARGET_CUT);
	put_answer(UNDO, TARGET_ACCEPTED);
	assert_found("ANSWER_CUT", SEVERITY_UNKNOWN, "of a step of use");
}

static void test_undo_cut(void **state)
{
	(void)state;
	put_answer(LOAD, TARGET_ACCEPTED);
	put_answer(USE, TARGET_ACCEPTED);
	put_answer(UNDO, TARGET_CUT);
	assert_found("ANSWER_CUT", SEVERITY_UNKNOWN,
		     "of a step of undo the answer was cut");
}

static void test_not_usable(void **state)
{
	(void)state;
	put_answer(LOAD, TARGET_ACCEPTED);
	put_answer(USE, TARGET_NOT_TOLD);
	put_answer(UNDO, TARGET_ACCEPTED);
	assert_found("NOT_USABLE", SEVERITY_FAIL, "read /proc/parsed");
}

/* One byte less than its texts should have. */
static void test_incomplete(void **state)
{
	const struct vm_answer answer = { .phase = TARGET_USE,
					  .told = TARGET_ACCEPTED,
					  .output_len = 1 };

	(void)state;
	put_answer(LOAD, TARGET_ACCEPTED);
	put(VM_RESULT_ANSWER, target_step_id(USE), &answer, sizeof(answer));
	put_answer(UNDO, TARGET_ACCEPTED);
	assert_found("NOT_TOLD", SEVERITY_UNKNOWN,
		     "2 of 3 steps were answered; this one of use was not, or not as a whole: read /proc/parsed");
}

static void test_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUM_STEPS; i++)
		put_answer(i, TARGET_ACCEPTED);
	put_answer(UNDO, TARGET_ACCEPTED);
	assert_found("NOT_TOLD", SEVERITY_UNKNOWN, "4 answers to 3 steps");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(test_##name, begin, finish)
	const struct CMUnitTest tests[] = {
		CASE(good), CASE(load_cut), CASE(use_cut), CASE(undo_cut),
		CASE(not_usable), CASE(incomplete), CASE(twice),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
