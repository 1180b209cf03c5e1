// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VMs side by side, one for each core.  One that dies is followed by another
 * that begins with all that was found until then.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "fuzz/in_kernel.h"
#include "vm/interrupt.h"

#define LOOK_US 250000
#define HANG 60.0		/* seconds without an execution */
#define LAST_LOOK 30.0		/* seconds that it may take, under a second in most */
#define WORTH_IT 4.0		/* seconds left that are worth a VM */
#define LONG_PART 16		/* of the time is for long inputs */
#define MAX_LOST 3		/* VMs of one slot, one after the other */

struct slot {
	struct explorer *explorer;
	struct fuzz_vm *vm;		/* or NULL */
	uint64_t seen;			/* executions */
	bool runs;			/* it has begun with the first */
	double moved;			/* when they were fewer */
	double asked;			/* to end; 0: not yet */
	size_t num_lost;		/* in a row */
	pthread_t thread;
};

struct explorer {
	struct kernel_explore *out;
	pthread_mutex_t lock;
	struct slot *slots;
	size_t num_slots, num_running;
	double begun;
	uint32_t next_seed;
	bool over, terminal;
	struct fuzz_counts sums;	/* of VMs that are gone */
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

double kernel_explore_now(const struct kernel_explore *explore)
{
	return now() - explore->begun;
}

bool kernel_explore_has_enough(const struct kernel_explore *explore)
{
	return explore->enough && explore->crashes.num >= explore->enough;
}

static void found(void *context, const uint8_t *data, size_t len)
{
	struct kernel_corpus *corpus = context;

	kernel_corpus_add(corpus, data, len, true);
}

static void add_counts(struct fuzz_counts *sums, const struct fuzz_counts *one)
{
	sums->num_executions += one->num_executions;
	sums->num_accepted += one->num_accepted;
	sums->num_firmware += one->num_firmware;
	if (one->num_covered > sums->num_covered)
		sums->num_covered = one->num_covered;
	if (one->num_points > sums->num_points)
		sums->num_points = one->num_points;
}

static struct fuzz_counts count_all(const struct explorer *e)
{
	struct fuzz_counts sums = e->sums, one;

	for (size_t i = 0; i < e->num_slots; i++) {
		if (!e->slots[i].vm)
			continue;
		fuzz_vm_counts(e->slots[i].vm, &one);
		add_counts(&sums, &one);
	}
	return sums;
}

/* With the lock held, as all that follows to the worker. */
static void end_vm(struct slot *slot, struct fuzz_vm *vm,
		   struct fuzz_outcome *outcome)
{
	struct explorer *e = slot->explorer;
	struct kernel_explore *out = e->out;

	slot->vm = NULL;
	fuzz_vm_take(vm, found, out->corpus);
	add_counts(&e->sums, &outcome->counts);
	out->num_vms++;
	out->cpu_took += outcome->cpu_seconds;
	slot->num_lost = outcome->ending == FUZZ_LOST ? slot->num_lost + 1 : 0;
	if (outcome->ending == FUZZ_LOST && !interrupted()) {
		out->num_lost++;
		if (!out->why_lost)
			out->why_lost = xstrdup(outcome->text);
	}
	if (outcome->ending == FUZZ_CRASHED)
		kernel_crashes_add(&out->crashes, vm, outcome,
				   count_all(e).num_executions,
				   kernel_explore_now(out));
	e->over |= kernel_explore_has_enough(out);
}

static double left(const struct explorer *e)
{
	return e->out->seconds - (now() - e->begun);
}

static struct fuzz_vm *begin_vm(struct slot *slot, struct fuzz_list *inputs)
{
	struct explorer *e = slot->explorer;
	struct fuzz_job job = {
		.mode = FUZZ_EXPLORE, .seed = ++e->next_seed,
		.seconds = (uint32_t)left(e) + 1, .max_len = e->out->max_len,
		.inputs = inputs,
	};

