// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parts of the VM engine that need no VM: results and their end, module
 * dependencies, records, and which events a Linux machine can make happen.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/boot.h"
#include "vm/modules.h"
#include "vm/realise.h"
#include "vm/records.h"
#include "vm/results.h"
#include "vm/workdir.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define OTHER "0123456789abcdef0123456789abcdee"

/* Results */

static void put(struct results *results, enum vm_result_type type,
		const void *data, size_t len)
{
	struct vm_result head = { .magic = VM_RESULT_MAGIC,
				  .len = (uint32_t)len,
				  .type = (uint16_t)type };

	results_feed(results, &head, sizeof(head), 1);
	results_feed(results, data, len, 1);
}

static void put_end(struct results *results, const char *token, uint64_t num)
{
	struct vm_end end = { .num_results = num };

	memcpy(end.token, token, VM_TOKEN_LEN);
	put(results, VM_RESULT_END, &end, sizeof(end));
}

/* Two results and their end. */
static void put_run(struct results *results)
{
	put(results, VM_RESULT_HELLO, "", 0);
	put(results, VM_RESULT_STEP, "", 0);
	put_end(results, TOKEN, 2);
}

static void test_complete_run(void **state)
{
	struct results results = { 0 };

	(void)state;
	put_run(&results);
	assert_null(results_fault(&results, TOKEN));
	assert_int_equal(results.num, 3);
	results_free(&results);
}

static void test_run_byte_by_byte(void **state)
{
	struct results whole = { 0 }, parts = { 0 };

	(void)state;
	put_run(&whole);
	for (size_t i = 0; i < whole.bytes.len; i++) {
		assert_non_null(results_fault(&parts, TOKEN));
		results_feed(&parts, whole.bytes.data + i, 1, 1);
	}
	assert_null(results_fault(&parts, TOKEN));
	results_free(&whole);
	results_free(&parts);
}

static void expect_fault(struct results *results, const char *text)
{
	const char *fault = results_fault(results, TOKEN);

	assert_non_null(fault);
	assert_non_null(strstr(fault, text));
	results_free(results);
}

static void test_incomplete_runs(void **state)
{
	struct results results = { 0 };

	(void)state;
	put(&results, VM_RESULT_HELLO, "", 0);
	expect_fault(&results, "did not write");
	put_run(&results);
	put_end(&results, TOKEN, 3);
	expect_fault(&results, "more than once");
	put_end(&results, OTHER, 0);
	expect_fault(&results, "not the run's");
	put_end(&results, TOKEN, 1);
	expect_fault(&results, "missing");
	put_run(&results);
	put(&results, VM_RESULT_STEP, "", 0);
	expect_fault(&results, "follow the end");
	put_run(&results);
	results_feed(&results, "x", 1, 1);
	expect_fault(&results, "follow the end");
	put(&results, VM_RESULT_HELLO, "", 0);
	results_feed(&results, "no result is like this one", 26, 1);
	expect_fault(&results, "no result");
}

/* Modules */

static void write_text(const char *dir, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", dir, name);

	assert_int_equal(file_write(path, text, strlen(text)), 0);
	free(path);
}

static void test_modules(void **state)
{
	struct module_list list = { 0 };
	char *dir = workdir_make();
	char *expect;

	(void)state;
	assert_non_null(dir);
	write_text(dir, "modules.dep",
		   "k/fs/ext4.ko: k/lib/crc16.ko k/fs/jbd2.ko k/mbcache.ko\n"
		   "k/fs/not_ext4.ko:\nk/lib/crc16.ko:\n"
		   "k/x/virtio-blk.ko.xz: k/mbcache.ko\n");
	write_text(dir, "modules.builtin", "kernel/drivers/virtio/virtio.ko\n");
	assert_int_equal(module_list_add(&list, dir, "virtio"), 0);
	assert_int_equal(list.num, 0);
	assert_int_equal(module_list_add(&list, dir, "ext4"), 0);
	assert_int_equal(module_list_add(&list, dir, "virtio_blk"), 0);
	assert_int_equal(module_list_add(&list, dir, "absent"), -1);
	assert_int_equal(list.num, 5);
	/* What is needed comes first, and once. */
	expect = xasprintf("%s/k/mbcache.ko", dir);
	assert_string_equal(list.paths[0], expect);
	free(expect);
	expect = xasprintf("%s/k/fs/ext4.ko", dir);
	assert_string_equal(list.paths[3], expect);
	free(expect);
	expect = xasprintf("%s/k/x/virtio-blk.ko.xz", dir);
	assert_string_equal(list.paths[4], expect);
	free(expect);
	module_list_free(&list);
	workdir_remove(dir);
}

/* Records */

static void test_records(void **state)
{
	struct {
		struct plimsoll_record head;
		struct plimsoll_match match;
		struct plimsoll_value image;
		char text[8];
		struct plimsoll_value number;
	} good = {
		.head = { .len = sizeof(good), .type = PLIMSOLL_RECORD_EVENT,
			  .num_matches = 1, .pid = 7, .num_values = 2,
			  .template_id = PLM_PROCESS_CREATION_ID },
		.match = { .channel = 1, .rule = 3, .content_version = 9 },
		.image = { .kind = PLM_VALUE_STRING, .len = 6 },
		.text = "/bin/x", .number = { .kind = PLM_VALUE_NUMBER,
					      .number = 42 },
	}, bad = good;
	struct results results = { 0 };
	struct records records = { 0 };

	(void)state;
	put(&results, VM_RESULT_RECORDS, &good, sizeof(good));
	records_read(&records, &results);
	assert_false(records.malformed);
	assert_int_equal(records.num, 1);
	assert_int_equal(records.list[0].matches[0].rule, 3);
	assert_int_equal(records.list[0].event.values[0].len, 6);
	assert_memory_equal(records.list[0].event.values[0].data, "/bin/x", 6);
	assert_int_equal(records.list[0].event.values[1].number, 42);
	records_free(&records);
	bad.image.len = 0xfffffff8;
	put(&results, VM_RESULT_RECORDS, &bad, sizeof(bad));
	records_read(&records, &results);
	assert_true(records.malformed);
	assert_int_equal(records.num, 1);
	records_free(&records);
	results_free(&results);
}

