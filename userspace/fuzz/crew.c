// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Workers under sanitizers, one a core.  One that dies has told by its answers
 * at which neighbour; it is replaced, and that neighbour left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/session.h"
#include "replay/child.h"
#include "replay/sanitizer.h"
#include "report/document.h"
#include "vm/interrupt.h"

#define MAX_EVENTS	12u	/* that accepted neighbours see */
#define MAX_DEATHS	8u	/* after which it is known to be bad */
#define OUTPUT_LEN	((size_t)4 << 20)
#define CPU_SECONDS	600u
#define MICROSECONDS_A_BYTE 1u	/* far above what a neighbour takes */
#define WALL_FACTOR	10u
#define ALIGN		64u

struct crew {
	struct fuzz *f;
	const struct crew_job *job;
	struct fuzz_job *shared;
	size_t shared_len;
	int shared_fd, events_fd;
	char *path;		/* of the command */
	struct child children[FUZZ_MAX_WORKERS];
	size_t num_children;
	size_t num_deaths;
	bool lost;		/* a worker ended for no reason of the core's */
	double cpu_seconds;
};

double fuzz_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

uint64_t crew_number(const struct fuzz *f, const struct crew_job *job,
		     uint64_t index)
{
	struct neighbour_plan plan;

	if (!job->budget)
		return job->first + index;
	neighbour_plan_make(&plan, &f->n, job->budget);
	return neighbour_plan_get(&plan, job->first + index);
}

static uint64_t aligned(uint64_t len)
{
	return len + (-len & (ALIGN - 1));
}

/* The job, the files, the answers, in one file in memory. */
static int share(struct crew *crew)
{
	const struct fuzz *f = crew->f;
	struct fuzz_job head = {
		.magic = FUZZ_JOB_MAGIC, .layout = f->n.layout,
		.seed = f->n.seed, .budget = crew->job->budget,
		.first = crew->job->first, .num = crew->job->num,
		.encode_every = crew->job->encode_every,
		.deadline = crew->job->deadline, .len = f->base.len,
		.old_len = f->base.old_len,
	};
	uint8_t *data;

	head.data_off = aligned(sizeof(head));
	head.old_off = aligned(head.data_off + head.len);
	head.answers_off = aligned(head.old_off + head.old_len);
	crew->shared_len = (size_t)(head.answers_off +
				    head.num * sizeof(struct fuzz_answer));
	crew->shared_fd = child_file("neighbours");
	if (crew->shared_fd < 0 ||
	    ftruncate(crew->shared_fd, (off_t)crew->shared_len))
		return -errno;
	data = mmap(NULL, crew->shared_len, PROT_READ | PROT_WRITE, MAP_SHARED,
		    crew->shared_fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	crew->shared = (struct fuzz_job *)data;
	*crew->shared = head;
	memcpy(data + head.data_off, f->base.data, f->base.len);
	if (f->base.old_len)
		memcpy(data + head.old_off, f->base.old, f->base.old_len);
	return 0;
}

/* Of as many rules as may be: those that match first. */
static bool write_events(struct crew *crew)
{
	const struct synth *synth = &crew->f->synth;
	size_t step = synth->num_events / MAX_EVENTS + 1;
	FILE *stream;
	bool fine;
	int copy;

	crew->events_fd = child_file("events");
	copy = crew->events_fd < 0 ? -1 : dup(crew->events_fd);
	stream = copy < 0 ? NULL : fdopen(copy, "w");
	if (!stream) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	fine = true;
	for (size_t i = 0; fine && i < synth->num_events; i += step) {
		json_t *json = event_to_json_exact(&synth->events[i].event);

		fine = !json_dumpf(json, stream, JSON_COMPACT) &&
		       fputc('\n', stream) != EOF;
		json_decref(json);
	}
	return !fclose(stream) && fine;
}

/* To be read from its beginning, whoever else reads it. */
static int reopen(int fd)
{
	char *path = xasprintf("/proc/self/fd/%d", fd);
	int low = open(path, O_RDONLY | O_CLOEXEC);
	int own = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, fd);

	free(path);
	if (low >= 0)
		close(low);
	return own;
}

static int start_one(struct crew *crew)
{
	uint64_t bytes = crew->job->num * (crew->f->base.len + 1);
	unsigned int cpu = CPU_SECONDS +
			   (unsigned int)(bytes * MICROSECONDS_A_BYTE /
					  1000000);
	const struct child_limits limits = { cpu, cpu * WALL_FACTOR,
					     OUTPUT_LEN };
	char id[] = { (char)('0' + crew->num_children), 0 };
	char *const argv[] = { crew->path, "fuzz", "--worker", id, NULL };
	int events = reopen(crew->events_fd);
	int err = events < 0 ? -errno : 0;

	if (!err)
		err = child_start(&crew->children[crew->num_children], argv,
				  sanitizer_environment, events,
				  crew->shared_fd, &limits);
	if (events >= 0)
		close(events);
	if (!err)
		crew->num_children++;
	return err;
}

static void progress(const struct crew *crew)
{
	uint64_t next = atomic_load(&crew->shared->next);

	if (next > crew->job->num)
		next = crew->job->num;
	fprintf(stderr, "\r\033[Kfuzz: %llu of %llu neighbours",
		(unsigned long long)(crew->job->first + next),
		(unsigned long long)(crew->job->first + crew->job->num));
}

/* Until each has ended, or somebody wants no more. */
static void await(struct crew *crew)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	bool terminal = isatty(STDERR_FILENO);
	size_t due = 0;

	while (due < crew->num_children) {
		due = 0;
		for (size_t i = 0; i < crew->num_children; i++) {
			if (interrupted())
				child_stop(&crew->children[i]);
			due += child_is_due(&crew->children[i]);
		}
		if (terminal)
			progress(crew);
		nanosleep(&nap, NULL);
	}
	if (terminal)
		fputs("\r\033[K", stderr);
}

