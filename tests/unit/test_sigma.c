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

/* What a question mark means, at an end of which the rest has no say. */
#define FIRST "[^\\\\x80-\\\\xbf]"
#define LETTER FIRST "[\\\\x80-\\\\xbf]*"

/* A dash that windash has left open, as dump quotes it. */
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
		cmocka_unit_test(test_refused_rules),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
