// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Patterns: three independent matchers agree: the automata in a content file, the
 * naive reference, and the C library's regular expressions on the pattern as
 * written.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "content/automaton.h"
#include "content/cost.h"
#include "content/model.h"
#include "content/reference_pattern.h"
#include "content/regex.h"
#include "event/pattern.h"
#include "event/synth.h"
#include "lint/witness.h"
#include "tests/unit/lib/chance.h"
#include "tests/unit/lib/evaluate.h"

static const struct plm_template *process(void)
{
	return plm_template_find(PLM_PROCESS_CREATION_ID);
}

/* Random expressions, in our notation and in that of the C library. */

#define MAX_DEPTH 2

static const char alphabet[] = "abA \n";

struct source {
	char ours[512], theirs[1024];
	size_t ours_len, theirs_len;
	bool dotall, icase;
	bool inner;		/* assertions anywhere, which the C library
				 * does not always take for what they are */
};

static void say(struct source *s, const char *ours, const char *theirs)
{
	s->ours_len += (size_t)snprintf(s->ours + s->ours_len,
					sizeof(s->ours) - s->ours_len, "%s",
					ours);
	s->theirs_len += (size_t)snprintf(s->theirs + s->theirs_len,
					  sizeof(s->theirs) - s->theirs_len,
					  "%s", theirs);
}

static void random_atom(struct source *s, int depth);

static void random_sequence(struct source *s, int depth)
{
	static const char *const counts[][2] = {
		{ "*", "*" }, { "+", "+" }, { "?", "?" }, { "*?", "*" },
		{ "+?", "+" }, { "{2}", "{2}" }, { "{0,2}", "{0,2}" },
		{ "{2,}", "{2,}" }, { "{1,3}?", "{1,3}" },
	};
	uint32_t num = 1 + below(3);

	for (uint32_t i = 0; i < num; i++) {
		random_atom(s, depth);
		if (!below(3)) {
			uint32_t which = below(ARRAY_LEN(counts));

			say(s, counts[which][0], counts[which][1]);
		}
	}
}

static void random_alternatives(struct source *s, int depth)
{
	uint32_t num = below(3) ? 1 : 2 + below(2);

	for (uint32_t i = 0; i < num; i++) {
		if (i)
			say(s, "|", "|");
		if (depth == MAX_DEPTH && !below(4))
			say(s, "^", "^");
		random_sequence(s, depth);
		if (depth == MAX_DEPTH && !below(4))
			say(s, "$", "$");
	}
}

static void random_atom(struct source *s, int depth)
{
	/* Ours, theirs, and theirs without regard to case. */
	static const char *const atoms[][3] = {
		{ "a", "a", "a" }, { "b", "b", "b" }, { "A", "A", "A" },
		{ " ", " ", " " }, { "\\n", "\n", "\n" },
		{ "[ab]", "[ab]", "[ab]" }, { "[^a]", "[bA \n]", "[b \n]" },
		{ "[^bA]", "[a \n]", "[ \n]" }, { "\\s", "[ \n]", "[ \n]" },
		{ "\\w", "[abA]", "[ab]" }, { "\\S", "[abA]", "[ab]" },
		{ "\\W", "[ \n]", "[ \n]" }, { "[A-Z]", "[A]", "[ab]" },
		{ "a", "a", "a" }, { "b", "b", "b" },
	};
	uint32_t which = below(ARRAY_LEN(atoms) + 6);

	if (which < ARRAY_LEN(atoms)) {
		say(s, atoms[which][0], atoms[which][1 + s->icase]);
	} else if (which == ARRAY_LEN(atoms)) {
		say(s, ".", s->dotall ? "[abA \n]" : "[abA ]");
	} else if (which == ARRAY_LEN(atoms) + 1 && s->inner) {
		say(s, "(^)", "()");
	} else if (which == ARRAY_LEN(atoms) + 2 && s->inner) {
		say(s, "($)", "()");
	} else if (which == ARRAY_LEN(atoms) + 3 && s->inner) {
		say(s, "(\\b)", "()");
	} else if (depth) {
		say(s, "(", "(");
		random_alternatives(s, depth - 1);
		say(s, ")", ")");
	} else {
		say(s, "b", "b");
	}
}

