// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lint: what it says of conditions against every event of a small world, the
 * bounds of budgets, and content that is made to be costly.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "content/model.h"
#include "event/expr.h"
#include "lint/groups.h"
#include "lint/lint.h"
#include "tests/unit/lib/chance.h"
#include "tests/unit/lib/rules.h"
#include "tests/unit/lib/vector.h"

static const struct plm_template *process(void)
{
	return plm_template_find(PLM_PROCESS_CREATION_ID);
}

static struct model_rule *add_rule(struct model *m, const uint32_t *program,
				   uint32_t len)
{
	char id[16];

	snprintf(id, sizeof(id), "r%07zu", m->num_rules + 1);
	rules_add(m, PLM_PROCESS_CREATION_ID, id, program, len);
	return &m->rules[m->num_rules - 1];
}

static uint32_t text_word(struct model *m, uint32_t input, uint32_t op,
			  uint32_t flags, const char *text)
{
	return RULE_TEST(model_criterion(m, process(), input, op, flags, text,
					 (uint32_t)strlen(text), 0));
}

static uint32_t number_word(struct model *m, uint32_t op, uint64_t number)
{
	return RULE_TEST(model_criterion(m, process(), 7, op, 0, "", 0,
					 number));
}

/* Content with its stage. */
struct linted {
	struct policy policy;
	uint8_t *data;
	struct plm_content content;
	struct stage stage;
};

static void lint_start(struct linted *l, const struct model *m)
{
	struct model_error error;
	struct plm_fault fault;
	size_t len;

	policy_init(&l->policy);
	stage_init(&l->stage, "lint");
	if (model_encode(m, &l->data, &len, &error))
		fail_msg("%s", error.text);
	assert_int_equal(plm_check(l->data, (u32)len, 0, &l->content, &fault),
			 PLM_OK);
}

static void lint_it(struct linted *l)
{
	struct lint_options options = { .policy = &l->policy };

	lint_run(&options, "x.plm", &l->content, &l->stage);
	assert_true(l->stage.passed);
}

static void lint_stop(struct linted *l)
{
	stage_free(&l->stage);
	policy_free(&l->policy);
	free(l->data);
}

/* The finding of this code about this rule, or about none. */
static const struct finding *finding(const struct linted *l, const char *code,
				     const char *rule)
{
	for (size_t i = 0; i < l->stage.num_findings; i++) {
		const struct finding *f = &l->stage.findings[i];

		if (!strcmp(f->code, code) && !rule == !f->rule &&
		    (!rule || !strcmp(rule, f->rule)))
			return f;
	}
	return NULL;
}

/* A small world: one text of three letters, one number, or none of them. */

#define MAX_LEN 5
#define NUM_NUMBERS 5
#define MAX_EVENTS (400 * (NUM_NUMBERS + 1))

struct world {
	uint8_t texts[400][MAX_LEN];
	struct plm_value values[MAX_EVENTS][10];
	uint32_t num_texts, num_events;
	uint32_t lens[400];
};

static struct world world;

static void grow_texts(uint32_t len)
{
	uint32_t num = 1;

	for (uint32_t i = 0; i < len; i++)
		num *= 3;
	for (uint32_t n = 0; n < num; n++) {
		uint32_t rest = n;

		for (uint32_t i = 0; i < len; i++, rest /= 3)
			world.texts[world.num_texts][i] = "abA"[rest % 3];
		world.lens[world.num_texts++] = len;
	}
}

static int make_world(void **state)
{
	(void)state;
	for (uint32_t len = 0; len <= MAX_LEN; len++)
		grow_texts(len);
	for (uint32_t t = 0; t <= world.num_texts; t++) {
		for (uint32_t n = 0; n <= NUM_NUMBERS; n++) {
			struct plm_value *v = world.values[world.num_events++];

			if (t < world.num_texts)
				v[0] = (struct plm_value){
					.kind = PLM_VALUE_STRING,
					.data = world.texts[t],
					.len = world.lens[t],
				};
			if (n < NUM_NUMBERS)
				v[7] = (struct plm_value){
					.kind = PLM_VALUE_NUMBER, .number = n,
				};
		}
	}
	return 0;
}

