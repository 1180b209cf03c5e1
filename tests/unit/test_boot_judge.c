// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The judgement of a boot, on boots that are made up: a good one passes, and
 * each way of going wrong gives its own finding.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/judge.h"
#include "vm/realise.h"
#include "vm/records.h"
#include "vm/workdir.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define OTHER_TOKEN "x123456789abcdef0123456789abcdef"

/* What goes wrong in this boot. */
static struct wrong {
	bool no_match, extra_match, no_record, other_input, alive, late, died;
	bool refused, refused_else, not_taken, other_version;
	bool lost_record, faulted, no_end, no_events, no_hello, console_cut;
	int step_op, step_error;
	uint64_t taint;
	uint32_t lockdep;
	size_t num_rounds, leak;
	const char *console, *token, *disk_error;
} wrong;

static struct candidate candidate;
static const struct candidate *running;
static const struct boot_plan *boot;
static json_int_t num_proven;
static struct run run;
static struct qemu_outcome outcome;
static char *dir;

static uint32_t test_of(struct model *model, uint32_t input, enum plm_op op,
			const char *text)
{
	return PLM_WORD(PLM_WORD_TEST,
			model_criterion(model, plm_template_at(0), input, op, 0,
					text, (uint32_t)strlen(text), 0));
}

static struct model_text text_of(const char *text)
{
	return (struct model_text){ (uint8_t *)xstrdup(text),
				    (uint32_t)strlen(text) };
}

static void add_rule(struct model *model, const char *id, uint32_t action,
		     const char *ending)
{
	struct model_rule rule = {
		.template = plm_template_at(0), .id = text_of(id),
		.title = text_of("t"), .tags = text_of(""),
		.action = action, .level = PLM_LEVEL_LOW, .program_len = 1,
		.program = xcalloc(1, sizeof(uint32_t)),
	};

	rule.program[0] = test_of(model, VM_INPUT_Image, PLM_OP_ENDSWITH,
				  ending);
	ARRAY_RESERVE(model->rules, model->num_rules, model->cap_rules);
	model->rules[model->num_rules++] = rule;
}

/* A candidate of one rule that reports and one that kills @ending. */
static void load(const char *ending)
{
	char *path = xasprintf("%s/x.plm", dir);
	struct model_error error;
	struct model model;
	uint8_t *data;
	size_t len;

	model_init(&model, 1, 5);
	add_rule(&model, "audits", PLM_ACTION_AUDIT, "/audited");
	add_rule(&model, "kills", PLM_ACTION_KILL, ending);
	assert_int_equal(model_encode(&model, &data, &len, &error), 0);
	assert_int_equal(file_write(path, data, len), 0);
	assert_int_equal(candidate_load(&candidate, path), 0);
	candidate.path = "x.plm";
	assert_true(candidate.synth.num_events >= 4);
	model_free(&model);
	free(data);
	free(path);
}

static void put(enum vm_result_type type, uint16_t op, uint32_t id, int value,
		const void *data, size_t len)
{
	struct vm_result head = { .magic = VM_RESULT_MAGIC,
				  .len = (uint32_t)len, .op = op, .id = id,
				  .type = (uint16_t)type, .value = value };

	results_feed(&outcome.results, &head, sizeof(head), 1);
	results_feed(&outcome.results, data, len, 1);
}

static void put_step(enum vm_step_op op, uint32_t id)
{
	put(VM_RESULT_STEP, op, id,
	    wrong.step_op == (int)op ? wrong.step_error : 0, "", 0);
}

static void put_status(void)
{
	struct plimsoll_info info = { .abi = PLIMSOLL_ABI };
	struct plimsoll_channel_status status = {
		.channel = 1, .flags = PLIMSOLL_CHANNEL_LOADED,
		.content_version = running->content.version -
				   wrong.other_version,
		.data_len = (uint32_t)running->len, .num_rules = 2,
	};

	put(VM_RESULT_INFO, VM_STEP_DEVICE, 0, 0, &info, sizeof(info));
	if (wrong.refused || wrong.refused_else || wrong.not_taken)
		status.flags = 0;
	if (wrong.refused || wrong.refused_else) {
		status.num_refused = 1;
		status.last_err = wrong.refused ? candidate.err :
						  PLM_TRUNCATED;
		status.last_fault_off = candidate.fault.off;
	}
	put(VM_RESULT_CHANNEL, VM_STEP_STATUS, 0, 0, &status, sizeof(status));
}

