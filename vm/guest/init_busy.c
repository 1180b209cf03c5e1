// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Event load: a process beside PID 1 that executes programs over and over,
 * while PID 1 does something to the content that they are matched with.
 */
#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define LOOK_NS		5000000L
#define BUSY_AT_ONCE	16384	/* results of one report */

/* What the two processes share. */
struct shared {
	atomic_uint stop;
	atomic_uint epoch;	/* odd: the stream is closed */
	atomic_uint num;	/* used entries of list */
	struct vm_busy list[VM_MAX_BUSY];
};

static struct shared *shared;
static pid_t busy;

void busy_stream(bool is_open)
{
	if (shared && is_open == (atomic_load(&shared->epoch) & 1))
		atomic_fetch_add(&shared->epoch, 1);
}

static void rest(void)
{
	struct timespec look = { 0, LOOK_NS };

	nanosleep(&look, NULL);
}

/* One execution; false when it is time to stop. */
static bool work(const struct step *step)
{
	unsigned int num = atomic_load(&shared->num);
	unsigned int epoch = atomic_load(&shared->epoch);
	struct vm_busy *one = &shared->list[num];

	while (num == VM_MAX_BUSY && !atomic_load(&shared->stop))
		rest();
	if (atomic_load(&shared->stop))
		return false;
	execute_one(step, &one->done);
	one->id = step->head.id;
	one->watched = !(epoch & 1) && atomic_load(&shared->epoch) == epoch;
	atomic_store(&shared->num, num + 1);
	return true;
}

/* The life of the other process: it holds nothing of PID 1's. */
static void live(const struct guest *guest, size_t from, size_t to)
{
	struct step step;
	size_t pos;

	if (guest->device >= 0)
		close(guest->device);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (execute_start())
		_exit(EXIT_PREPARE);
	for (;;) {
		pos = from;
		while (next_step(guest, &pos, to, &step))
			if (!work(&step))
				_exit(0);
	}
}

int step_busy(struct guest *guest, const struct step *step)
{
	uint32_t num_steps = step->head.a;
	size_t from = guest->pos;
	struct step skipped;

	if (busy || !num_steps)
		return EINVAL;
	for (uint32_t i = 0; i < num_steps; i++)
		if (!next_step(guest, &guest->pos, guest->script_len, &skipped))
			return EINVAL;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		shared = NULL;
		return ENOMEM;
	}
	if (guest->device < 0)
		busy_stream(false);
	busy = start_aside();
	if (busy == 0)
		live(guest, from, guest->pos);
	return busy < 0 ? errno : 0;
}

int step_watch(struct guest *guest, const struct step *step)
{
	unsigned int until;
	int status;

	if (!busy)
		return EINVAL;
	until = atomic_load(&shared->num) + step->head.a;
	if (until > VM_MAX_BUSY)
		until = VM_MAX_BUSY;
	while (atomic_load(&shared->num) < until) {
		device_drain(guest, step);
		if (waitpid(busy, &status, __WCLONE | WNOHANG) == busy) {
			busy = 0;
			return ECHILD;
		}
		rest();
	}
	device_drain(guest, step);
	return 0;
}

static void report_list(struct guest *guest, const struct step *step)
{
	size_t num = atomic_load(&shared->num);

	for (size_t i = 0; i < num; i += BUSY_AT_ONCE) {
		size_t part = num - i < BUSY_AT_ONCE ? num - i : BUSY_AT_ONCE;

		report(guest, VM_RESULT_BUSY, step, 0, &shared->list[i],
		       part * sizeof(shared->list[0]));
	}
}

int step_idle(struct guest *guest, const struct step *step)
{
	int status = 0;

	if (!busy)
		return EINVAL;
	atomic_store(&shared->stop, 1);
	while (waitpid(busy, &status, __WCLONE | WNOHANG) != busy) {
		device_drain(guest, step);
		rest();
	}
	busy = 0;
	device_drain(guest, step);
	report_list(guest, step);
	munmap(shared, sizeof(*shared));
	shared = NULL;
	return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}
