// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The replay stage, with evaluators that are honest and with such as are not.
 *
 * The stage starts the program "plimsoll-san" beside the running one.  So this
 * program gives itself a folder with two names of its own in it, goes on as
 * the one, and under the other name plays whatever evaluator the file "mode"
 * asks for.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "content/model.h"
#include "event/lines.h"
#include "replay/child.h"
#include "replay/corpus.h"
#include "replay/replay.h"
#include "verbs.h"

static const char self_name[] = "test";
static const char evaluator_name[] = "plimsoll-san";
static const char corpus_name[] = "goodware";

static char *folder;	/* of both names */

static char *beside(const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

/* Evaluators */

struct played {
	const char *id;		/* matches every event */
	const char *fault;	/* faults at every event */
	unsigned int words;
	unsigned int left_out;	/* events without an answer */
};

static int play_answers(const struct played *played)
{
	struct lines lines;
	unsigned int num = 0;
	char *line;
	size_t len;

	lines_open(&lines, STDIN_FILENO);
	while (lines_next(&lines, &line, &len) == LINES_GIVEN)
		num++;
	lines_close(&lines);
	printf("{\"events\":[");
	for (unsigned int i = 1; i + played->left_out <= num; i++)
		printf("%s{\"line\":%u,\"matches\":[%s],\"faults\":[%s],"
		       "\"words\":%u}", i > 1 ? "," : "", i,
		       played->id ? played->id : "",
		       played->fault ? played->fault : "", played->words);
	printf("]}");
	return 0;
}

static int play_overflow(void)
{
	volatile char *bytes = xmalloc(8);
	int status;

	bytes[8] = 1;
	status = bytes[8];
	free((void *)bytes);
	return status;
}

static int play_undefined(void)
{
	volatile int one = 1, many = 40;

	return one << many;
}

static int play_signal(int number)
{
	raise(number);
	return 0;
}

static int play_mode(const char *mode, int argc, char **argv)
{
	if (!strcmp(mode, "honest"))
		return cmd_eval(argc - 1, argv + 1);
	if (!strcmp(mode, "blind"))
		return play_answers(&(struct played){ 0 });
	if (!strcmp(mode, "eager"))
		return play_answers(&(struct played){ .id = "\"one\"" });
	if (!strcmp(mode, "unknown-rule"))
		return play_answers(&(struct played){ .id = "\"three\"" });
	if (!strcmp(mode, "faulty"))
		return play_answers(&(struct played){ .fault =
			"{\"rule\":\"two\",\"code\":\"BUDGET_SPENT\"}" });
	if (!strcmp(mode, "costly"))
		return play_answers(&(struct played){ .words = 1u << 19 });
	if (!strcmp(mode, "lazy"))
		return play_answers(&(struct played){ .left_out = 1 });
	if (!strcmp(mode, "overflow"))
		return play_overflow();
	if (!strcmp(mode, "undefined"))
		return play_undefined();
	if (!strcmp(mode, "killed"))
		return play_signal(SIGKILL);
	if (!strcmp(mode, "fallen"))
		return play_signal(SIGSEGV);
	if (!strcmp(mode, "garbage"))
		return puts("{\"events\":[") < 0;
	return VERDICT_UNKNOWN;
}

static int play(int argc, char **argv)
{
	char *dir = xstrdup(argv[0]), *path, *mode;
	int status = VERDICT_UNKNOWN;
	uint8_t *bytes;
	size_t len;

	path = xasprintf("%s/mode", dirname(dir));
	if (!file_read(path, 64, &bytes, &len)) {
		mode = xstrndup((char *)bytes, len);
		status = play_mode(mode, argc, argv);
		free(mode);
		free(bytes);
	}
	free(path);
	free(dir);
	return status;
}

/* The stage */

/* A corpus of ours, with a kill rule or without */

static void put_corpus_file(const char *name, const void *bytes, size_t len)
{
	char *path = xasprintf("%s/%s/%s", folder, corpus_name, name);

	assert_int_equal(file_write(path, bytes, len), 0);
	free(path);
}

static void put_index(const char *digest, unsigned int num)
{
	char *text = xasprintf("{\"parts\":[{\"file\":\"e.jsonl\","
			       "\"digest\":\"%s\",\"events\":%u}]}", digest,
			       num);

	put_corpus_file("corpus.json", text, strlen(text));
	free(text);
}

static void put_corpus(const char *lines, unsigned int num)
{
	char *digest = digest_of(lines, strlen(lines));

	put_corpus_file("e.jsonl", lines, strlen(lines));
	put_index(digest, num);
	free(digest);
}

#define EVENT(text) "{\"template\":\"process_creation\"," \
	"\"CommandLine\":\"" text "\"}\n"
#define NEUTRAL EVENT("ordinary")

static uint8_t *data;
static size_t data_len;
static struct plm_content content;
static struct stage stage;

/* Of the rules that are made. */
static uint32_t rule_action = PLM_ACTION_AUDIT;
static uint32_t rule_template;	/* its place among the templates */

static uint32_t text(struct model *model, enum plm_op op, const char *bytes)
{
	const struct plm_template *t = plm_template_at(rule_template);

	return PLM_WORD(PLM_WORD_TEST,
			model_criterion(model, t, 1, op, 0, bytes,
					(uint32_t)strlen(bytes), 0));
}

static void rule(struct model *model, const char *id, const char *a,
		 const char *b)
{
	const uint32_t words[] = {
		text(model, PLM_OP_CONTAINS, a),
		text(model, PLM_OP_CONTAINS, b),
		PLM_WORD(PLM_WORD_AT_LEAST, 2 << 8 | 2),
	};
	struct model_rule *r = model_rule_add(model);

	r->template = plm_template_at(rule_template);
	r->action = rule_action;
	r->level = PLM_LEVEL_LOW;
	model_text_set(&r->id, id, strlen(id));
	r->program = xmemdup(words, sizeof(words));
	r->program_len = 3;
}

static void encode(struct model *model)
{
	struct model_error error;
	struct plm_fault fault;

	assert_int_equal(model_encode(model, &data, &data_len, &error), 0);
	model_free(model);
	assert_int_equal(plm_check(data, (u32)data_len, 0, &content, &fault),
			 PLM_OK);
}

static int begin(void **state)
{
	struct model model;

	(void)state;
	put_corpus(NEUTRAL, 1);
	model_init(&model, 1, 1);
	rule(&model, "one", "first", "second");
	rule(&model, "two", "second", "third");
	encode(&model);
	stage_init(&stage, "replay");
	return 0;
}

static int end(void **state)
{
	(void)state;
	stage_free(&stage);
	free(data);
	return 0;
}

static enum verdict run(const char *mode)
{
	char *path = beside("mode");

	assert_int_equal(file_write(path, mode, strlen(mode)), 0);
	free(path);
	stage_free(&stage);
	stage_init(&stage, "replay");
	replay_run("x.plm", &content, &stage);
	return stage_verdict(&stage);
}

static const struct finding *found(const char *code)
{
	for (size_t i = 0; i < stage.num_findings; i++)
		if (!strcmp(stage.findings[i].code, code))
			return &stage.findings[i];
	return NULL;
}

static void assert_found(const char *mode, const char *code,
			 enum verdict verdict)
{
	assert_int_equal(run("honest"), VERDICT_PASS);
	assert_int_equal(stage.num_findings, 0);
	assert_int_equal(run(mode), verdict);
	if (!found(code))
		fail_msg("%s: no %s", mode, code);
}

static void passes_honest(void **state)
{
	(void)state;
	assert_int_equal(run("honest"), VERDICT_PASS);
	assert_true(json_integer_value(json_object_get(stage.evidence,
						       "events")) >= 6);
	assert_int_equal(json_integer_value(json_object_get(stage.evidence,
							    "mismatches")), 0);
}

static void finds_mismatches(void **state)
{
	(void)state;
	assert_found("blind", "MISMATCH", VERDICT_FAIL);
	assert_found("eager", "MISMATCH", VERDICT_FAIL);
	assert_string_equal(found("MISMATCH")->rule, "one");
}

static void finds_faults_and_cost(void **state)
{
	(void)state;
	assert_found("faulty", "FAULT", VERDICT_FAIL);
	assert_string_equal(found("FAULT")->rule, "two");
	assert_found("costly", "AMPLIFIED", VERDICT_FAIL);
}

static void finds_reports(void **state)
{
	(void)state;
	assert_found("overflow", "SANITIZER", VERDICT_FAIL);
	assert_non_null(strstr(found("SANITIZER")->text,
			       "heap-buffer-overflow"));
	assert_non_null(strstr(json_string_value(json_object_get(
		stage.evidence, "sanitizer_report")), "play_overflow"));
	assert_found("undefined", "SANITIZER", VERDICT_FAIL);
	assert_non_null(strstr(found("SANITIZER")->text, "shift exponent"));
	assert_found("fallen", "SANITIZER", VERDICT_FAIL);
}

/* Half an answer, or none, is none. */
static void passes_nothing_unanswered(void **state)
{
	(void)state;
	assert_found("lazy", "LOST", VERDICT_UNKNOWN);
	assert_found("garbage", "LOST", VERDICT_UNKNOWN);
	assert_found("unknown-rule", "LOST", VERDICT_UNKNOWN);
	assert_found("killed", "LOST", VERDICT_UNKNOWN);
	assert_found("status", "LOST", VERDICT_UNKNOWN);
}

static void needs_an_evaluator(void **state)
{
	char *path = beside(evaluator_name), *self = beside(self_name);

	(void)state;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(run("honest"), VERDICT_UNKNOWN);
	assert_non_null(found("NO_EVALUATOR"));
	/* One that would say nothing, because nobody looks. */
	assert_int_equal(file_write(path, "#!/bin/true\n", 12), 0);
	assert_int_equal(run("honest"), VERDICT_UNKNOWN);
	assert_non_null(found("NO_EVALUATOR"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(link(self, path), 0);
	assert_int_equal(run("honest"), VERDICT_PASS);
	free(path);
	free(self);
}

/* The goodware corpus */

static json_int_t goodware_events(void)
{
	return json_integer_value(json_object_get(stage.evidence,
						  "goodware_events"));
}

static void make_killer(void)
{
	struct model model;

	free(data);
	model_init(&model, 1, 1);
	rule_action = PLM_ACTION_KILL;
	rule(&model, "one", "first", "second");
	rule_action = PLM_ACTION_AUDIT;
	rule(&model, "two", "second", "third");
	encode(&model);
}

static const char ordinary[] = NEUTRAL EVENT("second third") NEUTRAL
	EVENT("third second");

static void spares_goodware(void **state)
{
	const struct finding *finding;

	(void)state;
	put_corpus(ordinary, 4);
	assert_int_equal(run("honest"), VERDICT_PASS);
	assert_int_equal(goodware_events(), 4);
	assert_non_null(found("NOISY"));
	assert_string_equal(found("NOISY")->rule, "two");
	make_killer();
	assert_int_equal(run("honest"), VERDICT_PASS);
	assert_null(found("KILLS_GOODWARE"));

	put_corpus(NEUTRAL EVENT("first second") EVENT("second first"), 3);
	assert_int_equal(run("honest"), VERDICT_FAIL);
	finding = found("KILLS_GOODWARE");
	assert_non_null(finding);
	assert_string_equal(finding->rule, "one");
	assert_string_equal(finding->file, "x.plm");
	assert_non_null(strstr(finding->text, "2 recorded events, the first "
			       "of them line 2 of e.jsonl: {"));
	assert_non_null(strstr(finding->text, "first second"));
}

/* One event in a hundred is not yet noise. */
static void counts_matches(void **state)
{
	char *lines = xstrdup(EVENT("second third")), *more;
	const json_t *match;

	(void)state;
	for (int i = 1; i < 100; i++) {
		more = xasprintf("%s%s", lines, NEUTRAL);
		free(lines);
		lines = more;
	}
	put_corpus(lines, 100);
	assert_int_equal(run("honest"), VERDICT_PASS);
	assert_int_equal(goodware_events(), 100);
	assert_null(found("NOISY"));
	assert_non_null(found("MATCHES_GOODWARE"));
	match = json_array_get(json_object_get(json_object_get(
		stage.evidence, "goodware"), "matches"), 0);
	assert_string_equal(json_string_value(json_object_get(match, "rule")),
			    "two");
	assert_int_equal(json_integer_value(json_object_get(match, "events")),
			 1);
	free(lines);
}

/* Nothing is said of goodware that nobody could ask about. */
static void assert_no_corpus(const char *text)
{
	assert_int_equal(run("honest"), VERDICT_UNKNOWN);
	assert_non_null(found("NO_GOODWARE"));
	if (!strstr(found("NO_GOODWARE")->text, text))
		fail_msg("%s", found("NO_GOODWARE")->text);
	assert_null(json_object_get(stage.evidence, "goodware_events"));
	put_corpus(ordinary, 4);
	assert_int_equal(run("honest"), VERDICT_PASS);
}

static void needs_the_whole_corpus(void **state)
{
	char *path = xasprintf("%s/%s/e.jsonl", folder, corpus_name);

	(void)state;
	put_corpus(ordinary, 4);
	assert_int_equal(run("honest"), VERDICT_PASS);
	put_corpus_file("e.jsonl", ordinary, strlen(ordinary) - 1);
	assert_no_corpus("e.jsonl is not the file");
	put_corpus(ordinary, 5);
	assert_no_corpus("e.jsonl has 4 events, not 5");
	put_corpus(ordinary, 0);
	assert_no_corpus("corpus.json does not tell");
	put_corpus(NEUTRAL "{", 2);
	assert_no_corpus("e.jsonl has a last line without an end");
	put_corpus_file("corpus.json", "{\"parts\":[", 10);
	assert_no_corpus("corpus.json is no JSON document: line 1");
	put_corpus_file("corpus.json", "{\"parts\":[]}", 12);
	assert_no_corpus("corpus.json names no parts");
	assert_int_equal(unlink(path), 0);
	assert_no_corpus("e.jsonl cannot be read: No such file");
	free(path);
}

/* What is no event ends the evaluator, and so the answers. */
static void needs_events(void **state)
{
	(void)state;
	put_corpus(NEUTRAL "{\"template\":\"none\"}\n", 2);
	assert_int_equal(run("honest"), VERDICT_UNKNOWN);
	assert_non_null(found("LOST"));
	assert_null(json_object_get(stage.evidence, "goodware_events"));
}

/* A kind of event that was never recorded says nothing about its rules. */
static void needs_events_of_each_kind(void **state)
{
	struct model model;

	(void)state;
	free(data);
	rule_template = 1;
	model_init(&model, 1, 1);
	rule(&model, "one", "first", "second");
	encode(&model);
	assert_int_equal(run("honest"), VERDICT_PASS);
	assert_null(found("NO_GOODWARE"));
	make_killer();
	rule_template = 0;
	assert_int_equal(run("honest"), VERDICT_UNKNOWN);
	assert_non_null(found("NO_GOODWARE"));
	assert_string_equal(found("NO_GOODWARE")->rule, "one");
	put_corpus(NEUTRAL "{\"template\":\"network_connection\"}\n", 2);
	assert_int_equal(run("honest"), VERDICT_PASS);
	assert_null(found("NO_GOODWARE"));
}

/* Files that the core takes and that are not what their rules encode to */

static uint8_t *record(enum plm_section section, uint32_t index, uint32_t len)
{
	return data + content.section[section - 1].off + index * len;
}

static void put32(uint8_t *at, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(number >> 8 * i);
}

/* FORMAT.md, "Check sum". */
static void put_sum(void)
{
	uint64_t a = 0, b = 0;

	memset(data + PLM_HDR_SUM, 0, 8);
	for (size_t off = 0; off < data_len; off += 8) {
		a += plm_le64(data + off);
		b = (b << 7 | b >> 57) + a;
	}
	b ^= a << 32 | a >> 32;
	put32(data + PLM_HDR_SUM, (uint32_t)b);
	put32(data + PLM_HDR_SUM + 4, (uint32_t)(b >> 32));
}

/* Let the other one of a rule's two texts trigger it. */
static void move_trigger(void)
{
	uint8_t *a = record(PLM_SECTION_CRITERIA, 0, PLM_CRITERION_LEN);
	uint8_t *b = record(PLM_SECTION_CRITERIA, 1, PLM_CRITERION_LEN);
	uint32_t num = plm_le32(a + PLM_CRI_NUM_TRIGGERS);

	assert_int_equal(num + plm_le32(b + PLM_CRI_NUM_TRIGGERS), 1);
	put32(a + PLM_CRI_NUM_TRIGGERS, !num);
	put32(b + PLM_CRI_NUM_TRIGGERS, num);
	put32(b + PLM_CRI_TRIGGER_OFF, !num);
	put_sum();
}

static void finds_what_is_not_canonical(void **state)
{
	struct plm_fault fault;
	struct model model;

	(void)state;
	free(data);
	model_init(&model, 1, 1);
	rule(&model, "one", "first", "second");
	encode(&model);
	assert_int_equal(run("honest"), VERDICT_PASS);
	move_trigger();
	assert_int_equal(plm_check(data, (u32)data_len, 0, &content, &fault),
			 PLM_OK);
	assert_int_equal(run("honest"), VERDICT_FAIL);
	assert_non_null(found("NOT_CANONICAL"));
	assert_int_equal(found("NOT_CANONICAL")->off, PLM_HDR_SUM);
	assert_null(found("MISMATCH"));
}

static void names_what_is_unreachable(void **state)
{
	const uint32_t twice[] = {
		PLM_WORD(PLM_WORD_TEST, 0), PLM_WORD(PLM_WORD_TEST, 0),
		PLM_WORD(PLM_WORD_NOT, 0),
		PLM_WORD(PLM_WORD_AT_LEAST, 2 << 8 | 2),
	};
	struct model model;

	(void)state;
	free(data);
	model_init(&model, 1, 1);
	rule(&model, "one", "first", "second");
	free(model.rules[0].program);
	model.rules[0].program = xmemdup(twice, sizeof(twice));
	model.rules[0].program_len = ARRAY_LEN(twice);
	rule(&model, "two", "first", "second");
	encode(&model);
	assert_int_equal(run("honest"), VERDICT_FAIL);
	assert_non_null(found("UNREACHABLE"));
	assert_string_equal(found("UNREACHABLE")->rule, "one");
}

#define NUM_COSTLY 20000u	/* words */

/* One that asks again and again what takes the reference long. */
static void costly_rule(struct model *model)
{
	struct model_rule *r = model_rule_add(model);
	uint32_t *words = xcalloc(NUM_COSTLY, sizeof(*words));
	const uint32_t test = text(model, PLM_OP_PATTERN,
				   "first|^(x{1000}){8}y");

	for (uint32_t i = 1; i < NUM_COSTLY; i++)
		words[i] = i % 2 ? test :
			   PLM_WORD(PLM_WORD_AT_LEAST, 2 << 8 | 2);
	words[0] = test;
	r->template = plm_template_at(0);
	r->action = PLM_ACTION_AUDIT;
	r->level = PLM_LEVEL_LOW;
	model_text_set(&r->id, "three", 5);
	r->program = words;
	r->program_len = NUM_COSTLY - 1;
}

/* It matches events of another rule: whether it should is not found out. */
static void says_what_was_not_compared(void **state)
{
	struct model model;

	(void)state;
	free(data);
	model_init(&model, 1, 1);
	rule(&model, "one", "first", "second");
	costly_rule(&model);
	encode(&model);
	assert_int_equal(run("honest"), VERDICT_UNKNOWN);
	assert_non_null(found("NOT_COMPARED"));
	assert_null(found("MISMATCH"));
	assert_string_equal(found("UNREACHABLE")->rule, "three");
}

/* Bounds of a child */

static void run_shell(const char *script, const struct child_limits *limits,
		      struct child_result *out)
{
	char *const argv[] = { "/bin/sh", "-c", (char *)script, NULL };
	char *const env[] = { NULL };
	struct child child;
	int input = child_file("in"), file = child_file("file");

	assert_int_equal(write(input, "in\n", 3), 3);
	assert_int_equal(write(file, "file\n", 5), 5);
	assert_int_equal(child_start(&child, argv, env, input, file, limits),
			 0);
	assert_int_equal(child_wait(&child, out), 0);
	close(input);
	close(file);
}

static void bounds_a_child(void **state)
{
	const struct child_limits limits = { 1, 1, 4096 };
	const struct child_limits long_limits = { 1, 60, 4096 };
	struct child_result result;

	(void)state;
	run_shell("read a; read b <&3; echo $a $b; echo err >&2; exit 5",
		  &long_limits, &result);
	assert_int_equal(WEXITSTATUS(result.status), 5);
	assert_string_equal((char *)result.out, "in file\n");
	assert_string_equal((char *)result.err, "err\n");
	child_result_free(&result);

	run_shell("exec sleep 60", &limits, &result);
	assert_true(result.late && WIFSIGNALED(result.status));
	child_result_free(&result);

	run_shell("while :; do echo 0123456789; done", &limits, &result);
	assert_true(result.out_len <= 4096);
	child_result_free(&result);

	run_shell("while :; do :; done", &long_limits, &result);
	assert_true(WIFSIGNALED(result.status) && !result.late);
	assert_int_equal(WTERMSIG(result.status), SIGXCPU);
	child_result_free(&result);
}

static int test_all(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(passes_honest, begin, end),
		cmocka_unit_test_setup_teardown(finds_mismatches, begin, end),
		cmocka_unit_test_setup_teardown(finds_faults_and_cost, begin,
						end),
		cmocka_unit_test_setup_teardown(finds_reports, begin, end),
		cmocka_unit_test_setup_teardown(passes_nothing_unanswered,
						begin, end),
		cmocka_unit_test_setup_teardown(needs_an_evaluator, begin,
						end),
		cmocka_unit_test_setup_teardown(spares_goodware, begin, end),
		cmocka_unit_test_setup_teardown(counts_matches, begin, end),
		cmocka_unit_test_setup_teardown(needs_the_whole_corpus, begin,
						end),
		cmocka_unit_test_setup_teardown(needs_events, begin, end),
		cmocka_unit_test_setup_teardown(needs_events_of_each_kind,
						begin, end),
		cmocka_unit_test_setup_teardown(finds_what_is_not_canonical,
						begin, end),
		cmocka_unit_test_setup_teardown(names_what_is_unreachable,
						begin, end),
		cmocka_unit_test_setup_teardown(says_what_was_not_compared,
						begin, end),
		cmocka_unit_test(bounds_a_child),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

static int leave(int status)
{
	static const char *const names[] = {
		self_name, evaluator_name, "mode", "goodware/corpus.json",
		"goodware/e.jsonl",
	};
	char *corpus = beside(corpus_name);

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = beside(names[i]);

		unlink(path);
		free(path);
	}
	rmdir(corpus);
	free(corpus);
	rmdir(folder);
	free(folder);
	return status;
}

/* Go on in a folder of our own. */
static int move_in(void)
{
	char own[4096];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *self, *evaluator, *corpus;

	if (len < 0)
		return VERDICT_UNKNOWN;
	own[len] = '\0';
	folder = xasprintf("%s.XXXXXX", own);
	if (!mkdtemp(folder))
		return VERDICT_UNKNOWN;
	self = beside(self_name);
	evaluator = beside(evaluator_name);
	corpus = beside(corpus_name);
	if (!mkdir(corpus, 0700) && !link(own, self) && !link(own, evaluator))
		execl(self, self, (char *)NULL);
	perror(folder);
	return leave(VERDICT_UNKNOWN);
}

int main(int argc, char **argv)
{
	char *path = xstrdup(argv[0]);
	const char *name = basename(path);
	int status;

	if (!strcmp(name, evaluator_name)) {
		status = play(argc, argv);
	} else if (!strcmp(name, self_name)) {
		folder = xstrdup(dirname(argv[0]));
		status = leave(test_all());
	} else {
		status = move_in();
	}
	free(path);
	return status;
}
