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
#include "dump/dump.h"
#include "sigma/compile.h"
#include "sigma/tree.h"

#define ID "3fe1d1a0-7a3c-4d3e-8d1c-1b2a3c4d5e6f"
#define OTHER_ID "3fe1d1a0-7a3c-4d3e-8d1c-1b2a3c4d5e70"

/* Lines 1 to 6; what a test adds begins at line 7. */
#define HEAD						\
	"title: A rule\n"				\
	"id: " ID "\n"					\
	"logsource:\n"					\
	"    category: process_creation\n"		\
	"    product: linux\n"				\
	"detection:\n"

/* -1 and *error, or the condition as dump shows it, on one line. */
static int compile(const char *yaml, char **out_condition,
		   struct sigma_error *error)
{
	struct tree_file file;
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_rule rule = { 0 };
	struct model model;
	int status;

	*out_condition = NULL;
	status = tree_load(&file, (const uint8_t *)yaml, strlen(yaml), error);
	if (!status) {
		assert_int_equal(file.num_documents, 1);
		status = sigma_rule_compile(&rule, file.documents[0], NULL,
					    &steps, error);
	}
	tree_free(&file);
	if (!status) {
		model_init(&model, 1, 1);
		sigma_rule_emit(&rule, PLM_ACTION_AUDIT, &model);
		*out_condition = dump_condition(&model, &model.rules[0],
						SIZE_MAX);
		for (char *p = *out_condition; *p; p++)
			if (*p == '\n')
				*p = ' ';
		model_free(&model);
	}
	sigma_rule_free(&rule);
	return status;
}

