// SPDX-License-Identifier: GPL-2.0-or-later
/* The Sigma compiler: whole files, and several of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sigma/compile.h"

#define ID "3fe1d1a0-7a3c-4d3e-8d1c-1b2a3c4d5e6f"
#define OTHER_ID "3fe1d1a0-7a3c-4d3e-8d1c-1b2a3c4d5e70"

static char folder[] = "/tmp/plimsoll-sigma-XXXXXX";

static char *put_file(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", folder, name);

	assert_int_equal(file_write(path, text, strlen(text)), 0);
	return path;
}

static char *rule_text(const char *id, const char *image)
{
	return xasprintf("title: T\nid: %s\nlevel: high\ntags: [a.b, c.d]\n"
			 "logsource: {category: process_creation}\n"
			 "detection:\n  s: {Image: %s}\n  condition: s\n", id,
			 image);
}

static const struct sigma_options options = {
	.channel = 7, .version = 3, .action = PLM_ACTION_KILL,
};

static void test_compile_files(void **state)
{
	char *one = rule_text(ID, "one"), *two = rule_text(OTHER_ID, "two");
	char *both = xasprintf("---\n%s---\n---\n%s", two, one);
	char *paths[] = { put_file("1.yml", one), put_file("2.yml", two),
			  put_file("3.yml", both) };
	const char *turned[] = { paths[1], paths[0] };
	const char *third[] = { paths[2] };
	struct sigma_compilation a, b, c;
	struct plm_content content;
	struct plm_fault fault;
	struct plm_rule rule;

	(void)state;
	sigma_compile(&a, (const char *const *)paths, 2, &options);
	sigma_compile(&b, turned, 2, &options);
	sigma_compile(&c, third, 1, &options);
	assert_int_equal(a.num_refusals, 0);
	assert_int_equal(c.num_rules, 2);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	assert_int_equal(a.len, c.len);
	assert_memory_equal(a.data, c.data, a.len);
	assert_int_equal(plm_check(a.data, (u32)a.len, 0, &content, &fault),
			 PLM_OK);
	assert_int_equal(content.channel, 7);
	assert_int_equal(content.version, 3);
	assert_true(plm_get_rule(&content, 0, &rule));
	assert_memory_equal(rule.id.data, ID, 36);
	assert_memory_equal(rule.tags.data, "a.b,c.d", rule.tags.len);
	assert_int_equal(rule.level, PLM_LEVEL_HIGH);
	assert_int_equal(rule.action, PLM_ACTION_KILL);
	sigma_compilation_free(&a);
	sigma_compilation_free(&b);
	sigma_compilation_free(&c);
	for (size_t i = 0; i < 3; i++) {
		unlink(paths[i]);
		free(paths[i]);
	}
	free(one);
	free(two);
	free(both);
}

/* Neither of two rules with one id is taken, whatever the files' names. */
static void test_duplicate_ids(void **state)
{
	char *one = rule_text(ID, "one"), *two = rule_text(ID, "two");
	char *three = rule_text(OTHER_ID, "three");
	const char *paths[] = { put_file("a.yml", one), put_file("b.yml", two),
				put_file("c.yml", three) };
	struct sigma_compilation c;

	(void)state;
	two[14] = 'F';	/* the id again, in upper case */
	free((char *)paths[1]);
	paths[1] = put_file("b.yml", two);
	sigma_compile(&c, paths, 3, &options);
	assert_int_equal(c.num_rules, 3);
	assert_int_equal(c.num_refusals, 2);
	assert_int_equal(c.refusals[0].error.code, SIGMA_DUPLICATE_ID);
	assert_string_equal(c.refusals[0].path, paths[0]);
	assert_non_null(strstr(c.refusals[0].error.text, "/b.yml:1"));
	assert_string_equal(c.refusals[1].path, paths[1]);
	assert_non_null(strstr(c.refusals[1].error.text, "/a.yml:1"));
	assert_non_null(c.data);
	sigma_compilation_free(&c);
	for (size_t i = 0; i < 3; i++) {
		unlink(paths[i]);
		free((char *)paths[i]);
	}
	free(one);
	free(two);
	free(three);
}

/* What only the encoder can see is still told of the rule and its file. */
static void test_encoder_refusal(void **state)
{
	char *yaml = xstrdup("title: T\nid: " ID "\nlogsource: {category: "
			     "process_creation}\ndetection:\n  s:\n"
			     "    Image|endswith:\n"), *more;
	char *good = rule_text(OTHER_ID, "/bin/z");
	const char *paths[2];
	struct sigma_compilation c;

	(void)state;
	for (int i = 1; i <= 65; i++) {
		more = xasprintf("%s      - '%.*s'\n", yaml, i,
			"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
			"zzzzzzzzzzz");
		free(yaml);
		yaml = more;
	}
	more = xasprintf("%s  condition: s\n", yaml);
	paths[0] = put_file("x.yml", more);
	paths[1] = put_file("y.yml", good);
	sigma_compile(&c, paths, 2, &options);
	assert_int_equal(c.num_refusals, 1);
	assert_string_equal(c.refusals[0].path, paths[0]);
	assert_string_equal(c.refusals[0].rule, ID);
	assert_int_equal(c.refusals[0].error.code, SIGMA_RULE_LIMIT);
	assert_non_null(c.data);
	/* Its memory is not kept; that of the others is. */
	assert_null(c.sources[0].rule.pool.items);
	assert_null(c.sources[0].rule.program.words);
	assert_non_null(c.sources[1].rule.program.words);
	sigma_compilation_free(&c);
	for (size_t i = 0; i < 2; i++) {
		unlink(paths[i]);
		free((char *)paths[i]);
	}
	free(yaml);
	free(more);
	free(good);
}

static void test_unreadable_files(void **state)
{
	const char *paths[] = { folder, "/nonexistent.yml" };
	struct sigma_compilation c;

	(void)state;
	sigma_compile(&c, paths, 2, &options);
	assert_int_equal(c.num_refusals, 2);
	assert_int_equal(c.refusals[0].error.code, SIGMA_FILE_UNREADABLE);
	assert_int_equal(c.refusals[1].error.code, SIGMA_FILE_UNREADABLE);
	assert_null(c.data);
	sigma_compilation_free(&c);
}

/* Rules that take all of the budget are refused, and not silently nothing. */
static void test_whole_budget(void **state)
{
	char *one = rule_text(ID, "one");
	const char *path = put_file("one.yml", one);
	struct sigma_options few = options;
	struct sigma_compilation c;

	(void)state;
	sigma_compile(&c, &path, 1, &options);
	assert_int_equal(c.num_refusals, 0);
	few.max_steps = c.sources[0].rule.steps;
	sigma_compilation_free(&c);
	sigma_compile(&c, &path, 1, &few);
	assert_null(c.data);
	assert_int_equal(c.num_refusals, 1);
	assert_int_equal(c.refusals[0].error.code, SIGMA_COST);
	sigma_compilation_free(&c);
	few.max_steps++;
	sigma_compile(&c, &path, 1, &few);
	assert_non_null(c.data);
	assert_int_equal(c.num_refusals, 0);
	sigma_compilation_free(&c);
	unlink(path);
	free((char *)path);
	free(one);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compile_files),
		cmocka_unit_test(test_duplicate_ids),
		cmocka_unit_test(test_encoder_refusal),
		cmocka_unit_test(test_unreadable_files),
		cmocka_unit_test(test_whole_budget),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
