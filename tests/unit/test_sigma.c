// SPDX-License-Identifier: GPL-2.0-or-later
/* The Sigma compiler: what it makes of rules, and what it refuses. */
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

static void assert_means(const char *detection, const char *expected)
{
	char *yaml = xasprintf(RULE_HEAD "%s", detection), *condition;
	struct sigma_error error;

	if (compile_rule(yaml, &condition, &error))
		fail_msg("%s%zu:%zu: %s", yaml, error.at.line, error.at.column,
			 error.text);
	assert_string_equal(condition, expected);
	free(condition);
	free(yaml);
}

static void assert_refused(const char *yaml, enum sigma_code code, size_t line,
			   size_t column, const char *text)
{
	struct sigma_error error;
	char *condition;

	if (!compile_rule(yaml, &condition, &error))
		fail_msg("%saccepted as: %s", yaml, condition);
	if (error.code != code || error.at.line != line ||
	    error.at.column != column || !strstr(error.text, text))
		fail_msg("%s%zu:%zu: %s [%s]", yaml, error.at.line,
			 error.at.column, error.text,
			 sigma_code_name(error.code));
}

static void assert_detection_refused(const char *detection,
				     enum sigma_code code, size_t line,
				     size_t column, const char *text)
{
	char *yaml = xasprintf(RULE_HEAD "%s", detection);

	assert_refused(yaml, code, line, column, text);
	free(yaml);
}

/* One selection "a" with this entry, and it is the condition. */
static void assert_entry_means(const char *entry, const char *expected)
{
	char *detection = xasprintf("  a:\n    %s\n  condition: a\n", entry);

	assert_means(detection, expected);
	free(detection);
}

static void assert_entry_refused(const char *entry, enum sigma_code code,
				 size_t column, const char *text)
{
	char *detection = xasprintf("  a:\n    %s\n  condition: a\n", entry);

	assert_detection_refused(detection, code, 8, column, text);
	free(detection);
}

/* A dash that windash has left open, as dump quotes it. */
/* What a question mark means, at an end of which the rest has no say. */
#define FIRST "[^\\\\x80-\\\\xbf]"
#define LETTER FIRST "[\\\\x80-\\\\xbf]*"

#define DASHES "([\\\\-/]|\\\\xe2\\\\x80\\\\x93|" \
	"\\\\xe2\\\\x80\\\\x94|\\\\xe2\\\\x80\\\\x95)"

