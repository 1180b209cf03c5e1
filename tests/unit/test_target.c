// SPDX-License-Identifier: GPL-2.0-or-later
/* Target files: what they may say, where they are wrong, what answers say. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/held.h"
#include "base/mem.h"
#include "vm/protocol.h"
#include "vm/target.h"

#define NAME "target: sample\n"
#define PLACE "candidate: /lib/firmware/sample\n"
#define LOAD "load:\n  - write: /dev/sample\n    accepted: { errno: 0 }\n"
#define WHOLE NAME PLACE LOAD

static char folder[] = "/tmp/plimsoll-test-XXXXXX";

static int make_folder(void **state)
{
	char *path;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	path = xasprintf("%s/own.ko", folder);
	assert_int_equal(file_write(path, "x", 1), 0);
	free(path);
	path = xasprintf("%s/out", folder);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	free(path);
	return 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "t.yaml", "own.ko", "out",
					     "x.bin.p7s" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = xasprintf("%s/%s", folder, names[i]);

		unlink(path);
		free(path);
	}
	return rmdir(folder);
}

static int load(const char *text, struct target *out,
		char error[TARGET_ERROR_LEN])
{
	char *path = xasprintf("%s/t.yaml", folder);
	int status;

	assert_int_equal(file_write(path, text, strlen(text)), 0);
	status = target_load(path, out, error);
	free(path);
	return status;
}

static void takes(const char *text)
{
	char error[TARGET_ERROR_LEN] = "";
	struct target target;

	if (load(text, &target, error))
		fail_msg("%s", error);
	target_free(&target);
}

/* Exactly this, behind the file's name. */
static void refuses(const char *text, const char *expected)
{
	char error[TARGET_ERROR_LEN] = "";
	struct target target;
	size_t len = strlen(folder) + strlen("/t.yaml:");

	assert_int_equal(load(text, &target, error), -1);
	assert_memory_equal(error, folder, strlen(folder));
	assert_string_equal(error + len, expected);
}

static void test_whole(void **state)
{
	char error[TARGET_ERROR_LEN];
	struct target target;

	(void)state;
	assert_int_equal(load(WHOLE "append: apparmor=1\nmemory: 64\n"
			      "modules: [cfg80211, own.ko, { module: consumer, "
			      "options: a=b }]\nunload: no\ndamaged: refused\n"
			      "beside:\n  - { suffix: .p7s, path: /x.p7s, "
			      "optional: yes }\n"
			      "files:\n  - { from: own.ko, path: /bin/x, "
			      "executable: yes }\n", &target, error), 0);
	assert_string_equal(target.name, "sample");
	assert_string_equal(target.append, "apparmor=1");
	assert_int_equal(target.memory_mib, 64);
	assert_int_equal(target.num_modules, 3);
	assert_int_equal(target.modules[0].source, TARGET_STOCK);
	assert_int_equal(target.modules[1].source, TARGET_FILE);
	assert_int_equal(target.modules[2].source, TARGET_CONSUMER);
	assert_string_equal(target.modules[2].options, "a=b");
	assert_true(target.keeps_modules && target.refuses_damage);
	assert_true(target.beside[0].optional);
	assert_int_equal(target.files[0].mode, 0755);
	assert_true(target_has_consumer(&target) && !target.ours);
	assert_int_equal(target.num_steps, 1);
	assert_string_equal(target_value(target.steps[0].texts, "write"),
			    "/dev/sample");
	target_free(&target);
}