/* A pattern, the way it was written, and what the C library makes of it. */
struct pattern {
	struct source source;
	unsigned int flags;
	regex_t theirs;
	uint8_t *text;
	size_t len;
	bool cased;
};

/* False where it says nothing about an input, or has another notation. */
static bool random_pattern(struct pattern *p)
{
	struct regex_error error;
	struct regex regex;
	int status;

	memset(p, 0, sizeof(*p));
	p->flags = below(8);
	p->source.dotall = p->flags & REGEX_DOTALL;
	p->source.icase = p->flags & REGEX_ICASE;
	p->source.inner = !below(4);
	random_alternatives(&p->source, MAX_DEPTH);
	status = regex_parse(&regex, p->source.ours, p->source.ours_len,
			     p->flags, &error);
	if (status)
		fail_msg("%s: %s", p->source.ours, error.text);
	regex_trim(&regex);
	p->cased = !regex_is_caseless(&regex);
	p->text = regex_print(&regex, !p->cased, &p->len);
	regex_free(&regex);
	if (!p->len) {
		free(p->text);
		return false;
	}
	assert_true(regex_of_criterion(&regex, p->text, p->len, p->cased));
	regex_free(&regex);
	assert_int_equal(regcomp(&p->theirs, p->source.theirs, REG_EXTENDED |
				 REG_NOSUB |
				 (p->flags & REGEX_ICASE ? REG_ICASE : 0) |
				 (p->flags & REGEX_MULTILINE ? REG_NEWLINE :
				  0)), 0);
	return true;
}

static uint32_t random_input(char *out, uint32_t max)
{
	uint32_t len = below(max + 1);

	for (uint32_t i = 0; i < len; i++)
		out[i] = alphabet[below(sizeof(alphabet) - 1)];
	out[len] = 0;
	return len;
}

#define MAX_PATTERNS 12

/* All of them on one input: file, reference and library say the same. */
static uint32_t compare(const struct plm_content *content,
			const struct model *model, struct pattern *patterns,
			uint32_t num)
{
	struct plm_value values[10] = { { .kind = PLM_VALUE_ABSENT } };
	struct plm_event event = { .template_id = PLM_PROCESS_CREATION_ID,
				   .values = values, .num_values = 10 };
	struct outcomes outcomes;
	uint32_t matched = 0;
	char input[16];
	uint32_t len = random_input(input, 9);

	values[0] = bytes_value(input, len);
	outcomes = evaluate(content, &event, 1000000);
	for (uint32_t i = 0; i < num; i++) {
		bool reference = model_rule_matches(model, i, values, 10);
		bool ours = outcomes.rule[i] == MATCHED;
		bool theirs = patterns[i].source.inner ? ours :
			!regexec(&patterns[i].theirs, input, 0, NULL, 0);

		if (theirs != reference || reference != ours)
			fail_msg("'%s' (flags %u, theirs '%s', canonical "
				 "'%.*s'%s) on '%s': library %d, reference "
				 "%d, file %d", patterns[i].source.ours,
				 patterns[i].flags, patterns[i].source.theirs,
				 (int)patterns[i].len, patterns[i].text,
				 patterns[i].cased ? " cased" : "", input,
				 theirs, reference, ours);
		matched += ours;
	}
	outcomes_free(&outcomes);
	values_free(values, 10);
	return matched;
}

static void add_rule(struct model *m, uint32_t number, uint32_t criterion)
{
	struct model_rule *rule = model_rule_add(m);
	uint32_t word = PLM_WORD(PLM_WORD_TEST, criterion);
	char id[32];

	snprintf(id, sizeof(id), "rule-%03u", number);
	rule->template = process();
	rule->action = PLM_ACTION_AUDIT;
	rule->level = PLM_LEVEL_LOW;
	model_text_set(&rule->id, id, strlen(id));
	rule->program = xmemdup(&word, sizeof(word));
	rule->program_len = 1;
}

