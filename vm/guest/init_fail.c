// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Allocations that fail on demand, where the kernel has fault injection: of an
 * operation the first one, then the second one, and so on, until the operation
 * comes to its end without.  Which one it will be is told before each try, so
 * that of a kernel that dies of it is known at which.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plimsoll_uapi.h"
#include "vm/guest/actor.h"
#include "vm/guest/init.h"

#define FAILSLAB	DEBUGFS "/failslab/"
#define FAIL_PAGES	DEBUGFS "/fail_page_alloc/"
#define FAIL_NTH	"/proc/self/fail-nth"

#define LOADER_STRIDE	16

/* Open for as long as PID 1 lives: opening it takes memory as well. */
static int own_fd = -1;

/*
 * Every allocation counts, those that may sleep and those of one page as well.
 * Nothing is printed: a console is slow, and what failed is told by number.
 */
static int arm(void)
{
	static const char *const settings[][2] = {
		{ FAILSLAB "ignore-gfp-wait", "N" },
		{ FAILSLAB "verbose", "0" },
		{ FAIL_PAGES "ignore-gfp-wait", "N" },
		{ FAIL_PAGES "ignore-gfp-highmem", "N" },
		{ FAIL_PAGES "min-order", "0" },
		{ FAIL_PAGES "verbose", "0" },
	};
	int err = mount_debugfs();

	for (size_t i = 0; !err && i < sizeof(settings) / sizeof(settings[0]);
	     i++)
		err = write_text(settings[i][0], settings[i][1]);
	if (!err && own_fd < 0)
		own_fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	return err ? err : own_fd < 0 ? errno : 0;
}

static int write_nth(int fd, uint32_t nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	return pwrite(fd, text, (size_t)len, 0) == len ? 0 : errno;
}

/* The file counts down; at 0 the allocation has failed. */
static bool is_spent(int fd)
{
	char text[16] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 && text[0] == '0';
}

/*
 * Between the two of a try the allocation of this number fails; fail_end() says
 * whether to go on: one has failed, and there may be more.
 */
static int fail_begin(struct guest *guest, const struct step *step,
		      uint32_t nth, struct vm_failures *sums)
{
	int err = own_fd < 0 ? arm() : 0;

	sums->num_tried++;
	report(guest, VM_RESULT_FAILING, step, (int)nth, NULL, 0);
	return err ? err : write_nth(own_fd, nth);
}

static bool fail_end(struct vm_failures *sums)
{
	bool failed = is_spent(own_fd);

	write_nth(own_fd, 0);
	sums->num_failed += failed;
	return failed && sums->num_tried < VM_FAILURES_MAX;
}

/* Loads and unloads; it is whole again before the next try. */
static int load_once(int fd, const char *name, struct vm_failures *sums,
		     uint64_t *out_ran, bool *out_more)
{
	int answer = load_module_fd(fd, consumer_params());

	*out_ran = ran_end();
	*out_more = fail_end(sums);
	sums->num_refused += answer == ENOMEM;
	if (answer && answer != ENOMEM) {
		sums->num_other++;
		sums->error = answer;
	}
	return answer ? 0 : unload_module(name);
}

/* What the module runs when it is loaded with nothing failing; 0: unknown. */
static uint64_t whole_load(int fd, const char *name)
{
	bool told = ran_begin();
	int err = load_module_fd(fd, consumer_params());
	uint64_t ran = told ? ran_end() : 0;

	return err || unload_module(name) ? 0 : ran;
}

/*
 * Most of what a load allocates is the kernel's own, before the module's code
 * runs.  A failure of that either ends the load, and the module runs nothing, or
 * it is borne, and the module runs all.  So of these one in LOADER_STRIDE fails,
 * until one makes the module run a part of itself; from the last but one before
 * that on each does.  Where it can't be told what runs, each does from the first.
 */
static int fail_loads(struct guest *guest, const struct step *step, int fd,
		      struct vm_failures *sums)
{
	uint64_t whole = whole_load(fd, step->texts[1]), ran = 0;
	uint32_t stride = whole ? LOADER_STRIDE : 1;
	uint32_t back = 2 * LOADER_STRIDE - 1, nth = 1;
	bool more = true;
	int err = 0;

	while (!err && more) {
		bool told = ran_begin(), reached;

		err = fail_begin(guest, step, nth, sums);
		if (!err)
			err = load_once(fd, step->texts[1], sums, &ran, &more);
		reached = !told || !more || (ran && ran != whole);
		if (stride > 1 && reached) {
			more = true;
			stride = 1;
			nth -= nth > back ? back : nth - 1;
			sums->num_passed = nth - 1 - (nth + LOADER_STRIDE - 2) /
						     LOADER_STRIDE;
		} else {
			nth += stride;
		}
	}
	return err;
}