static void assert_means(const char *detection, const char *expected)
{
	char *yaml = xasprintf(HEAD "%s", detection), *condition;
	struct sigma_error error;

	if (compile(yaml, &condition, &error))
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

	if (!compile(yaml, &condition, &error))
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
	char *yaml = xasprintf(HEAD "%s", detection);

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
		{ "Image|exists: 'true'", SIGMA_MODIFIER, 19, "true or" },
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
	char *yaml = xasprintf(HEAD "  a: {User|cidr: '%s'}\n"
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
		{ "id: " ID "\n", SIGMA_BAD_RULE, 1, 1, "no title" },
		{ "id: " ID "\ntitle: \"a\\nb\"\n", SIGMA_BAD_RULE, 2, 8,
		  "one line" },
		{ "id: " ID "\ntitle: t\nlevel: x\n", SIGMA_BAD_RULE, 3, 8,
		  "informational, low" },
		{ "id: " ID "\ntitle: t\ntags: [\"a,b\"]\n", SIGMA_BAD_RULE,
		  3, 8, "commas" },
		{ "id: " ID "\ntitle: t\ntags: x\n", SIGMA_BAD_RULE, 3, 7,
		  "list" },
		{ "id: " ID "\ntitle: t\n", SIGMA_BAD_RULE, 1, 1,
		  "no logsource" },
		{ "id: " ID "\ntitle: t\nlogsource: {product: linux}\n",
		  SIGMA_LOGSOURCE, 3, 12, "no category" },
		{ "id: " ID "\ntitle: t\nlogsource: {category: image_load}\n",
		  SIGMA_LOGSOURCE, 3, 23, "'image_load'" },
		{ "id: " ID "\ntitle: t\nlogsource: {category: "
		  "process_creation, product: zeek}\n", SIGMA_LOGSOURCE, 3,
		  50, "'zeek'" },
		{ "id: " ID "\ntitle: t\nlogsource: {category: "
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
		{ "a: 'b\n", SIGMA_YAML_SYNTAX, 2, 1, "" },
		{ "\tb: c\n", SIGMA_YAML_SYNTAX, 1, 1, "" },
		{ "a: \xff\n", SIGMA_YAML_SYNTAX, 1, 4, "at byte 3" },
		{ "a: \xc0\x80\n", SIGMA_YAML_SYNTAX, 1, 4, "at byte 3" },
		{ "a: \x01\n", SIGMA_YAML_SYNTAX, 1, 4, "at byte 3" },
		{ "a: &x b\n", SIGMA_YAML_ALIAS, 1, 4, "'x'" },
		{ "a: &x [b]\n", SIGMA_YAML_ALIAS, 1, 4, "'x'" },
		{ "a: &x {b: c}\n", SIGMA_YAML_ALIAS, 1, 4, "'x'" },
		{ "a: *x\n", SIGMA_YAML_ALIAS, 1, 4, "'x'" },
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
	assert_int_equal(tree_load(&file, (const uint8_t *)"a: \"\\e[2J\"\n",
				   11, &error), 0);
	assert_int_equal(file.documents[0]->items[1]->len, 4);
	tree_free(&file);
}

/* @count times @text, between @head and @tail. */
static char *repeat(const char *head, const char *text, size_t count,
		    const char *tail)
{
	size_t len = strlen(text);
	char *out = xmalloc(strlen(head) + len * count + strlen(tail) + 1);
	char *at = stpcpy(out, head);

	for (size_t i = 0; i < count; i++)
		at = stpcpy(at, text);
	stpcpy(at, tail);
	return out;
}

static void assert_load(const char *head, const char *text, size_t count,
			const char *tail, enum sigma_code code)
{
	char *yaml = repeat(head, text, count, tail);
	struct sigma_error error;
	struct tree_file file;
	int status = tree_load(&file, (uint8_t *)yaml, strlen(yaml), &error);

	assert_int_equal(status, code == SIGMA_NUM_CODES ? 0 : -1);
	if (status)
		assert_int_equal(error.code, code);
	tree_free(&file);
	free(yaml);
}

static void test_yaml_limits(void **state)
{
	const enum sigma_code fine = SIGMA_NUM_CODES;

	(void)state;
	assert_load("", "[", 0, "", fine);
	assert_load("", "[", 31, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", fine);
	assert_load("", "[", 33, "", SIGMA_FILE_LIMIT);
	assert_load("", "[", 1u << 20, "", SIGMA_FILE_LIMIT);
	assert_load("", "- ", 500000, "", SIGMA_FILE_LIMIT);
	assert_load("", "? ", 500000, "", SIGMA_FILE_LIMIT);
	assert_load("a: [", "b,", 60000, "]", fine);
	assert_load("a: [", "b,", 70000, "]", SIGMA_FILE_LIMIT);
	assert_load("", "#\n", 1u << 19, "", fine);
	assert_load("#", "#\n", 1u << 19, "", SIGMA_FILE_LIMIT);
	assert_load("a: ", "'", 1000001, "", SIGMA_YAML_SYNTAX);
}

static void test_rule_limits(void **state)
{
	struct sigma_error error;
	char *yaml, *condition;

	(void)state;
	yaml = repeat(HEAD "  a: {Image: x}\n  b: {User: y}\n  condition: a",
		      " or not (b and not (a", 30,
		      "))))))))))))))))))))))))))))))))))))))))))))))))))))))"
		      "))))))\n");
	assert_int_equal(compile(yaml, &condition, &error), -1);
	assert_int_equal(error.code, SIGMA_BAD_CONDITION);
	assert_non_null(strstr(error.text, "nested deeper"));
	free(yaml);
	yaml = repeat(HEAD "  a: {Image: x}\n  condition: a", " and a", 3000,
		      "\n");
	assert_int_equal(compile(yaml, &condition, &error), -1);
	assert_int_equal(error.code, SIGMA_BAD_CONDITION);
	assert_non_null(strstr(error.text, "longer than"));
	free(yaml);
	yaml = repeat(HEAD "  a: {Image: x}\n  condition: a", " and a", 2000,
		      "\n");
	assert_int_equal(compile(yaml, &condition, &error), 0);
	assert_string_equal(condition, "Image equals 'x'");
	free(condition);
	free(yaml);
	yaml = repeat(HEAD "  a: {Image: '", "x", PLM_MAX_TEXT_LEN,
		      "'}\n  condition: a\n");
	assert_int_equal(compile(yaml, &condition, &error), 0);
	free(condition);
	free(yaml);
	yaml = repeat(HEAD "  a: {Image: '", "x", PLM_MAX_TEXT_LEN + 1,
		      "'}\n  condition: a\n");
	assert_int_equal(compile(yaml, &condition, &error), -1);
	assert_int_equal(error.code, SIGMA_BAD_VALUE);
	free(yaml);
}

/*  selections, the deep ones last, of which two must hold. */
static int compile_two_of(size_t num, size_t num_deep, char **out_condition,
			  struct sigma_error *error)
{
	char *yaml = xstrdup(HEAD), *more;
	int status;

	for (size_t i = 0; i < num; i++) {
		more = i + num_deep < num ?
		       xasprintf("%s  s%zu: {Image: v%zu}\n", yaml, i, i) :
		       xasprintf("%s  s%zu: {Image: [a, v%zu], "
				 "User: [a, v%zu]}\n", yaml, i, i, i);
		free(yaml);
		yaml = more;
	}
	more = xasprintf("%s  condition: 2 of s*\n", yaml);
	status = compile(more, out_condition, error);
	free(more);
	free(yaml);
	return status;
}

/* Counted results wait on the stack: those that need much of it go first. */
static void test_counted_lists(void **state)
{
	struct sigma_error error;
	char *condition;

	(void)state;
	assert_int_equal(compile_two_of(64, 0, &condition, &error), 0);
	assert_non_null(strstr(condition, "2 of (Image equals 'v0'"));
	free(condition);
	assert_int_equal(compile_two_of(62, 62, &condition, &error), 0);
	free(condition);
	assert_int_equal(compile_two_of(63, 1, &condition, &error), 0);
	assert_non_null(strstr(condition, "2 of ((Image equals any of ('a'"));
	free(condition);
	assert_int_equal(compile_two_of(63, 63, &condition, &error), 0);
	free(condition);
	assert_int_equal(compile_two_of(65, 0, &condition, &error), 0);
	free(condition);
	assert_int_equal(compile_two_of(900, 900, &condition, &error), 0);
	free(condition);
}

/* @least of @num selections, of which each looks for its own number. */
static int compile_counted(struct model *model, size_t num, size_t least,
			   uint64_t *steps, struct sigma_error *error)
{
	char *yaml = xstrdup(HEAD), *more;
	struct sigma_rule rule = { 0 };
	struct tree_file file;
	int status;

	for (size_t i = 0; i < num; i++) {
		more = xasprintf("%s  s%zu: {Image|contains: ',%zu,'}\n", yaml,
				 i, i);
		free(yaml);
		yaml = more;
	}
	more = xasprintf("%s  condition: %zu of s*\n", yaml, least);
	assert_int_equal(tree_load(&file, (uint8_t *)more, strlen(more),
				   error), 0);
	status = sigma_rule_compile(&rule, file.documents[0], NULL, steps,
				    error);
	model_init(model, 1, 1);
	if (!status)
		sigma_rule_emit(&rule, PLM_ACTION_AUDIT, model);
	sigma_rule_free(&rule);
	tree_free(&file);
	free(more);
	free(yaml);
	return status;
}

/* Do exactly the events match in which so many of the numbers stand? */
static void assert_counts(size_t num, size_t least)
{
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_error error;
	struct model model;

	assert_int_equal(compile_counted(&model, num, least, &steps, &error),
			 0);
	for (size_t round = 0; round < 20; round++) {
		/* About as many as matter, here and there. */
		size_t want = least + round % 3 - 1, have = 0;
		struct plm_value value = { .kind = PLM_VALUE_STRING };
		char text[4096] = ",", *at = text + 1;

		for (size_t i = 0; i < num; i++) {
			size_t k = (i * 37 + round * 11) % num;

			if (have == want)
				break;
			at += snprintf(at, 8, "%zu,,", k);
			have++;
		}
		value.data = (const u8 *)text;
		value.len = (u32)(at - text);
		assert_int_equal(model_rule_matches(&model, 0, &value, 1),
				 have >= least);
	}
	model_free(&model);
}

/* Lists longer than the stack are counted in parts. */
static void test_long_counts(void **state)
{
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_error error;
	struct model model;

	(void)state;
	assert_counts(64, 3);
	assert_counts(65, 2);
	assert_counts(65, 64);
	assert_counts(100, 3);
	assert_counts(130, 127);
	assert_counts(200, 5);
	assert_counts(600, 2);
	assert_int_equal(compile_counted(&model, 600, 300, &steps, &error), -1);
	assert_int_equal(error.code, SIGMA_RULE_LIMIT);
	model_free(&model);
}

/*
 * What rules cost is taken off; the one that leaves nothing is named, as nothing
 * left means that some rule was left out.
 */
static void test_steps(void **state)
{
	static const char yaml[] = HEAD
		"  a:\n    Image: [x, y]\n    User|re: a.b.{3}c\n"
		"  condition: a\n";
	uint64_t all = SIGMA_MAX_STEPS, left = all, short_of;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;

	(void)state;
	assert_int_equal(tree_load(&file, (const uint8_t *)yaml,
				   strlen(yaml), &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &left, &error), 0);
	assert_int_equal(rule.steps, all - left);
	assert_true(rule.steps > 3 * SIGMA_TEXT_STEPS);
	short_of = rule.steps;
	sigma_rule_free(&rule);
	left = short_of + 1;
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &left, &error), 0);
	assert_int_equal(left, 1);
	sigma_rule_free(&rule);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &short_of, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_int_equal(error.at.line, 10);
	assert_int_equal(error.at.column, 14);
	assert_non_null(strstr(error.text, "steps and more: of the 268435456"));
	assert_int_equal(short_of, 0);
	sigma_rule_free(&rule);
	tree_free(&file);
}

/* What the one selection "a", and the condition "a", cost. */
static uint64_t steps_of(const char *detection)
{
	char *yaml = xasprintf(HEAD "%s", detection);
	uint64_t left = SIGMA_MAX_STEPS, steps;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;

	assert_int_equal(tree_load(&file, (const uint8_t *)yaml,
				   strlen(yaml), &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &left, &error), 0);
	steps = rule.steps;
	sigma_rule_free(&rule);
	tree_free(&file);
	free(yaml);
	return steps;
}

/* Tests that are no texts, terms, and selections that are looked at. */
static void test_other_steps(void **state)
{
	uint64_t one = SIGMA_TEXT_STEPS + SIGMA_TERM_STEPS +
		       SIGMA_CHILD_STEPS + 2;

	(void)state;
	assert_int_equal(steps_of("  a: {ProcessId: 1}\n  condition: a\n"),
			 one);
	assert_int_equal(steps_of("  a: {Image: null}\n  condition: a\n"),
			 one);
	assert_int_equal(steps_of("  a: {Image|exists: true}\n"
				  "  condition: a\n"), one);
	assert_int_equal(steps_of("  a: {Image|fieldref: User}\n"
				  "  condition: a\n"), one);
	assert_int_equal(steps_of("  a: {ProcessId: 1, Image: '*'}\n"
				  "  condition: a\n"), one + SIGMA_TEXT_STEPS);
	assert_int_equal(steps_of("  a: {ProcessId: [1, 2, 3]}\n"
				  "  condition: a\n"),
			 one + 2 * SIGMA_TEXT_STEPS + 2 * SIGMA_CHILD_STEPS);
	assert_int_equal(steps_of("  a: {ProcessId: 1}\n"
				  "  condition: not a\n"),
			 one + SIGMA_TERM_STEPS);
	assert_int_equal(steps_of("  a: {ProcessId: 1}\n"
				  "  b: {ProcessId: 2}\n"
				  "  condition: 1 of them\n"),
			 2 * SIGMA_TEXT_STEPS + SIGMA_TERM_STEPS +
			 2 * (SIGMA_CHILD_STEPS + 1));
}

static uint64_t steps_of_count(size_t num, size_t least)
{
	char *detection = NULL;
	size_t len;
	FILE *f = open_memstream(&detection, &len);
	uint64_t steps;

	for (size_t i = 0; i < num; i++)
		fprintf(f, "  s%zu: {ProcessId: %zu}\n", i, i);
	fprintf(f, "  condition: %zu of them\n", least);
	fclose(f);
	steps = steps_of(detection);
	free(detection);
	return steps - SIGMA_TERM_STEPS -
	       num * (SIGMA_TEXT_STEPS + SIGMA_CHILD_STEPS + 1);
}

/* What a count is split into is paid for; one that fits the stack is not. */
static void test_steps_of_counts(void **state)
{
	(void)state;
	assert_int_equal(steps_of_count(PLM_MAX_STACK, 3), 0);
	/* 2 of either half or 1 of both: 4 lists of halves, and 4 of these. */
	assert_int_equal(steps_of_count(66, 2),
			 8 * SIGMA_TERM_STEPS +
			 (4 * 33 + 7) * SIGMA_CHILD_STEPS +
			 (4 * 33 + 6) * SIGMA_BYTE_STEPS);
	assert_true(steps_of_count(200, 5) > 200 * SIGMA_TERM_STEPS);
}

/* Some rules that count so leave no steps for others. */
static void test_counts_end(void **state)
{
	uint64_t left = SIGMA_MAX_STEPS / 4;
	struct sigma_error error;
	struct model model;

	(void)state;
	assert_int_equal(compile_counted(&model, 600, 300, &left, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_non_null(strstr(error.text, "condition has a count that costs"));
	assert_int_equal(left, 0);
	model_free(&model);
}

/* @num selections with such names, and @times such a term. */
static int compile_terms(const char *name, size_t num, const char *term,
			 size_t times, struct sigma_error *error)
{
	char *yaml = NULL, *condition;
	size_t len;
	FILE *f = open_memstream(&yaml, &len);
	int status;

	fputs(HEAD, f);
	for (size_t i = 0; i < num; i++)
		fprintf(f, "  %s%zu: {ProcessId: %zu}\n", name, i, i);
	fprintf(f, "  condition:\n    - %s", term);
	for (size_t i = 1; i < times; i++)
		fprintf(f, i % 100 ? " or %s" : "\n    - %s", term);
	fputs("\n", f);
	fclose(f);
	status = compile(yaml, &condition, error);
	free(condition);
	free(yaml);
	return status;
}

/* Names that nearly fit, and many selections named often, are no way around. */
static void test_steps_of_terms(void **state)
{
	char *name = repeat("", "a", 240, ""), *term;
	struct sigma_error error;

	(void)state;
	term = repeat("1 of *", "a", 120, "0");
	assert_int_equal(compile_terms(name, 1000, term, 100, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_non_null(strstr(error.text, "condition has a term that costs"));
	free(term);
	term = repeat("1 of *", "a", 120, "*");
	assert_int_equal(compile_terms(name, 1000, term, 50, &error), 0);
	free(term);
	free(name);
	assert_int_equal(compile_terms("s", 1000, "1 of *", 50, &error), 0);
	assert_int_equal(compile_terms("s", 1000, "1 of *", 9000, &error), -1);
	assert_int_equal(error.code, SIGMA_COST);
	assert_int_equal(compile_terms("s", 1000, "s999", 100, &error), 0);
}

/* A value list far longer than the stack, with each value alone matching. */
static void test_long_lists(void **state)
{
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_rule rule;
	struct sigma_error error;
	struct tree_file file;
	struct model model;
	char *yaml = repeat(HEAD, "", 0, "  a:\n    Image:\n"), *more;

	(void)state;
	for (int i = 0; i < 300; i++) {
		more = xasprintf("%s      - v%d\n", yaml, i);
		free(yaml);
		yaml = more;
	}
	more = xasprintf("%s  b: {User: u}\n  condition: b and a\n", yaml);
	assert_int_equal(tree_load(&file, (uint8_t *)more, strlen(more),
				   &error), 0);
	assert_int_equal(sigma_rule_compile(&rule, file.documents[0], NULL,
					    &steps, &error), 0);
	model_init(&model, 1, 1);
	sigma_rule_emit(&rule, PLM_ACTION_AUDIT, &model);
	for (int i = -1; i <= 300; i++) {
		struct plm_value values[6] = { 0 };
		char *text = xasprintf("V%d", i);

		values[0] = (struct plm_value){
			PLM_VALUE_STRING, (u32)strlen(text),
			(const u8 *)text, 0,
		};
		values[5] = (struct plm_value){
			PLM_VALUE_STRING, 1, (const u8 *)"u", 0,
		};
		assert_int_equal(model_rule_matches(&model, 0, values, 6),
				 i >= 0 && i < 300);
		free(text);
	}
	model_free(&model);
	sigma_rule_free(&rule);
	tree_free(&file);
	free(more);
	free(yaml);
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
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_refused_conditions),
		cmocka_unit_test(test_refused_rules),
		cmocka_unit_test(test_refused_yaml),
		cmocka_unit_test(test_yaml_limits),
		cmocka_unit_test(test_rule_limits),
		cmocka_unit_test(test_counted_lists),
		cmocka_unit_test(test_long_counts),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_other_steps),
		cmocka_unit_test(test_steps_of_counts),
		cmocka_unit_test(test_counts_end),
		cmocka_unit_test(test_steps_of_terms),
		cmocka_unit_test(test_long_lists),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
