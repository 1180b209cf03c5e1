/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Benchmarks: each gives one JSON object of figures, with their units. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <jansson.h>

#include "content/model.h"
#include "event/event.h"

struct benchmark {
	const char *name;
	const char *help;
	/* NULL: could not be measured here; @content_path may be NULL. */
	json_t *(*run)(const char *content_path);
};

extern const struct benchmark benchmarks[];
extern const size_t num_benchmarks;

json_t *bench_check(const char *content_path);
json_t *bench_eval(const char *content_path);
json_t *bench_boot(const char *content_path);
json_t *bench_spawn(const char *content_path);

/* Something whose cost is to be known; called several times. */
typedef void bench_work(void *arg);

/*
 * Instructions that one call of @work takes, in user mode, and in *@out_how
 * how they were counted, "counter" or "steps".  Negative where neither is to
 * be had; *@out_how then says so.  @work may run in a forked child.
 */
double bench_instructions(bench_work *work, void *arg, const char **out_how);

/* Seconds of monotonic time. */
double bench_now(void);

/* {"min","median","max"} of @num values, which it sorts. */
json_t *bench_spread(double *values, size_t num);

/* Fill @model with @num_rules rules such as people write, deterministic. */
void bench_rules(struct model *model, size_t num_rules);

/* A file of so many, at a new path that is the caller's to remove; or NULL. */
char *bench_file(size_t num_rules);

/* What the rules of @content are made of, as shares and means. */
json_t *bench_makeup(const struct plm_content *content);

/* Event @index of a mix such as ordinary machines have. */
extern const size_t num_bench_events;
void bench_event(struct event *event, size_t index);

#endif /* BENCH_BENCH_H */
