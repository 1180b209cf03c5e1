// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is made of a VM by who watches it.  This program is its own QEMU: it is
 * started once more under that name, and plays what the test asks for.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/fuzz_lab.h"
#include "vm/qemu.h"
#include "vm/template.h"
#include "vm/workdir.h"

#define QEMU "qemu-system-x86_64"
#define PLAY "PLIMSOLL_TEST_PLAY"

static char *dir;
static struct qemu_outcome outcome;

/* The part of QEMU */

/* The descriptor that stands in an argument behind this. */
static int descriptor(char **arguments, const char *start)
{
	size_t len = strlen(start);

	for (; *arguments; arguments++)
		if (!strncmp(*arguments, start, len))
			return (int)strtol(*arguments + len, NULL, 10);
	exit(1);
}

static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		exit(1);
}

/* Silent for longer than a kernel that has cried is given. */
static void play_hogs(int console)
{
	put(console, "[    0.000000] Linux version 6.1.0 (x) #1\n"
	    "[    5.000000] Out of memory: Killed process 80 (hog)\n");
	sleep(11);
}

#define FULL								\
	"{\"event\":\"BLOCK_IO_ERROR\",\"data\":{\"device\":\"\","	\
	"\"operation\":\"write\",\"action\":\"stop\",\"nospace\":true,"	\
	"\"reason\":\"No space left on device\"}}\n"
#define STOP "{\"event\":\"STOP\"}\n"
#define RESUME "{\"event\":\"RESUME\"}\n"
#define NOT_SAVED							\
	"{\"event\":\"MIGRATION\",\"data\":{\"status\":\"failed\"}}\n"

/* It stands still, for good or not. */
static void play_stop(int qmp, bool goes_on)
{
	put(qmp, FULL STOP);
	if (goes_on)
		put(qmp, RESUME);
	sleep(goes_on ? 2 : 60);
}

/* Ready to be kept, which then fails. */
static void play_unsaved(int results, int qmp)
{
	struct vm_result ready = { .magic = VM_RESULT_MAGIC,
				   .type = VM_RESULT_READY };

	if (write(results, &ready, sizeof(ready)) < 0)
		exit(1);
	put(qmp, NOT_SAVED);
	sleep(60);
}

/* So many MiB of lines. */
static void play_talk(int console, size_t mib)
{
	static char line[1024];

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 2] = '\n';
	for (size_t i = 0; i < mib << 10; i++)
		put(console, line);
}

static int play(const char *what, char **arguments)
{
	int console = descriptor(arguments,
				 "file,id=console,path=/proc/self/fd/");
	int results = descriptor(arguments,
				 "file,id=results,path=/proc/self/fd/");
	int qmp = descriptor(arguments, "socket,id=qmp,fd=");

	if (!strcmp(what, "hogs"))
		play_hogs(console);
	else if (!strcmp(what, "talk"))
		play_talk(console, 15);
	else if (!strcmp(what, "flood"))
		play_talk(console, 18);
	else if (!strcmp(what, "unsaved"))
		play_unsaved(results, qmp);
	else
		play_stop(qmp, !strcmp(what, "resume"));
	return 0;
}

/* The tests */

static void run(const char *what, struct qemu_config config)
{
	config.accelerator = "tcg";
	config.vmlinux = config.initramfs = "none";
	config.deadline = 30;
	setenv(PLAY, what, 1);
	qemu_run(&config, &outcome);
}

static void test_hogs(void **state)
{
	(void)state;
	run("hogs", (struct qemu_config){ .hogs = true });
	assert_int_equal(outcome.ending, QEMU_ENDED);
}

/* What a fuzzer's VM that we have ended comes to. */
static enum fuzz_ending fuzzed(enum fuzz_state state, enum fuzz_stop stop)
{
	uint8_t *share = xcalloc(1, FUZZ_SHARE_LEN);
	struct fuzz_share head = { .state = state };
	struct fuzz_outcome out = { 0 };
	enum fuzz_ending ending;

	memcpy(share, &head, sizeof(head));
	fuzz_judge(&outcome, "", share, stop, &out);
	ending = out.ending;
	fuzz_outcome_free(&out);
	free(share);
	return ending;
}

static void test_talk(void **state)
{
	(void)state;
	run("talk", (struct qemu_config){ 0 });
	assert_int_equal(outcome.ending, QEMU_ENDED);
	assert_false(outcome.console_cut);
	outcome.console.len = 0;
	assert_true(template_is_sound(&outcome, QEMU_ENDED));
	assert_int_equal(fuzzed(FUZZ_RUNNING, FUZZ_OVER), FUZZ_ENDED);
	assert_int_equal(fuzzed(FUZZ_RUNNING, FUZZ_HANGS), FUZZ_CRASHED);
	assert_int_equal(fuzzed(FUZZ_FAILED, FUZZ_OVER), FUZZ_LOST);
	/* One that was asked for a last look has to come to its end behind it. */
	assert_int_equal(fuzzed(FUZZ_RUNNING, FUZZ_LATE), FUZZ_LOST);
	assert_int_equal(fuzzed(FUZZ_DONE, FUZZ_LATE), FUZZ_LOST);
}

static void test_flood(void **state)
{
	(void)state;
	run("flood", (struct qemu_config){ 0 });
	assert_int_equal(outcome.ending, QEMU_ENDED);
	assert_true(outcome.console_cut);
	assert_true(outcome.console.len < (size_t)17 << 20);
	/* Whatever is kept: to read it takes its time. */
	outcome.console.len = 0;
	assert_false(template_is_sound(&outcome, QEMU_ENDED));
	assert_int_equal(fuzzed(FUZZ_RUNNING, FUZZ_OVER), FUZZ_LOST);
}

static void test_full_disk(void **state)
{
	(void)state;
	run("stop", (struct qemu_config){ .disk = "none" });
	assert_int_equal(outcome.ending, QEMU_PAUSED);
	assert_string_equal(outcome.disk_error, "No space left on device");
}

static void test_goes_on(void **state)
{
	(void)state;
	run("resume", (struct qemu_config){ .disk = "none" });
	assert_int_equal(outcome.ending, QEMU_ENDED);
}

static void test_not_saved(void **state)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)state;
	run("unsaved", (struct qemu_config){ .save = fd });
	assert_int_equal(outcome.ending, QEMU_NOT_SAVED);
	close(fd);
}

/* A folder with this program under the other's name. */
static int begin(void **state)
{
	char *self = realpath("/proc/self/exe", NULL);
	char *name;
	int err;

	(void)state;
	dir = workdir_make();
	if (!dir || !self)
		return -1;
	name = xasprintf("%s/" QEMU, dir);
	err = symlink(self, name) || setenv("PATH", dir, 1);
	free(name);
	free(self);
	return err;
}

static int end(void **state)
{
	(void)state;
	workdir_remove(dir);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	qemu_outcome_free(&outcome);
	return 0;
}

#define UNIT(name) cmocka_unit_test_teardown(test_##name, clear)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT(hogs), UNIT(talk), UNIT(flood), UNIT(full_disk),
		UNIT(goes_on), UNIT(not_saved),
	};
	const char *name = strrchr(argv[0], '/');

	if (argc > 1 && name && !strcmp(name + 1, QEMU))
		return play(getenv(PLAY), argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, end);
}
