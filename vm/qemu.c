// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * QEMU's exit status says nothing: it is 0 after a panic as well as after a
 * clean power-off.  What counts is what came out of the results' port.
 */
#include "vm/qemu.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/console.h"
#include "vm/interrupt.h"
#include "vm/qemu_command.h"
#include "vm/qemu_qmp.h"
#include "vm/qemu_start.h"

#define MAX_CONSOLE ((size_t)16 << 20)
#define MAX_RESULTS ((size_t)256 << 20)
#define MAX_SMALL ((size_t)1 << 20)

/*
 * Between looks at the VM, in microseconds.  It writes byte by byte: woken for
 * each, we would take the core from it that it needs.
 */
#define PAUSE_US 2000

/*
 * How long the console is still read after the token, in seconds; of a VM from
 * a template not at all: to come to rest it would have to translate the idle
 * loop, and whatever it said before the token is there already.
 */
#define DRAIN 0.02

/*
 * A VM that tells nothing for so long is asked whether its kernel has cried;
 * if so, it is given this much longer to end by itself.
 */
#define SILENCE 5.0
#define LAST_WORDS 3.0

/*
 * How long a QEMU that has closed everything may take to end, in seconds; and
 * one that can't go on, to say why.
 */
#define PARTING 1.0

/* One that waits for what never comes is given so many times its deadline. */
#define IDLE_TIMES 4

struct watch {
	const struct qemu_config *config;
	struct qemu_outcome *out;
	struct qemu_process qemu;	/* its descriptors are -1 at their end */
	double begun, token_seen;	/* 0: not yet */
	double heard, cried;	/* last result; first report seen */
	double stuck;		/* since then it can't go on; 0: it can */
	bool saving, pausing, ready;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

const char *qemu_ending_text(enum qemu_ending ending)
{
	static const char *const texts[] = {
		[QEMU_NOT_STARTED] = "QEMU could not be started",
		[QEMU_ENDED] = "the VM ended",
		[QEMU_KILLED] = "QEMU was killed",
		[QEMU_NO_ROOM] = "no room for the VM's memory",
		[QEMU_PAUSED] = "QEMU paused the VM",
		[QEMU_NOT_SAVED] = "the VM's state could not be kept",
		[QEMU_SAVED] = "the VM was kept as a template",
		[QEMU_KEPT] = "the VM is kept to be copied",
		[QEMU_TOKEN] = "ended after the last result",
		[QEMU_DEADLINE] = "the deadline passed",
		[QEMU_INTERRUPTED] = "interrupted",
		[QEMU_STOPPED] = "stopped",
	};

	return texts[ending];
}

/* A guest that never stops talking is cut.  Returns whether it is not. */
static bool keep(struct vm_bytes *bytes, const void *data, size_t len,
		 size_t max)
{
	if (bytes->len >= max)
		return false;
	vm_bytes_add(bytes, data, len);
	return true;
}

static void take(struct watch *watch, int source, const void *data, size_t len)
{
	struct qemu_outcome *out = watch->out;

	switch (source) {
	case QEMU_CONSOLE:
		out->console_cut |= !keep(&out->console, data, len,
					  MAX_CONSOLE);
		break;
	case QEMU_RESULTS:
		watch->heard = now();
		if (out->results.bytes.len < MAX_RESULTS)
			results_feed(&out->results, data, len,
				     now() - watch->begun);
		if ((watch->config->save || watch->config->keep) &&
		    !watch->ready)
			watch->ready = results_find(&out->results, 0,
						    VM_RESULT_READY, 0);
		if (watch->config->save && watch->ready && !watch->saving)
			watch->saving = qmp_save(watch->qemu.fds[QEMU_QMP],
						 watch->config) == 0;
		if (out->results.num_ends && !watch->token_seen)
			watch->token_seen = now();
		break;
	case QEMU_ERRORS:
		keep(&out->errors, data, len, MAX_SMALL);
		break;
	case QEMU_QMP:
		keep(&out->qmp, data, len, MAX_SMALL);
		qmp_take(out);
		break;
	}
}

/* A ring that can't be is bytes that are no result. */
static void read_mailbox(struct watch *watch)
{
	const void *data;
	size_t len;

	do {
		if (!mailbox_take(watch->config->mailbox, &data, &len))
			watch->out->results.malformed = true;
		if (len)
			take(watch, QEMU_RESULTS, data, len);
	} while (len);
}

/* Whatever is there to be read; the end of a source closes it. */
static void read_source(struct watch *watch, int source)
{
	static __thread uint8_t buffer[65536];
	ssize_t got;

	while ((got = read(watch->qemu.fds[source], buffer, sizeof(buffer))) > 0)
		take(watch, source, buffer, (size_t)got);
	if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(watch->qemu.fds[source]);
		watch->qemu.fds[source] = -1;
	}
}

