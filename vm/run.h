/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run: one candidate, kernel, consumer and scenario. */
#ifndef VM_RUN_H
#define VM_RUN_H

#include "report/stage.h"
#include "vm/accel.h"
#include "vm/scenario.h"
#include "vm/target.h"

struct run {
	const struct candidate *candidate;
	const struct kernel *kernel;
	const struct accelerator *accelerator;
	const struct scenario *scenario;
	const struct target *target;		/* NULL: ours */
	const char *consumer_path;		/* NULL: the target has none */
	const struct consumer *consumer;	/* its own word, or NULL */
	const char *workdir;			/* of this run alone */
	const char *evidence_dir;		/* or NULL */
	bool deterministic;
	const char *label;			/* "debian:6.1 load" */

	struct stage stage;		/* out: findings */
	json_t *evidence;		/* out */
	size_t num_executed;		/* out: programs, goodware included */
	size_t num_events;		/* out: those made from rules */
	double seconds;			/* out: all boots, to the last result */
	double cpu_seconds;		/* out: that QEMU has used */
	bool is_copy;			/* out: of a VM that was rehearsed */
	bool complete;			/* out: every boot took place */
};

/* Fills the outputs; the caller has cleared them and frees them. */
void run_scenario(struct run *run);

#endif /* VM_RUN_H */