static void encode(const struct model *m, uint8_t **data, size_t *len,
		   struct plm_content *content)
{
	struct model_error error;
	struct plm_fault fault;

	if (model_encode(m, data, len, &error))
		fail_msg("%s", error.text);
	assert_int_equal(plm_check(*data, (u32)*len, 0, content, &fault),
			 PLM_OK);
}

static void test_matchers_agree(void **state)
{
	uint32_t num_matched = 0, num_pairs = 0, num_automata = 0;

	(void)state;
	for (uint32_t round = 0; round < 150; round++) {
		struct pattern patterns[MAX_PATTERNS];
		uint32_t num = 0, wanted;
		struct plm_content content;
		struct model m, back;
		uint8_t *data, *again;
		size_t len, again_len;
		struct model_error error;

		chance_seed(1000 + round);
		wanted = 1 + below(MAX_PATTERNS);
		model_init(&m, 1, 1);
		while (num < wanted) {
			struct pattern *p = &patterns[num];

			if (!random_pattern(p))
				continue;
			add_rule(&m, num++, model_criterion(&m, process(), 0,
				 PLM_OP_PATTERN, p->cased ? PLM_FLAG_CASED : 0,
				 p->text, (uint32_t)p->len, 0));
		}
		encode(&m, &data, &len, &content);
		num_automata += plm_num_automata(&content);
		model_decode(&back, &content);
		assert_int_equal(model_encode(&back, &again, &again_len,
					      &error), 0);
		assert_int_equal(again_len, len);
		assert_memory_equal(again, data, len);
		for (uint32_t i = 0; i < 150; i++) {
			num_matched += compare(&content, &back, patterns, num);
			num_pairs += num;
		}
		for (uint32_t i = 0; i < num; i++) {
			regfree(&patterns[i].theirs);
			free(patterns[i].text);
		}
		model_free(&m);
		model_free(&back);
		free(data);
		free(again);
	}
	assert_true(num_pairs > 100000);
	assert_true(num_matched > num_pairs / 20);
	assert_true(num_matched < num_pairs - num_pairs / 20);
	assert_true(num_automata > 150);
}

/* Repeats in one another, as deep as groups may be, end for the reference too. */
static void test_nested_repeats(void **state)
{
	static const struct {
		const char *text;
		bool holds;
	} cases[] = {
		{ "c", true }, { "bc", true }, { "abc", false },
		{ "abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc", true },
		{ "abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc", true },
		{ "abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc", false },
		{ "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc", true },
		{ "bbbbbbbbbbbbbbbbbbabbbbbbbbbbbbbbbbbbbc", false },
		{ "ac", false }, { "", false },
	};
	const int depth = 31;
	char *pattern = xstrdup("a"), *whole;

	(void)state;
	for (int i = 0; i < depth; i++) {
		char *inner = pattern;

		pattern = xasprintf("(%s*b)", inner);
		free(inner);
	}
	whole = xasprintf("^%s*c$", pattern);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(reference_pattern_holds(
			(const uint8_t *)whole, (uint32_t)strlen(whole),
			(const uint8_t *)cases[i].text,
			(uint32_t)strlen(cases[i].text), true), cases[i].holds);
	free(whole);
	free(pattern);
}

static bool holds(const char *pattern, const char *text)
{
	return reference_pattern_holds((const uint8_t *)pattern,
				       (uint32_t)strlen(pattern),
				       (const uint8_t *)text,
				       (uint32_t)strlen(text), true);
}