/* Events */

static struct event ordinary(void)
{
	struct event event = { .template = plm_template_at(0) };

	event_set_string(&event, VM_INPUT_Image, "/usr/bin/id", 11);
	event_set_string(&event, VM_INPUT_CommandLine, "id  -u", 6);
	event_set_string(&event, VM_INPUT_ParentImage, "/usr/bin/dash", 13);
	event_set_string(&event, VM_INPUT_User, "1000", 4);
	return event;
}

static void test_realised(void **state)
{
	struct event event = ordinary();
	struct execution execution;
	const char *reason;

	(void)state;
	assert_int_equal(realise_event(&event, &execution, &reason), 0);
	assert_string_equal(execution.image, "/usr/bin/id");
	assert_string_equal(execution.command_line, "id  -u");
	assert_string_equal(execution.parent_image, "/usr/bin/dash");
	assert_int_equal(execution.uid, 1000);
	assert_int_equal(execution.parent_uid, 0);
	assert_int_equal(execution.last_pid, 0);
	execution_free(&execution);
	event_set_number(&event, VM_INPUT_ProcessId, 5000);
	assert_int_equal(realise_event(&event, &execution, &reason), 0);
	assert_int_equal(execution.last_pid, 4998);
	execution_free(&execution);
	event_free(&event);
}

static void refused(uint32_t input, const char *text, size_t len,
		    const char *reason)
{
	struct event event = ordinary();
	struct execution execution;
	const char *said = NULL;

	assert_int_equal(realise_event(&event, &execution, &said), 0);
	execution_free(&execution);
	event_set_string(&event, input, text, len);
	assert_int_equal(realise_event(&event, &execution, &said), -1);
	assert_non_null(strstr(said, reason));
	execution_free(&execution);
	event_free(&event);
}

static void test_not_realised(void **state)
{
	char longest[1 + 256];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	refused(VM_INPUT_Image, "id", 2, "not absolute");
	refused(VM_INPUT_Image, "", 0, "not absolute");
	refused(VM_INPUT_Image, "/a\0b", 4, "zero byte");
	refused(VM_INPUT_Image, "/a//b", 5, "empty component");
	refused(VM_INPUT_Image, "/a/", 3, "empty component");
	refused(VM_INPUT_Image, "/a/../b", 7, ". or ..");
	refused(VM_INPUT_Image, "/", 1, "root folder");
	refused(VM_INPUT_Image, "/proc/1", 7, "below that folder");
	refused(VM_INPUT_Image, longest, sizeof(longest), "255");
	refused(VM_INPUT_ParentImage, "dash", 4, "not absolute");
	refused(VM_INPUT_CurrentDirectory, "tmp", 3, "not absolute");
	refused(VM_INPUT_CommandLine, "a\0b", 3, "zero byte");
	refused(VM_INPUT_User, "alice", 5, "uid");
	refused(VM_INPUT_User, "01", 2, "uid");
}

static void test_numbers(void **state)
{
	struct event event = ordinary();
	struct execution execution;
	const char *reason;

	(void)state;
	event_set_number(&event, VM_INPUT_ParentProcessId, 1);
	assert_int_equal(realise_event(&event, &execution, &reason), -1);
	assert_non_null(strstr(reason, "PID 1"));
	event_free(&event);
	event = (struct event){ .template = plm_template_at(0) };
	event_set_number(&event, VM_INPUT_ParentProcessId, 1);
	assert_int_equal(realise_event(&event, &execution, &reason), 0);
	assert_null(execution.parent_image);
	execution_free(&execution);
	event_set_number(&event, VM_INPUT_ProcessId, 0);
	assert_int_equal(realise_event(&event, &execution, &reason), -1);
	event_free(&event);
}

static void test_difference(void **state)
{
	struct event asked = ordinary(), seen = event_copy(&asked);

	(void)state;
	event_set_number(&seen, VM_INPUT_ProcessId, 77);
	assert_int_equal(realise_difference(&asked, &seen, false), -1);
	event_set_string(&seen, VM_INPUT_CommandLine, "id  -", 5);
	assert_int_equal(realise_difference(&asked, &seen, false),
			 VM_INPUT_CommandLine);
	assert_int_equal(realise_difference(&asked, &seen, true), -1);
	event_set_string(&seen, VM_INPUT_CommandLine, "ix", 2);
	assert_int_equal(realise_difference(&asked, &seen, true),
			 VM_INPUT_CommandLine);
	event_free(&asked);
	event_free(&seen);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(boot_scenario_known("load"));
	assert_true(boot_scenario_known("boot-twice"));
	assert_true(boot_scenario_known("reject-many"));
	assert_false(boot_scenario_known("loa"));
	assert_false(boot_scenario_known(""));
	assert_true(boot_kernel_known("debian:6.1"));
	assert_false(boot_kernel_known("debian"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete_run),
		cmocka_unit_test(test_run_byte_by_byte),
		cmocka_unit_test(test_incomplete_runs),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_realised),
		cmocka_unit_test(test_not_realised),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