static void test_steps(void **state)
{
	char error[TARGET_ERROR_LEN];
	struct target target;
	char *const *texts;

	(void)state;
	assert_int_equal(load(NAME PLACE
		"setup:\n  - { mount: securityfs, at: /sys/kernel/security }\n"
		"undo:\n  - rmmod: x\n    expect: { errno: [0, ENOENT] }\n"
		"load:\n"
		"  - ioctl: /dev/x\n    request: 0x40105001\n"
		"    argument: [address, size32, { u32: 7 }, { hex: ff00 }]\n"
		"    within: 1.5\n"
		"    accepted: [{ errno: 0, console: 'a*' }, { errno: 5 }]\n"
		"    rejected: { errno: any }\n"
		"  - { netlink: nl80211, command: 27, attributes: [{ id: 33, text: DE }] }\n"
		"  - run: [/bin/x, a b]\n", &target, error), 0);
	assert_int_equal(target.num_steps, 5);
	assert_int_equal(target.steps[0].phase, TARGET_SETUP);
	assert_int_equal(target.steps[4].phase, TARGET_UNDO);
	texts = target.steps[1].texts;
	assert_string_equal(texts[0], "kind=ioctl");
	assert_string_equal(target_value(texts, "request"), "1074810881");
	assert_string_equal(target_value(texts, "within"), "1500");
	assert_null(target_value(texts, "errno"));
	assert_true(target_has_condition(texts, "accepted"));
	assert_true(target_has_condition(texts, "rejected"));
	assert_string_equal(target_value(target.steps[2].texts, "attributes"),
			    "33 text DE");
	assert_string_equal(target.steps[3].texts[2], "run=a b");
	assert_string_equal(target.steps[4].texts[3], "errno=0 2");
	target_free(&target);
}

static void test_keys(void **state)
{
	(void)state;
	takes(WHOLE);
	refuses(WHOLE "colour: red\n", "6:1: a target has no key 'colour'");
	refuses(NAME PLACE "load:\n  - write: /dev/x\n    speed: 3\n"
		"    accepted: { errno: 0 }\n",
		"5:5: a step 'write' in 'load' has no key 'speed'");
	refuses(NAME PLACE "load:\n  - write: /dev/x\n"
		"    expect: { errno: 0 }\n",
		"5:5: a step 'write' in 'load' has no key 'expect'");
	takes(WHOLE "use:\n  - write: /dev/x\n    untold: { errno: 0 }\n");
	refuses(WHOLE "undo:\n  - write: /dev/x\n    untold: { errno: 0 }\n",
		"8:5: a step 'write' in 'undo' has no key 'untold'");
	refuses(WHOLE "use:\n  - write: /dev/x\n    rejected: { errno: 0 }\n",
		"8:5: a step 'write' in 'use' has no key 'rejected'");
	refuses(NAME PLACE "load:\n  - write: /dev/x\n"
		"    accepted: { error: 0 }\n",
		"5:17: a condition has no key 'error'");
	refuses(NAME PLACE "load:\n  - accepted: { errno: 0 }\n",
		"4:5: a step needs a key that says what to do; 'accepted' does not");
	refuses(NAME PLACE "load:\n  - { mount: x, accepted: { errno: 0 } }\n",
		"4:5: a step 'mount' needs the key 'at'");
	refuses(WHOLE "beside:\n  - { suffix: .p7s, to: /x }\n",
		"7:21: a file beside the candidate has no key 'to'");
	refuses(WHOLE "target: again\n",
		"6:1: key 'target' stands in this map already, at line 1");
	refuses(PLACE LOAD, "1:1: the key 'target' is missing");
	refuses(NAME LOAD, "1:1: the key 'candidate' is missing");
	refuses(NAME PLACE, "1:1: no step of 'load' has a condition 'accepted'");
	refuses("- a\n", "1:1: a target must be a map, is a list");
	refuses("", "1:1: a target is one document, here are 0");
	refuses(WHOLE "use: &x [*x]\n",
		"6:6: anchor or alias 'x': rules are compiled as they stand, "
		"write the value out; a text that begins with '*' or '&' must "
		"stand in quotes");
}

static void test_paths(void **state)
{
	(void)state;
	refuses(NAME "candidate: ../x\n" LOAD,
		"2:12: '../x' is no absolute path in the guest");
	refuses(NAME "candidate: /lib/../etc\n" LOAD,
		"2:12: the path '/lib/../etc' has an empty part, '.' or '..'");
	refuses(NAME "candidate: /lib//x\n" LOAD,
		"2:12: the path '/lib//x' has an empty part, '.' or '..'");
	refuses(NAME "candidate: /sys/x\n" LOAD,
		"2:12: nothing can be put below /sys/");
	refuses(NAME "candidate: /init\n" LOAD,
		"2:12: /init is the harness's own");
	refuses(NAME PLACE "load:\n  - write: /sys/../x\n",
		"4:12: the path '/sys/../x' has an empty part, '.' or '..'");
	takes(WHOLE "modules: [own.ko]\n");
	refuses(WHOLE "modules: [../own.ko]\n",
		"6:11: '../own.ko' is no path below the target's folder");
	refuses(WHOLE "modules: [/own.ko]\n",
		"6:11: '/own.ko' is no path below the target's folder");
	refuses(WHOLE "modules: [none.ko]\n",
		"6:11: 'none.ko': No such file or directory");
	refuses(WHOLE "modules: [a b]\n",
		"6:11: 'a b' is no name of letters, digits, - and _");
	refuses(WHOLE "files: [{ from: out, path: /x }]\n",
		"6:17: 'out' leads out of the target's folder");
	refuses(WHOLE "files: [{ from: guest:../x, path: /x }]\n",
		"6:17: '../x' is no program for guests");
	refuses(WHOLE "beside: [{ suffix: /../x, path: /x }]\n",
		"6:20: a suffix leads to no other folder");
}

