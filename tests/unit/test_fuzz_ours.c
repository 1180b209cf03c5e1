// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fuzzer's way to our own module: an input that a module could not be loaded
 * anew for was missed, and is none that kernel and userspace disagree about.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "plimsoll_uapi.h"
#undef PLIMSOLL_DEVICE
#define PLIMSOLL_DEVICE device_path
static const char *device_path;

/* Not in the library of the tests: they need what stands in for the guest below. */
#include "vm/guest/fuzz_compare.c"
#include "vm/guest/fuzz_ours.c"

#define THERE	  "/dev/null"
#define NOT_THERE "/nowhere/plimsoll"

static const uint8_t junk[] = "no content";
static int write_error, unload_error, load_error;
static int gone;	/* errno of a device that was there */
static unsigned int num_loaded;
static const char *path_after;		/* of the device, once loaded */

/* The guest's parts, in place of the real ones. */
int make_whole(const char *path, const uint8_t *data, size_t len)
{
	(void)path;
	assert_ptr_equal(data, junk);
	assert_int_equal(len, sizeof(junk));
	return write_error;
}

int unload_module(const char *name)
{
	assert_string_equal(name, "plimsoll");
	return unload_error;
}

int load_module(const char *path, const char *params)
{
	(void)params;
	assert_string_equal(path, VM_CONSUMER);
	assert_false(unload_error);
	num_loaded += !load_error;
	device_path = load_error ? NOT_THERE : path_after;
	return load_error;
}

int make_folders(const char *path) { return path ? 0 : EINVAL; }
const char *consumer_params(void) { return ""; }
int events_start(void) { return 0; }
void events_raise(const uint8_t *data, size_t len) { (void)data; (void)len; }
void events_cheap(const uint8_t *data, size_t len) { (void)data; (void)len; }
int acts_start(void) { return 0; }
void acts_raise(const uint8_t *data, size_t len) { (void)data; (void)len; }
void cover_moved(void) { }
void cover_child_end(void) { }

/* A module that says what the core says. */
int ioctl(int fd, unsigned long number, ...)
{
	struct plimsoll_replace *arg;
	struct plm_content content;
	struct plm_fault fault = { .rule = PLM_NO_RULE };
	va_list args;

	errno = fd < 0 ? EBADF : gone;
	if (errno)
		return -1;
	if (number != PLIMSOLL_IOC_REPLACE)
		return 0;
	va_start(args, number);
	arg = va_arg(args, struct plimsoll_replace *);
	va_end(args);
	if (!arg->data_len)
		return 0;
	arg->err = plm_check((const u8 *)(uintptr_t)arg->data, arg->data_len,
			     0, &content, &fault);
	arg->fault_off = fault.off;
	arg->fault_rule = fault.rule;
	errno = EBADMSG;
	return arg->err ? -1 : 0;
}

static int begin(void **state)
{
	static const struct fuzz_share share = { .channel = 1 };

	(void)state;
	write_error = unload_error = load_error = gone = 0;
	num_loaded = 0;
	device_path = path_after = THERE;
	return fuzz_way_ours.start(&share);
}

static int finish(void **state)
{
	(void)state;
	unload_error = 0;
	return fuzz_way_ours.end();
}

static struct fuzz_offered offered(uint32_t ways)
{
	return fuzz_way_ours.offer(junk, sizeof(junk), ways);
}

/* It was missed for this reason, whatever came before. */
static void assert_missed(int error)
{
	struct fuzz_offered got = offered(FUZZ_WAY_DIRECT | FUZZ_WAY_FIRMWARE);

	assert_string_equal(got.missed, "the module was not loaded anew");
	assert_int_equal(got.error, error);
	assert_null(got.quarrel);
	assert_false(got.accepted);
}

static void test_both_ways(void **state)
{
	struct fuzz_offered got = offered(FUZZ_WAY_DIRECT);

	(void)state;
	assert_null(got.missed);
	assert_int_equal(num_loaded, 0);
	got = offered(FUZZ_WAY_DIRECT | FUZZ_WAY_FIRMWARE);
	assert_null(got.missed);
	assert_int_equal(got.error, 0);
	assert_null(got.quarrel);
	assert_int_equal(num_loaded, 1);
}

static void test_not_written(void **state)
{
	(void)state;
	write_error = ENOSPC;
	assert_missed(ENOSPC);
	assert_int_equal(num_loaded, 0);
}

static void test_not_unloaded(void **state)
{
	(void)state;
	unload_error = EBUSY;
	assert_missed(EBUSY);
	assert_int_equal(num_loaded, 0);
	assert_int_equal(fuzz_way_ours.end(), EBUSY);
}

static void test_not_loaded(void **state)
{
	(void)state;
	load_error = ENOEXEC;
	assert_missed(ENOEXEC);
}

static void test_no_device(void **state)
{
	(void)state;
	path_after = NOT_THERE;
	assert_missed(ENOENT);
	assert_int_equal(num_loaded, 1);
}

static void test_device_gone(void **state)
{
	struct fuzz_offered got;

	(void)state;
	gone = ENODEV;
	got = offered(FUZZ_WAY_DIRECT);
	assert_string_equal(got.missed, "the module's device does not answer");
	assert_int_equal(got.error, ENODEV);
	assert_null(got.quarrel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_ways, begin, finish),
		cmocka_unit_test_setup_teardown(test_not_written, begin,
						finish),
		cmocka_unit_test_setup_teardown(test_not_unloaded, begin,
						finish),
		cmocka_unit_test_setup_teardown(test_not_loaded, begin, finish),
		cmocka_unit_test_setup_teardown(test_no_device, begin, finish),
		cmocka_unit_test_setup_teardown(test_device_gone, begin,
						finish),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
