// SPDX-License-Identifier: GPL-2.0-or-later
/* Model, encoder, decoder, automaton builder and the reference. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/machine.h"
#include "content/model.h"
#include "tests/unit/lib/chance.h"
#include "tests/unit/lib/rules.h"

#define NUM_INPUTS 10
#define MAX_VALUE 48

static const struct plm_template *process(void)
{
	return plm_template_find(PLM_PROCESS_CREATION_ID);
}

static void add_rule(struct model *m, const char *id, const uint32_t *program,
		     uint32_t len)
{
	rules_add(m, PLM_PROCESS_CREATION_ID, id, program, len);
}

/* A content file with its handle. */
struct file {
	uint8_t *data;
	size_t len;
	struct plm_content content;
};

static void encode(struct file *file, const struct model *m)
{
	struct model_error error;
	struct plm_fault fault;

	if (model_encode(m, &file->data, &file->len, &error))
		fail_msg("%s", error.text);
	assert_int_equal(plm_check(file->data, (u32)file->len, 0,
				   &file->content, &fault), PLM_OK);
}

static void assert_refused(const struct model *m, const char *why, size_t rule)
{
	struct model_error error;
	uint8_t *data;
	size_t len;

	assert_int_equal(model_encode(m, &data, &len, &error), -1);
	assert_null(data);
	assert_non_null(strstr(error.text, why));
	assert_int_equal(error.rule, rule);
}

/* Random models */

static const char alphabet[] = "aabbAB/c \xc3";

static uint32_t random_text(uint8_t *out, uint32_t max_len)
{
	uint32_t len = 1 + below(max_len);

	for (uint32_t i = 0; i < len; i++)
		out[i] = (uint8_t)alphabet[below(sizeof(alphabet) - 1)];
	return len;
}

static uint32_t random_criterion(struct model *m)
{
	uint32_t input = below(NUM_INPUTS);
	uint32_t flags = below(3) ? 0 : PLM_FLAG_CASED;
	uint8_t text[8];
	uint32_t len;

	if (!below(12))
		return model_criterion(m, process(), input, PLM_OP_EXISTS, 0,
				       "", 0, 0);
	if (process()->shape.inputs[input].type == PLM_TYPE_NUMBER)
		return model_criterion(m, process(), input,
				       PLM_OP_NUM_EQ + below(5), 0, "", 0,
				       below(4));
	len = random_text(text, below(4) ? 3 : 8);
	return model_criterion(m, process(), input % 3, PLM_OP_EQUALS + below(4),
			       flags, text, len, 0);
}

static void random_rule(struct model *m, uint32_t number)
{
	uint32_t program[256], len = 0, depth = 0, wanted = 1 + below(20);
	char *id = xasprintf("rule-%u", number);

	while (len < wanted || depth > 1) {
		uint32_t choice = below(4);

		if (len < wanted && (choice < 2 || !depth) && depth < 20) {
			program[len++] = RULE_TEST(random_criterion(m));
			depth++;
		} else if (choice == 2 && depth) {
			program[len++] = PLM_WORD(PLM_WORD_NOT, 0);
		} else if (depth) {
			uint32_t num = 1 + below(depth);

			program[len++] = RULE_AT_LEAST(1 + below(num), num);
			depth -= num - 1;
		}
	}
	add_rule(m, id, program, len);
	free(id);
}

static void random_model(struct model *m, uint32_t num_rules)
{
	model_init(m, 1 + below(9999), 1 + below(1000));
	for (uint32_t i = 0; i < num_rules; i++)
		random_rule(m, below(1000) * 1000 + i);
}

struct random_event {
	struct plm_value values[NUM_INPUTS];
	uint8_t texts[NUM_INPUTS][MAX_VALUE];
};

