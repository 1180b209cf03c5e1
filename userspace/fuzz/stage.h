/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The `fuzz` stage: the files around a candidate, through the core under
 * sanitizers and through kernels.
 *
 * Findings, beside those of a content that the core refuses and those of VMs
 * and kernels as the boot stage has them:
 *
 *	SANITIZER	fail	a neighbour makes the core fault
 *	TIMEOUT		fail	the core takes too long over one
 *	BAD_PLACE	fail	it is refused at a place outside of it, or with
 *				a handle to read it by
 *	FAULT		fail	it is accepted, and a rule faults at an event
 *	NOT_CANONICAL	fail	it is accepted and is a second way of writing
 *				what another file says, which the core should
 *				have seen
 *	DISAGREE	fail	a kernel says something else of it than
 *				userspace, or matches other rules
 *	NOT_REFUSED	fail	a kernel takes what userspace refuses, or what
 *				the target says that it must refuse
 *	KERNELS_DIFFER	warning	kernels answer a foreign target's differently
 *	ANSWER_CUT	unknown	the answer to a neighbour that must be refused was
 *				longer than what is kept of it
 *	NOT_TOLD	unknown	one that must be refused was neither refused nor
 *				accepted
 *	NO_EVALUATOR	unknown	the command under sanitizers can't be used
 *	LOST		unknown	a worker ended and nobody knows why
 *	NOT_DONE	unknown	not all neighbours that were asked for were tried
 *	NOT_TRIED	unknown	a kernel could not judge a neighbour: there was no
 *				memory for it, or no device
 *
 * Every neighbour that is the matter of a finding is in the evidence: its
 * number, what it is, and the command that tries it alone; and as a file in the
 * report's folder, where there is one.
 */
#ifndef FUZZ_STAGE_H
#define FUZZ_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/words.h"
#include "report/stage.h"

/* The neighbours that are tried where nothing is said. */
#define FUZZ_NEIGHBOURS		1000000u
#define FUZZ_KERNEL_NEIGHBOURS	10000u
/* The number of a neighbour: none. */
#define FUZZ_ALL UINT64_MAX

struct fuzz_options {
	const char *target;		/* name or file; NULL: ours */
	struct words kernels;		/* none: "debian:6.1" */
	struct words consumers;		/* none: ours for each kernel */
	const char *baseline;		/* path or NULL */
	const char *report_dir;		/* or NULL */
	double seconds;			/* of each part; 0: as long as it takes */
	double patience;		/* seconds of a foreign target's VM; 0: 60 */
	uint64_t seed;
	uint64_t neighbours;		/* in userspace; 0: none */
	uint64_t kernel_neighbours;	/* in each kernel; 0: none */
	uint64_t one;			/* only this neighbour, or FUZZ_ALL */

	/* Of fuzz_in_kernel() alone. */
	const char *corpus;		/* folder that inputs are kept in, or NULL */
	uint64_t crashes;		/* so many different ones are enough; 0: no */
	uint64_t repeat;		/* no engine: try the file so often; 0: no */
	struct words before;		/* and these before it */
};

/* As many neighbours of a file of @len bytes as a gate has the time for. */
void fuzz_gate_options(struct fuzz_options *options, size_t len);

/* Try the neighbours of the file at @path. */
void fuzz_run(const struct fuzz_options *options, const char *path,
	      struct stage *stage);

/* Coverage-guided, inside a sanitizer kernel. */
void fuzz_in_kernel(const struct fuzz_options *options, const char *path,
		    struct stage *stage);

#endif /* FUZZ_STAGE_H */