static void put_value(struct vm_bytes *bytes, const struct plm_value *from)
{
	struct plimsoll_value value = { from->kind, from->len, from->number };

	if (from->kind == PLM_VALUE_NUMBER)
		value.len = 0;
	vm_bytes_add(bytes, &value, sizeof(value));
	vm_bytes_add(bytes, from->data, value.len);
	vm_bytes_pad(bytes, 8);
}

/* The record of @event; returns how many of its matches kill. */
static size_t put_record(struct event *event, uint32_t id, uint32_t pid,
			 bool spoil)
{
	struct evaluator *evaluator = evaluator_new(&candidate.content);
	struct plimsoll_record head = {
		.type = PLIMSOLL_RECORD_EVENT, .pid = pid,
		.template_id = PLM_PROCESS_CREATION_ID,
		.num_values = VM_NUM_INPUTS,
	};
	struct vm_bytes bytes = { 0 };
	struct event_result result;
	size_t num_killers = 0;

	if (spoil && wrong.other_input)
		event_set_string(event, VM_INPUT_CommandLine, "other", 5);
	evaluator_run(evaluator, event, VM_NUM_INPUTS, &result);
	vm_bytes_add(&bytes, &head, sizeof(head));
	for (size_t i = 0; i < result.num_matches; i++) {
		struct plimsoll_match match = { 1, result.matches[i],
						running->content.version };

		num_killers += candidate_kills(&candidate, result.matches[i]);
		if (spoil && wrong.no_match)
			continue;
		vm_bytes_add(&bytes, &match, sizeof(match));
		head.num_matches++;
	}
	if (spoil && wrong.extra_match) {
		struct plimsoll_match match = { 1, 0, 5 };

		vm_bytes_add(&bytes, &match, sizeof(match));
		head.num_matches++;
	}
	for (int i = 0; i < VM_NUM_INPUTS; i++)
		put_value(&bytes, &event->values[i]);
	head.len = (uint32_t)bytes.len;
	memcpy(bytes.data, &head, sizeof(head));
	if (!(spoil && wrong.no_record))
		put(VM_RESULT_RECORDS, VM_STEP_EXECUTE, id, 0, bytes.data,
		    bytes.len);
	free(bytes.data);
	event_result_free(&result);
	evaluator_free(evaluator);
	return num_killers;
}

/* Spoil what the positive of the rule "audits" or "kills" does. */
static bool is_spoiled(const struct asked *asked)
{
	uint32_t wanted = wrong.alive || wrong.late ? 1 : 0;
	bool negative = wrong.extra_match;

	return asked->synth && asked->synth->rule == wanted &&
	       asked->synth->expect == !negative;
}

static void put_asked(void *context, const struct asked *asked, uint32_t id)
{
	size_t i = (size_t)(asked - candidate.asked);
	bool pid1 = asked->good && asked->good->is_pid1;
	uint32_t pid = pid1 ? 1 : 100 + (uint32_t)i;
	bool spoil = is_spoiled(asked);
	struct event event = asked->synth ?
		event_copy(&asked->synth->event) :
		goodware_event(asked->good);
	struct vm_executed done = { .pid = (int32_t)pid, .ran = 1 };

	(void)context;
	if (put_record(&event, id, pid, spoil)) {
		done.status = spoil && wrong.alive ? 0 : SIGKILL;
		done.ran = spoil && (wrong.alive || wrong.late);
	} else if (spoil && wrong.died) {
		done.status = SIGSEGV;
	}
	event_free(&event);
	if (pid1)
		put_step(VM_STEP_BECOME, id);
	else
		put(VM_RESULT_EXECUTED, VM_STEP_EXECUTE, id, 0, &done,
		    sizeof(done));
}

static void put_figures(size_t round)
{
	struct vm_figures figures = {
		.bytes = { round ? 100000 + round * wrong.leak : 0 },
		.tainted = (1u << 12) | (round ? wrong.taint : 0),
		.lockdep = wrong.lockdep,
	};

	put(VM_RESULT_FIGURES, VM_STEP_ROUNDS, 0, 0, &figures,
	    sizeof(figures));
}

