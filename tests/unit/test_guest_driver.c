// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drivers in the guest: what of a signed module's file the kernel is given, and
 * what happens where it wants all of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vm/guest/init.h"
/* Not in the library of the tests: it needs what stands in for the system below. */
#include "vm/guest/init_driver.c"

#define MAGIC "~Module signature appended~\n"
#define MAGIC_LEN (sizeof(MAGIC) - 1)
#define INFO_LEN 12
#define MODULE "the module itself"
#define MODULE_LEN (sizeof(MODULE) - 1)
#define PATH "/drivers/x.ko"

static uint8_t file[256];
static size_t file_len;
static size_t given_len;	/* of what the kernel was given */
static int refuses;		/* the kernel's errno for that */
static int num_whole;		/* whole files that were loaded */

/* The guest's and the system's, in place of the real ones. */
int read_whole(const char *path, uint8_t **out_data, size_t *out_len)
{
	assert_string_equal(path, PATH);
	/* No byte more than there is: ASan sees a look beyond. */
	*out_data = malloc(file_len ? file_len : 1);
	assert_non_null(*out_data);
	memcpy(*out_data, file, file_len);
	*out_len = file_len;
	return 0;
}

int load_module(const char *path, const char *params)
{
	assert_string_equal(path, PATH);
	assert_string_equal(params, "");
	num_whole++;
	return 0;
}

long syscall(long number, ...)
{
	va_list args;
	void *data;

	assert_int_equal(number, SYS_init_module);
	va_start(args, number);
	data = va_arg(args, void *);
	given_len = va_arg(args, size_t);
	va_end(args);
	assert_memory_equal(data, file, given_len);
	errno = refuses;
	return refuses ? -1 : 0;
}

static void add(const void *data, size_t len)
{
	assert_true(file_len + len <= sizeof(file));
	memcpy(file + file_len, data, len);
	file_len += len;
}

/* @said: the length that the file says its signature has. */
static void make_signed(size_t signature_len, uint32_t said)
{
	static const uint8_t signature[64] = { 0x30, 0x82 };
	uint8_t info[INFO_LEN] = { 0, 0, 2 };
	uint32_t len = htobe32(said);

	file_len = 0;
	memcpy(info + INFO_LEN - sizeof(len), &len, sizeof(len));
	add(MODULE, MODULE_LEN);
	add(signature, signature_len);
	add(info, sizeof(info));
	add(MAGIC, MAGIC_LEN);
}

static int load(void)
{
	char path[] = PATH, *texts[] = { path, NULL };
	struct step step = { .texts = texts };

	given_len = 0;
	num_whole = 0;
	return step_driver(NULL, &step);
}

static void test_signed(void **state)
{
	(void)state;
	refuses = 0;
	make_signed(40, 40);
	assert_int_equal(load(), 0);
	assert_int_equal(given_len, MODULE_LEN);
	assert_int_equal(num_whole, 0);
	/* All of it a signature: the kernel is to say what it makes of that. */
	make_signed(40, 40 + MODULE_LEN);
	assert_int_equal(load(), 0);
	assert_int_equal(given_len, 0);
}

static void test_not_signed(void **state)
{
	static const size_t lens[] = { 0, 1, MAGIC_LEN - 1, 128 };

	(void)state;
	refuses = 0;
	memset(file, 'x', sizeof(file));
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		file_len = lens[i];
		assert_int_equal(load(), 0);
		assert_int_equal(given_len, file_len);
	}
	/* The words alone, and a length that leaves the file. */
	file_len = 0;
	add(MAGIC, MAGIC_LEN);
	assert_int_equal(load(), 0);
	assert_int_equal(given_len, file_len);
	make_signed(40, 41 + MODULE_LEN);
	assert_int_equal(load(), 0);
	assert_int_equal(given_len, file_len);
	make_signed(40, UINT32_MAX);
	assert_int_equal(load(), 0);
	assert_int_equal(given_len, file_len);
}

static void test_insists(void **state)
{
	(void)state;
	refuses = EKEYREJECTED;
	make_signed(40, 40);
	assert_int_equal(load(), 0);
	assert_int_equal(given_len, MODULE_LEN);
	assert_int_equal(num_whole, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_not_signed),
		cmocka_unit_test(test_insists),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