/* Which events of the world does the rule match?  Returns how many. */
static uint32_t matches(const struct model *m, uint32_t rule, uint8_t *out)
{
	uint32_t num = 0;

	for (uint32_t i = 0; i < world.num_events; i++) {
		out[i] = (uint8_t)model_rule_matches(m, rule, world.values[i],
						     10);
		num += out[i];
	}
	return num;
}

static uint32_t random_test(struct model *m)
{
	static const char *const texts[] = {
		"a", "b", "ab", "ba", "bb", "aa", "aba",
	};
	static const char *const cased[] = { "A", "aA", "b", "Ab" };
	uint32_t op = PLM_OP_EQUALS + below(4);

	switch (below(8)) {
	case 0:
		return number_word(m, PLM_OP_NUM_EQ + below(5),
				   below(NUM_NUMBERS));
	case 1:
		return text_word(m, 0, PLM_OP_EXISTS, 0, "");
	case 2:
		return text_word(m, 0, op, PLM_FLAG_CASED,
				 cased[below(ARRAY_LEN(cased))]);
	default:
		return text_word(m, 0, op, 0, texts[below(ARRAY_LEN(texts))]);
	}
}

/* A condition of some tests, in words: each joins what the last ones left. */
static uint32_t random_program(struct model *m, uint32_t *program)
{
	uint32_t num = 0, depth = 0, tests = 2 + below(4);

	while (tests || depth > 1) {
		if (tests && (depth < 2 || below(2))) {
			program[num++] = random_test(m);
			depth++;
			tests--;
		} else {
			uint32_t of = 2 + below(depth - 1);

			program[num++] = PLM_WORD(PLM_WORD_AT_LEAST,
				(1 + below(of)) << 8 | of);
			depth -= of - 1;
		}
		if (!below(4))
			program[num++] = PLM_WORD(PLM_WORD_NOT, 0);
	}
	return num;
}

/*
 * How many tests of the rule could as well be always or never true, in the
 * whole world?  That is what a dead part is.
 */
static uint32_t count_dead(struct model *m, uint32_t rule)
{
	struct model_rule *r = &m->rules[rule];
	uint8_t was[MAX_EVENTS], now[MAX_EVENTS];
	uint32_t *program = r->program, len = r->program_len, num = 0;
	uint32_t holds = number_word(m, PLM_OP_NUM_GTE, 0);

	matches(m, rule, was);
	for (uint32_t i = 0; i < len; i++) {
		bool same = false;

		if (PLM_WORD_OP(program[i]) != PLM_WORD_TEST)
			continue;
		/* "x or not x", and the same negated, in place of the test. */
		for (int negated = 0; negated < 2 && !same; negated++) {
			uint32_t other[64], n = i;

			memcpy(other, program, i * sizeof(*other));
			other[n++] = holds;
			other[n++] = holds;
			other[n++] = PLM_WORD(PLM_WORD_NOT, 0);
			other[n++] = PLM_WORD(PLM_WORD_AT_LEAST, 1 << 8 | 2);
			if (negated)
				other[n++] = PLM_WORD(PLM_WORD_NOT, 0);
			memcpy(other + n, program + i + 1,
			       (len - i - 1) * sizeof(*other));
			r->program = other;
			r->program_len = n + len - i - 1;
			matches(m, rule, now);
			same = !memcmp(was, now, world.num_events);
		}
		num += same;
		r->program = program;
		r->program_len = len;
	}
	return num;
}

static uint32_t dead_parts(const struct linted *l, const char *rule)
{
	const struct finding *f = finding(l, "DEAD_PART", rule);

	return f ? (uint32_t)strtoul(f->text, NULL, 10) : 0;
}