/* Counts beyond what the input has places for, and counts in repeats. */
static void test_counts(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool holds;
	} cases[] = {
		{ "^(a?){1000}b", "aab", true },
		{ "^(a?){1000}b", "aacb", false },
		{ "^a{3}$", "aaa", true }, { "^a{4}$", "aaa", false },
		{ "^a{2,1000}$", "aaa", true }, { "^a{4,1000}$", "aaa", false },
		{ "^(a|\\b){4}$", "aaa", true },
		{ "^(a|\\b)+c", "aac", true }, { "^(a|\\b)+c", "abc", false },
		{ "x((a*b){2}c)*y", "xaabbcbabcy", true },
		{ "x((a*b){2}c)*y", "xaabbcbacy", false },
		{ "x((a|.{3}){2}c)*y", "xabcdcaacy", true },
		{ "x((a|.{3}){2}c)*y", "xaacaay", false },
		{ "^((a+b?)+c{2,3})+$", "aabaccaccc", true },
		{ "^((a+b?)+c{2,3})+$", "aabacaccc", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (holds(cases[i].pattern, cases[i].text) != cases[i].holds)
			fail_msg("'%s' on '%s'", cases[i].pattern,
				 cases[i].text);
}

#define NUM_REPEATS	200
#define NUM_PLACES	2000
#define MAX_KILOBYTES	(64l << 10)

/* x(a*b*...)*y */
static void put_repeats(char *pattern)
{
	size_t at = 2;

	stpcpy(pattern, "x(");
	for (uint32_t i = 0; i < NUM_REPEATS; i++) {
		pattern[at++] = (char)('a' + i % 23);
		pattern[at++] = '*';
	}
	stpcpy(pattern + at, ")*y");
}

/* The square of a long input's length is more than a machine may have. */
static void test_repeats_take_little_memory(void **state)
{
	char pattern[8 + 2 * NUM_REPEATS], text[NUM_PLACES + 1];
	struct rusage before, after;

	(void)state;
	put_repeats(pattern);
	memset(text, 'x', NUM_PLACES);
	text[NUM_PLACES] = 0;
	getrusage(RUSAGE_SELF, &before);
	assert_false(holds(pattern, text));
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < MAX_KILOBYTES);
}

static uint32_t parts_of(const char *pattern)
{
	return reference_pattern_parts((const uint8_t *)pattern,
				       (uint32_t)strlen(pattern));
}

static void test_parts(void **state)
{
	const uint32_t too_many = REFERENCE_PATTERN_MAX + 1;

	(void)state;
	assert_int_equal(parts_of("a\\.[b-d]\\w."), 5);
	assert_int_equal(parts_of("^a*(bc?|d){3}$"), 12);
	assert_int_equal(parts_of("a{2,}b+c{3,7}"), 3 + 2 + 7);
	assert_int_equal(parts_of("(.{1000}b){16}"), 16016);
	assert_int_equal(parts_of("(.{1000}b){17}"), too_many);
	assert_int_equal(parts_of("((((b?){999}){999}){999}){999}c"),
			 too_many);
}

/* What strangers write is not asked of the reference if that never ended. */
static void test_too_many_parts(void **state)
{
	static const char fine[] = "^(x{1000}){8}y", grown[] = "^(x{1000}){18}";
	struct plm_content content;
	struct model m, back;
	uint8_t *data, *at;
	size_t len;

	(void)state;
	model_init(&m, 1, 1);
	add_rule(&m, 0, model_criterion(&m, process(), 0, PLM_OP_PATTERN, 0,
					fine, sizeof(fine) - 1, 0));
	encode(&m, &data, &len, &content);
	model_decode(&back, &content);
	assert_false(back.criteria[0].unreadable);
	assert_int_equal(back.criteria[0].parts, 8002);
	model_free(&back);
	at = memmem(data, len, fine, sizeof(fine) - 1);
	assert_non_null(at);
	memcpy(at, grown, sizeof(fine) - 1);
	model_decode(&back, &content);
	assert_true(back.criteria[0].unreadable);
	model_free(&back);
	model_free(&m);
	free(data);
}