/*
 * Seconds that the VM has had: of the cores, so that a busy host does not run
 * its time out; and where it asks for none, a part of those that passed.
 */
static double time_spent(const struct watch *watch)
{
	double passed = now() - watch->begun;
	double least = passed / IDLE_TIMES;
	struct timespec used;
	clockid_t clock;
	double cpu;

	if (clock_getcpuclockid(watch->qemu.pid, &clock) ||
	    clock_gettime(clock, &used))
		return passed;
	cpu = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
	if (cpu > passed)
		return passed;
	return cpu > least ? cpu : least;
}

/* Seconds until the watch is over, or 0. */
static double time_left(const struct watch *watch)
{
	double end = now() + watch->config->deadline - time_spent(watch);
	double left;

	if (watch->token_seen && !watch->config->until_exit)
		end = watch->token_seen + (watch->config->restore ? 0 : DRAIN);
	if (watch->cried && end > watch->cried + LAST_WORDS)
		end = watch->cried + LAST_WORDS;
	if (watch->stuck && end > watch->stuck + PARTING)
		end = watch->stuck + PARTING;
	left = end - now();
	return left > 0 ? left : 0;
}

/* Which it is that left no time. */
static enum qemu_ending why_over(const struct watch *watch)
{
	if (watch->token_seen && !watch->config->until_exit)
		return QEMU_TOKEN;
	if (watch->stuck)
		return watch->saving ? QEMU_NOT_SAVED : QEMU_PAUSED;
	return QEMU_DEADLINE;
}

/*
 * Where the host has no room for what the guest writes to its disk, QEMU stops
 * the VM until somebody makes some.  To be kept, a VM stands still as well.
 */
static bool cannot_go_on(const struct watch *watch)
{
	const struct qemu_outcome *out = watch->out;

	if (watch->saving)
		return out->state && !strcmp(out->state, "failed");
	return out->paused && !watch->pausing;
}

static void look_for_stop(struct watch *watch)
{
	if (!cannot_go_on(watch))
		watch->stuck = 0;
	else if (!watch->stuck)
		watch->stuck = now();
}

static bool any_open(const struct watch *watch)
{
	/* QEMU is gone when all of it that wrote to us is. */
	return watch->qemu.fds[QEMU_CONSOLE] >= 0 ||
	       watch->qemu.fds[QEMU_RESULTS] >= 0 ||
	       watch->qemu.fds[QEMU_ERRORS] >= 0;
}

/* A kernel that hangs after its report need not be waited for. */
static void listen_to_kernel(struct watch *watch)
{
	struct console console = { 0 };

	if (watch->cried || now() - watch->heard < SILENCE)
		return;
	watch->heard = now();
	console_scan(&console, (const char *)watch->out->console.data,
		     watch->out->console.len);
	if (console_first(&console, watch->config->hogs))
		watch->cried = now();
	console_free(&console);
}

/* Milliseconds to wait for something to read; memory does not call. */
static int patience(const struct watch *watch, double left)
{
	if (watch->config->mailbox)
		return 0;
	return (int)((left > SILENCE ? SILENCE : left) * 1000) + 1;
}

/*
 * Its copies are to begin where it ends, at whatever time that is.  A clock that goes
 * by itself is stopped first: to find a minute gone is a lockup to a kernel.
 */
static bool is_still(struct watch *watch)
{
	if (qemu_counts_time(watch->config))
		return true;
	if (!watch->pausing)
		watch->pausing = qmp_pause(watch->qemu.fds[QEMU_QMP]) == 0;
	return watch->out->paused;
}

