// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(data, len) ((void)(data), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(data, len) ((void)(data), (void)(len))
#endif

#include "base/mem.h"
#include "content/canonical.h"
#include "event/event.h"
#include "event/lines.h"
#include "fuzz/job.h"
#include "replay/child.h"
#include "report/verdict.h"

#define AT_ONCE		32u	/* neighbours that a worker takes */
#define MAX_SECONDS	20	/* of the processor's, for that many, or for an
				 * encoding: what patterns cost is no fault */
#define OWN_EVENTS	64u	/* made from a neighbour's own criteria */

struct worker {
	uint8_t id;
	struct fuzz_job *job;
	struct neighbourhood n;
	struct neighbour_plan plan;
	uint8_t *made;		/* where a neighbour is put together, */
	uint8_t *room;		/* and where it is read: at the end of these */
	size_t cap;
	struct plm_content own;	/* the candidate's; data NULL: refused */
	uint8_t *encoded;	/* what the candidate's rules encode to */
	size_t encoded_len;
	struct event *events;
	size_t num_events, cap_events;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static uint64_t number_of(const struct worker *worker, uint64_t index)
{
	const struct fuzz_job *job = worker->job;

	return job->budget ? neighbour_plan_get(&worker->plan,
						job->first + index) :
			     job->first + index;
}

/*
 * The neighbour at the very end of its room, what lies before it poisoned: a
 * byte read beside it is seen.
 */
static const uint8_t *place(struct worker *worker, size_t len)
{
	uint8_t *data = worker->room + worker->cap - len;

	ASAN_UNPOISON_MEMORY_REGION(worker->room, worker->cap);
	if (len)
		memcpy(data, worker->made, len);
	ASAN_POISON_MEMORY_REGION(worker->room, worker->cap - len);
	return data;
}

/* FNV-1a over numbers. */
static void digest(uint64_t *sum, uint64_t value)
{
	*sum = (*sum ^ value) * 0x100000001b3ull;
}

static void run_event(struct evaluator *evaluator, const struct event *event,
		      struct fuzz_answer *answer)
{
	struct event_result result;

	evaluator_run(evaluator, event, event->template->shape.num_inputs,
		      &result);
	digest(&answer->matches, result.num_matches);
	for (size_t i = 0; i < result.num_matches; i++)
		digest(&answer->matches, result.matches[i]);
	if (result.num_faults && !(answer->flags & FUZZ_FAULTED)) {
		answer->flags |= FUZZ_FAULTED;
		answer->rule = result.faults[0];
		answer->fault_err = (uint16_t)result.fault_errs[0];
	}
	event_result_free(&result);
}

/* An event for a criterion: its text or number wherever one can stand. */
static void make_event(struct event *event, const struct model_criterion *from,
		       bool padded)
{
	const struct plm_supply *shape = &from->template->shape;
	char text[PLM_MAX_TEXT_LEN + 2];
	size_t len = 0;

	*event = (struct event){ .template = from->template };
	if (padded)
		text[len++] = '/';
	if (from->text.len)
		memcpy(text + len, from->text.data, from->text.len);
	len += from->text.len;
	if (padded)
		text[len++] = 'x';
	for (uint32_t i = 0; i < shape->num_inputs; i++)
		if (shape->inputs[i].type == PLM_TYPE_STRING)
			event_set_string(event, i, text, len);
		else
			event_set_number(event, i, from->number + padded);
}

static void run_own_events(struct evaluator *evaluator,
			   const struct model *model,
			   struct fuzz_answer *answer)
{
	size_t num = 2 * model->num_criteria;
	struct event event;

