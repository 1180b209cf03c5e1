// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs that tell by themselves how it went: what they print goes to the
 * host as it comes, so that it is there even where the kernel does not survive.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define LOOK_MS 50	/* at the program, while its output is quiet */

static char *const environment[] = { "PATH=/", "HOME=/", NULL };

static void become_program(char *const *texts, int out)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	if (chdir("/") == 0)
		execve(texts[0], texts, environment);
	_exit(127);
}

/* Whatever is there; false at the end of the output. */
static bool forward(struct guest *guest, const struct step *step, int fd)
{
	static char buffer[4096];
	ssize_t got;

	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		report(guest, VM_RESULT_OUTPUT, step, 0, buffer, (size_t)got);
	return got < 0 && errno == EAGAIN;
}

/* Reap all that end, orphans too.  True once @pid is among them. */
static bool reap(pid_t pid, int *out_status)
{
	bool found = false;
	int status;
	pid_t one;

	while ((one = waitpid(-1, &status, WNOHANG)) > 0) {
		if (one != pid)
			continue;
		*out_status = status;
		found = true;
	}
	return found;
}

/*
 * What the program left running may hold its output open: its own end counts,
 * and what was printed until then.
 */
static int follow(struct guest *guest, const struct step *step, int fd,
		  pid_t pid)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	int status = 0;

	while (!reap(pid, &status)) {
		poll(&polled, 1, LOOK_MS);
		if (polled.fd >= 0 && !forward(guest, step, fd))
			polled.fd = -1;
	}
	forward(guest, step, fd);
	return status;
}

int step_run(struct guest *guest, const struct step *step)
{
	int ends[2], status, err = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	pid = fork();
	if (pid == 0)
		become_program(step->texts, ends[1]);
	if (pid < 0)
		err = errno;
	close(ends[1]);
	if (pid > 0) {
		status = follow(guest, step, ends[0], pid);
		report(guest, VM_RESULT_RAN, step, status, NULL, 0);
	}
	close(ends[0]);
	return err;
}
