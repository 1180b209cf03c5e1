// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files and text of the host: written whole, read once where they are held, and
 * shown so that no name forges a line.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/held.h"
#include "base/mem.h"
#include "base/shown.h"

static char *folder;

static int make_folder(void **state)
{
	char name[] = "/tmp/test_base.XXXXXX";

	(void)state;
	if (!mkdtemp(name))
		return -1;
	folder = xstrdup(name);
	return chdir(folder);
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "file", "link", "fifo" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(names[i]);
	if (chdir("/") || rmdir(folder))
		return -1;
	free(folder);
	return 0;
}

static void expect_file(const char *path, size_t max_len, int want_err,
			const char *want)
{
	uint8_t *data;
	size_t len;

	assert_int_equal(file_read(path, max_len, &data, &len), want_err);
	if (want_err) {
		assert_null(data);
		return;
	}
	assert_int_equal(len, strlen(want));
	assert_memory_equal(data, want, len);
	free(data);
}

static void write_text(const char *path, const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

static mode_t type_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & S_IFMT;
}

static void test_write_link(void **state)
{
	(void)state;
	write_text("file", "one");
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(file_write_to("link", "two", 3), 0);
	assert_int_equal(type_of("link"), S_IFLNK);
	expect_file("file", 16, 0, "two");
	/* In a folder of somebody else's a link may lead anywhere. */
	write_text("link", "three");
	assert_int_equal(type_of("link"), S_IFREG);
	expect_file("file", 16, 0, "two");
	unlink("link");
	/* One that leads nowhere leads nowhere else: it is replaced. */
	assert_int_equal(symlink("nothing", "link"), 0);
	assert_int_equal(file_write_to("link", "three", 5), 0);
	assert_int_equal(type_of("link"), S_IFREG);
	unlink("link");
}

/* Root's "-o /dev/null" must leave a device there. */
static void test_write_fifo(void **state)
{
	char got[8] = "";
	int fd;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(file_write_to("fifo", "bytes", 5), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 5);
	assert_string_equal(got, "bytes");
	close(fd);
	assert_int_equal(type_of("fifo"), S_IFIFO);
	assert_int_equal(file_write_to("/dev/full", "x", 1), -ENOSPC);
	assert_int_equal(type_of("/dev/full"), S_IFCHR);
	assert_int_equal(file_write_to(".", "x", 1), -EISDIR);
}

static void test_held(void **state)
{
	(void)state;
	write_text("file", "first");
	held_add(NULL, 16);
	held_add("file", 16);
	held_add("none", 16);
	write_text("file", "later");
	write_text("link", "there now");
	assert_int_equal(rename("link", "none"), 0);
	expect_file("file", 16, 0, "first");
	held_add("file", 16);
	expect_file("file", 16, 0, "first");
	expect_file("./file", 16, 0, "later");
	expect_file("file", 4, -EFBIG, NULL);
	expect_file("none", 16, -ENOENT, NULL);
	held_free();
	expect_file("file", 16, 0, "later");
	expect_file("none", 16, 0, "there now");
	unlink("none");
}

static void expect_shown(const char *text, const char *want)
{
	char got[128] = "";
	FILE *stream = fmemopen(got, sizeof(got), "w");

	assert_non_null(stream);
	shown_print(stream, text);
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(got, want);
}

static void test_shown(void **state)
{
	(void)state;
	expect_shown("", "");
	expect_shown("a b~'\"\\.plm", "a b~'\"\\.plm");
	expect_shown("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\xa2",
		     "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\xa2");
	expect_shown("x\n  verdict  pass", "x\\x0a  verdict  pass");
	expect_shown("\x1b[2J\r\x7f\t", "\\x1b[2J\\x0d\\x7f\\x09");
	/* C1, the turned direction, and the line separator. */
	expect_shown("\xc2\x9b\xc2\xa0", "\\xc2\\x9b\xc2\xa0");
	expect_shown("\xe2\x80\xae\xe2\x80\xa8", "\\xe2\\x80\\xae\\xe2\\x80\\xa8");
	/* Not UTF-8: alone, cut, too long, half a pair, too large. */
	expect_shown("\xff\x80z", "\\xff\\x80z");
	expect_shown("\xe2\x82", "\\xe2\\x82");
	expect_shown("\xc0\xaf\xe0\x80\x8a", "\\xc0\\xaf\\xe0\\x80\\x8a");
	expect_shown("\xed\xa0\x80", "\\xed\\xa0\\x80");
	expect_shown("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_link),
		cmocka_unit_test(test_write_fifo),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_shown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
