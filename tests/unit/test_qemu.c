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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/qemu.h"
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
			return atoi(*arguments + len);
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

static int play(const char *what, char **arguments)
{
	int console = descriptor(arguments,
				 "file,id=console,path=/proc/self/fd/");

	if (!strcmp(what, "hogs"))
		play_hogs(console);
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
		UNIT(hogs),
	};
	const char *name = strrchr(argv[0], '/');

	if (argc > 1 && name && !strcmp(name + 1, QEMU))
		return play(getenv(PLAY), argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, end);
}
