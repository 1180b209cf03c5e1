// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules wait for: the triggers that the encoder finds, and implied texts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/imply.h"
#include "content/model.h"
#include "content/regex_texts.h"
#include "tests/unit/lib/rules.h"

static void add_rule(struct model *m, const char *id, const uint32_t *program,
		     uint32_t len)
{
	rules_add(m, PLM_PROCESS_CREATION_ID, id, program, len);
}

/* The file's triggers: as many as expected, and as many rules for always. */
static void assert_triggers(const struct model *m, u32 num, u32 always)
{
	struct plm_content content;
	struct model_error error;
	struct plm_fault fault;
	uint8_t *data;
	size_t len;

	if (model_encode(m, &data, &len, &error))
		fail_msg("%s", error.text);
	assert_int_equal(plm_check(data, (u32)len, 0, &content, &fault),
			 PLM_OK);
	assert_int_equal(content.num_always, always);
	assert_int_equal(content.section[PLM_SECTION_TRIGGERS - 1].count,
			 num + always);
	free(data);
}

static void test_triggers(void **state)
{
		struct model m;
	uint32_t a, b, n;

	(void)state;
	model_init(&m, 1, 1);
	a = RULE_TEST(rules_text(&m, 0, PLM_OP_CONTAINS, "a"));
	b = RULE_TEST(rules_text(&m, 1, PLM_OP_ENDSWITH, "/long-one"));
	n = RULE_TEST(model_criterion(&m, plm_template_find(PLM_PROCESS_CREATION_ID), 8, PLM_OP_NUM_EQ, 0, "",
				      0, 1));
	add_rule(&m, "and", (uint32_t[]){ a, b, RULE_AT_LEAST(2, 2) }, 3);
	assert_triggers(&m, 1, 0);
	add_rule(&m, "or", (uint32_t[]){ a, b, RULE_AT_LEAST(1, 2) }, 3);
	assert_triggers(&m, 3, 0);
	add_rule(&m, "or-number", (uint32_t[]){ a, n, RULE_AT_LEAST(1, 2) }, 3);
	assert_triggers(&m, 5, 0);
	add_rule(&m, "and-number", (uint32_t[]){ a, n, RULE_AT_LEAST(2, 2) }, 3);
	assert_triggers(&m, 6, 0);
	add_rule(&m, "not", (uint32_t[]){ a, RULE_NOT }, 2);
	assert_triggers(&m, 6, 1);
	add_rule(&m, "not-not", (uint32_t[]){ a, RULE_NOT, RULE_NOT }, 3);
	assert_triggers(&m, 7, 1);
	add_rule(&m, "not-nor", (uint32_t[]){ a, RULE_NOT, b, RULE_NOT,
					      RULE_AT_LEAST(2, 2), RULE_NOT }, 6);
	assert_triggers(&m, 9, 1);
	add_rule(&m, "two-of", (uint32_t[]){ a, b, n, RULE_AT_LEAST(2, 3) }, 4);
	assert_triggers(&m, 11, 1);
	model_free(&m);
}

/* A rule that only a pattern could trigger demands the text it implies too. */
static void test_implied(void **state)
{
	static const struct {
		const char *pattern, *text;
	} cases[] = {
		{ "nehowco\\s+-[a-z]*f", "nehowco" },
		{ "https?://[^ /]*caporh", "caporh" },
		{ "ab\\bcdefgh", "abcdefgh" },
		{ "(alphabet)?\\d{2}x", NULL },
		{ "-[rw]\\s?[\"]([0-9a-f]{2}\\s?){2,20}", NULL },
	};
	uint32_t program[3];
	struct model m;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct model_rule *rule;

		model_init(&m, 1, 1);
		program[0] = RULE_TEST(rules_text(&m, 1, PLM_OP_PATTERN,
						      cases[i].pattern));
		add_rule(&m, "a", program, 1);
		program[1] = RULE_TEST(rules_text(&m, 0, PLM_OP_ENDSWITH,
						      "/quizzical"));
		program[2] = RULE_AT_LEAST(2, 2);
		add_rule(&m, "b", program, 3);
		model_imply(&m);
		rule = &m.rules[0];
		assert_int_equal(rule->program_len, cases[i].text ? 3 : 1);
		assert_int_equal(m.num_criteria, cases[i].text ? 3 : 2);
		assert_int_equal(m.rules[1].program_len, 3);
		if (cases[i].text) {
			assert_int_equal(rule->program[0], RULE_TEST(2));
			assert_int_equal(rule->program[1], RULE_TEST(0));
			assert_int_equal(rule->program[2], RULE_AT_LEAST(2, 2));
			assert_int_equal(m.criteria[2].op, PLM_OP_CONTAINS);
			assert_int_equal(m.criteria[2].text.len,
					 strlen(cases[i].text));
			assert_memory_equal(m.criteria[2].text.data,
					    cases[i].text,
					    strlen(cases[i].text));
		}
		model_free(&m);
	}
}

