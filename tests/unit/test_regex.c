// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Regular expressions: how they are read, their canonical notation, and what
 * their automata may cost.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/dfa.h"
#include "content/regex.h"

/* The canonical notation of a source, folded if it is caseless. */
static char *canonical(const char *source, unsigned int flags,
		       struct regex_error *error)
{
	struct regex regex, again;
	char *text = NULL;
	uint8_t *printed;
	size_t len;

	if (!regex_parse(&regex, source, strlen(source), flags, error)) {
		bool folded;

		regex_trim(&regex);
		folded = regex_is_caseless(&regex);
		printed = regex_print(&regex, folded, &len);
		text = xstrndup((char *)printed, len);
		/* What is canonical is so in its own eyes. */
		assert_true(!len || regex_of_criterion(&again, printed, len,
						       !folded));
		if (len)
			regex_free(&again);
		free(printed);
	}
	regex_free(&regex);
	return text;
}

static void test_canonical(void **state)
{
	static const struct {
		const char *source;
		unsigned int flags;
		const char *expected;
	} cases[] = {
		{ "abc", 0, "abc" },
		{ "ABC", REGEX_ICASE, "abc" },
		{ "(?i)ABC", 0, "abc" },
		{ "(?i:A)b", 0, "[Aa]b" },
		{ "a(?i)b|c", 0, "a[Bb]|[Cc]" },
		{ "(?:(?:(a)))", 0, "a" },
		{ "(?<name>a)(?P<n2>b)", 0, "ab" },
		{ "a(?#no matter)b", 0, "ab" },
		{ "1.2", 0, "1[^\\n]2" },
		{ "1.2", REGEX_DOTALL, "1.2" },
		{ "(?s)1.2", 0, "1.2" },
		{ "1(?-s:.)2", REGEX_DOTALL, "1[^\\n]2" },
		{ "^1$", 0, "^1$" },
		{ "\\A1\\z", REGEX_MULTILINE, "^1$" },
		{ "^1$", REGEX_MULTILINE, "(?m:^)1(?m:$)" },
		{ "(?m:^)1$", 0, "(?m:^)1$" },
		{ "1(?!.)", 0, "1(?m:$)" },
		{ "1(?!.)|2(?!.)3", REGEX_DOTALL, "1$|2$3" },
		{ "(?<!.)1", 0, "(?m:^)1" },
		{ "(?s:(?<!.)1)2(?!.)", 0, "^12(?m:$)" },
		{ "1*2+3?4{2}5{2,}6{2,3}7", 0, "23?4{2}5{2,}6{2,3}7" },
		{ "1*?2+?3??4{2}?7", 0, "23?4{2}7" },
		{ "1x{1}2x{0}3", REGEX_ICASE, "1x23" },
		{ "0(1*)*2(3+)?4(5?)+6", 0, "01*23*45*6" },
		{ "1{", 0, "1\\{" },
		{ "1{a}", REGEX_ICASE, "1\\{a\\}" },
		{ "1{,2}", 0, "1\\{,2\\}" },
		{ "]}", 0, "\\]\\}" },
		{ "1|2|3", 0, "[1-3]" },
		{ "12|34|", 0, "" },
		{ "0(12|34|)5", 0, "0(12|34)?5" },
		{ "a|A", 0, "a" },
		{ "[a-cA-C]", 0, "[a-c]" },
		{ "[a-c]", 0, "[a-c]" },
		{ "[^a]", REGEX_ICASE, "[^a]" },
		{ "[0-9]", 0, "\\d" },
		{ "[0-9a-fA-F]", 0, "[0-9a-f]" },
		{ "[^\\d\\s]", 0, "[^\\t-\\r 0-9]" },
		{ "\\w\\W\\S", 0, "\\w[^0-9_a-z][^\\t-\\r ]" },
		{ "[]^-]", 0, "[\\-\\]\\^]" },
		{ "[\\x41-\\x43]", 0, "[A-C]" },
		{ "[[:digit:][:space:]]", 0, "[\\t-\\r 0-9]" },
		{ "\\x2f\\t\\n\\x{7F}\\e", 0, "/\\t\\n\\x7f\\x1b" },
		{ "\\.\\/\\-", 0, "\\./-" },
		{ "0\xc3\xa9+1", 0, "0(\\xc3\\xa9)+1" },
		{ "1.*.*2", REGEX_DOTALL, "1.*2" },
		{ "^.*1.*$", REGEX_DOTALL, "1" },
		{ ".*1.*", 0, "1" },
		{ "1+", 0, "1" },
		{ "1{3,5}", 0, "1{3}" },
		{ "(12*|34?)", 0, "[13]" },
		{ "12*|34?", 0, "[13]" },
		{ "\\b1\\b", 0, "\\b1\\b" },
		{ "", 0, "" },
		{ ".*", 0, "" },
		{ "^", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct regex_error error = { 0 };
		char *text = canonical(cases[i].source, cases[i].flags,
				       &error);

		if (!text)
			fail_msg("%s: %zu: %s", cases[i].source, error.at,
				 error.text);
		if (strcmp(text, cases[i].expected))
			fail_msg("%s: %s, not %s", cases[i].source, text,
				 cases[i].expected);
		free(text);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *source;
		size_t at;
		const char *why;
	} cases[] = {
		{ "ab(?=c)", 2, "look-ahead" },
		{ "ab(?!c)", 2, "look-ahead" },
		{ "ab(?!..)", 2, "look-ahead" },
		{ "ab(?=.)", 2, "look-ahead" },
		{ "(?<=c)ab", 0, "look-behind" },
		{ "(?<!c)ab", 0, "look-behind" },
		{ "(a)\\1", 3, "back-references" },
		{ "(?P<n>a)(?P=n)", 8, "back-references" },
		{ "(a)\\k<a>", 3, "back-references" },
		{ "(?>a)", 0, "atomic groups" },
		{ "(?(1)a)", 0, "conditionals" },
		{ "(?R)", 0, "recursion" },
		{ "(a)(?1)", 3, "recursion" },
		{ "(?&n)", 0, "recursion" },
		{ "(?|a|b)", 0, "branch resets" },
		{ "(*FAIL)", 0, "verbs" },
		{ "a++", 2, "possessive" },
		{ "a*+", 2, "possessive" },
		{ "a{2}+", 4, "possessive" },
		{ "a**", 2, "two quantifiers" },
		{ "*a", 0, "nothing stands before" },
		{ "(+)", 1, "nothing stands before" },
		{ "(a", 0, "without its end" },
		{ "a)", 1, "without its beginning" },
		{ "[a", 0, "without its end" },
		{ "[z-a]", 3, "range" },
		{ "[a-\\d]", 3, "range" },
		{ "[\xc3\xa9]", 1, "beyond ASCII" },
		{ "[[:nosuch:]]", 1, "not known" },
		{ "a\\", 1, "backslash" },
		{ "\\p{L}", 0, "Unicode" },
		{ "\\B", 0, "\\B" },
		{ "\\Qa\\E", 0, "\\Q" },
		{ "\\j", 0, "not known" },
		{ "\\xg", 0, "\\x" },
		{ "\\033\\[", 0, "octal" },
		{ "[\\001]", 1, "octal" },
		{ "^a(?#c)+$", 2, "a comment before a count" },
		{ "\\x{100}", 0, "\\x" },
		{ "a{1001}", 0, "count above" },
		{ "a{3,2}", 0, "to less" },
		{ "(?x)a", 0, "i, m and s" },
		{ "(?<a", 0, "without its end" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct regex_error error = { 0 };
		char *text = canonical(cases[i].source, 0, &error);

		if (text)
			fail_msg("%s: accepted as %s", cases[i].source, text);
		if (error.at != cases[i].at ||
		    !strstr(error.text, cases[i].why))
			fail_msg("%s: %zu: %s", cases[i].source, error.at,
				 error.text);
	}
}

static void test_limits(void **state)
{
	char text[REGEX_MAX_LEN + 2];
	struct regex_error error = { 0 };
	char *out;

	(void)state;
	memset(text, '(', 33);
	memset(text + 33, ')', 33);
	text[66] = 0;
	assert_null(canonical(text, 0, &error));
	assert_non_null(strstr(error.text, "in one another"));
	out = canonical(text + 1, 0, &error);
	assert_null(out);
	text[65] = 0;
	out = canonical(text + 1, 0, &error);
	assert_non_null(out);
	free(out);
	memset(text, 'x', REGEX_MAX_LEN + 1);
	text[REGEX_MAX_LEN + 1] = 0;
	assert_null(canonical(text, 0, &error));
	out = canonical(text + 1, 0, &error);
	assert_non_null(out);
	free(out);
}

/* What an expression costs is found out, at a bounded price. */
static void test_cost(void **state)
{
	static const struct {
		const char *source;
		const char *why;
	} cases[] = {
		{ "a[ab]{5}b", NULL },
		{ "a.{1000}b", "8192 states" },
		{ "x[ax]{16}b", "8192 states" },
		{ "(upper[abc]|lower[xyz])/[^/]{1,250}$", NULL },
		{ "(upper[abc]|lower[xyz]|inner)/[^/]{1,900}$", "8192 states" },
		{ "(ab{9}){100}c", NULL },
		{ "((a{1000}){1000}){1000}", "16384" },
		{ "((a?){100}b?){90}c", "16384" },
		{ "((a|b)*|(c|d)*)*e", NULL },
		{ "((((a*)*)*)*)*b", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct regex_error error;
		struct regex regex;
		struct dfa dfa;
		const char *why;

		assert_int_equal(regex_parse(&regex, cases[i].source,
					     strlen(cases[i].source), 0,
					     &error), 0);
		why = dfa_of_regex(&dfa, &regex, 0, DFA_MAX_STEPS);
		if (cases[i].why ? !why || !strstr(why, cases[i].why) : !!why)
			fail_msg("%s: %s", cases[i].source, why ? why : "fits");
		dfa_free(&dfa);
		regex_free(&regex);
	}
}

/* One that may not cost more is given up soon, and says that it costs more. */
static void test_few_steps(void **state)
{
	static const char *const sources[] = {
		"a.{1000}b", "x[ax]{16}b",
		"(upper[abc]|lower[xyz])/[^/]{1,250}$",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		struct regex_error error;
		struct regex regex;
		struct dfa dfa;

		assert_int_equal(regex_parse(&regex, sources[i],
					     strlen(sources[i]), 0, &error), 0);
		assert_non_null(dfa_of_regex(&dfa, &regex, 0, 1000));
		assert_in_range(dfa.steps, 1001, 10000);
		dfa_free(&dfa);
		regex_free(&regex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_few_steps),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