static void random_event(struct random_event *e)
{
	memset(e, 0, sizeof(*e));
	for (uint32_t i = 0; i < NUM_INPUTS; i++) {
		struct plm_value *value = &e->values[i];

		if (!below(10))
			continue;
		if (process()->shape.inputs[i].type == PLM_TYPE_NUMBER) {
			value->kind = PLM_VALUE_NUMBER;
			value->number = below(4);
			continue;
		}
		value->kind = PLM_VALUE_STRING;
		value->data = e->texts[i];
		value->len = random_text(e->texts[i], below(2) ? 4 : MAX_VALUE);
		if (!below(10))
			value->len = 0;
	}
}

/* What the core's evaluator says of each rule. */
static void evaluate(const struct plm_content *content,
		     const struct plm_value *values, bool *matched)
{
	struct plm_event event = {
		.template_id = PLM_PROCESS_CREATION_ID,
		.num_values = NUM_INPUTS, .values = values,
	};
	struct machine machine;
	struct plm_scratch *scratch = &machine.scratch;
	u32 rule, budget = 1u << 20;

	machine_init(&machine, content);
	assert_int_equal(plm_eval_begin(content, &event, scratch, &budget,
					&rule), PLM_OK);
	while (plm_eval_next(scratch, &rule))
		assert_int_equal(plm_eval_rule(content, &event, scratch, rule,
					       &budget, &matched[rule]),
				 PLM_OK);
	plm_eval_end(scratch);
	for (u32 i = 0; i < (content->section[PLM_SECTION_CRITERIA - 1].count +
			     31) / 32; i++)
		assert_int_equal(scratch->hit[i], 0);
	machine_free(&machine);
}

static size_t compare_event(const struct file *file, const struct model *m,
			    const struct random_event *event)
{
	bool *matched = xcalloc(m->num_rules, sizeof(*matched));
	size_t num = 0;

	evaluate(&file->content, event->values, matched);
	for (size_t i = 0; i < m->num_rules; i++) {
		assert_int_equal(matched[i],
				 model_rule_matches(m, i, event->values,
						    NUM_INPUTS));
		num += matched[i];
	}
	free(matched);
	return num;
}

/* Tests */

static void test_round_trip(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 60; round++) {
		struct file file, again;
		struct model m, back;

		chance_seed(round);
		random_model(&m, 1 + below(60));
		encode(&file, &m);
		model_decode(&back, &file.content);
		encode(&again, &back);
		assert_int_equal(file.len, again.len);
		assert_memory_equal(file.data, again.data, file.len);
		model_free(&m);
		model_free(&back);
		free(file.data);
		free(again.data);
	}
}

static void test_evaluator_is_reference(void **state)
{
	size_t num_matched = 0, num_pairs = 0;

	(void)state;
	for (uint32_t round = 0; round < 40; round++) {
		struct random_event event;
		struct file file;
		struct model m, back;

		chance_seed(77 + round);
		random_model(&m, 1 + below(80));
		encode(&file, &m);
		model_decode(&back, &file.content);
		for (uint32_t i = 0; i < 60; i++) {
			random_event(&event);
			num_matched += compare_event(&file, &back, &event);
			num_pairs += back.num_rules;
		}
		model_free(&m);
		model_free(&back);
		free(file.data);
	}
	assert_true(num_pairs > 50000);
	assert_true(num_matched > num_pairs / 20);
	assert_true(num_matched < num_pairs - num_pairs / 20);
}

/* The same rules in another order, criteria made in another order. */
static void test_order_is_irrelevant(void **state)
{
	struct file file, other;
	struct model m, turned;

	(void)state;
	chance_seed(5);
	random_model(&m, 50);
	encode(&file, &m);
	model_init(&turned, m.channel, m.version);
	for (size_t i = m.num_rules; i--;) {
		struct model_rule *from = &m.rules[i];
		uint32_t program[256];
		char *id = xstrndup((char *)from->id.data, from->id.len);

		for (uint32_t j = from->program_len; j--;) {
			uint32_t word = from->program[j];
			struct model_criterion *c;

			program[j] = word;
			if (PLM_WORD_OP(word) != PLM_WORD_TEST)
				continue;
			c = &m.criteria[PLM_WORD_ARG(word)];
			program[j] = RULE_TEST(model_criterion(&turned,
				c->template, c->input, c->op, c->flags,
				c->text.data, c->text.len, c->number));
		}
		add_rule(&turned, id, program, from->program_len);
		free(id);
	}
	encode(&other, &turned);
	assert_int_equal(file.len, other.len);
	assert_memory_equal(file.data, other.data, file.len);
	model_free(&m);
	model_free(&turned);
	free(file.data);
	free(other.data);
}

