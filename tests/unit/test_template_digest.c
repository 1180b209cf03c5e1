// SPDX-License-Identifier: GPL-2.0-or-later
/* Digests of a template's files: what they tell apart, and what they don't. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm/template_digest.h"

#define LEN ((off_t)10 << 20)	/* more than two pieces, the last one short */

static int new_file(off_t len)
{
	int fd = memfd_create("digest", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, len), 0);
	return fd;
}

static void put(int fd, off_t off, uint8_t byte)
{
	assert_int_equal(pwrite(fd, &byte, 1, off), 1);
}

static void assert_same(int a, int b, bool same)
{
	char *of_a = template_digest(a), *of_b = template_digest(b);

	assert_non_null(of_a);
	assert_non_null(of_b);
	assert_int_equal(!strcmp(of_a, of_b), same);
	free(of_a);
	free(of_b);
}

static const off_t places[] = {
	0, 1, 4095, 4096, 65535, 65536, (4 << 20) - 1, 4 << 20, (8 << 20) - 1,
	8 << 20, LEN - 4097, LEN - 1,
};

static void test_every_place_counts(void **state)
{
	int one = new_file(LEN), other = new_file(LEN);

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		put(one, places[i], 1);
		assert_same(one, other, false);
		put(other, places[i], 2);
		assert_same(one, other, false);
		put(other, places[i], 1);
		assert_same(one, other, true);
	}
	close(one);
	close(other);
}

/* The same page elsewhere is another file. */
static void test_moved_page(void **state)
{
	(void)state;
	for (size_t i = 1; i < sizeof(places) / sizeof(*places); i++) {
		int one = new_file(LEN), other = new_file(LEN);

		put(one, places[0], 7);
		put(other, places[i], 7);
		assert_same(one, other, false);
		close(one);
		close(other);
	}
}

/* Whether zeros are written or a hole is up to whoever copied the file. */
static void test_holes_are_zeros(void **state)
{
	int one = new_file(LEN), other = new_file(LEN);

	(void)state;
	put(one, 5 << 20, 9);
	put(other, 5 << 20, 9);
	for (off_t off = 0; off < LEN; off += 4096)
		if (off != 5 << 20)
			put(other, off, 0);
	assert_same(one, other, true);
	close(one);
	close(other);
}

static void test_length_counts(void **state)
{
	int none = new_file(0), one = new_file(LEN), other = new_file(LEN + 1);

	(void)state;
	assert_same(none, one, false);
	assert_same(one, other, false);
	close(none);
	close(one);
	close(other);
}

static void test_unreadable(void **state)
{
	int closed = new_file(1);
	char path[64];
	int deaf;

	(void)state;
	close(closed);
	assert_null(template_digest(closed));
	/* A file that is there, by a descriptor that can only write. */
	closed = new_file(LEN);
	put(closed, 0, 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", closed);
	deaf = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(deaf >= 0);
	assert_null(template_digest(deaf));
	close(deaf);
	close(closed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_place_counts),
		cmocka_unit_test(test_moved_page),
		cmocka_unit_test(test_holes_are_zeros),
		cmocka_unit_test(test_length_counts),
		cmocka_unit_test(test_unreadable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