static void test_values(void **state)
{
	(void)state;
	refuses(WHOLE "memory: 99999\n",
		"6:9: '99999' is no number from 0 to 4096");
	refuses(WHOLE "memory: -1\n", "6:9: '-1' is no number from 0 to 4096");
	refuses(WHOLE "append: a console=tty0\n",
		"6:9: 'console=' is the harness's to set");
	refuses(WHOLE "append: \"a\\nb\"\n", "6:9: holds a control character");
	refuses(WHOLE "about: ''\n", "6:8: is empty");
	refuses(WHOLE "unload: maybe\n", "6:9: must be yes or no");
	refuses(WHOLE "damaged: often\n", "6:10: must be 'refused' or 'any'");
	refuses(WHOLE "modules: cfg80211\n", "6:10: must be a list, is a text");
	refuses(WHOLE "judged-by: plimsoll\n",
		"1:1: the judge has its own steps");
	refuses("target: t\ncandidate: /x\njudged-by: plimsoll\n"
		"use:\n  - { rmmod: x }\n", "1:1: the judge has its own steps");
	refuses(WHOLE "use:\n  - { write: /x, hex: abc }\n",
		"7:23: 'abc' is not pairs of hexadecimal digits");
	refuses(WHOLE "use:\n  - { listen: 9999 }\n",
		"7:15: '9999' is no number of seconds up to 600");
	refuses(WHOLE "use:\n  - { rmmod: x, expect: { errno: EWHAT } }\n",
		"7:34: 'EWHAT' is no error's name");
	refuses(WHOLE "use:\n  - { rmmod: x, expect: { errno: 4096 } }\n",
		"7:34: '4096' is no number from 0 to 4095");
	takes(WHOLE "use:\n  - { rmmod: x, expect: "
	      "{ errno: [ENOTSUPP, 524, 4095] } }\n");
	refuses(WHOLE "use:\n  - { rmmod: x, expect: { status: 0 } }\n",
		"7:27: only a step 'run' has a status");
	refuses(WHOLE "use:\n  - { rmmod: x, expect: {} }\n",
		"7:25: a condition is empty");
	refuses(WHOLE "use:\n  - { ioctl: /x, request: 1, argument: [u9] }\n",
		"7:41: 'u9' is no part of a structure");
	refuses(WHOLE "use:\n  - { ioctl: /x, request: 1, "
		"argument: [{ u8: 300 }] }\n",
		"7:47: '300' is no number from 0 to 255");
	refuses(WHOLE "use:\n  - { netlink: x, command: 1, "
		"attributes: [{ text: a }] }\n",
		"7:44: an attribute has an id and one value");
}

static enum target_told judged(char *const *texts, int error, int status,
			       const char *output, const char *console)
{
	struct target_seen seen = {
		.error = error, .status = status, .output = output,
		.output_len = strlen(output), .console = console,
		.console_len = strlen(console),
	};

	return target_judge(texts, &seen);
}