/* The steps that a search may take are spent on patterns too. */
static void test_search_pays_for_patterns(void **state)
{
	static const char text[] = "^x[^a]{1000}y";
	const uint64_t most = 1u << 23;
	struct plm_content content;
	struct model m, back;
	struct event event;
	uint64_t left = most;
	uint8_t *data;
	size_t len;

	(void)state;
	model_init(&m, 1, 1);
	add_rule(&m, 0, model_criterion(&m, process(), 1, PLM_OP_PATTERN, 0,
					text, sizeof(text) - 1, 0));
	encode(&m, &data, &len, &content);
	model_decode(&back, &content);
	assert_true(witness_make(&back, 0, &left, &event));
	assert_true(most - left > 1000 * event.values[1].len / 16);
	event_free(&event);
	model_free(&back);
	model_free(&m);
	free(data);
}

/* A text for a pattern that counts nothing a million million times. */
static void test_nested_counts(void **state)
{
	struct model_criterion pattern = { .op = PLM_OP_PATTERN };
	struct model_criterion sample;
	char text[] = "((((b?){999}){999}){999}){999}c";

	(void)state;
	pattern.text = (struct model_text){ (uint8_t *)text,
					    (uint32_t)strlen(text) };
	assert_true(pattern_sample(&pattern, 0, &sample));
	assert_int_equal(sample.text.len, 1);
	assert_int_equal(sample.text.data[0], 'c');
	free(sample.text.data);
	assert_false(pattern_sample(&pattern, 1, &sample));
}

/* Patterns beside texts, more than one automaton holds, and sparse states. */
static void test_many_patterns(void **state)
{
	struct plm_content content;
	struct plm_automaton a;
	uint32_t num_parts = 0, num_sparse = 0;
	struct model m;
	uint8_t *data;
	size_t len;

	(void)state;
	model_init(&m, 1, 1);
	add_rule(&m, 0, model_criterion(&m, process(), 0, PLM_OP_CONTAINS, 0,
					"x07y", 4, 0));
	for (uint32_t i = 1; i < 60; i++) {
		char text[64];

		snprintf(text, sizeof(text), "x%02uy.*%u[ab]{16}c%02u", i,
			 i % 7, i);
		add_rule(&m, i, model_criterion(&m, process(), 0,
						PLM_OP_PATTERN, 0, text,
						(uint32_t)strlen(text), 0));
	}
	encode(&m, &data, &len, &content);
	for (uint32_t i = 0; plm_get_automaton(&content, i, &a); i++) {
		assert_int_equal(a.part, num_parts++);
		num_sparse += a.num_states - a.num_dense;
	}
	assert_true(num_parts > 3);
	assert_true(num_parts < 60);
	assert_true(num_sparse > 20);
	for (uint32_t i = 1; i < 60; i++) {
		struct plm_value values[10] = { { .kind = 0 } };
		struct plm_event event = { PLM_PROCESS_CREATION_ID, 10,
					   values };
		struct outcomes outcomes;
		char text[64];

		snprintf(text, sizeof(text), "..x%02uy..X07Y.%uabBaabAaabbaabbac%02u.",
			 i, i % 7, i);
		values[0] = text_value(text);
		outcomes = evaluate(&content, &event, 1000000);
		for (uint32_t k = 0; k < 60; k++) {
			assert_int_equal(outcomes.rule[k] == MATCHED,
					 k == i || !k);
			assert_int_equal(model_rule_matches(&m, k, values, 10),
					 k == i || !k);
		}
		outcomes_free(&outcomes);
		values_free(values, 10);
	}
	model_free(&m);
	free(data);
}

/* Texts that no compiler writes are refused, not misunderstood. */
static void test_not_canonical(void **state)
{
	static const char *const texts[] = {
		"(a)", "a*", "[a]", "x{1}", "[0-9]", "a|b", "\\x61", ".*a",
		"a(", "(?=a)", "a\\.b{2,2}", "[b-ac]", "(?-i:\\x41)",
		"(?-i:[\\x41\\x42])",
	};
	struct model_error error;
	uint8_t *data;
	size_t len;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct model m;

		model_init(&m, 1, 1);
		add_rule(&m, 0, model_criterion(&m, process(), 0,
				PLM_OP_PATTERN, 0, texts[i],
				(uint32_t)strlen(texts[i]), 0));
		assert_int_equal(model_encode(&m, &data, &len, &error), -1);
		assert_non_null(strstr(error.text, "canonical"));
		model_free(&m);
	}
}