/*
 * Failure chains longer than the format allows, states with more edges than a
 * sparse one may have, and texts inside one another: with every bit of them
 * checked against the reference.
 */
static void test_automaton_extremes(void **state)
{
	char text[64];
	struct random_event event;
	struct file file;
	struct model m;
	uint32_t word;

	(void)state;
	model_init(&m, 1, 1);
	for (uint32_t i = 1; i < 48; i++) {
		char id[16] = { 'r', (char)('0' + i / 10),
				(char)('0' + i % 10) };

		memset(text, 'q', i);
		text[i] = 0;
		word = RULE_TEST(rules_text(&m, 0, PLM_OP_EQUALS + i % 4,
						text));
		add_rule(&m, id, &word, 1);
		text[0] = 'q';
		text[1] = (char)('a' + i % 24);
		text[2] = (char)(0x30 + i);
		text[3] = 0;
		id[0] = 's';
		word = RULE_TEST(rules_text(&m, 0, PLM_OP_CONTAINS, text));
		add_rule(&m, id, &word, 1);
	}
	encode(&file, &m);
	memset(&event, 0, sizeof(event));
	event.values[0].kind = PLM_VALUE_STRING;
	event.values[0].data = event.texts[0];
	model_free(&m);
	model_decode(&m, &file.content);
	for (uint32_t len = 0; len < MAX_VALUE; len++) {
		memset(event.texts[0], 'q', len);
		event.values[0].len = len;
		compare_event(&file, &m, &event);
		if (len < 2)
			continue;
		event.texts[0][len - 1] = (uint8_t)(0x30 + len);
		event.texts[0][len - 2] = (uint8_t)('A' + len % 24);
		compare_event(&file, &m, &event);
	}
	model_free(&m);
	free(file.data);
}

static void test_folding(void **state)
{
	struct model m;
	uint32_t lower, upper, cased;

	(void)state;
	model_init(&m, 1, 1);
	lower = rules_text(&m, 0, PLM_OP_CONTAINS, "abc");
	upper = rules_text(&m, 0, PLM_OP_CONTAINS, "ABC");
	cased = model_criterion(&m, process(), 0, PLM_OP_CONTAINS,
				PLM_FLAG_CASED, "ABC", 3, 0);
	assert_int_equal(lower, upper);
	assert_int_not_equal(lower, cased);
	assert_memory_equal(m.criteria[lower].text.data, "abc", 3);
	assert_memory_equal(m.criteria[cased].text.data, "ABC", 3);
	model_free(&m);
}

/* A step for each trigger of what holds, or the event is cut and says so. */
static void test_steps(void **state)
{
	static const char text[] = "an x in it";
	struct plm_value values[NUM_INPUTS] = {
		[1] = { .kind = PLM_VALUE_STRING, .len = sizeof(text) - 1,
			.data = (const uint8_t *)text },
	};
	struct plm_event event = { PLM_PROCESS_CREATION_ID, NUM_INPUTS, values };
	struct machine machine;
	struct plm_scratch *scratch = &machine.scratch;
	struct model m;
	struct file file;

	(void)state;
	model_init(&m, 1, 1);
	for (uint32_t i = 0; i < 5; i++) {
		char id[] = { (char)('a' + i), 0 };
		uint32_t word = RULE_TEST(rules_text(&m, 1, PLM_OP_CONTAINS, "x"));

		add_rule(&m, id, &word, 1);
	}
	encode(&file, &m);
	model_free(&m);
	assert_int_equal(plm_num_automata(&file.content), 1);
	machine_init(&machine, &file.content);
	for (uint32_t start = 0; start < 8; start++) {
		uint32_t budget = start, rule = 9, num = 0;
		enum plm_err err = plm_eval_begin(&file.content, &event,
						  scratch, &budget, &rule);

		assert_int_equal(err, start < 5 ? PLM_BUDGET_SPENT : PLM_OK);
		assert_int_equal(rule, 0);
		assert_int_equal(budget, start < 5 ? start : start - 5);
		while (plm_eval_next(scratch, &rule))
			num++;
		assert_int_equal(num, start < 5 ? 0 : 5);
		plm_eval_end(scratch);
	}
	machine_free(&machine);
	free(file.data);
}