static void test_judge(void **state)
{
	static char *const plain[] = { "kind=read", NULL };
	static char *const runs[] = { "kind=run", "when=accepted", "status=0",
				      NULL };
	static char *const texts[] = {
		"kind=write", "write=/x", "when=accepted", "errno=0",
		"console=x: taken*", "when=rejected", "errno=22 71",
		"when=rejected", "status=any", "when=rejected",
		"output=no *", "when=untold", "errno=11", NULL
	};

	(void)state;
	assert_int_equal(judged(plain, 0, 0, "", ""), TARGET_ACCEPTED);
	assert_int_equal(judged(plain, 5, 0, "", ""), TARGET_NOT_TOLD);
	assert_int_equal(judged(plain, 0, 1, "", ""), TARGET_NOT_TOLD);
	assert_int_equal(judged(texts, 0, 0, "", "x: taken 7\n"),
			 TARGET_ACCEPTED);
	/* All parts of a condition, whole lines, the errno listed. */
	assert_int_equal(judged(texts, 0, 0, "", ""), TARGET_NOT_TOLD);
	assert_int_equal(judged(texts, 2, 0, "", "x: taken 7\n"),
			 TARGET_NOT_TOLD);
	assert_int_equal(judged(texts, 0, 0, "", "y x: taken\n"),
			 TARGET_NOT_TOLD);
	assert_int_equal(judged(texts, 7, 0, "", ""), TARGET_NOT_TOLD);
	assert_int_equal(judged(texts, 71, 0, "", ""), TARGET_REJECTED);
	assert_int_equal(judged(texts, 11, 0, "", ""), TARGET_UNTOLD);
	/* What could not be started has no status. */
	assert_int_equal(judged(texts, 11, 1, "", ""), TARGET_UNTOLD);
	assert_int_equal(judged(runs, 0, 0, "", ""), TARGET_ACCEPTED);
	assert_int_equal(judged(runs, 2, 0, "", ""), TARGET_NOT_TOLD);
	/* A rejection goes before an acceptance. */
	assert_int_equal(judged(texts, 0, 1, "", "x: taken\n"),
			 TARGET_REJECTED);
	assert_int_equal(judged(texts, 0, 0, "yes\nno way", "x: taken\n"),
			 TARGET_REJECTED);
}

/* A line that was dropped may have been the one that rejects. */
static void test_judge_cut(void **state)
{
	static char *const texts[] = {
		"kind=read", "when=accepted", "output=fine*", "when=rejected",
		"output=bad*", "when=rejected", "errno=5", NULL
	};
	static char *const accepts[] = {
		"kind=read", "when=accepted", "output=fine*", NULL
	};
	struct target_seen seen = { .output = "fine\nfi", .output_len = 7 };

	(void)state;
	assert_int_equal(target_judge(texts, &seen), TARGET_ACCEPTED);
	seen.console_cut = true;
	assert_int_equal(target_judge(texts, &seen), TARGET_ACCEPTED);
	seen.output_cut = true;
	assert_int_equal(target_judge(texts, &seen), TARGET_CUT);
	seen.error = 5;
	assert_int_equal(target_judge(texts, &seen), TARGET_REJECTED);
	seen.error = 0;
	/* A line that is there is there; half of one is not. */
	assert_int_equal(target_judge(accepts, &seen), TARGET_ACCEPTED);
	seen.output = "fine or";
	assert_int_equal(target_judge(accepts, &seen), TARGET_CUT);
	seen.output_cut = false;
	seen.output = "bad or\n";
	assert_int_equal(target_judge(accepts, &seen), TARGET_NOT_TOLD);
}

/* What is missing can't help a condition that fails by something else. */
static void test_judge_cut_for_nothing(void **state)
{
	static char *const texts[] = {
		"kind=read", "when=accepted", "errno=0", "output=fine*",
		"when=rejected", "errno=5", "output=bad*", "when=untold",
		"errno=11", "console=x*", NULL
	};
	struct target_seen seen = { .output = "fine\n", .output_len = 5,
				    .output_cut = true };

	(void)state;
	assert_int_equal(target_judge(texts, &seen), TARGET_ACCEPTED);
	seen.error = 7;
	assert_int_equal(target_judge(texts, &seen), TARGET_NOT_TOLD);
	seen.error = 5;
	assert_int_equal(target_judge(texts, &seen), TARGET_CUT);
	seen.error = 11;
	assert_int_equal(target_judge(texts, &seen), TARGET_NOT_TOLD);
	seen.console_cut = true;
	assert_int_equal(target_judge(texts, &seen), TARGET_CUT);
}

