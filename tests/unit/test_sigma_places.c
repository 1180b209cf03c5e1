// SPDX-License-Identifier: GPL-2.0-or-later
/* The Sigma compiler: rules as files, and where in them something is wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sigma/compile.h"
#include "sigma/tree.h"
#include "tests/unit/lib/sigma.h"

/* Three selections. */
#define ABC						\
	"  sel_a: {Image: a}\n  sel_b: {User: b}\n"	\
	"  other: {CurrentDirectory: c}\n"		\
	"  _hid: {User: h}\n  condition: "

/* What is wrong is an "x", which names no selection, or the end. */
static void test_places_of_conditions(void **state)
{
	static const struct {
		const char *condition;
		size_t line, column;
	} cases[] = {
		{ "sel_a and\n    x", 12, 5 },
		{ "sel_a\r\n\r\n      and\r\n    x", 14, 5 },
		{ "sel_a  and\t x", 11, 26 },
		{ "'sel_a and\n    x'", 12, 5 },
		{ "\"sel_a and \\\n    not x\"", 12, 9 },
		{ "\"sel_a  \n\n    and \\\n\n  x\"", 15, 3 },
		{ "\"sel_a\\tand\\x20not\\n x\"", 11, 35 },
		{ "|\n    sel_a and\n\n     x\n", 14, 6 },
		{ "| # says\r\n    sel_a and\r\n     x", 13, 6 },
		{ ">-\n    sel_a and\n    x", 13, 5 },
		{ ">2\n      sel_a\n      and x", 13, 11 },
		{ "|\n    sel_a and\n    not\n", 13, 8 },
		{ ">\n\n    x", 13, 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *detection = xasprintf(ABC "%s\n", cases[i].condition);

		assert_detection_refused(detection, SIGMA_BAD_CONDITION,
					 cases[i].line, cases[i].column, "");
		free(detection);
	}
}

/* What is wrong is a "(", a "\k", or a modifier "x". */
static void test_places_of_values(void **state)
{
	static const struct {
		const char *entry;
		enum sigma_code code;
		size_t column;
	} cases[] = {
		{ "Image|re: a(x", SIGMA_REGEX, 16 },
		{ "Image|re: \xc3\xa9\xf0\x9f\x98\x80(x", SIGMA_REGEX, 17 },
		{ "Image|re: '\xc3\xa9 \t(x'", SIGMA_REGEX, 19 },
		{ "Image|re: 'it''s (x'", SIGMA_REGEX, 22 },
		{ "Image|re: '''(x'''", SIGMA_REGEX, 18 },
		{ "Image|re: \"a\\\\s\\\\k\"", SIGMA_REGEX, 20 },
		{ "Image|re: \"''\\\"(\"", SIGMA_REGEX, 20 },
		{ "Image|re: \"\\x41\\u00e9\\U0001F600(\"", SIGMA_REGEX, 36 },
		{ "Image|re: \"\\N\\L\\P\\_\\e(\"", SIGMA_REGEX, 26 },
		{ "\"Image\\x7Ccontains|x\": y", SIGMA_MODIFIER, 24 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_entry_refused(cases[i].entry, cases[i].code,
				     cases[i].column, "");
}

/* Of what is inside a scalar of UTF-16 the beginning is told. */
static void test_places_wide(void **state)
{
	static const char yaml[] = RULE_HEAD "  a: {Image: x}\n"
					     "  condition: a and x\n";
	uint8_t wide[2 * sizeof(yaml)] = { 0xff, 0xfe };
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;

	(void)state;
	for (size_t i = 0; yaml[i]; i++)
		wide[2 + 2 * i] = (uint8_t)yaml[i];
	assert_int_equal(tree_load(&file, wide, sizeof(wide), &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &steps, &error), -1);
	assert_int_equal(error.at.line, 8);
	assert_int_equal(error.at.column, 14);
	sigma_rule_free(&rule);
	tree_free(&file);
}

static void test_refused_yaml(void **state)
{
	static const struct {
		const char *yaml;
		enum sigma_code code;
		size_t line, column;
		const char *text;
	} cases[] = {
		{ "a: [\n", SIGMA_YAML_SYNTAX, 2, 1, "" },
		{ "a: 'b\n", SIGMA_YAML_SYNTAX, 2, 1, "while scanning a "
		  "quoted scalar that begins at line 1, column 4" },
		{ "\tb: c\n", SIGMA_YAML_SYNTAX, 1, 1, "" },
		{ "a: \xff\n", SIGMA_YAML_SYNTAX, 1, 4, "at byte 3" },
		{ "\xef\xbb\xbf" "a: \xc3\xa9t\xe9\n", SIGMA_YAML_SYNTAX,
		  1, 6, "file is not UTF-8: " },
		{ "a: b\rc: d\xf0", SIGMA_YAML_SYNTAX, 2, 5, "not UTF-8: " },
		{ "a: \xc0\x80\n", SIGMA_YAML_SYNTAX, 1, 4, "at byte 3" },
		{ "a: \x01\n", SIGMA_YAML_SYNTAX, 1, 4, "at byte 3" },
		{ "a: &x b\n", SIGMA_YAML_ALIAS, 1, 4, "'x'" },
		{ "a: &x [b]\n", SIGMA_YAML_ALIAS, 1, 4, "'x'" },
		{ "a: &x {b: c}\n", SIGMA_YAML_ALIAS, 1, 4, "'x'" },
		{ "a: *x\n", SIGMA_YAML_ALIAS, 1, 4, "begins with '*' " },
		{ "a: *.exe\n", SIGMA_YAML_SYNTAX, 1, 4, "begins with '*' " },
		{ "<<: {a: b}\n", SIGMA_YAML_ALIAS, 1, 1, "<<" },
		{ "a: !!str b\n", SIGMA_YAML_TAG, 1, 4, "yaml.org,2002:str" },
		{ "a: 1\nb: 2\na: 3\n", SIGMA_DUPLICATE_KEY, 3, 1,
		  "at line 1" },
		{ "[a]: b\n", SIGMA_YAML_SYNTAX, 1, 1, "is a list" },
		{ "\"a\\0\": b\n", SIGMA_YAML_SYNTAX, 1, 1, "zero byte" },
	};
	struct sigma_error error;
	struct tree_file file;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_refused(cases[i].yaml, cases[i].code, cases[i].line,
			       cases[i].column, cases[i].text);
	/* The place where it begins is said where that is another one. */
	assert_int_equal(tree_load(&file, (const uint8_t *)"a: @b\n", 6,
				   &error), -1);
	assert_string_equal(error.text, "found character that cannot start "
			    "any token, while scanning for the next token");
	tree_free(&file);
	assert_int_equal(tree_load(&file, (const uint8_t *)"a: \"\\e[2J\"\n",
				   11, &error), 0);
	assert_int_equal(file.documents[0]->items[1]->len, 4);
	tree_free(&file);
}

/*
 * What ends a line in YAML 1.1 only would be folded into a space, or end a
 * comment, and so is refused wherever it stands; as an escape it is itself.
 */
static void test_breaks(void **state)
{
	static const char *const characters[][2] = {
		{ "\xc2\x85", "U+0085" }, { "\xe2\x80\xa8", "U+2028" },
		{ "\xe2\x80\xa9", "U+2029" },
	};
	static const struct {
		const char *before, *behind;
		size_t line, column;
	} places[] = {
		{ "Image: x", "y", 8, 13 },
		{ "Image: 'x", "y'", 8, 14 },
		{ "Image: \"\xc3\xa9", "y\"", 8, 14 },
		{ "Image: |\n      x", "y", 9, 8 },
		{ "Image: >\r\n      x", "y", 9, 8 },
		{ "'Image", "': y", 8, 11 },
		{ "Image: x # ", "y", 8, 16 },
	};

	(void)state;
	for (size_t i = 0; i < 3 * ARRAY_LEN(places); i++) {
		char *detection = xasprintf("  a:\n    %s%s%s\n"
					    "  condition: a\n",
					    places[i / 3].before,
					    characters[i % 3][0],
					    places[i / 3].behind);

		assert_detection_refused(detection, SIGMA_YAML_SYNTAX,
					 places[i / 3].line,
					 places[i / 3].column,
					 characters[i % 3][1]);
		free(detection);
	}
	assert_entry_means("Image: \"\\N\\u0085\"",
			   "Image equals '\\xc2\\x85\\xc2\\x85'");
	assert_entry_means("Image: \"\\L\\P\"", "Image equals "
			   "'\\xe2\\x80\\xa8\\xe2\\x80\\xa9'");
}

/* UTF-16 is read as well, of both orders. */
static void test_breaks_wide(void **state)
{
	static const struct {
		const char *data;
		size_t len;
	} cases[] = {
		{ "\xff\xfe" "a\0\n\0\x3d\xd8\x00\xde\x28\x20", 12 },
		{ "\xfe\xff" "\0a\0\n\xd8\x3d\xde\x00\x20\x28", 12 },
	};
	struct sigma_error error;
	struct tree_file file;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const uint8_t *data = (const uint8_t *)cases[i].data;

		assert_int_equal(tree_load(&file, data, cases[i].len - 2,
					   &error), 0);
		tree_free(&file);
		assert_int_equal(tree_load(&file, data, cases[i].len, &error),
				 -1);
		assert_int_equal(error.at.line, 2);
		assert_int_equal(error.at.column, 2);
		assert_non_null(strstr(error.text, "U+2028"));
		tree_free(&file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places_of_conditions),
		cmocka_unit_test(test_places_of_values),
		cmocka_unit_test(test_places_wide),
		cmocka_unit_test(test_refused_yaml),
		cmocka_unit_test(test_breaks),
		cmocka_unit_test(test_breaks_wide),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