static void put_rest(void)
{
	struct plimsoll_record lost = { .len = sizeof(lost),
					.type = PLIMSOLL_RECORD_LOST };
	struct vm_rule rule = { .rule = 1, .num_faulted = 1,
				.flags = PLIMSOLL_RULE_FAULTED };
	struct vm_end end = { 0 };

	if (wrong.lost_record)
		put(VM_RESULT_RECORDS, VM_STEP_STATUS, 0, 0, &lost,
		    sizeof(lost));
	if (wrong.faulted)
		put(VM_RESULT_RULES, VM_STEP_STATUS, 0, 0, &rule, sizeof(rule));
	put_step(VM_STEP_REMOVE, 9);
	for (size_t round = 1; round <= wrong.num_rounds; round++)
		put_figures(round);
	memcpy(end.token, wrong.token, VM_TOKEN_LEN);
	end.num_results = outcome.results.num;
	if (!wrong.no_end)
		put(VM_RESULT_END, 0, 0, 0, &end, sizeof(end));
}

/* The answer of a kernel that was offered the candidate. */
static void put_replaced(void)
{
	struct plimsoll_replace done = { .err = candidate.err,
					 .fault_off = candidate.fault.off };
	size_t i = 0;

	while (boot->plans[i] != PLAN_TO_CANDIDATE)
		i++;
	put(VM_RESULT_REPLACED, VM_STEP_REPLACE, plan_step_id(i), EBADMSG,
	    &done, sizeof(done));
}

/* Make the boot up and judge it. */
static void judge(void)
{
	struct judge judge = { .run = &run, .outcome = &outcome, .boot = boot,
			       .token = TOKEN, .evidence = json_object() };

	stage_init(&run.stage, "boot");
	run.candidate = &candidate;
	run.label = "made up";
	run.consumer_path = "x.ko";
	outcome.ending = wrong.disk_error ? QEMU_PAUSED : QEMU_TOKEN;
	outcome.disk_error = wrong.disk_error ? xstrdup(wrong.disk_error) :
						NULL;
	outcome.console_cut = wrong.console_cut;
	vm_bytes_add(&outcome.console, wrong.console, strlen(wrong.console));
	if (!wrong.no_hello)
		put(VM_RESULT_HELLO, 0, 0, 0, "", 0);
	put_figures(0);
	put_step(VM_STEP_CONSUMER, 2);
	put_status();
	for (size_t i = 0; candidate.err == PLM_OK && !wrong.no_events &&
	     i < PLAN_MAX; i++)
		scenario_each_asked(judge.boot, i, &candidate, put_asked, NULL);
	if (wrong.refused && boot->baseline_first)
		put_replaced();
	put_rest();
	judge_boot(&judge);
	num_proven = json_integer_value(json_object_get(judge.evidence,
							"rules_proven"));
	console_free(&judge.console);
	json_decref(judge.evidence);
}

static int begin(void **state)
{
	(void)state;
	dir = workdir_make();
	running = &candidate;
	boot = &scenario_find("load")->boots[0];
	wrong = (struct wrong){ .console = "", .token = TOKEN,
				.num_rounds = 3 };
	return dir ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	stage_free(&run.stage);
	qemu_outcome_free(&outcome);
	candidate_free(&candidate);
	workdir_remove(dir);
	run = (struct run){ 0 };
	return 0;
}

static const struct finding *find(const char *code)
{
	for (size_t i = 0; i < run.stage.num_findings; i++)
		if (!strcmp(run.stage.findings[i].code, code))
			return &run.stage.findings[i];
	return NULL;
}

/* The boot as @wrong has it gives this finding, and a good one none. */
static void expect(enum severity severity, const char *code)
{
	const struct finding *found;

	load("/killed");
	judge();
	found = find(code);
	if (!found)
		stage_print(&run.stage);
	assert_non_null(found);
	assert_int_equal(found->severity, severity);
}

static void test_good(void **state)
{
	(void)state;
	load("/killed");
	judge();
	stage_print(&run.stage);
	assert_int_equal(run.stage.num_findings, 0);
	assert_int_equal(run.num_events, candidate.synth.num_events);
}