/*
 * An automaton that triggers nothing is walked only if a condition asks, once
 * for an event, and forgotten with it.
 */
static void test_late_walk(void **state)
{
	static const char image[] = "/a/quizzical", line[] = "b b";
	struct plm_value values[NUM_INPUTS] = {
		[0] = { .kind = PLM_VALUE_STRING, .len = sizeof(image) - 1,
			.data = (const uint8_t *)image },
		[1] = { .kind = PLM_VALUE_STRING, .len = sizeof(line) - 1,
			.data = (const uint8_t *)line },
	};
	struct plm_event event = { PLM_PROCESS_CREATION_ID, NUM_INPUTS, values };
	uint32_t program[3], rule, budget = 100;
	struct machine machine;
	struct plm_scratch *scratch = &machine.scratch;
	struct file file;
	struct model m;
	bool matched;

	(void)state;
	model_init(&m, 1, 1);
	program[0] = RULE_TEST(rules_text(&m, 0, PLM_OP_ENDSWITH,
					      "/quizzical"));
	program[1] = RULE_TEST(rules_text(&m, 1, PLM_OP_CONTAINS, " "));
	program[2] = RULE_AT_LEAST(2, 2);
	add_rule(&m, "a", program, 3);
	encode(&file, &m);
	model_free(&m);
	machine_init(&machine, &file.content);
	assert_false(machine.list[0].late);
	assert_true(machine.list[1].late);
	for (uint32_t i = 0; i < 4; i++) {
		values[1].len = i % 2 ? 1 : sizeof(line) - 1;
		assert_int_equal(plm_eval_begin(&file.content, &event, scratch,
						&budget, &rule), PLM_OK);
		assert_int_equal(scratch->num_touched, 1);
		assert_true(plm_eval_next(scratch, &rule));
		assert_int_equal(plm_eval_rule(&file.content, &event, scratch,
					       rule, &budget, &matched),
				 PLM_OK);
		assert_int_equal(matched, !(i % 2));
		assert_int_equal(scratch->num_touched, 2 - i % 2);
		plm_eval_end(scratch);
	}
	machine_free(&machine);
	free(file.data);
}

static void test_refusals(void **state)
{
	const char *names[] = { "one", "two" };
	struct model m;
	struct file file;
	uint32_t word, *program;

	(void)state;
	model_init(&m, 1, 1);
	assert_refused(&m, "no rule", SIZE_MAX);
	word = RULE_TEST(rules_text(&m, 0, PLM_OP_EQUALS, "x"));
	for (size_t i = 0; i < 2; i++)
		add_rule(&m, names[i], &word, 1);
	encode(&file, &m);
	free(file.data);

	m.channel = 0;
	assert_refused(&m, "channel", SIZE_MAX);
	m.channel = PLM_MAX_CHANNEL + 1;
	assert_refused(&m, "channel", SIZE_MAX);
	m.channel = 1;
	m.version = 0;
	assert_refused(&m, "version", SIZE_MAX);
	m.version = 1;
	model_text_set(&m.rules[1].id, "one", 3);
	assert_refused(&m, "two rules", 1);
	model_text_set(&m.rules[1].id, "a b", 3);
	assert_refused(&m, "printable", 1);
	model_text_set(&m.rules[1].id, "", 0);
	assert_refused(&m, "id needs", 1);
	model_text_set(&m.rules[1].id, "two", 3);
	model_text_set(&m.rules[1].title, "a\nb", 3);
	assert_refused(&m, "control character", 1);
	model_text_set(&m.rules[1].title, "", 0);
	m.rules[0].action = 0;
	assert_refused(&m, "action", 0);
	m.rules[0].action = PLM_ACTION_KILL;
	m.rules[0].level = 9;
	assert_refused(&m, "level", 0);
	m.rules[0].level = PLM_LEVEL_CRITICAL;
	program = m.rules[1].program;
	program[0] = RULE_TEST(7);
	assert_refused(&m, "does not have", 1);
	program[0] = PLM_WORD(PLM_WORD_NOT, 0);
	assert_refused(&m, "malformed", 1);
	program[0] = word;
	encode(&file, &m);
	free(file.data);
	model_free(&m);
}