/* Of all that was true, and of what lint said of it. */
struct tally {
	uint32_t never, said_never, always, said_always, dead, said_dead;
	uint32_t same, said_same, within, said_within;
};

static void judge_one(struct tally *t, struct model *m, const struct linted *l,
		      uint32_t rule)
{
	uint8_t what[MAX_EVENTS];
	uint32_t num = matches(m, rule, what), dead;
	char id[16];
	bool never, always;

	snprintf(id, sizeof(id), "r%07u", rule + 1);
	never = finding(l, "CONTRADICTORY", id);
	always = finding(l, "MATCHES_ALL", id);
	assert_true(!never || !num);
	assert_true(!always || num == world.num_events);
	assert_null(finding(l, "NOT_DECIDED", id));
	t->never += !num;
	t->said_never += never;
	t->always += num == world.num_events;
	t->said_always += always;
	if (!num || num == world.num_events)
		return;
	dead = count_dead(m, rule);
	assert_true(dead_parts(l, id) <= dead);
	t->dead += dead;
	t->said_dead += dead_parts(l, id);
}

static void judge_pair(struct tally *t, const struct model *m,
		       const struct linted *l)
{
	uint8_t a[MAX_EVENTS], b[MAX_EVENTS];
	uint32_t num_a = matches(m, 0, a), num_b = matches(m, 1, b);
	bool same = !memcmp(a, b, world.num_events), a_in_b = true,
	     b_in_a = true;
	bool said_same = finding(l, "DUPLICATE", "r0000002");

	if (!num_a || !num_b || num_a == world.num_events ||
	    num_b == world.num_events)
		return;
	for (uint32_t i = 0; i < world.num_events; i++) {
		a_in_b &= !a[i] || b[i];
		b_in_a &= !b[i] || a[i];
	}
	assert_true(!said_same || same);
	assert_true(!finding(l, "SUBSUMED", "r0000001") || a_in_b);
	assert_true(!finding(l, "SUBSUMED", "r0000002") || b_in_a);
	t->same += same;
	t->said_same += said_same;
	t->within += a_in_b != b_in_a;
	t->said_within += finding(l, "SUBSUMED", "r0000001") ||
			  finding(l, "SUBSUMED", "r0000002");
}

/* "This and this", which is no longer. */
static uint32_t said_twice(uint32_t *program, uint32_t len)
{
	memcpy(program + len, program, len * sizeof(*program));
	program[2 * len] = RULE_ALL(2);
	return 2 * len + 1;
}

/* What is said is true of every event; and most of what is true is said. */
static void says_what_is_so(void **state)
{
	struct tally t = { 0 };

	(void)state;
	chance_seed(3);
	for (int round = 0; round < 500; round++) {
		uint32_t program[64], len = 0;
		struct linted l;
		struct model m;

		model_init(&m, 1, 1);
		for (int i = 0; i < 2; i++) {
			/* Now and then the same again, in other words. */
			if (i && round % 8 == 0)
				len = said_twice(program, len);
			else
				len = random_program(&m, program);
			add_rule(&m, program, len);
		}
		lint_start(&l, &m);
		lint_it(&l);
		judge_one(&t, &m, &l, 0);
		judge_one(&t, &m, &l, 1);
		judge_pair(&t, &m, &l);
		lint_stop(&l);
		model_free(&m);
	}
	print_message("# never %u of %u, always %u of %u, dead %u of %u, "
		      "same %u of %u, within %u of %u\n", t.said_never,
		      t.never, t.said_always, t.always, t.said_dead, t.dead,
		      t.said_same, t.same, t.said_within, t.within);
	assert_true(t.never > 20 && t.said_never * 10 > t.never * 7);
	assert_true(t.always > 10 && t.said_always * 10 > t.always * 7);
	assert_true(t.dead > 100 && t.said_dead * 10 > t.dead * 7);
	assert_true(t.same > 20 && t.said_same * 10 > t.same * 7);
	assert_true(t.within > 50 && t.said_within * 10 > t.within * 7);
}

