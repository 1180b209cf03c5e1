// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pid1 arm|check: a rule that kills meets PID 1 itself, which executes
 * /kselftest-bin/doomed in between: it is spared, and that is said.
 */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest.h"
#include "lab.h"

#define SEEN "/kselftest-spared"
#define WAIT_MS 10000

/* Outlive the program, and leave a file once PID 1's record is there. */
static void watch(int fd)
{
	static struct lab_record record;
	struct pollfd one = { .fd = fd, .events = POLLIN };

	if (fork())
		return;
	setsid();
	while (poll(&one, 1, WAIT_MS) > 0) {
		if (!lab_find(fd, 1, &record))
			continue;
		if (record.head.flags == PLIMSOLL_RECORD_SPARED &&
		    record.head.num_matches == 1)
			mkdir(SEEN, 0755);
		break;
	}
	_exit(0);
}

static void arm(void)
{
	int ret = lab_reload("");
	int fd;

	ksft_test_result(ret == 0, "the module is loaded\n");
	fd = lab_open(false);
	ret = fd < 0 ? fd : lab_content(fd, "kill.plm");
	ksft_test_result(ret == 0, "content that kills is loaded\n");
	fflush(stdout);
	if (fd >= 0)
		watch(fd);
}

static bool came(const char *path)
{
	for (int i = 0; i < WAIT_MS / 20 && access(path, F_OK); i++)
		usleep(20000);
	return access(path, F_OK) == 0;
}

static void check(void)
{
	struct plimsoll_rule_status rule = { 0 };
	int fd = lab_open(false);

	ksft_test_result(fd >= 0 && lab_rule(fd, 0, &rule) == 0 &&
			 rule.num_matched == 1, "the rule matched once\n");
	close(fd);
	ksft_test_result(came(SEEN), "the record says that PID 1 was spared\n");
	ksft_test_result(lab_run_path("/kselftest-bin/doomed", NULL) == SIGKILL,
			 "anybody else is killed\n");
}

int main(int argc, char **argv)
{
	bool first = argc > 1 && !strcmp(argv[1], "arm");

	ksft_print_header();
	ksft_set_plan(first ? 2 : 3);
	if (first)
		arm();
	else
		check();
	ksft_finished();
}