int step_fail_load(struct guest *guest, const struct step *step)
{
	struct vm_failures sums = { 0 };
	int fd = open(step->texts[0], O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? errno : fail_loads(guest, step, fd, &sums);

	if (fd >= 0)
		close(fd);
	report(guest, VM_RESULT_FAILURES, step, err, &sums, sizeof(sums));
	return err;
}

/* Does the channel still run what it ran before a refusal? */
static bool runs_the_same(struct guest *guest, uint32_t channel,
			  struct plimsoll_channel_status *before)
{
	struct plimsoll_channel_status now = { .channel = channel };
	bool same = ioctl(guest->device, PLIMSOLL_IOC_CHANNEL, &now) == 0 &&
		    now.content_version == before->content_version &&
		    now.data_len == before->data_len &&
		    now.num_rules == before->num_rules;

	*before = now;
	return same;
}

static int fail_replace(struct guest *guest, const struct step *step,
			const struct content_file *const *pair,
			struct vm_failures *failures,
			struct vm_alternated *sums)
{
	struct plimsoll_channel_status status = { .channel = step->head.a };
	struct plimsoll_replace done;
	bool more = true;
	int err = 0;

	runs_the_same(guest, step->head.a, &status);
	for (uint32_t i = 0; more; i++) {
		const struct content_file *file = pair[i % 2];
		int answer;

		err = fail_begin(guest, step, i + 1, failures);
		if (err)
			break;
		answer = content_replace(guest, step->head.a,
					 PLIMSOLL_REPLACE_ROLLBACK, file->data,
					 file->len, &done);
		more = fail_end(failures);
		content_account(sums, answer, &done);
		if (!runs_the_same(guest, step->head.a, &status) && answer)
			sums->num_other++;
		device_drain(guest, step);
	}
	return err;
}

/* As step_alternate(), with each allocation failing once. */
int step_fail_replace(struct guest *guest, const struct step *step)
{
	struct vm_alternated sums = { .last_taken = VM_NONE_TAKEN };
	struct vm_failures failures = { 0 };
	const struct content_file *pair[2];
	int err = content_file(step->texts[0], &pair[0]);

	if (!err)
		err = content_file(step->texts[1], &pair[1]);
	if (err)
		return err;
	device_drain(guest, step);
	err = fail_replace(guest, step, pair, &failures, &sums);
	failures.num_refused = sums.num_no_memory;
	failures.num_other = sums.num_other;
	failures.error = sums.error;
	report(guest, VM_RESULT_ALTERNATED, step, 0, &sums, sizeof(sums));
	report(guest, VM_RESULT_FAILURES, step, err, &failures,
	       sizeof(failures));
	return err;
}

/*
 * In the child, which borrows PID 1's memory until the exec.  What it is to
 * have failed is its own, and told by a file of its own.
 */
static void become(uint32_t nth)
{
	char *args[] = { VM_ACTOR, NULL };
	char *env[] = { NULL };
	int fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);

	if (fd < 0 || write_nth(fd, nth))
		_exit(EXIT_PREPARE);
	execve(VM_ACTOR, args, env);
	_exit(errno == ENOMEM ? 1 : 2);
}

/* What an ended process leaves to be read until it is reaped. */
static bool has_failed(pid_t pid)
{
	char path[32];
	bool failed;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	failed = fd >= 0 && is_spent(fd);
	if (fd >= 0)
		close(fd);
	return failed;
}

/* An execution goes through all hooks; killed half-way is refused, too. */
int step_fail_execute(struct guest *guest, const struct step *step)
{
	struct vm_failures sums = { 0 };
	bool more = true;
	int err = own_fd < 0 ? arm() : 0;

	while (!err && more) {
		siginfo_t info;
		uint64_t ran;
		int status;
		pid_t pid;

		report(guest, VM_RESULT_FAILING, step, (int)++sums.num_tried,
		       NULL, 0);
		pid = vfork();
		if (pid == 0)
			become(sums.num_tried);
		if (pid < 0 || waitid(P_PID, (id_t)pid, &info,
				      WEXITED | WNOWAIT)) {
			err = errno;
			break;
		}
		more = has_failed(pid) && sums.num_tried < VM_FAILURES_MAX;
		sums.num_failed += more;
		waitpid(pid, &status, 0);
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_PREPARE)
			err = EIO;
		sums.num_refused += status != 0;
		/* Nobody but us asks whether this one ran. */
		if (read(ACTOR_RAN_FD, &ran, sizeof(ran)) < 0 &&
		    errno != EAGAIN)
			err = errno;
		device_drain(guest, step);
	}
	report(guest, VM_RESULT_FAILURES, step, err, &sums, sizeof(sums));
	return err;
}