/*
 * A pattern that strangers wrote into a file, which the core lets pass: it is
 * told, and nothing that looks into rules stumbles over it.
 */
static void patterns_are_read(void **state)
{
	static const struct {
		const char *text;	/* as long as the good one */
		bool good;
	} cases[] = {
		{ "a.b[1-9]c", true }, { "(.b[1-9]c", false },
		{ "a.b[1-9c[", false }, { "a.b[1-9\\c", false },
		{ "a{9,[1-9]", false }, { "a.b[1-9]\\", false },
		{ "((((((((a", false }, { "a|b|c|d|(", false },
		{ "a.b[1-9]\0", false }, { "\0\0\0[1-9]c", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vector v = { 0 };
		struct linted l;
		struct model m;
		uint32_t word;
		uint8_t *text;

		model_init(&m, 1, 1);
		word = text_word(&m, 0, PLM_OP_PATTERN, 0, cases[0].text);
		add_rule(&m, &word, 1);
		lint_start(&l, &m);
		model_free(&m);
		v.data = l.data;
		v.len = l.content.len;
		text = memmem(v.data, v.len, cases[0].text,
			      strlen(cases[0].text));
		assert_non_null(text);
		memcpy(text, cases[i].text, strlen(cases[0].text));
		vector_sum(&v);
		lint_it(&l);
		assert_int_equal(!finding(&l, "UNREADABLE_PATTERN", "r0000001"),
				 cases[i].good);
		lint_stop(&l);
	}
}

/* Exactly at its limit content passes; one less, and it fails. */
static void budgets_are_exact(void **state)
{
	const uint32_t both = PLM_WORD(PLM_WORD_AT_LEAST, 1 << 8 | 2);
	uint32_t program[3];
	struct linted l;
	struct model m;

	(void)state;
	model_init(&m, 1, 1);
	program[0] = text_word(&m, 0, PLM_OP_CONTAINS, 0, "one");
	program[1] = text_word(&m, 0, PLM_OP_CONTAINS, PLM_FLAG_CASED, "Two");
	program[2] = both;
	add_rule(&m, program, 3);
	program[0] = text_word(&m, 0, PLM_OP_STARTSWITH, 0, "/");
	program[1] = PLM_WORD(PLM_WORD_NOT, 0);
	add_rule(&m, program, 2);
	lint_start(&l, &m);
	/* Three criteria, two triggers, and the rule for every event. */
	l.policy.budget_rules = 2;
	l.policy.budget_words = 5;
	l.policy.budget_triggers = 6;
	l.policy.budget_always = 1;
	l.policy.budget_automata = 2;
	l.policy.budget_bytes = l.content.len;
	lint_it(&l);
	assert_int_equal(stage_verdict(&l.stage), VERDICT_PASS);
	stage_free(&l.stage);
	stage_init(&l.stage, "lint");
	l.policy.budget_rules--;
	l.policy.budget_words--;
	l.policy.budget_triggers--;
	l.policy.budget_always--;
	l.policy.budget_automata--;
	l.policy.budget_bytes--;
	lint_it(&l);
	assert_non_null(finding(&l, "TOO_MANY_RULES", NULL));
	assert_non_null(finding(&l, "TOO_MANY_WORDS", NULL));
	assert_non_null(finding(&l, "TOO_MANY_TRIGGERS", NULL));
	assert_non_null(finding(&l, "TOO_MANY_ALWAYS", NULL));
	assert_non_null(finding(&l, "TOO_MANY_AUTOMATA", NULL));
	assert_non_null(finding(&l, "TOO_MANY_BYTES", NULL));
	assert_string_equal(finding(&l, "TOO_MANY_TRIGGERS", NULL)->place,
			    "process_creation");
	lint_stop(&l);
	model_free(&m);
}

/* Content that the core takes, and that makes every event dear. */
static void triggers_are_counted(void **state)
{
	uint32_t program[65];
	struct linted l;
	struct model m;

	(void)state;
	model_init(&m, 1, 1);
	for (uint32_t i = 0; i < 64; i++) {
		char text[] = { 'x', (char)('a' + i / 8),
				(char)('a' + i % 8), 0 };

		program[i] = text_word(&m, 1, PLM_OP_CONTAINS, 0, text);
	}
	program[64] = PLM_WORD(PLM_WORD_AT_LEAST, 1 << 8 | 64);
	for (uint32_t i = 0; i < 2200; i++)
		add_rule(&m, program, 65);
	lint_start(&l, &m);
	lint_it(&l);
	assert_non_null(finding(&l, "TOO_MANY_TRIGGERS", NULL));
	assert_non_null(strstr(finding(&l, "TOO_MANY_TRIGGERS", NULL)->text,
			       "140864 steps"));
	assert_non_null(finding(&l, "DOUBLED", NULL));
	lint_stop(&l);
	model_free(&m);
}

/* Of a code twenty are shown, and the number of the others. */
static void findings_are_limited(void **state)
{
	struct linted l;
	struct model m;
	uint32_t num = 0;
	uint32_t word;

	(void)state;
	model_init(&m, 1, 1);
	word = text_word(&m, 1, PLM_OP_CONTAINS, 0, "text");
	for (uint32_t i = 0; i < 101; i++)
		add_rule(&m, &word, 1);
	lint_start(&l, &m);
	lint_it(&l);
	for (size_t i = 0; i < l.stage.num_findings; i++)
		num += !strcmp(l.stage.findings[i].code, "DUPLICATE");
	assert_int_equal(num, 21);
	assert_string_equal(finding(&l, "DUPLICATE", NULL)->text,
			    "and 80 more like these");
	lint_stop(&l);
	model_free(&m);
}

/* A rule that does more than the one within which it lies is no finding. */
static void what_a_rule_does_counts(void **state)
{
	for (uint32_t kill = 0; kill < 3; kill++) {
		uint32_t program[3];
		struct linted l;
		struct model m;

		(void)state;
		model_init(&m, 1, 1);
		program[0] = text_word(&m, 1, PLM_OP_CONTAINS, 0, "zzq");
		program[1] = text_word(&m, 0, PLM_OP_ENDSWITH, 0, "/zzy");
		program[2] = RULE_ALL(2);
		add_rule(&m, program, 1);
		add_rule(&m, program, 3);
		if (kill == 1)
			m.rules[1].action = PLM_ACTION_KILL;
		if (kill == 2)
			m.rules[1].level = PLM_LEVEL_HIGH;
		lint_start(&l, &m);
		lint_it(&l);
		assert_int_equal(!!finding(&l, "SUBSUMED", "r0000002"),
				 kill == 0);
		lint_stop(&l);
		model_free(&m);
	}
}

static void kill_waits_for_goodware(void **state)
{
	struct linted l;
	struct model m;
	uint32_t word;

	(void)state;
	model_init(&m, 1, 1);
	word = text_word(&m, 1, PLM_OP_CONTAINS, 0, "text");
	add_rule(&m, &word, 1)->action = PLM_ACTION_KILL;
	lint_start(&l, &m);
	l.policy.kill_goodware_events = 10;
	json_object_set_new(l.stage.evidence, "goodware", json_pack(
		"{s{sI}}", "templates", "process_creation", (json_int_t)10));
	lint_replay(&l.policy, "x.plm", &l.content, &l.stage);
	assert_int_equal(l.stage.num_findings, 0);
	/* Of another kind a million say nothing about this one. */
	json_object_set_new(l.stage.evidence, "goodware", json_pack(
		"{s{sI sI}}", "templates", "process_creation", (json_int_t)9,
		"file_event", (json_int_t)1000000));
	lint_replay(&l.policy, "x.plm", &l.content, &l.stage);
	assert_non_null(finding(&l, "KILL_UNTESTED", "r0000001"));
	json_object_clear(l.stage.evidence);
	lint_replay(&l.policy, "x.plm", &l.content, &l.stage);
	assert_int_equal(l.stage.num_findings, 2);
	lint_stop(&l);
	model_free(&m);
}

/* Rules of one text each, of @num texts, @times over; @spare shifts them. */
static void repeat_texts(struct model *m, uint32_t num, uint32_t times,
			 bool spare)
{
	uint32_t word;
	char text[16];

	model_init(m, 1, 1);
	if (spare)
		text_word(m, 1, PLM_OP_CONTAINS, 0, "of no rule");
	for (uint32_t i = 0; i < num * times; i++) {
		snprintf(text, sizeof(text), "text%u", i % num);
		word = text_word(m, 1, PLM_OP_CONTAINS, 0, text);
		add_rule(m, &word, 1);
	}
}

/* By what conditions say, wherever criteria stand in their files. */
static void doubled_is_seen(void **state)
{
	struct model was, now;
	uint32_t word;

	(void)state;
	repeat_texts(&was, 4, 1, false);
	repeat_texts(&now, 4, 2, true);
	assert_true(groups_are_doubled(&now, &was));
	assert_false(groups_are_doubled(&was, &was));
	assert_false(groups_are_doubled(&was, &now));
	model_free(&now);
	/* Two of four are half of them, one is not. */
	repeat_texts(&now, 2, 2, true);
	assert_true(groups_are_doubled(&now, &was));
	model_free(&now);
	repeat_texts(&now, 1, 2, true);
	assert_false(groups_are_doubled(&now, &was));
	model_free(&now);
	model_free(&was);
	/* Each part of a criterion counts. */
	for (uint32_t i = 0; i < 5; i++) {
		model_init(&was, 1, 1);
		model_init(&now, 1, 1);
		word = text_word(&was, 1, PLM_OP_CONTAINS, 0, "a");
		add_rule(&was, &word, 1);
		word = text_word(&now, 1 + (i == 1), i == 2 ? PLM_OP_EQUALS :
				 PLM_OP_CONTAINS, i == 3 ? PLM_FLAG_CASED : 0,
				 i == 4 ? "b" : "a");
		add_rule(&now, &word, 1);
		add_rule(&now, &word, 1);
		assert_int_equal(groups_are_doubled(&now, &was), !i);
		model_free(&now);
		model_free(&was);
	}
}

static long peak_kib(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* A long text that each rule tests often stands in memory once. */
static void doubled_takes_little_memory(void **state)
{
	static uint32_t program[1001];
	char text[PLM_MAX_TEXT_LEN + 1] = "";
	struct model m;
	long before;

	(void)state;
	model_init(&m, 1, 1);
	memset(text, 0xff, PLM_MAX_TEXT_LEN);
	program[0] = text_word(&m, 1, PLM_OP_CONTAINS, PLM_FLAG_CASED, text);
	for (size_t i = 1; i < ARRAY_LEN(program); i += 2) {
		program[i] = program[0];
		program[i + 1] = RULE_ALL(2);
	}
	for (size_t i = 0; i < 10; i++)
		add_rule(&m, program, ARRAY_LEN(program));
	before = peak_kib();
	assert_false(groups_are_doubled(&m, &m));
	assert_true(peak_kib() - before < 16 << 10);
	model_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_is_so),
		cmocka_unit_test(patterns_are_read),
		cmocka_unit_test(budgets_are_exact),
		cmocka_unit_test(triggers_are_counted),
		cmocka_unit_test(findings_are_limited),
		cmocka_unit_test(what_a_rule_does_counts),
		cmocka_unit_test(kill_waits_for_goodware),
		cmocka_unit_test(doubled_is_seen),
		cmocka_unit_test(doubled_takes_little_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_world, NULL);
}
