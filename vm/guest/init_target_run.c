// SPDX-License-Identifier: GPL-2.0-or-later
/* A program that does the asking: its status and output are the answer. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vm/guest/init_target.h"

#define MAX_WORDS 64
#define LOOK_MS 20

/* With a place to write to first, as for a change of profile at the exec. */
static int write_first(char *const *texts)
{
	const char *path = target_value(texts, "first-write");
	const char *text = target_value(texts, "first-text");
	int fd;

	if (!path || !text)
		return 0;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return errno;
	return close(fd) ? errno : 0;
}

static void become(char *const *texts, char *const *words, int out, int failed)
{
	static char *const environment[] = { "PATH=/", "HOME=/", NULL };
	int null = open("/dev/null", O_RDWR);
	int err = write_first(texts);

	if (!err) {
		dup2(null, STDIN_FILENO);
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		execve(words[0], words, environment);
		err = errno;
	}
	/* The parent sees the end of the pipe if nothing comes. */
	if (write(failed, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(127);
}

/* Its own end counts, not that of what it may leave running. */
static int follow(int fd, pid_t pid, struct target_answer *answer)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	bool ended = false;
	char data[4096];
	int status = 0;
	ssize_t got;

	while (!ended) {
		poll(&polled, 1, LOOK_MS);
		ended = waitpid(pid, &status, WNOHANG) != 0;
		while ((got = read(fd, data, sizeof(data))) > 0)
			answer_add(answer, data, (size_t)got);
		if (got == 0)
			polled.fd = -1;
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

static void start(char *const *texts, char *const *words, const int *out,
		  const int *failed, struct target_answer *answer)
{
	pid_t pid = fork();
	int err;

	if (pid == 0)
		become(texts, words, out[1], failed[1]);
	if (pid < 0)
		answer->error = errno;
	close(out[1]);
	close(failed[1]);
	if (pid < 0)
		return;
	if (read(failed[0], &err, sizeof(err)) == sizeof(err))
		answer->error = err;
	answer->status = follow(out[0], pid, answer);
	if (answer->error)
		answer->status = 0;
}

void target_run(char *const *texts, struct target_answer *answer)
{
	char *words[MAX_WORDS + 1];
	size_t num = 0;
	int out[2], failed[2];

	for (char *const *text = texts; *text && num < MAX_WORDS; text++)
		if (!strncmp(*text, "run=", 4))
			words[num++] = *text + 4;
		else if (!strncmp(*text, "when=", 5))
			break;
	words[num] = NULL;
	if (!num || pipe2(out, O_CLOEXEC) || pipe2(failed, O_CLOEXEC)) {
		answer->error = num ? errno : EINVAL;
		return;
	}
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	start(texts, words, out, failed, answer);
	close(out[0]);
	close(failed[0]);
}