	for (size_t i = 0; i < OWN_EVENTS && i < num; i++) {
		/* Of many criteria some, evenly spaced. */
		size_t which = num <= OWN_EVENTS ? i :
			       (size_t)((uint64_t)i * num / OWN_EVENTS);

		make_event(&event, &model->criteria[which / 2], which % 2);
		run_event(evaluator, &event, answer);
		event_free(&event);
	}
}

static void set_timer(void)
{
	const struct itimerval timer = { .it_value.tv_sec = MAX_SECONDS };

	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

/* Decoded, with all that follows from that. */
static void run_whole(const struct plm_content *content,
		      struct evaluator *evaluator, struct fuzz_answer *answer)
{
	struct canonical_result result;
	struct model model;

	set_timer();
	model_decode(&model, content);
	canonical_check(content, &model, &result);
	set_timer();
	run_own_events(evaluator, &model, answer);
	model_free(&model);
	answer->canonical = (uint8_t)result.kind;
	answer->flags |= FUZZ_ENCODED;
}

/* Where it says what the candidate says, its encoding is known. */
static void run_accepted(struct worker *worker, uint64_t k,
			 const struct plm_content *content,
			 struct fuzz_answer *answer)
{
	struct evaluator *evaluator = evaluator_new(content);
	struct canonical_result result = { .kind = CANONICAL_DERIVED };

	answer->matches = 0xcbf29ce484222325ull;
	for (size_t i = 0; i < worker->num_events; i++)
		run_event(evaluator, &worker->events[i], answer);
	if (worker->encoded && canonical_alike(content, &worker->own)) {
		canonical_compare(content, worker->encoded,
				  worker->encoded_len, &result);
		answer->canonical = (uint8_t)result.kind;
	} else if (k % worker->job->encode_every == 0) {
		run_whole(content, evaluator, answer);
	}
	evaluator_free(evaluator);
}

static bool is_clean(const struct plm_content *content)
{
	static const struct plm_content zero;

	return !memcmp(content, &zero, sizeof(zero));
}

static void run_one(struct worker *worker, uint64_t index)
{
	struct fuzz_answer *slot = &fuzz_job_answers(worker->job)[index];
	struct fuzz_answer answer = { .state = FUZZ_DONE };
	const struct damage_base *base = &worker->n.base;
	struct neighbour_recipe recipe;
	struct plm_content content;
	struct plm_fault fault = { 0 };
	uint64_t k = number_of(worker, index);
	const uint8_t *data;
	size_t len;

	slot->worker = worker->id;
	slot->state = FUZZ_BEGUN;
	neighbourhood_get(&worker->n, k, &recipe);
	len = damage_apply(base, recipe.edits, recipe.num, worker->made);
	data = place(worker, len);
	if (len == base->len && !memcmp(data, base->data, len))
		answer.flags |= FUZZ_UNCHANGED;
	memset(&content, 0xff, sizeof(content));
	answer.err = (uint16_t)plm_check(data, (u32)len, 0, &content, &fault);
	answer.off = fault.off;
	answer.rule = fault.rule;
	if (answer.err == PLM_OK)
		run_accepted(worker, k, &content, &answer);
	else if (fault.off > len || !is_clean(&content))
		answer.flags |= FUZZ_BAD_PLACE;
	*slot = answer;
}

/* What an earlier worker has begun it did not survive. */
static void run_all(struct worker *worker)
{
	struct fuzz_job *job = worker->job;
	const struct fuzz_answer *answers = fuzz_job_answers(job);
	bool late = false;
	uint64_t from;

	/* Some are tried however long it took to get here. */
	while (!late &&
	       (from = atomic_fetch_add(&job->next, AT_ONCE)) < job->num) {
		set_timer();
		for (uint64_t i = from; i < from + AT_ONCE && i < job->num; i++)
			if (answers[i].state == FUZZ_NOT_DONE)
				run_one(worker, i);
		late = job->deadline > 0 && now() > job->deadline;
	}
}

static bool read_events(struct worker *worker)
{
	char error[EVENT_ERROR_LEN];
	enum lines_status status;
	struct lines lines;
	char *line;
	size_t len;

	lines_open(&lines, STDIN_FILENO);
	while ((status = lines_next(&lines, &line, &len)) == LINES_GIVEN) {
		ARRAY_RESERVE(worker->events, worker->num_events,
			      worker->cap_events);
		if (event_from_line(&worker->events[worker->num_events], line,
				    len, error))
			break;
		worker->num_events++;
	}
	lines_close(&lines);
	return status == LINES_END;
}

/* The job's numbers are the command's own, and are checked all the same. */
static struct fuzz_job *map_job(void)
{
	struct fuzz_job *job;
	struct stat st;
	uint64_t size;

	if (fstat(CHILD_FILE_FD, &st) || st.st_size < (off_t)sizeof(*job))
		return NULL;
	size = (uint64_t)st.st_size;
	job = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   CHILD_FILE_FD, 0);
	if (job == MAP_FAILED)
		return NULL;
	if (job->magic != FUZZ_JOB_MAGIC || !job->encode_every ||
	    job->data_off > size || job->len > size - job->data_off ||
	    job->old_off > size || job->old_len > size - job->old_off ||
	    job->answers_off > size || job->num > (size - job->answers_off) /
	    sizeof(struct fuzz_answer))
		return NULL;
	return job;
}

/* On the heap, where a byte too many is seen. */
static void take_files(struct worker *worker)
{
	const struct fuzz_job *job = worker->job;
	const uint8_t *from = (const uint8_t *)job;
	struct damage_base base = {
		.data = xmemdup(from + job->data_off, job->len),
		.len = job->len,
	};

	if (job->old_len) {
		base.old = xmemdup(from + job->old_off, job->old_len);
		base.old_len = job->old_len;
	}
	neighbourhood_init(&worker->n, &base, job->layout, job->seed);
	neighbour_plan_make(&worker->plan, &worker->n, job->budget);
	worker->cap = damage_room(&base);
	worker->made = xmalloc(worker->cap);
	worker->room = xmalloc(worker->cap);
}

static void encode_own(struct worker *worker)
{
	const struct damage_base *base = &worker->n.base;
	struct model_error error;
	struct plm_fault fault;
	struct model model;

	if (plm_check(base->data, (u32)base->len, 0, &worker->own, &fault))
		return;
	model_decode(&model, &worker->own);
	if (model_encode(&model, &worker->encoded, &worker->encoded_len,
			 &error))
		worker->encoded = NULL;
	model_free(&model);
}

static void worker_free(struct worker *worker)
{
	for (size_t i = 0; i < worker->num_events; i++)
		event_free(&worker->events[i]);
	free(worker->events);
	free(worker->encoded);
	ASAN_UNPOISON_MEMORY_REGION(worker->room, worker->cap);
	free(worker->room);
	free(worker->made);
	free((void *)worker->n.base.data);
	free((void *)worker->n.base.old);
}

int fuzz_worker(unsigned int id)
{
	struct worker worker = { .id = (uint8_t)id, .job = map_job() };

	if (!worker.job) {
		fprintf(stderr, "plimsoll: there is no job on descriptor %d\n",
			CHILD_FILE_FD);
		return VERDICT_USAGE;
	}
	if (!read_events(&worker))
		return VERDICT_USAGE;
	take_files(&worker);
	encode_own(&worker);
	run_all(&worker);
	worker_free(&worker);
	return VERDICT_PASS;
}
