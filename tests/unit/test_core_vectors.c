// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every case of tests/vectors: the good files pass, and each file that differs
 * from a good one by one change is refused with exactly the error, offset and
 * rule that FORMAT.md promises.
 *
 * With two arguments it writes a file instead, for tests of the command:
 *	test_core_vectors FILE.vec:CASE OUT.plm
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "plm_check.h"
#include "tests/unit/lib/vecfile.h"

/* A number of @v, lowest byte first. */
static uint64_t field(struct vector *v, const char *place)
{
	unsigned int width;
	size_t at = vector_at(v, place, &width);
	uint64_t number = 0;

	while (width--)
		number = number << 8 | v->data[at + width];
	return number;
}

static void run_case(void **state)
{
	struct vec_case *c = *state;
	struct plm_content content;
	struct plm_fault fault;
	const char *expected = c->accept ? "OK" : c->error;
	enum plm_err err;

	err = plm_check(c->v.data, (uint32_t)c->v.len, 0, &content, &fault);
	if (strcmp(plm_error_name(err), expected) || fault.off != c->off ||
	    fault.rule != c->rule)
		print_error("%s: expected %s at %u rule %u, got %s at %u rule "
			    "%u\n", c->name, expected, c->off, c->rule,
			    plm_error_name(err), fault.off, fault.rule);
	assert_string_equal(plm_error_name(err), expected);
	assert_int_equal(fault.off, c->off);
	assert_int_equal(fault.rule, c->rule);
	if (!c->accept) {
		assert_null(content.data);
		return;
	}
	assert_ptr_equal(content.data, c->v.data);
	assert_int_equal(content.channel, field(&c->v, "header.channel"));
	assert_int_equal(content.version,
			 field(&c->v, "header.content_version"));
}

/* All files' cases are one group, because TAP wants one plan. */
static int run_all(void)
{
	struct CMUnitTest *tests = NULL;
	size_t num = 0, cap = 0;
	struct vec_file *files;
	int failed = 1;
	glob_t paths;

	if (glob("tests/vectors/*.vec", 0, NULL, &paths)) {
		fputs("no tests/vectors/*.vec here\n", stderr);
		return 1;
	}
	files = xcalloc(paths.gl_pathc, sizeof(*files));
	for (size_t i = 0; i < paths.gl_pathc; i++) {
		if (vec_file_read(&files[i], paths.gl_pathv[i]))
			goto out;
		for (size_t j = 0; j < files[i].num_cases; j++) {
			ARRAY_RESERVE(tests, num, cap);
			tests[num++] = (struct CMUnitTest){
				.name = files[i].cases[j].name,
				.test_func = run_case,
				.initial_state = &files[i].cases[j],
			};
		}
	}
	failed = _cmocka_run_group_tests("vectors", tests, num, NULL, NULL);
out:
	for (size_t i = 0; i < paths.gl_pathc; i++)
		vec_file_free(&files[i]);
	free(files);
	free(tests);
	globfree(&paths);
	return failed != 0;
}

static int write_case(const char *what, const char *out)
{
	const char *colon = strrchr(what, ':');
	struct vec_file file = { 0 };
	struct vec_case *c = NULL;
	char *path;
	int err = -1;

	if (!colon)
		return 2;
	path = xstrndup(what, (size_t)(colon - what));
	if (!vec_file_read(&file, path))
		c = vec_file_find(&file, colon + 1);
	if (c)
		err = file_write(out, c->v.data, c->v.len);
	else
		fprintf(stderr, "no case %s\n", what);
	vec_file_free(&file);
	free(path);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (argc == 3)
		return write_case(argv[1], argv[2]);
	return run_all();
}
