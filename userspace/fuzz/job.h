/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the command and its workers share: a file in memory with the job, the
 * candidate, the baseline, and an answer for each neighbour of the job.
 */
#ifndef FUZZ_JOB_H
#define FUZZ_JOB_H

#include <stdatomic.h>

#include "fuzz/neighbourhood.h"

#define FUZZ_JOB_MAGIC	0x5a5a5546u
#define FUZZ_MAX_WORKERS 8u

/* Of one neighbour. */
enum fuzz_state {
	FUZZ_NOT_DONE,
	FUZZ_BEGUN,		/* the worker was at it */
	FUZZ_DONE,
};

#define FUZZ_UNCHANGED	1u	/* it is the candidate itself */
#define FUZZ_ENCODED	2u	/* it was encoded anew, its own events tried */
#define FUZZ_FAULTED	4u	/* a rule faulted at an event */
#define FUZZ_BAD_PLACE	8u	/* refused at a place behind its end, or with
				 * content to read all the same */

#define FUZZ_DIED UINT16_MAX	/* a worker did not survive it */

struct fuzz_answer {
	uint8_t state;		/* enum fuzz_state */
	uint8_t canonical;	/* enum canonical, where accepted */
	uint8_t flags;		/* FUZZ_* */
	uint8_t worker;		/* that has begun it */
	uint16_t err;		/* enum plm_err, or FUZZ_DIED */
	uint16_t fault_err;	/* of the first rule that faulted */
	uint32_t off, rule;	/* of the refusal; rule: or that faulted */
	uint64_t matches;	/* digest of what matched the events */
};

struct fuzz_job {
	uint32_t magic;
	uint32_t layout;	/* see struct neighbourhood */
	uint64_t seed;
	uint64_t budget;	/* of the plan; 0: neighbours by their number */
	uint64_t first, num;	/* of the plan, or of the list */
	uint64_t encode_every;	/* of those accepted; 1: all */
	double deadline;	/* CLOCK_MONOTONIC; 0: none */
	uint64_t len, old_len;
	uint64_t data_off, old_off, answers_off;	/* from here */
	_Atomic uint64_t next;	/* to be taken, from 0 */
};

static inline struct fuzz_answer *fuzz_job_answers(struct fuzz_job *job)
{
	return (struct fuzz_answer *)((uint8_t *)job + job->answers_off);
}

#endif /* FUZZ_JOB_H */
