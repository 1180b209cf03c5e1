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
	json_t *(*run)(void);	/* NULL: could not be measured here */
};

extern const struct benchmark benchmarks[];
extern const size_t num_benchmarks;

json_t *bench_check(void);
json_t *bench_eval(void);
json_t *bench_boot(void);

/* Seconds of monotonic time. */
double bench_now(void);

/* {"min","median","max"} of @num values, which it sorts. */
json_t *bench_spread(double *values, size_t num);

/*
 * Fill @model with @num_rules rules such as people write them: a program's
 * path and some of its arguments, in several forms, deterministic.
 */
void bench_rules(struct model *model, size_t num_rules);

/* Event @index of an ordinary machine, which no such rule matches. */
void bench_event(struct event *event, size_t index);

#endif /* BENCH_BENCH_H */