static enum qemu_ending watch_on(struct watch *watch)
{
	struct pollfd polled[QEMU_NUM_SOURCES + 1];
	double left;

	while (any_open(watch)) {
		left = time_left(watch);
		if (left <= 0)
			return why_over(watch);
		for (int i = 0; i < QEMU_NUM_SOURCES; i++)
			polled[i] = (struct pollfd){ watch->qemu.fds[i],
						     POLLIN, 0 };
		polled[QEMU_NUM_SOURCES] = (struct pollfd){ interrupt_fd(),
							    POLLIN, 0 };
		listen_to_kernel(watch);
		if (poll(polled, QEMU_NUM_SOURCES + 1,
			 patience(watch, left)) < 0 && errno != EINTR)
			return QEMU_DEADLINE;
		if (interrupted())
			return QEMU_INTERRUPTED;
		if (watch->config->stop && atomic_load(watch->config->stop))
			return QEMU_STOPPED;
		for (int i = 0; i < QEMU_NUM_SOURCES; i++)
			if (watch->qemu.fds[i] >= 0 && polled[i].revents)
				read_source(watch, i);
		if (watch->config->mailbox)
			read_mailbox(watch);
		look_for_stop(watch);
		if (watch->saving && watch->out->state &&
		    !strcmp(watch->out->state, "completed"))
			return QEMU_SAVED;
		if (watch->config->keep && watch->ready &&
		    is_still(watch))
			return original_stop(watch->config->keep) ?
			       QEMU_STOPPED : QEMU_KEPT;
		usleep(PAUSE_US);
	}
	return QEMU_ENDED;
}

static double seconds_of(const struct timeval *time)
{
	return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* One that has closed all it wrote to is about to be gone by itself. */
static bool is_gone(const struct watch *watch)
{
	double until = now() + PARTING;
	siginfo_t info = { 0 };

	while (watch->out->ending == QEMU_ENDED && now() < until) {
		if (waitid(P_PID, (id_t)watch->qemu.pid, &info,
			   WEXITED | WNOHANG | WNOWAIT) || info.si_pid)
			return true;
		usleep(PAUSE_US);
	}
	return false;
}

static void reap(struct watch *watch)
{
	struct rusage used = { 0 };
	bool gone = is_gone(watch);
	int status = 0;

	if (!gone)
		kill(watch->qemu.pid, SIGKILL);
	while (wait4(watch->qemu.pid, &status, 0, &used) < 0 && errno == EINTR)
		;
	/* The kernel's answer to a write where a file has no block. */
	if (gone && WIFSIGNALED(status))
		watch->out->ending = WTERMSIG(status) == SIGBUS ? QEMU_NO_ROOM :
								  QEMU_KILLED;
	watch->out->cpu_seconds = seconds_of(&used.ru_utime) +
				  seconds_of(&used.ru_stime);
	if (watch->config->keep)
		watch->config->keep->pid = 0;
}

/* What was written before the end is still to be read. */
static void stop(struct watch *watch)
{
	if (watch->out->ending != QEMU_KEPT)
		reap(watch);
	if (watch->config->mailbox)
		read_mailbox(watch);
	for (int i = 0; i < QEMU_NUM_SOURCES; i++) {
		if (watch->qemu.fds[i] >= 0)
			read_source(watch, i);
		if (watch->qemu.fds[i] >= 0)
			close(watch->qemu.fds[i]);
	}
}

void qemu_run(const struct qemu_config *config, struct qemu_outcome *out)
{
	struct watch watch = { .config = config, .out = out, .begun = now(),
			       .heard = now() };

	*out = (struct qemu_outcome){ .ending = QEMU_NOT_STARTED };
	if (qemu_start(config, out, &watch.qemu)) {
		out->ending = watch_on(&watch);
		out->seconds = now() - watch.begun;
		stop(&watch);
	}
}

void qemu_outcome_free(struct qemu_outcome *outcome)
{
	free(outcome->console.data);
	results_free(&outcome->results);
	free(outcome->errors.data);
	free(outcome->qmp.data);
	free(outcome->version);
	free(outcome->shutdown);
	free(outcome->disk_error);
	free(outcome->refusal);
	free(outcome->state);
	free(outcome->command_line);
	*outcome = (struct qemu_outcome){ 0 };
}