static void test_values(void **state)
{
	static const char *const cases[][2] = {
		{ "Image: /bin/SH", "Image equals '/bin/sh'" },
		{ "Image|cased: /bin/SH", "Image equals cased '/bin/SH'" },
		{ "Image|endswith: /apt", "Image endswith '/apt'" },
		{ "Image|startswith: /opt", "Image startswith '/opt'" },
		{ "Image|contains: opt", "Image contains 'opt'" },
		{ "Image|contains|cased: Opt", "Image contains cased 'Opt'" },
		{ "Image: '*/apt'", "Image endswith '/apt'" },
		{ "Image: /opt/*", "Image startswith '/opt/'" },
		{ "Image: '*opt**'", "Image contains 'opt'" },
		{ "Image|startswith: '*opt'", "Image contains 'opt'" },
		{ "Image|endswith: '/opt*'", "Image contains '/opt'" },
		{ "Image: [a, b, 1, true]",
		  "Image equals any of ('a', 'b', '1', 'true')" },
		{ "Image|contains|all: [a, b]",
		  "Image contains all of ('a', 'b')" },
		{ "Image|all|contains: [a]", "Image contains 'a'" },
		{ "Image: a\\b", "Image equals 'a\\\\b'" },
		{ "Image: a\\\\b", "Image equals 'a\\\\b'" },
		{ "Image: a\\\\\\b", "Image equals 'a\\\\\\\\b'" },
		{ "Image: a\\\\\\\\b", "Image equals 'a\\\\\\\\b'" },
		{ "Image: a\\*b", "Image equals 'a*b'" },
		{ "Image: a\\?b", "Image equals 'a?b'" },
		{ "Image: a\\\\*", "Image startswith 'a\\\\'" },
		{ "Image: a\\\\\\*", "Image equals 'a\\\\*'" },
		{ "Image: a\\", "Image equals 'a\\\\'" },
		{ "Image: \"\\xe9\\n'\"", "Image equals '\\xc3\\xa9\\x0a\\''" },
		{ "Image: 'null'", "Image equals 'null'" },
		{ "Image: A*b", "Image matches '^a.*b$'" },
		{ "Image: a*B*", "Image matches '^a.*b'" },
		{ "Image|endswith: '*a*b'", "Image matches 'a.*b$'" },
		{ "Image|contains: a**?b", "Image matches 'a.*" LETTER "b'" },
		{ "Image: 'a?'", "Image matches '^a" LETTER "$'" },
		{ "Image|contains|cased: 'A?b'",
		  "Image matches cased 'A" LETTER "b'" },
		{ "Image|contains: '1.?'", "Image matches '1\\\\." FIRST "'" },
		{ "Image: ''", "Image matches '^$'" },
		{ "Image:", "not Image exists" },
		{ "Image: ~", "not Image exists" },
		{ "Image: [a, null]",
		  "Image equals 'a' or not Image exists" },
		{ "Image|neq: null", "Image exists" },
		{ "Image|cased: [a, ~]",
		  "Image equals cased 'a' or not Image exists" },
		{ "Image|contains|all: [a, '']", "Image contains 'a'" },
		{ "ProcessId: null", "not ProcessId exists" },
		{ "Image|re: x+", "Image contains cased 'x'" },
		{ "Image|re|i: ^X$", "Image equals 'x'" },
		{ "Image|re: ^/a.b", "Image matches cased '^/a[^\\\\n]b'" },
		{ "Image|re|s: ^/a.b", "Image matches cased '^/a.b'" },
		{ "Image|re|i|m: ^X.$",
		  "Image matches '(?m:^)x[^\\\\n](?m:$)'" },
		{ "Image|re: a|b1|2",
		  "Image matches cased '[2a]' or Image contains cased 'b1'" },
		{ "Image|re: 1\\d", "Image matches '1\\\\d'" },
		{ "Image|re: .*", "Image exists" },
		{ "Image|neq: x", "not Image equals 'x'" },
		{ "Image|neq|contains: [x, y]",
		  "not Image contains any of ('x', 'y')" },
		{ "ProcessId|neq: 3", "not ProcessId = 3" },
		{ "Image|windash: a -b-c", "Image equals any of ('a -b-c', "
		  "'a /b-c', 'a \\xe2\\x80\\x93b-c', "
		  "'a \\xe2\\x80\\x94b-c', 'a \\xe2\\x80\\x95b-c')" },
		{ "Image|windash|contains: ' /x -y /z'",
		  "Image matches ' " DASHES "x " DASHES "y " DASHES "z'" },
		{ "Image|base64: foobar!", "Image equals 'zm9vymfyiq=='" },
		{ "Image|cased|base64: foobar", "Image equals cased 'Zm9vYmFy'" },
		{ "Image|cased|base64offset|contains: foo",
		  "Image contains cased any of ('Zm9v', 'Zvb', 'mb2')" },
		{ "Image|utf16le: aB", "Image equals 'a\\x00b\\x00'" },
		{ "Image|wide: a", "Image equals 'a\\x00'" },
		{ "Image|utf16be: \"\\u20ac\"", "Image equals ' \\xac'" },
		{ "Image|utf16: a", "Image equals '\\xff\\xfea\\x00'" },
		{ "Image|utf16le: \"\\U0001f600\"",
		  "Image equals '=\\xd8\\x00\\xde'" },
		{ "Image|utf16le|contains: 'a?'",
		  "Image matches 'a\\\\x00..'" },
		{ "Image|cased|wide|base64offset|contains: ab",
		  "Image contains cased any of ('YQBiA', 'EAYg', 'hAGIA')" },
		{ "Image|exists: true", "Image exists" },
		{ "Image|exists: false", "not Image exists" },
		{ "ProcessId: 0", "ProcessId = 0" },
		{ "ProcessId: '18446744073709551615'",
		  "ProcessId = 18446744073709551615" },
		{ "ProcessId|lt: 5", "ProcessId < 5" },
		{ "ProcessId|lte: 5", "ProcessId <= 5" },
		{ "ProcessId|gt: 5", "ProcessId > 5" },
		{ "ProcessId|gte: [5, 6]",
		  "ProcessId >= 5 or ProcessId >= 6" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_entry_means(cases[i][0], cases[i][1]);
}

static void test_refused_values(void **state)
{
	static const struct {
		const char *entry;
		enum sigma_code code;
		size_t column;
		const char *text;
	} cases[] = {
		{ "Image: []", SIGMA_BAD_VALUE, 12, "empty list" },
		{ "Image: [[a]]", SIGMA_BAD_VALUE, 13, "list or map" },
		{ "Image: { a: b }", SIGMA_BAD_VALUE, 12, "list or map" },
		{ "Image|exists: 1", SIGMA_MODIFIER, 19, "true or false" },
		{ "Image|exists: 'true'", SIGMA_MODIFIER, 19,
		  "needs true or false, without quotes" },
		{ "ProcessId: x", SIGMA_BAD_VALUE, 16, "decimal digits" },
		{ "ProcessId: -1", SIGMA_BAD_VALUE, 16, "decimal digits" },
		{ "ProcessId: ''", SIGMA_BAD_VALUE, 16, "empty text" },
		{ "ProcessId: 18446744073709551616", SIGMA_BAD_VALUE, 16,
		  "out of range" },
		{ "ProcessId|gt: '*'", SIGMA_BAD_VALUE, 19, "digits" },
		{ "Image|contains:", SIGMA_BAD_VALUE, 20, "'contains'" },
		{ "Image|endswith: [a, null]", SIGMA_BAD_VALUE, 25,
		  "Image has no value for modifier 'endswith'; an empty text "
		  "is ''" },
		{ "Image|re:", SIGMA_BAD_VALUE, 14, "modifier 're'" },
		{ "Image|neq|re: ~", SIGMA_BAD_VALUE, 19, "modifier 're'" },
		{ "Image|windash: null", SIGMA_BAD_VALUE, 20, "'windash'" },
		{ "Image|wide|base64: ~", SIGMA_BAD_VALUE, 24, "'base64'" },
		{ "Image|expand: ~", SIGMA_BAD_VALUE, 19, "'expand'" },
		{ "User|cidr: ~", SIGMA_BAD_VALUE, 16, "modifier 'cidr'" },
		{ "ProcessId|gt: null", SIGMA_BAD_VALUE, 19, "modifier 'gt'" },
		{ "Image|fieldref: ~", SIGMA_BAD_VALUE, 21, "without a name" },
		{ "Hashes: x", SIGMA_UNKNOWN_FIELD, 5,
		  "'Hashes' is not an input of process_creation, which has "
		  "Image, CommandLine, ParentImage" },
		{ "image: x", SIGMA_UNKNOWN_FIELD, 5, "'image'" },
		{ "'|all': [a, null]", SIGMA_KEYWORDS, 17, "no field is" },
		{ "'|exists': true", SIGMA_KEYWORDS, 5, "needs a field" },
		{ "'|cidr': 10.0.0.0/8", SIGMA_KEYWORDS, 5, "needs a field" },
		{ "ProcessId: 010", SIGMA_BAD_VALUE, 16, "octal" },
		{ "ProcessId: '00'", SIGMA_BAD_VALUE, 16, "octal" },
		{ "ProcessId: 0x", SIGMA_BAD_VALUE, 16, "behind 0x" },
		{ "ProcessId: 0xg", SIGMA_BAD_VALUE, 16, "behind 0x" },
		{ "ProcessId: 0x10000000000000000", SIGMA_BAD_VALUE, 16,
		  "out of range" },
		{ "User|cidr: x", SIGMA_BAD_VALUE, 16, "is no network" },
		{ "User|cidr: 10.0.0.*", SIGMA_BAD_VALUE, 16, "is no network" },
		{ "User|cidr: 10.0.0/8", SIGMA_BAD_VALUE, 16, "is no network" },
		{ "User|cidr: 10.0.0.0/33", SIGMA_BAD_VALUE, 16, "up to 32" },
		{ "User|cidr: 10.0.0.0/", SIGMA_BAD_VALUE, 16, "behind the" },
		{ "User|cidr: 10.0.0.1/8", SIGMA_BAD_VALUE, 16, "are set" },
		{ "User|cidr: 'fe80::/129'", SIGMA_BAD_VALUE, 16, "or 128" },
		{ "User|cidr: 'fe80::1/10'", SIGMA_BAD_VALUE, 16, "are set" },
	};

	(void)state;
	assert_entry_means("Image: a", "Image equals 'a'");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_entry_refused(cases[i].entry, cases[i].code,
				     cases[i].column, cases[i].text);
}

static void test_refused_modifiers(void **state)
{
	static const struct {
		const char *entry;
		size_t column;
		const char *text;
	} cases[] = {
		{ "Image|re|cased: x", 5, "exclude each other" },
		{ "Image|re|contains: x", 5, "exclude each other" },
		{ "Image|i: x", 5, "'i' belongs to 're'" },
		{ "Image|re|windash: x", 5, "exclude each other" },
		{ "Image|base64|base64offset: x", 5, "exclude each other" },
		{ "Image|utf16|wide: x", 5, "exclude each other" },
		{ "Image|wide|utf16le: x", 16, "stands twice" },
		{ "ProcessId|windash: 3", 5, "does not fit" },
		{ "ProcessId|lt|neq: 3", 5, "exclude each other" },
		{ "ProcessId|re: 3", 5, "'re' does not fit" },
		{ "Image|cidr|contains: x", 5, "exclude each other" },
		{ "Image|cidr|re: x", 5, "exclude each other" },
		{ "ProcessId|cidr: x", 5, "'cidr' does not fit" },
		{ "Image|hour: 3", 11, "'hour': no input" },
		{ "Image|fieldref|contains: User", 5, "exclude each other" },
		{ "Image|fieldref|re: User", 5, "exclude each other" },
		{ "ProcessId|fieldref|lt: LogonId", 5, "exclude each other" },
		{ "'Image|nosuch': x", 12, "'nosuch' is not in the Sigma" },
		{ "Image|: x", 11, "'' is not in the Sigma" },
		{ "Image|contains|contains: x", 20, "stands twice" },
		{ "Image|contains|endswith: x", 5, "exclude each other" },
		{ "Image|contains|exists: true", 5, "exclude each other" },
		{ "Image|cased|exists: true", 5, "stands alone" },
		{ "Image|lt: 3", 5, "'lt' does not fit Image" },
		{ "ProcessId|contains: 3", 5, "'contains' does not fit" },
		{ "ProcessId|cased: 3", 5, "'cased' does not fit" },
		{ "ProcessId|lt|gt: 3", 5, "exclude each other" },
	};

	(void)state;
	assert_entry_means("Image|contains: x", "Image contains 'x'");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_entry_refused(cases[i].entry, SIGMA_MODIFIER,
				     cases[i].column, cases[i].text);
}

static void test_selections(void **state)
{
	(void)state;
	assert_means("  a:\n    Image: x\n    User: y\n  condition: a\n",
		     "Image equals 'x' and User equals 'y'");
	assert_means("  a:\n    - Image: x\n      User: y\n    - Image: z\n"
		     "  condition: a\n",
		     "(Image equals 'x' and User equals 'y') "
		     "or Image equals 'z'");
	assert_detection_refused("  a: {}\n  condition: a\n",
				 SIGMA_BAD_RULE, 7, 6, "empty");
	assert_detection_refused("  a: []\n  condition: a\n",
				 SIGMA_BAD_RULE, 7, 6, "empty");
	assert_detection_refused("  a:\n  condition: a\n",
				 SIGMA_BAD_RULE, 7, 5, "selection is empty");
	assert_detection_refused("  a: [x, [y]]\n  condition: a\n",
				 SIGMA_BAD_VALUE, 7, 10, "list or map");
	assert_detection_refused("  a: [x, null]\n  condition: a\n",
				 SIGMA_KEYWORDS, 7, 10, "no field is named");
}

#define ANYWHERE(text)					\
	"Image contains '" text "' "				\
	"or CommandLine contains '" text "' "			\
	"or ParentImage contains '" text "' "			\
	"or ParentCommandLine contains '" text "' "		\
	"or CurrentDirectory contains '" text "' "		\
	"or User contains '" text "' "				\
	"or ParentUser contains '" text "'"

/* A value without a field stands in any of the texts. */
static void test_keywords(void **state)
{
	(void)state;
	assert_means("  a: [X]\n  condition: a\n", ANYWHERE("x"));
	assert_means("  a: X\n  condition: a\n", ANYWHERE("x"));
	assert_means("  a: {'': x}\n  condition: a\n", ANYWHERE("x"));
	assert_means("  a: {'|contains': x}\n  condition: a\n",
		     ANYWHERE("x"));
	assert_means("  a: {'|all': [x, y]}\n  condition: a\n",
		     "(" ANYWHERE("x") ") and (" ANYWHERE("y") ")");
	assert_means("  a: [{User: u}, x]\n  condition: a\n",
		     "User equals 'u' or " ANYWHERE("x"));
	assert_means("  a: {'|re': 'x1'}\n  b: {Image: y}\n"
		     "  condition: b and not a\n",
		     "Image equals 'y' and not ("
		     "Image contains cased 'x1' or CommandLine contains cased "
		     "'x1' or ParentImage contains cased 'x1' or "
		     "ParentCommandLine contains cased 'x1' or "
		     "CurrentDirectory contains cased 'x1' or User contains "
		     "cased 'x1' or ParentUser contains cased 'x1')");
}

static void test_networks(void **state)
{
	static const char *const cases[][2] = {
		{ "User|cidr: 10.1.2.3/32", "User equals '10.1.2.3'" },
		{ "User|cidr: 10.1.2.3", "User equals '10.1.2.3'" },
		{ "User|cidr: 10.1.2.0/30", "User matches "
		  "'^10\\\\.1\\\\.2\\\\.[0-3]$'" },
		{ "User|cidr: '::ffff:10.1.2.3'", "User equals '10.1.2.3'" },
		{ "User|cidr: '::ffff:a01:200/126'", "User matches "
		  "'^10\\\\.1\\\\.2\\\\.[0-3]$'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_entry_means(cases[i][0], cases[i][1]);
}

/* Is @text an address in @network? */
static bool in_network(const char *network, const char *text)
{
	char *yaml = xasprintf(RULE_HEAD "  a: {User|cidr: '%s'}\n"
			       "  condition: a\n", network);
	uint64_t steps = SIGMA_MAX_STEPS;
	struct plm_value values[6] = { 0 };
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;
	struct model model;
	bool matches;

	assert_int_equal(tree_load(&file, (uint8_t *)yaml, strlen(yaml),
				   &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &steps, &error), 0);
	model_init(&model, 1, 1);
	sigma_rule_emit(&rule, PLM_ACTION_AUDIT, &model);
	values[5] = (struct plm_value){ PLM_VALUE_STRING, (u32)strlen(text),
					(const u8 *)text, 0 };
	matches = model_rule_matches(&model, 0, values, 6);
	model_free(&model);
	sigma_rule_free(&rule);
	tree_free(&file);
	free(yaml);
	return matches;
}

/* A gap stands for one group at least, and there are eight. */
static void test_groups(void **state)
{
	(void)state;
	assert_true(in_network("::/0", "1:2:3:4:5:6:7:8"));
	assert_true(in_network("::/0", "::2:3:4:5:6:7:8"));
	assert_true(in_network("::/0", "1:2:3:4:5:6:7::"));
	assert_false(in_network("::/0", "::1:2:3:4:5:6:7:8"));
	assert_false(in_network("::/0", "1:2:3:4:5:6:7:8::"));
	assert_false(in_network("::/0", "1:2:3:4::5:6:7:8"));
	assert_false(in_network("::/0", "1:2:3:4:5:6:7"));
	assert_false(in_network("::/0", "1::2::3"));
	assert_true(in_network("fe80::/10", "fe80::3:4:5:6:7:8"));
	assert_false(in_network("fe80::/10", "fe80::2:3:4:5:6:7:8"));
	assert_false(in_network("fe80::/10", "fec0::1"));
	assert_true(in_network("::1", "0:0:0:0:0:0:0:1"));
	assert_false(in_network("::1", "::0:0:0:0:0:0:0:1"));
}

static void test_fieldrefs(void **state)
{
	static const char *const cases[][2] = {
		{ "Image|fieldref: ParentImage",
		  "Image equals input ParentImage" },
		{ "ParentImage|fieldref|cased: Image",
		  "Image equals input cased ParentImage" },
		{ "ParentImage|fieldref|startswith: Image",
		  "ParentImage startswith input Image" },
		{ "Image|endswith|cased|fieldref: User",
		  "Image endswith input cased User" },
		{ "User|fieldref|neq: ParentUser",
		  "not User equals input ParentUser" },
		{ "User|fieldref: [ParentUser, Image]",
		  "User equals input ParentUser or Image equals input User" },
		{ "ProcessId|fieldref: LogonId",
		  "LogonId equals input ProcessId" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_entry_means(cases[i][0], cases[i][1]);
	assert_entry_refused("Image|fieldref: Hashes", SIGMA_UNKNOWN_FIELD, 21,
			     "field 'Hashes' is not an input");
	assert_entry_refused("Image|fieldref: Image", SIGMA_BAD_VALUE, 21,
			     "with itself");
	assert_entry_refused("Image|fieldref: ProcessId", SIGMA_BAD_VALUE, 21,
			     "is a text and the other field a number");
	assert_entry_refused("Image|fieldref:", SIGMA_BAD_VALUE, 20,
			     "without a name");
	assert_entry_refused("'|fieldref': Image", SIGMA_KEYWORDS, 5,
			     "'fieldref' needs a field");
}

/* A rule has a name that no one gave it, and always the same one. */
static void test_no_id(void **state)
{
	static const char yaml[] =
		"title: A rule\n"
		"logsource: {category: process_creation}\n"
		"detection: {a: {Image: x}, condition: a}\n";
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;

	(void)state;
	assert_int_equal(tree_load(&file, (const uint8_t *)yaml,
				   strlen(yaml), &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &steps, &error), 0);
	assert_string_equal(rule.id, "7d867387-9fe3-87e9-8c1f-4aff736b4b0b");
	sigma_rule_free(&rule);
	tree_free(&file);
}

/* Wildcards alone touch no input; what is then left must say something. */
static void test_constants(void **state)
{
	(void)state;
	assert_entry_means("{ Image: '*', User: x }", "User equals 'x'");
	assert_entry_means("{ Image|contains: '**', User: x }",
			   "User equals 'x'");
	assert_entry_means("{ ProcessId: '*', User: x }", "User equals 'x'");
	assert_means("  a: {Image: x}\n  b: {User: '*'}\n"
		     "  condition: a and not (a and not b)\n",
		     "Image equals 'x'");
	assert_means("  a: {Image: x}\n  b: {User: '*'}\n  c: {User: z}\n"
		     "  condition: 2 of them\n",
		     "Image equals 'x' or User equals 'z'");
	assert_detection_refused("  a: {Image: '*'}\n  condition: a\n",
				 SIGMA_CONSTANT, 8, 14, "every event");
	assert_detection_refused("  a: {Image: '*'}\n  condition: not a\n",
				 SIGMA_CONSTANT, 8, 14, "no event");
	assert_detection_refused("  a: {Image: [x, '*']}\n  condition: a\n",
				 SIGMA_CONSTANT, 8, 14, "every event");
}

/* A selection beside its own negation; no other contradiction is seen. */
static void test_contradictions(void **state)
{
	static const struct {
		const char *condition, *text;
	} cases[] = {
		{ "a and not a", "no event" }, { "not b and b", "no event" },
		{ "c and not c", "no event" }, { "a or not a", "every event" },
		{ "a and (b and not a)", "no event" },
		{ "b and not b or c and not c", "no event" },
		{ "a and 1 of b and not 1 of a", "no event" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *detection = xasprintf(
			"  a: {Image: x}\n  b: {Image: x, User: y}\n"
			"  c: {Image: [x, y]}\n  condition: %s\n",
			cases[i].condition);

		assert_detection_refused(detection, SIGMA_CONSTANT, 10, 14,
					 cases[i].text);
		free(detection);
	}
	assert_means("  a: {Image: x}\n  b: {User: y}\n"
		     "  condition: a or b and not b\n", "Image equals 'x'");
	assert_means("  a: {Image: x}\n  b: {Image: x}\n"
		     "  condition: a and not b\n",
		     "Image equals 'x' and not Image equals 'x'");
	assert_means("  a: {Image: x}\n  b: {User: y, Image: z}\n"
		     "  condition: a and not (b and not a)\n",
		     "Image equals 'x' and not (User equals 'y' and Image "
		     "equals 'z' and not Image equals 'x')");
}

#define ABC						\
	"  sel_a: {Image: a}\n  sel_b: {User: b}\n"	\
	"  other: {CurrentDirectory: c}\n"		\
	"  _hid: {User: h}\n  condition: "
#define A "Image equals 'a'"
#define B "User equals 'b'"
#define C "CurrentDirectory equals 'c'"
#define H "User equals 'h'"

static void test_conditions(void **state)
{
	static const char *const cases[][2] = {
		{ "sel_a", A },
		{ "not sel_a", "not " A },
		{ "not not sel_a", A },
		{ "sel_a and sel_b", A " and " B },
		{ "sel_a or sel_b and other", A " or (" B " and " C ")" },
		{ "sel_a and sel_b or other", "(" A " and " B ") or " C },
		{ "not sel_a and sel_b", "not " A " and " B },
		{ "not (sel_a and sel_b)", "not (" A " and " B ")" },
		{ "(sel_a or sel_b) and other",
		  "(" A " or " B ") and " C },
		{ "((sel_a))", A },
		{ "1 of sel_*", A " or " B },
		{ "all of sel_*", A " and " B },
		{ "any of sel_*", A " or " B },
		{ "2 of sel_*", A " and " B },
		{ "1 of *_a", A },
		{ "1 of s*l_*", A " or " B },
		{ "2 of them", "2 of (" A ", " B ", " C ")" },
		{ "3 of them", A " and " B " and " C },
		{ "all of them", A " and " B " and " C },
		{ "all of *", A " and " B " and " C },
		{ "1 of _*", H },
		{ "_hid", H },
		{ "sel_a and 1 of sel_b", A " and " B },
		{ "not 1 of sel_*", "not (" A " or " B ")" },
		{ "sel_a AND NOT sel_b", A " and not " B },
		{ "sel_a or sel_a", A },
		{ ">\n    sel_a\n    and sel_b", A " and " B },
		{ "[sel_a, sel_b]", A " or " B },
		{ "'sel_a'", A },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *detection = xasprintf(ABC "%s\n", cases[i][0]);

		assert_means(detection, cases[i][1]);
		free(detection);
	}
}

static void test_refused_conditions(void **state)
{
	static const struct {
		const char *condition;
		size_t column;
		const char *text;
	} cases[] = {
		{ "''", 15, "ends where" },
		{ "nosuch", 14, "no selection is named 'nosuch'" },
		{ "sel_a and nosuch", 24, "'nosuch'" },
		{ "'sel_a and nosuch'", 25, "'nosuch'" },
		{ "sel_a sel_b", 20, "'sel_b' stands where" },
		{ "sel_a and", 23, "ends where" },
		{ "and sel_a", 14, "'and' stands where" },
		{ "not", 17, "ends where" },
		{ "(sel_a", 20, "ends where ')'" },
		{ "sel_a)", 19, "')' stands where" },
		{ "()", 15, "')' stands where" },
		{ "1 of", 18, "ends where" },
		{ "1 of (sel_a)", 19, "'(' stands where" },
		{ "0 of them", 14, "needs all, any or a number" },
		{ "x of them", 14, "needs all, any or a number" },
		{ "4 of them", 19, "there are only 3" },
		{ "1 of none*", 19, "no selection is named 'none*'" },
		{ "sel_*", 14, "no selection is named 'sel_*'" },
		{ "sel_a | count() > 3", 20, "several events" },
		{ "[]", 14, "empty" },
		{ "{ a: b }", 14, "must be a text" },
	};

	(void)state;
	assert_means(ABC "sel_a\n", A);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *detection = xasprintf(ABC "%s\n", cases[i].condition);

		assert_detection_refused(detection, i == 19 ? SIGMA_BAD_RULE :
					 SIGMA_BAD_CONDITION, 11,
					 cases[i].column, cases[i].text);
		free(detection);
	}
}

static void test_none_left(void **state)
{
	(void)state;
	assert_detection_refused("  _a: {Image: x}\n  condition: 1 of them\n",
				 SIGMA_BAD_CONDITION, 8, 19, "'them', which "
				 "leaves out names that begin with '_'");
}

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

static void test_refused_rules(void **state)
{
	static const struct {
		const char *yaml;
		enum sigma_code code;
		size_t line, column;
		const char *text;
	} cases[] = {
		{ "[]\n", SIGMA_BAD_RULE, 1, 1, "not a map" },
		{ "title: x\n", SIGMA_BAD_RULE, 1, 1, "no logsource" },
		{ "title: x\ntaxonomy: ecs\n", SIGMA_LOGSOURCE, 2, 11,
		  "'ecs'" },
		{ "id: x\n", SIGMA_BAD_RULE, 1, 5, "not a UUID" },
		{ "id: " RULE_ID "\n", SIGMA_BAD_RULE, 1, 1, "no title" },
		{ "id: " RULE_ID "\ntitle: \"a\\nb\"\n", SIGMA_BAD_RULE, 2, 8,
		  "one line" },
		{ "id: " RULE_ID "\ntitle: t\nlevel: x\n", SIGMA_BAD_RULE, 3, 8,
		  "informational, low" },
		{ "id: " RULE_ID "\ntitle: t\ntags: [\"a,b\"]\n", SIGMA_BAD_RULE,
		  3, 8, "commas" },
		{ "id: " RULE_ID "\ntitle: t\ntags: x\n", SIGMA_BAD_RULE, 3, 7,
		  "list" },
		{ "id: " RULE_ID "\ntitle: t\n", SIGMA_BAD_RULE, 1, 1,
		  "no logsource" },
		{ "id: " RULE_ID "\ntitle: t\nlogsource: {product: linux}\n",
		  SIGMA_LOGSOURCE, 3, 12, "no category" },
		{ "id: " RULE_ID "\ntitle: t\nlogsource: {category: image_load}\n",
		  SIGMA_LOGSOURCE, 3, 23, "'image_load'" },
		{ "id: " RULE_ID "\ntitle: t\nlogsource: {category: "
		  "process_creation, product: zeek}\n", SIGMA_LOGSOURCE, 3,
		  50, "'zeek'" },
		{ "id: " RULE_ID "\ntitle: t\nlogsource: {category: "
		  "process_creation, service: auditd}\n", SIGMA_LOGSOURCE, 3,
		  41, "'service'" },
		{ "correlation: {type: event_count}\n", SIGMA_BAD_RULE, 1, 14,
		  "correlation" },
		{ "filter: {rules: []}\n", SIGMA_BAD_RULE, 1, 9, "filter" },
		{ "action: global\n", SIGMA_BAD_RULE, 1, 9, "collection" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_refused(cases[i].yaml, cases[i].code, cases[i].line,
			       cases[i].column, cases[i].text);
	assert_detection_refused("  a: {Image: x}\n", SIGMA_BAD_RULE, 7, 3,
				 "no condition");
	assert_detection_refused("  a: {Image: x}\n  timeframe: 5m\n"
				 "  condition: a\n", SIGMA_BAD_CONDITION, 8, 3,
				 "several events");
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
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refused_values),
		cmocka_unit_test(test_refused_modifiers),
		cmocka_unit_test(test_selections),
		cmocka_unit_test(test_keywords),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_fieldrefs),
		cmocka_unit_test(test_no_id),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_refused_conditions),
		cmocka_unit_test(test_none_left),
		cmocka_unit_test(test_places_of_conditions),
		cmocka_unit_test(test_places_of_values),
		cmocka_unit_test(test_places_wide),
		cmocka_unit_test(test_refused_rules),
		cmocka_unit_test(test_refused_yaml),
		cmocka_unit_test(test_breaks),
		cmocka_unit_test(test_breaks_wide),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