/* The end of a long line counts as well. */
static void test_judge_long(void **state)
{
	static char *const texts[] = {
		"kind=read", "when=rejected", "output=*bad", NULL
	};
	static char line[10000];

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	assert_int_equal(judged(texts, 0, 0, line, ""), TARGET_ACCEPTED);
	memcpy(line + sizeof(line) - 4, "bad", 3);
	assert_int_equal(judged(texts, 0, 0, line, ""), TARGET_REJECTED);
}

/* Without the care of file_write(): there are thousands of them. */
static void put(const char *path, const uint8_t *data, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* What lies beside the candidate is what it was, whatever becomes of it. */
static void test_hold(void **state)
{
	char *path = xasprintf("%s/x.bin", folder);
	char *beside = xasprintf("%s.p7s", path);
	char *missing = xasprintf("%s.sig", path);
	char error[TARGET_ERROR_LEN];
	struct target target;
	uint8_t *data;
	size_t len;

	(void)state;
	assert_int_equal(load(WHOLE "beside: [{ suffix: .p7s, path: /x.p7s }, "
			      "{ suffix: .sig, path: /x.sig, optional: yes }]\n",
			      &target, error), 0);
	put(beside, (const uint8_t *)"old", 3);
	target_hold(&target, path);
	put(beside, (const uint8_t *)"newer", 5);
	assert_int_equal(file_read(beside, 16, &data, &len), 0);
	assert_int_equal(len, 3);
	assert_memory_equal(data, "old", 3);
	free(data);
	assert_null(held_find(missing));
	held_free();
	assert_int_equal(file_read(beside, 16, &data, &len), 0);
	assert_int_equal(len, 5);
	free(data);
	target_free(&target);
	free(path);
	free(beside);
	free(missing);
}

static void test_ours(void **state)
{
	static const char *const names[] = { "plimsoll", "regdb", "module" };
	struct target target;
	char error[TARGET_ERROR_LEN];

	(void)state;
	/* They lie beside the command, not beside this test. */
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = xasprintf("vm/targets/%s.yaml", names[i]);

		if (target_load(path, &target, error))
			fail_msg("%s", error);
		assert_string_equal(target.name, names[i]);
		assert_int_equal(target.ours, !i);
		target_free(&target);
		free(path);
	}
	assert_int_equal(target_load("none", &target, error), -1);
	assert_string_equal(error, "no target none: No such file or directory");
}

/* Any bytes are a target or a sentence; the sanitizers see the rest. */
static void test_damage(void **state)
{
	char *path = xasprintf("%s/t.yaml", folder);
	char error[TARGET_ERROR_LEN];
	size_t len, num_refused = 0;
	struct target target;
	uint8_t *data;

	(void)state;
	assert_int_equal(file_read("vm/targets/regdb.yaml", 65536, &data, &len),
			 0);
	for (size_t i = 0; i < 2 * len; i++) {
		size_t at = i / 2;
		uint8_t old = data[at];

		data[at] = i % 2 ? old ^ (uint8_t)(1u << (at % 8)) : ':';
		put(path, data, at % 16 ? len : at);
		data[at] = old;
		error[0] = 0;
		if (target_load(path, &target, error)) {
			assert_true(error[0]);
			num_refused++;
		} else {
			target_free(&target);
		}
	}
	assert_true(num_refused > len / 4);
	free(data);
	free(path);
}

/* What our own target says of itself is what the harness does. */
static void test_description(void **state)
{
	char *firmware = xasprintf(VM_FIRMWARE "/%s.plm", "@channel@");
	char error[TARGET_ERROR_LEN];
	struct target target;

	(void)state;
	assert_int_equal(target_load("vm/targets/plimsoll.yaml", &target,
				     error), 0);
	assert_string_equal(target.candidate, firmware);
	assert_string_equal(target.append, "plimsoll.channels=@channel@");
	assert_true(target.ours && target_has_consumer(&target));
	target_free(&target);
	free(firmware);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_steps),
		cmocka_unit_test(test_keys),  cmocka_unit_test(test_paths),
		cmocka_unit_test(test_values), cmocka_unit_test(test_judge),
		cmocka_unit_test(test_judge_cut),
		cmocka_unit_test(test_judge_cut_for_nothing),
		cmocka_unit_test(test_judge_long),
		cmocka_unit_test(test_ours), cmocka_unit_test(test_damage),
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_hold),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
