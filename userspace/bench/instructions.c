// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How many instructions a piece of work takes: by the processor's own counter,
 * or where there is none (most virtual machines), by stepping through it one
 * by one in a child, which is slow, exact and needs nothing but ptrace.
 */
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

static double count_by_counter(bench_work *work, void *arg)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1,
			      PERF_FLAG_FD_CLOEXEC);
	uint64_t count = 0;

	if (fd < 0)
		return -1;
	work(arg);
	ioctl(fd, PERF_EVENT_IOC_RESET, 0);
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	work(arg);
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	if (read(fd, &count, sizeof(count)) != sizeof(count))
		count = 0;
	close(fd);
	return count ? (double)count : -1;
}

/* Both processes on one processor: a step is two switches and no wake-up. */
static void stay_here(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Warm first, so that nothing is paged in or bound while it counts. */
static void be_stepped(bench_work *work, void *arg)
{
	if (work)
		work(arg);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(1);
	raise(SIGSTOP);
	if (work)
		work(arg);
	raise(SIGSTOP);
	_exit(0);
}

static bool stopped_by(pid_t pid, int signal)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSTOPPED(status) &&
	       WSTOPSIG(status) == signal;
}

static double step_through(pid_t pid)
{
	double count = 0;
	int status;

	if (!stopped_by(pid, SIGSTOP))
		return -1;
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL);
	for (;;) {
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) ||
		    waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return -1;
		if (WSTOPSIG(status) == SIGSTOP)
			return count;
		if (WSTOPSIG(status) != SIGTRAP)
			return -1;
		count++;
	}
}

static double count_by_steps(bench_work *work, void *arg)
{
	cpu_set_t before;
	bool pinned = !sched_getaffinity(0, sizeof(before), &before);
	double count = -1;
	pid_t pid;

	stay_here();
	pid = fork();
	if (!pid)
		be_stepped(work, arg);
	if (pid > 0) {
		count = step_through(pid);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	if (pinned)
		sched_setaffinity(0, sizeof(before), &before);
	return count;
}

double bench_instructions(bench_work *work, void *arg, const char **out_how)
{
	double count = count_by_counter(work, arg), around;

	*out_how = "counter";
	if (count >= 0)
		return count;
	*out_how = "steps";
	around = count_by_steps(NULL, NULL);
	count = around < 0 ? -1 : count_by_steps(work, arg);
	if (count >= around && around >= 0)
		return count - around;
	*out_how = "neither a counter nor ptrace";
	return -1;
}