	if (slot == e->slots && job.seed == e->out->seed + 1 &&
	    e->out->long_len > e->out->max_len) {
		job.max_len = e->out->long_len;
		job.seconds = job.seconds / LONG_PART + 1;
	}
	kernel_corpus_list(e->out->corpus, job.max_len, inputs);
	slot->vm = fuzz_vm_make(e->out->lab, &job);
	slot->seen = 0;
	slot->runs = false;
	slot->asked = 0;
	slot->moved = now();
	return slot->vm;
}

static void *work(void *context)
{
	struct slot *slot = context;
	struct explorer *e = slot->explorer;
	struct fuzz_outcome outcome;
	struct fuzz_vm *vm;

	pthread_mutex_lock(&e->lock);
	while (!e->over && left(e) > WORTH_IT && slot->num_lost < MAX_LOST) {
		struct fuzz_list inputs = { 0 };

		vm = begin_vm(slot, &inputs);
		pthread_mutex_unlock(&e->lock);
		if (vm)
			fuzz_vm_run(vm, &outcome);
		pthread_mutex_lock(&e->lock);
		fuzz_list_free(&inputs);
		if (!vm)
			break;
		end_vm(slot, vm, &outcome);
		fuzz_outcome_free(&outcome);
		fuzz_vm_free(vm);
	}
	e->num_running--;
	pthread_mutex_unlock(&e->lock);
	return NULL;
}

static void status(const struct explorer *e)
{
	struct fuzz_counts sums = count_all(e);
	double took = now() - e->begun;

	if (!e->terminal)
		return;
	fprintf(stderr, "\r\033[Kfuzz: %.0f of %.0f s, %llu executions (%.0f/s), %llu points, %zu inputs (%zu new), %zu crashes",
		took, e->out->seconds, (unsigned long long)sums.num_executions,
		(double)sums.num_executions / (took > 1 ? took : 1),
		(unsigned long long)sums.num_points, e->out->corpus->num,
		e->out->corpus->num_new, e->out->crashes.num);
	fflush(stderr);
}

/*
 * What its kernel says late is still to be heard, where that can matter: of one that
 * does not come to that nobody knows.
 */
static void end_one(struct slot *slot)
{
	bool at_once = interrupted() || !slot->runs ||
		       kernel_explore_has_enough(slot->explorer->out);

	if (at_once) {
		fuzz_vm_stop(slot->vm, FUZZ_OVER);
	} else if (now() - slot->moved > HANG) {
		fuzz_vm_stop(slot->vm, FUZZ_HANGS);
	} else if (!slot->asked) {
		fuzz_vm_end(slot->vm);
		slot->asked = now();
	} else if (now() - slot->asked > LAST_LOOK) {
		fuzz_vm_stop(slot->vm, FUZZ_LATE);
	}
}

static void look_at(struct slot *slot, bool stop)
{
	struct fuzz_counts counts;

	if (!slot->vm)
		return;
	fuzz_vm_take(slot->vm, found, slot->explorer->out->corpus);
	fuzz_vm_counts(slot->vm, &counts);
	if (counts.num_executions != slot->seen) {
		slot->seen = counts.num_executions;
		slot->moved = now();
	}
	/* An execution may be the first, and never end. */
	if (!slot->runs && counts.state >= FUZZ_RUNNING)
		slot->moved = now();
	slot->runs = counts.state >= FUZZ_RUNNING;
	if (stop)
		end_one(slot);
	else if (slot->runs && now() - slot->moved > HANG)
		fuzz_vm_stop(slot->vm, FUZZ_HANGS);
}

static void watch(struct explorer *e)
{
	pthread_mutex_lock(&e->lock);
	while (e->num_running) {
		e->over |= interrupted() || left(e) <= 0;
		for (size_t i = 0; i < e->num_slots; i++)
			look_at(&e->slots[i], e->over);
		status(e);
		pthread_mutex_unlock(&e->lock);
		usleep(LOOK_US);
		pthread_mutex_lock(&e->lock);
	}
	pthread_mutex_unlock(&e->lock);
	if (e->terminal)
		fputs("\r\033[K", stderr);
}

void kernel_explore_run(struct kernel_explore *explore)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct explorer e = {
		.out = explore, .lock = PTHREAD_MUTEX_INITIALIZER,
		.num_slots = cores > 1 ? (size_t)cores : 1, .begun = now(),
		.next_seed = explore->seed, .terminal = isatty(STDERR_FILENO),
	};
	size_t started = 0;

	e.slots = xcalloc(e.num_slots, sizeof(*e.slots));
	e.num_running = e.num_slots;
	for (size_t i = 0; i < e.num_slots; i++) {
		e.slots[i].explorer = &e;
		if (pthread_create(&e.slots[i].thread, NULL, work,
				   &e.slots[i]))
			break;
		started++;
	}
	pthread_mutex_lock(&e.lock);
	e.num_running -= e.num_slots - started;
	pthread_mutex_unlock(&e.lock);
	watch(&e);
	for (size_t i = 0; i < started; i++)
		pthread_join(e.slots[i].thread, NULL);
	explore->counts = e.sums;
	explore->took = now() - e.begun;
	free(e.slots);
	pthread_mutex_destroy(&e.lock);
}