#define TEST(name, severity, code, ...)					\
static void test_##name(void **state)					\
{									\
	struct wrong this = { .console = "", .token = TOKEN,		\
			      .num_rounds = 3, __VA_ARGS__ };		\
									\
	(void)state;							\
	wrong = this;							\
	expect(severity, code);						\
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#endif

#define BANNER "[    0.000000] Linux version 6.1.0 (x) #1\n"
#define TIMER_PANIC BANNER \
	"[    0.300000] Kernel panic - not syncing: IO-APIC + timer doesn't work!\n"

#define LEAK_REPORT BANNER \
	"[   12.000000] kmemleak: unreferenced object 0xffff888004a1b3c0 (size 16):\n" \
	"[   12.000001] kmemleak:   comm \"init\", pid 1, jiffies 4294937312\n"

#define FAIL SEVERITY_FAIL
#define UNKNOWN SEVERITY_UNKNOWN

TEST(no_match, FAIL, "DISAGREE", .no_match = true)
TEST(no_match_expected, FAIL, "NOT_MATCHED", .no_match = true)
TEST(extra_match, FAIL, "DISAGREE", .extra_match = true)
TEST(near_miss, FAIL, "MATCHED_NEAR_MISS", .extra_match = true)
TEST(no_record, FAIL, "NO_RECORD", .no_record = true)
TEST(other_input, FAIL, "INPUT_DIFFERS", .other_input = true)
TEST(alive, FAIL, "NOT_KILLED", .alive = true)
TEST(late, FAIL, "KILLED_LATE", .late = true)
TEST(died, FAIL, "DIED", .died = true)
TEST(refused_else, FAIL, "DISAGREE", .refused_else = true)
TEST(not_taken, UNKNOWN, "NOT_TAKEN", .not_taken = true)
TEST(other_version, FAIL, "DISAGREE", .other_version = true)
TEST(lost_record, UNKNOWN, "MATCHES_LOST", .lost_record = true)
TEST(faulted, FAIL, "RULE_FAULTED", .faulted = true)
TEST(no_end, UNKNOWN, "LOST_VM", .no_end = true)
TEST(other_token, UNKNOWN, "LOST_VM", .token = OTHER_TOKEN)
TEST(no_events, UNKNOWN, "NO_EVENTS", .no_events = true)
TEST(not_loaded, UNKNOWN, "CONSUMER_NOT_LOADED",
     .step_op = VM_STEP_CONSUMER, .step_error = 8)
TEST(not_unloaded, FAIL, "NOT_UNLOADED",
     .step_op = VM_STEP_REMOVE, .step_error = 11)
TEST(taint, FAIL, "TAINTED", .taint = 1u << 9)
TEST(leak, FAIL, "LEAK", .leak = 64, .num_rounds = MAX_ROUNDS + 2)
TEST(panic_of_any_kind, FAIL, "KERNEL_PANIC", .console = TIMER_PANIC)
TEST(panic_before_pid1, UNKNOWN, "KERNEL_PANIC", .console = TIMER_PANIC,
     .no_hello = true)
TEST(lockdep_off, UNKNOWN, "LOCKDEP_OFF", .lockdep = VM_LOCKDEP_GAVE_UP)
TEST(kmemleak, FAIL, "KERNEL_KMEMLEAK", .console = LEAK_REPORT)
TEST(console_cut, UNKNOWN, "CONSOLE_CUT", .console_cut = true)
TEST(no_figures, UNKNOWN, "NO_FIGURES", .num_rounds = 0)

#pragma GCC diagnostic pop

/* Taint of a module that is not the kernel's own, and memory at rest. */
static void test_good_with_taint(void **state)
{
	(void)state;
	wrong.taint = 1u << 13;
	wrong.num_rounds = MAX_ROUNDS + 2;
	load("/killed");
	judge();
	assert_int_equal(run.stage.num_findings, 0);
}

static void kills(const char *ending, const char *code)
{
	load(ending);
	judge();
	assert_non_null(find(code));
	assert_string_equal(find(code)->rule, "kills");
	assert_int_equal(find(code)->severity, SEVERITY_FAIL);
}

static void test_kills_pid1(void **state)
{
	(void)state;
	kills("/systemd", "KILLS_PID1");
}

static void test_kills_shell(void **state)
{
	(void)state;
	kills("/bash", "KILLS_LOGIN_SHELL");
}

static void test_kills_updater(void **state)
{
	(void)state;
	kills("/bin/plimsoll", "KILLS_UPDATER");
}

static void test_kills_system(void **state)
{
	(void)state;
	kills("journald", "KILLS_SYSTEM");
}

#define PANIC BANNER \
	"[    2.000000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009\n" \
	"[    2.000001] ---[ end Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009 ]---\n"

/* A consumer that does kill PID 1: no token, but the kernel says why. */
static void test_panic(void **state)
{
	(void)state;
	wrong.console = PANIC;
	wrong.no_events = wrong.no_end = true;
	kills("/systemd", "KILLS_PID1");
	assert_non_null(find("KERNEL_PANIC"));
	assert_null(find("LOST_VM"));
}

/* It died before it was ours: no rule was there that could kill it. */
static void test_early_death(void **state)
{
	(void)state;
	wrong.console = PANIC;
	wrong.no_hello = wrong.no_events = wrong.no_end = true;
	load("/systemd");
	judge();
	assert_null(find("KILLS_PID1"));
	assert_non_null(find("KERNEL_PANIC"));
	assert_int_equal(find("KERNEL_PANIC")->severity, SEVERITY_UNKNOWN);
}

static void test_full_disk(void **state)
{
	(void)state;
	wrong.disk_error = "No space left on device";
	wrong.no_end = true;
	expect(SEVERITY_UNKNOWN, "LOST_VM");
	assert_non_null(strstr(find("LOST_VM")->text,
			       "QEMU paused the VM after 0.0 s; "
			       "its disk: No space left on device"));
}

static void load_torn(void)
{
	char *path = xasprintf("%s/short.plm", dir);

	assert_int_equal(file_write(path, "PLIMSOLL", 8), 0);
	assert_int_equal(candidate_load(&candidate, path), 0);
	candidate.path = "short.plm";
	assert_int_equal(candidate.err, PLM_TRUNCATED);
	free(path);
}

static void expect_refused(void)
{
	wrong.refused = true;
	load_torn();
	judge();
	assert_non_null(find("REFUSED"));
	assert_int_equal(find("REFUSED")->severity, SEVERITY_FAIL);
	assert_int_equal(find("REFUSED")->off, candidate.fault.off);
	assert_null(find("DISAGREE"));
}

static void test_refused_alike(void **state)
{
	(void)state;
	expect_refused();
}

/* Where nothing stands in for a baseline, the candidate is offered later. */
static void test_refused_later(void **state)
{
	(void)state;
	boot = &scenario_find("churn")->boots[0];
	expect_refused();
}

/* Whatever else a boot from a baseline does, it offers the candidate. */
static void test_always_offered(void **state)
{
	(void)state;
	for (size_t s = 0; s < num_scenarios; s++)
		for (boot = scenarios[s].boots; boot->name; boot++)
			assert_true(!boot->baseline_first ||
				    boot_has_plan(boot, PLAN_TO_CANDIDATE));
}

static void test_never_offered(void **state)
{
	(void)state;
	boot = &scenario_find("churn")->boots[0];
	wrong.not_taken = true;
	load_torn();
	judge();
	assert_int_equal(run.stage.num_findings, 1);
	assert_string_equal(run.stage.findings[0].code, "NOT_TAKEN");
	assert_int_equal(run.stage.findings[0].severity, SEVERITY_UNKNOWN);
}

/* What the baseline has matched says nothing of the candidate. */
static void test_proof(void **state)
{
	struct boot_plan short_one = { .name = "short", .plans = {
		PLAN_CONSUMER, PLAN_STATUS, PLAN_FIRST_EVENTS } };

	(void)state;
	boot = &short_one;
	load("/killed");
	judge();
	assert_int_equal(run.stage.num_findings, 0);
	assert_int_equal(num_proven, 2);
	qemu_outcome_free(&outcome);
	stage_free(&run.stage);
	assert_int_equal(candidate_baseline(&candidate, NULL), 0);
	running = candidate.old;
	short_one.baseline_first = true;
	judge();
	assert_int_equal(run.stage.num_findings, 0);
	assert_int_equal(num_proven, 0);
}

#define UNIT(name) cmocka_unit_test_setup_teardown(test_##name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(good), UNIT(good_with_taint), UNIT(no_match),
		UNIT(no_match_expected), UNIT(extra_match), UNIT(near_miss),
		UNIT(no_record), UNIT(other_input), UNIT(alive), UNIT(late),
		UNIT(died), UNIT(refused_else), UNIT(not_taken),
		UNIT(other_version), UNIT(lost_record), UNIT(faulted),
		UNIT(no_end), UNIT(other_token), UNIT(no_events),
		UNIT(not_loaded), UNIT(not_unloaded), UNIT(taint), UNIT(leak),
		UNIT(no_figures), UNIT(console_cut), UNIT(lockdep_off),
		UNIT(kmemleak), UNIT(panic_of_any_kind),
		UNIT(panic_before_pid1), UNIT(kills_pid1), UNIT(kills_shell),
		UNIT(kills_updater), UNIT(kills_system), UNIT(panic),
		UNIT(early_death), UNIT(full_disk),
		UNIT(refused_alike), UNIT(refused_later), UNIT(never_offered),
		UNIT(always_offered), UNIT(proof),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