/* The texts of a pattern, joined by bars, in the order of their finding. */
static void texts_of(const char *pattern, bool cased, char *out, size_t len)
{
	struct regex_text *texts = xcalloc(REGEX_TEXTS, sizeof(*texts));
	struct regex_error error;
	struct regex regex;
	size_t num, at = 0;

	assert_int_equal(regex_parse(&regex, pattern, strlen(pattern),
				     REGEX_DOTALL |
				     (cased ? 0 : REGEX_ICASE), &error), 0);
	regex_trim(&regex);
	num = regex_texts(&regex, !cased, texts);
	assert_true(num <= REGEX_TEXTS);
	*out = 0;
	for (size_t i = 0; i < num; i++) {
		at += (size_t)snprintf(out + at, len - at, "%s%.*s",
				       i ? "|" : "", (int)texts[i].len,
				       (const char *)texts[i].bytes);
		assert_true(at < len);
	}
	free(texts);
	regex_free(&regex);
}

/* One of the texts is in whatever matches; none is named that is not rare. */
static void test_texts(void **state)
{
	static const struct {
		const char *pattern, *texts;
		bool cased;
	} cases[] = {
		{ "-[rw]:?ma", "-rma|-r:ma|-wma|-w:ma", false },
		{ "-[RW]:?ma", "-Rma|-R:ma|-Wma|-W:ma", true },
		{ "(alpha|beta[0-9]*x)\\s", "alpha|beta", false },
		{ "(alphabet|.)\\s", "", false },
		{ "^(zebrawood\\s+)+y", "zebrawood", false },
		{ "x(yz[,;]){2}", "xyz,yz,|xyz,yz;|xyz;yz,|xyz;yz;", false },
		{ "kilo(-mega)?watt", "kilo", false },
		{ "kilo(-mega)*[0-9]", "kilo", false },
		{ "[a-z]{3}", "", false },
		{ "ab", "", false },
	};
	char text[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		texts_of(cases[i].pattern, cases[i].cased, text,
			 sizeof(text));
		assert_string_equal(text, cases[i].texts);
	}
}

/* Of two sets of texts a rule waits for one; too many are not demanded. */
static void test_implied_sets(void **state)
{
	uint32_t program[4];
	struct model m;

	(void)state;
	model_init(&m, 1, 1);
	program[0] = RULE_TEST(rules_text(&m, 1, PLM_OP_PATTERN,
					      "-[rw]:?ma[0-9a-f]"));
	add_rule(&m, "alone", program, 1);
	program[1] = RULE_TEST(rules_text(&m, 0, PLM_OP_ENDSWITH, "/bash"));
	program[2] = RULE_AT_LEAST(2, 2);
	add_rule(&m, "beside-common", program, 3);
	program[0] = RULE_TEST(rules_text(&m, 1, PLM_OP_PATTERN,
					      "-quuz:?[vxz]\\d{2}"));
	add_rule(&m, "few", program, 3);
	model_imply(&m);
	assert_int_equal(m.rules[0].program_len, 4 + 3);
	assert_int_equal(m.rules[0].program[4], RULE_AT_LEAST(1, 4));
	assert_int_equal(m.rules[0].program[6], RULE_AT_LEAST(2, 2));
	assert_int_equal(m.rules[1].program_len, 3 + 6);
	assert_int_equal(m.rules[2].program_len, 3 + 2);
	assert_triggers(&m, 4 + 4 + 1, 0);
	model_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_triggers),
		cmocka_unit_test(test_implied),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_implied_sets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
