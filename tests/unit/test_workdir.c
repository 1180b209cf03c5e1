// SPDX-License-Identifier: GPL-2.0-or-later
/* Folders of a command: what was left is swept away, and nobody else's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/workdir.h"

static char base[] = "/tmp/plimsoll-workdir-test-XXXXXX";

static char *below(const char *name)
{
	return xasprintf("%s/%s", base, name);
}

/* A folder that was made an hour ago, with this file in it or none. */
static void put_folder(const char *name, const char *file, mode_t mode)
{
	const struct timespec long_ago[2] = { { 1, 0 }, { 1, 0 } };
	char *path = below(name), *inside = xasprintf("%s/%s", path, file);

	assert_int_equal(mkdir(path, 0700), 0);
	if (*file)
		assert_int_equal(file_write(inside, "x", 1), 0);
	assert_int_equal(chmod(path, mode), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	free(inside);
	free(path);
}

static bool is_there(const char *name)
{
	char *path = below(name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static void remove_folder(const char *name, const char *file)
{
	char *path = below(name), *inside = xasprintf("%s/%s", path, file);

	if (*file)
		assert_int_equal(unlink(inside), 0);
	assert_int_equal(rmdir(path), 0);
	free(inside);
	free(path);
}

/* Six letters behind our name make a folder no one of ours. */
static void test_swept(void **state)
{
	char *held = xasprintf("%s/plimsoll-HELD00/.owner", base), *mine;
	int fd;

	(void)state;
	put_folder("plimsoll-report", "report.json", 0755);
	put_folder("plimsoll-master", "README.md", 0700);
	put_folder("plimsoll-output", "", 0755);
	put_folder("plimsoll-DEAD00", ".owner", 0700);
	put_folder("plimsoll-DEAD01", "", 0700);
	put_folder("plimsoll-HELD00", ".owner", 0700);
	fd = open(held, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0);
	mine = workdir_make_in(base);
	assert_non_null(mine);
	assert_false(is_there("plimsoll-DEAD00"));
	assert_false(is_there("plimsoll-DEAD01"));
	workdir_remove(mine);
	close(fd);
	remove_folder("plimsoll-HELD00", ".owner");
	remove_folder("plimsoll-report", "report.json");
	remove_folder("plimsoll-master", "README.md");
	remove_folder("plimsoll-output", "");
	free(held);
}

/* One that is kept has only what was put there; one that can't be is gone. */
static void test_kept(void **state)
{
	char *to = below("kept"), *mine = workdir_make_in(base);
	char *file = xasprintf("%s/a", mine), *again;

	(void)state;
	assert_non_null(mine);
	assert_int_equal(file_write(file, "x", 1), 0);
	assert_int_equal(workdir_keep(mine, to), 0);
	again = workdir_make_in(base);
	assert_non_null(again);
	assert_int_not_equal(workdir_keep(again, to), 0);
	remove_folder("kept", "a");
	free(file);
	free(to);
}

static int make_base(void **state)
{
	(void)state;
	return mkdtemp(base) ? 0 : -1;
}

/* Nothing else may be left in it. */
static int remove_base(void **state)
{
	(void)state;
	return rmdir(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_swept),
		cmocka_unit_test(test_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