/* Not by the core: by somebody with a kill, or for want of memory. */
static bool is_from_outside(const struct child_result *result)
{
	int sig = WIFSIGNALED(result->status) ? WTERMSIG(result->status) : 0;

	return result->late || sig == SIGKILL || sig == SIGTERM ||
	       sig == SIGINT || sig == SIGHUP || sig == SIGXFSZ ||
	       (!sig && !sanitizer_has_report(result));
}

static void tell_death(struct crew *crew, uint64_t k,
		       const struct child_result *result)
{
	bool slow = WIFSIGNALED(result->status) &&
		    (WTERMSIG(result->status) == SIGVTALRM ||
		     WTERMSIG(result->status) == SIGXCPU);
	char *line = sanitizer_line(result);
	char *report = sanitizer_report(result);

	fuzz_finding(crew->f, SEVERITY_FAIL, slow ? "TIMEOUT" : "SANITIZER", k,
		     "userspace", "%s%s", slow ?
		     "the core takes too long over it" : "the core died: ",
		     slow ? "" : *line ? line :
		     WIFSIGNALED(result->status) ?
		     strsignal(WTERMSIG(result->status)) : "?");
	json_object_set_new(
		json_array_get(crew->f->neighbours,
			       json_array_size(crew->f->neighbours) - 1),
		"sanitizer_report", document_text(report));
	free(report);
	free(line);
}

/* The one that the worker had begun. */
static bool find_begun(struct crew *crew, size_t worker, uint64_t *out_index)
{
	struct fuzz_answer *answers = fuzz_job_answers(crew->shared);

	for (uint64_t i = 0; i < crew->job->num; i++) {
		if (answers[i].state != FUZZ_BEGUN ||
		    answers[i].worker != worker)
			continue;
		answers[i].state = FUZZ_DONE;
		answers[i].err = FUZZ_DIED;
		*out_index = i;
		return true;
	}
	return false;
}

static void judge_end(struct crew *crew, size_t worker,
		      const struct child_result *result)
{
	uint64_t index;
	char text[200];

	if (WIFEXITED(result->status) && !WEXITSTATUS(result->status))
		return;
	crew->num_deaths++;
	if (!is_from_outside(result) && find_begun(crew, worker, &index)) {
		tell_death(crew, crew_number(crew->f, crew->job, index),
			   result);
		return;
	}
	crew->lost = true;
	snprintf(text, sizeof(text), "a worker %s: %.100s",
		 WIFSIGNALED(result->status) ? "was killed" :
		 "ended without an answer", WIFSIGNALED(result->status) ?
		 strsignal(WTERMSIG(result->status)) :
		 (const char *)result->err);
	if (!interrupted())
		fuzz_unknown(crew->f, "LOST", crew->f->path, text);
}

static bool anything_left(const struct crew *crew)
{
	const struct fuzz_answer *answers = fuzz_job_answers(crew->shared);

	for (uint64_t i = 0; i < crew->job->num; i++)
		if (answers[i].state == FUZZ_NOT_DONE)
			return true;
	return false;
}

/* As many as there are cores; true where at least one was there to the end. */
static bool shift(struct crew *crew)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = cores < 1 ? 1 : cores > (long)FUZZ_MAX_WORKERS ?
			FUZZ_MAX_WORKERS : (size_t)cores;
	struct child_result result;
	int err = 0;

	crew->num_children = 0;
	atomic_store(&crew->shared->next, 0);
	while (!err && crew->num_children < wanted)
		err = start_one(crew);
	if (!crew->num_children) {
		sanitizer_missing(crew->f->stage, crew->path, strerror(-err));
		return false;
	}
	await(crew);
	for (size_t i = 0; i < crew->num_children; i++) {
		err = child_wait(&crew->children[i], &result);
		crew->cpu_seconds += result.cpu_seconds;
		if (err)
			crew->lost = true;
		else
			judge_end(crew, i, &result);
		child_result_free(&result);
	}
	return true;
}

static void work(struct crew *crew)
{
	bool again = true;

	while (again && shift(crew)) {
		bool late = crew->job->deadline > 0 &&
			    fuzz_now() > crew->job->deadline;

		again = !crew->lost && !late && !interrupted() &&
			crew->num_deaths && crew->num_deaths < MAX_DEATHS &&
			anything_left(crew);
	}
}

void crew_run(struct fuzz *f, const struct crew_job *job,
	      struct crew_result *out)
{
	struct crew crew = { .f = f, .job = job, .shared_fd = -1,
			     .events_fd = -1 };
	int err;

	*out = (struct crew_result){ 0 };
	crew.path = file_part("plimsoll-san");
	errno = 0;
	err = share(&crew);
	if (!err && !write_events(&crew))
		err = errno ? -errno : -EIO;
	if (err)
		fuzz_unknown(f, "NO_SPACE", f->path, strerror(-err));
	else
		work(&crew);
	if (crew.shared) {
		out->answers = fuzz_job_answers(crew.shared);
		out->num = job->num;
		out->sound = !err && !crew.lost && crew.cpu_seconds > 0;
		out->map = crew.shared;
		out->map_len = crew.shared_len;
	}
	out->cpu_seconds = crew.cpu_seconds;
	if (crew.shared_fd >= 0)
		close(crew.shared_fd);
	if (crew.events_fd >= 0)
		close(crew.events_fd);
	free(crew.path);
}

void crew_result_free(struct crew_result *result)
{
	if (result->map)
		munmap(result->map, result->map_len);
	*result = (struct crew_result){ 0 };
}
