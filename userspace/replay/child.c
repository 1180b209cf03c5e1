// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inputs and outputs are files in memory, not pipes: neither side can block on
 * the other, and the kernel itself enforces the limit on what is written.
 */
#include "replay/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

/* Above all descriptors that are given to a child. */
#define LEAST_FD 16

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int child_file(const char *label)
{
	int low = memfd_create(label, MFD_CLOEXEC);
	int fd, err;

	if (low < 0)
		return -1;
	fd = fcntl(low, F_DUPFD_CLOEXEC, LEAST_FD);
	err = errno;
	close(low);
	errno = err;
	return fd;
}

/* One more for the hard limit: at that one there is no telling SIGKILL. */
static void limit(int resource, rlim_t value)
{
	const struct rlimit limit = { value, value + 1 };

	if (setrlimit(resource, &limit))
		_exit(127);
}

/* In the child: only what is safe between fork and exec. */
static void become(const struct child *child, char *const argv[],
		   char *const env[], int input, int file, pid_t parent)
{
	const int from[] = { input, child->out_fd, child->err_fd, file };

	/* A parent that is gone already sends no signal. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(127);
	for (int fd = 0; fd <= CHILD_FILE_FD; fd++)
		if (dup2(from[fd], fd) < 0)
			_exit(127);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, child->limits.cpu_seconds);
	limit(RLIMIT_FSIZE, child->limits.output_len);
	execve(argv[0], argv, env);
	_exit(127);
}

static void close_outputs(struct child *child)
{
	if (child->out_fd >= 0)
		close(child->out_fd);
	if (child->err_fd >= 0)
		close(child->err_fd);
}

int child_start(struct child *child, char *const argv[], char *const env[],
		int input, int file, const struct child_limits *limits)
{
	pid_t parent = getpid();
	int err;

	child->limits = *limits;
	child->out_fd = child_file("output");
	child->err_fd = child_file("errors");
	child->deadline = now() + limits->wall_seconds;
	if (child->out_fd < 0 || child->err_fd < 0 ||
	    lseek(input, 0, SEEK_SET) < 0 || lseek(file, 0, SEEK_SET) < 0)
		goto err_files;
	child->pid = fork();
	if (child->pid < 0)
		goto err_files;
	if (child->pid == 0)
		become(child, argv, env, input, file, parent);
	return 0;

err_files:
	err = -errno;
	close_outputs(child);
	return err;
}

/* Until it has ended; one that is late is killed and then has. */
static int await(struct child *child, struct child_result *out,
		 struct rusage *usage)
{
	const struct timespec nap = { .tv_nsec = 2000000 };
	pid_t pid;

	while ((pid = wait4(child->pid, &out->status, WNOHANG, usage)) == 0) {
		if (!out->late && now() > child->deadline) {
			out->late = true;
			kill(child->pid, SIGKILL);
		}
		nanosleep(&nap, NULL);
	}
	return pid < 0 ? -errno : 0;
}

static int read_back(int fd, uint8_t **out_data, size_t *out_len)
{
	struct stat st;
	size_t len = 0;
	ssize_t got;

	if (fstat(fd, &st))
		return -errno;
	*out_data = xmalloc((size_t)st.st_size + 1);
	do {
		got = pread(fd, *out_data + len, (size_t)st.st_size - len,
			    (off_t)len);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	(*out_data)[len] = '\0';
	*out_len = len;
	return got < 0 ? -errno : 0;
}

static double seconds(const struct timeval *tv)
{
	return (double)tv->tv_sec + (double)tv->tv_usec / 1e6;
}

bool child_is_due(const struct child *child)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)child->pid, &info,
		      WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid == child->pid || now() > child->deadline;
}

void child_stop(const struct child *child)
{
	kill(child->pid, SIGKILL);
}

int child_wait(struct child *child, struct child_result *out)
{
	struct rusage usage = { 0 };
	int err;

	*out = (struct child_result){ 0 };
	err = await(child, out, &usage);
	if (!err)
		err = read_back(child->out_fd, &out->out, &out->out_len);
	if (!err)
		err = read_back(child->err_fd, &out->err, &out->err_len);
	out->cpu_seconds = seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
	close_outputs(child);
	return err;
}

void child_result_free(struct child_result *result)
{
	free(result->out);
	free(result->err);
	*result = (struct child_result){ 0 };
}
