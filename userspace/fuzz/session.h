/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of one run of the `fuzz` stage share. */
#ifndef FUZZ_SESSION_H
#define FUZZ_SESSION_H

#include "content/load.h"
#include "event/synth.h"
#include "fuzz/stage.h"
#include "fuzz/job.h"
#include "fuzz/neighbourhood.h"

#define FUZZ_MAX_TOLD 5u	/* findings of one code in one part */

struct fuzz {
	const struct fuzz_options *options;
	const char *path;
	struct stage *stage;
	bool ours;			/* the target's content is */
	struct loaded loaded, old;	/* candidate; baseline or nothing */
	struct damage_base base;
	struct neighbourhood n;
	struct model model;		/* of the candidate, where ours */
	struct synth synth;
	json_t *neighbours;		/* evidence: those of findings */
	/* For the summary: in userspace, and offered to kernels. */
	uint64_t num_tried, num_accepted, num_offered;
	size_t num_kernels;
};

/*
 * A finding about neighbour @k, which @part ("userspace", "debian:6.1") has
 * shown.  The file is kept, with the command that repeats it.
 */
void fuzz_finding(struct fuzz *f, enum severity severity, const char *code,
		  uint64_t k, const char *part, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* The bytes of neighbour @k: a new buffer. */
uint8_t *fuzz_make(const struct fuzz *f, uint64_t k, size_t *out_len);

/* A finding that is about no neighbour. */
void fuzz_unknown(struct fuzz *f, const char *code, const char *file,
		  const char *text);

/*
 * A part of the work as a run of the stage's evidence: @label, its verdict from
 * the findings since @from, seconds.  More members may be added to what comes
 * back, which belongs to the stage.
 */
json_t *fuzz_part(struct fuzz *f, const char *label, size_t from, bool complete,
		  double seconds);

/* crew.c: neighbours through workers. */
struct crew_job {
	uint64_t budget;	/* of the plan; 0: by their number */
	uint64_t first, num;
	uint64_t encode_every;
	double deadline;	/* CLOCK_MONOTONIC; 0: none */
};

struct crew_result {
	const struct fuzz_answer *answers;	/* num of them; read only */
	uint64_t num;
	bool sound;		/* the workers did what they were told */
	double cpu_seconds;
	void *map;
	size_t map_len;
};

/* Workers that die over a neighbour are findings; others go on without it. */
void crew_run(struct fuzz *f, const struct crew_job *job,
	      struct crew_result *out);
void crew_result_free(struct crew_result *result);
/* The number of the job's neighbour @index. */
uint64_t crew_number(const struct fuzz *f, const struct crew_job *job,
		     uint64_t index);

/* userspace.c: the neighbourhood in userspace. */
void fuzz_userspace(struct fuzz *f);

/* kernel.c: some of it in kernels, beside what userspace says. */
void fuzz_kernels(struct fuzz *f);

double fuzz_now(void);	/* CLOCK_MONOTONIC, seconds */

#endif /* FUZZ_SESSION_H */