static void test_refused_criteria(void **state)
{
	static const struct {
		uint32_t input, op, flags;
		const char *text, *why;
		uint64_t number;
	} cases[] = {
		{ 0, PLM_OP_NUM_EQ, 0, "", "type of input", 0 },
		{ 8, PLM_OP_EQUALS, 0, "x", "type of input", 0 },
		{ 10, PLM_OP_EXISTS, 0, "", "not in template", 0 },
		{ 0, 9, 0, "", "unknown", 0 },
		{ 8, PLM_OP_NUM_EQ, PLM_FLAG_CASED, "", "flag", 0 },
		{ 0, PLM_OP_EQUALS, 2, "x", "flag", 0 },
		{ 0, PLM_OP_EQUALS, 0, "", "a text needs", 0 },
		{ 0, PLM_OP_EQUALS, 0, "x", "operand", 5 },
		{ 8, PLM_OP_NUM_EQ, 0, "x", "operand", 0 },
		{ 0, PLM_OP_EXISTS, 0, "x", "operand", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct model m;
		uint32_t word;

		model_init(&m, 1, 1);
		word = RULE_TEST(model_criterion(&m, process(), cases[i].input,
			cases[i].op, cases[i].flags, cases[i].text,
			(uint32_t)strlen(cases[i].text), cases[i].number));
		add_rule(&m, "rule", &word, 1);
		assert_refused(&m, cases[i].why, 0);
		model_free(&m);
	}
}

/* 64 texts that end in one another fit a state's outputs, 65 do not. */
static void test_too_many_outputs(void **state)
{
	uint8_t text[80];
	struct file file;
	struct model m;

	(void)state;
	memset(text, 'z', sizeof(text));
	model_init(&m, 1, 1);
	for (uint32_t i = 1; i <= PLM_MAX_OUTPUTS + 1; i++) {
		char *id = xasprintf("rule-%02u", i);
		uint32_t word = RULE_TEST(model_criterion(&m, process(), 0,
			PLM_OP_CONTAINS, 0, text, i, 0));

		add_rule(&m, id, &word, 1);
		free(id);
		if (i == PLM_MAX_OUTPUTS) {
			encode(&file, &m);
			free(file.data);
		}
	}
	assert_refused(&m, "end in one another", PLM_MAX_OUTPUTS);
	model_free(&m);
}

static void test_every_byte(void **state)
{
	uint8_t text[256];
	struct file file;
	struct model m;
	uint32_t word;

	(void)state;
	for (uint32_t i = 0; i < 256; i++)
		text[i] = (uint8_t)i;
	model_init(&m, 1, 1);
	word = RULE_TEST(model_criterion(&m, process(), 0, PLM_OP_CONTAINS,
					 PLM_FLAG_CASED, text, 255, 0));
	add_rule(&m, "rule", &word, 1);
	assert_refused(&m, "every byte", 0);
	m.rules[0].program[0] = RULE_TEST(model_criterion(&m, process(), 0,
		PLM_OP_CONTAINS, PLM_FLAG_CASED, text, 254, 0));
	encode(&file, &m);
	free(file.data);
	model_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_evaluator_is_reference),
		cmocka_unit_test(test_order_is_irrelevant),
		cmocka_unit_test(test_automaton_extremes),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_late_walk),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_refused_criteria),
		cmocka_unit_test(test_too_many_outputs),
		cmocka_unit_test(test_every_byte),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
