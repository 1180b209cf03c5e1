// SPDX-License-Identifier: GPL-2.0-or-later
/* The host's end of copying VMs, with a child of ours in QEMU's place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm/copies.h"

#define PATIENCE_MS 200

static pid_t start_copy(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

/* Answers one request with @answer, @late_ms after it, and ends when told to. */
static pid_t start_original(const struct original *original, int32_t answer,
			    unsigned int late_ms)
{
	pid_t pid = fork();
	char what;

	if (pid)
		return pid;
	close(original->ours);
	if (recv(original->theirs, &what, 1, 0) != 1)
		_exit(1);
	usleep(late_ms * 1000);
	send(original->theirs, &answer, sizeof(answer), MSG_NOSIGNAL);
	_exit(recv(original->theirs, &what, 1, 0) ? 1 : 0);
}

static void open_original(struct original *original, int32_t answer,
			  unsigned int late_ms)
{
	struct timeval patience = { .tv_usec = PATIENCE_MS * 1000 };

	assert_int_equal(original_open(original), 0);
	original->pid = start_original(original, answer, late_ms);
	assert_true(original->pid > 0);
	close(original->theirs);
	original->theirs = -1;
	assert_int_equal(setsockopt(original->ours, SOL_SOCKET, SO_RCVTIMEO,
				    &patience, sizeof(patience)), 0);
}

static bool is_reaped(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) < 0 && errno == ECHILD;
}

static void test_answered(void **state)
{
	const int fds[COPIES_NUM] = { 0, 0, 0, 0, 0 };
	struct original original;
	pid_t copy = start_copy();

	(void)state;
	open_original(&original, copy, 0);
	assert_int_equal(original_copy(&original, fds), copy);
	original_close(&original);
	/* Copies go on. */
	assert_int_equal(waitpid(copy, NULL, WNOHANG), 0);
	kill(copy, SIGKILL);
	assert_int_equal(waitpid(copy, NULL, 0), copy);
}

/* One that comes too late is not taken for the next one's, nor left behind. */
static void test_late(void **state)
{
	const int fds[COPIES_NUM] = { 0, 0, 0, 0, 0 };
	struct original original;
	pid_t copy = start_copy();
	int status;

	(void)state;
	open_original(&original, copy, 2 * PATIENCE_MS);
	assert_true(original_copy(&original, fds) < 0);
	/* It ends by itself, as nothing more is asked of it. */
	assert_int_equal(waitpid(original.pid, &status, 0), original.pid);
	assert_int_equal(status, 0);
	original.pid = 0;
	assert_true(original_copy(&original, fds) < 0);
	original_close(&original);
	assert_true(is_reaped(copy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answered),
		cmocka_unit_test(test_late),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