/* All of a file's patterns together may cost so many steps, and no more. */
static void test_steps(void **state)
{
	static const char text[] = "x[ax]{7}b";
	const struct automaton_pattern patterns[] = {
		{ (const uint8_t *)text, sizeof(text) - 1, 4, true },
		{ (const uint8_t *)text, sizeof(text) - 1, 5, false },
	};
	uint64_t left = UINT32_MAX, cost;
	struct automaton *list;
	uint32_t culprit = 0;
	size_t num;

	(void)state;
	assert_null(automaton_build_patterns(&list, &num, patterns, 2, true,
					     &left, &culprit));
	cost = UINT32_MAX - left;
	for (size_t i = 0; i < num; i++)
		automaton_free(&list[i]);
	free(list);
	assert_true(cost > 1000);
	left = cost - 1;
	assert_non_null(strstr(automaton_build_patterns(&list, &num, patterns,
							2, true, &left,
							&culprit), "steps"));
	assert_int_equal(culprit, 5);
	assert_int_equal(left, 0);
	for (size_t i = 0; i < num; i++)
		automaton_free(&list[i]);
	free(list);
}

static uint64_t cost_of_file(const char *pattern)
{
	struct plm_content content;
	struct model m;
	uint64_t cost;
	uint8_t *data;
	size_t len;

	model_init(&m, 1, 1);
	add_rule(&m, 0, model_criterion(&m, process(), 1, PLM_OP_PATTERN, 0,
					pattern, (uint32_t)strlen(pattern),
					0));
	encode(&m, &data, &len, &content);
	cost = cost_of_encoding(&content) - len;
	model_free(&m);
	free(data);
	return cost;
}

/* Of two small files one takes as long to encode as a large one. */
static void test_cost_of_encoding(void **state)
{
	char pattern[8 + 2 * NUM_REPEATS];

	(void)state;
	put_repeats(pattern);
	assert_in_range(cost_of_file("x.*y"), 1, 1000);
	assert_in_range(cost_of_file(pattern), 20 * sizeof(pattern), 1u << 25);
}

/* Events are found for patterns, those that match and those that miss. */
static void test_events(void **state)
{
	static const char *const texts[] = {
		"/etc/.*\\.conf", "^/tmp/.*/x$", "\\s-o\\s", "^a.b$", "a{3}b",
		"-[rw]\\s?[\\t-\\r \"'](\\w{2}\\s?){2,20}[\\t-\\r \"']",
		"\\bnc\\b", "(?m:^)foo[^\\n]+bar(?m:$)", "x|^y$", "[^a-z]7$",
	};
	struct synth synth;
	struct model m;

	(void)state;
	model_init(&m, 1, 1);
	for (uint32_t i = 0; i < ARRAY_LEN(texts); i++)
		add_rule(&m, i, model_criterion(&m, process(), i % 2,
				PLM_OP_PATTERN, 0, texts[i],
				(uint32_t)strlen(texts[i]), 0));
	synth_make(&synth, &m);
	assert_int_equal(synth.num_unsolved, 0);
	assert_int_equal(synth.num_no_miss, 0);
	assert_true(synth.num_events >= 2 * ARRAY_LEN(texts));
	synth_free(&synth);
	model_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matchers_agree),
		cmocka_unit_test(test_nested_repeats),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_repeats_take_little_memory),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_too_many_parts),
		cmocka_unit_test(test_search_pays_for_patterns),
		cmocka_unit_test(test_nested_counts),
		cmocka_unit_test(test_many_patterns),
		cmocka_unit_test(test_not_canonical),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_cost_of_encoding),
		cmocka_unit_test(test_events),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
