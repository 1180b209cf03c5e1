/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of plimsoll fuzz --in-kernel. */
#ifndef FUZZ_IN_KERNEL_H
#define FUZZ_IN_KERNEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/stage.h"
#include "vm/fuzz_vm.h"

/* in_kernel_corpus.c: inputs, kept in a folder from run to run */
struct kernel_corpus {
	char *dir;
	struct kernel_input {
		uint8_t *data;
		size_t len;
		char *digest;
	} *inputs;			/* the shortest first after opening */
	size_t num, cap;
	size_t num_new;			/* since it was opened */
	size_t first;			/* the one that was given */
};

/* Read the folder, which is made where it is not there.  0 or a negative errno. */
int kernel_corpus_open(struct kernel_corpus *corpus, const char *dir);
void kernel_corpus_free(struct kernel_corpus *corpus);

/*
 * Add an input that is not there yet, and keep it in the folder if @keep.  Its
 * index.
 */
size_t kernel_corpus_add(struct kernel_corpus *corpus, const uint8_t *data,
			 size_t len, bool keep);

/* For a guest, as many as fit of those no longer than that; the one given first. */
void kernel_corpus_list(const struct kernel_corpus *corpus, size_t max_len,
			struct fuzz_list *out);

/*
 * in_kernel_seed.c: the file that was given and, of sound content of ours, its rules
 * one by one and its criteria, a kind each; was it that?
 */
bool kernel_corpus_seed(struct kernel_corpus *corpus, const uint8_t *data,
			size_t len, bool ours);

/* in_kernel_crash.c: what kernels died of */
struct kernel_crash {
	char *kind, *title, *text;
	struct vm_bytes console;
	struct fuzz_list recent;	/* tried last, the last was fatal */
	uint64_t num_seen;		/* VMs that it ended */
	uint64_t executions;		/* of all VMs, until it was first seen */
	double seconds;			/* the same */

	/* What kernel_crash_investigate() adds. */
	struct fuzz_list inputs;	/* that repeat it; else all of recent */
	uint32_t times;			/* each input so often */
	bool lost;			/* a VM was, over that */
	bool tried;			/* all the following is known */
	bool repeats;			/* in a VM from the template */
	bool confirmed;			/* in one that was booted */
	size_t first_len;		/* of the input, before it was minimised */
	unsigned int num_vms;		/* that this took */
};

struct kernel_crashes {
	struct kernel_crash **list;	/* each kind and title once */
	size_t num, cap;
};

/* Has a VM died of the same? */
bool kernel_crash_is(const struct kernel_crash *crash,
		     const struct fuzz_outcome *outcome);

/* Note the end of a VM. */
void kernel_crashes_add(struct kernel_crashes *crashes, struct fuzz_vm *vm,
			struct fuzz_outcome *outcome, uint64_t executions,
			double seconds);
void kernel_crashes_free(struct kernel_crashes *crashes);

/*
 * Does it repeat, with how little, and in a VM that was booted?  @base: what a module
 * of ours had from the start, NULL for another target.
 */
void kernel_crash_investigate(struct kernel_crash *crash, struct fuzz_lab *lab,
			      const struct kernel_input *base);

/* in_kernel_minimise.c */

/* Try @inputs in a VM; true where it dies of @crash, at input *out_index. */
bool kernel_crash_try(struct kernel_crash *crash, struct fuzz_lab *lab,
		      const struct fuzz_list *inputs, bool cold,
		      size_t *out_index);
/* Make its one input as short as a few VMs allow. */
void kernel_crash_minimise(struct kernel_crash *crash, struct fuzz_lab *lab,
			   bool ours);

/* The input at @index of a list; NULL where there is none. */
const uint8_t *fuzz_list_at(const struct fuzz_list *list, size_t index,
			    struct fuzz_entry *out);

/* in_kernel_explore.c: VMs side by side until the time is over */
struct kernel_explore {
	struct fuzz_lab *lab;
	struct kernel_corpus *corpus;
	double seconds;
	uint32_t seed;
	uint32_t max_len;		/* bytes of an input */
	uint32_t long_len;		/* and of the first VM's, for a part of the time */
	size_t enough;			/* different crashes; 0: never */
	double begun;			/* by a clock that only goes forward */

	/* Out. */
	struct kernel_crashes crashes;
	struct fuzz_counts counts;	/* of all VMs; points of the best */
	size_t num_vms, num_lost;
	char *why_lost;			/* the first, or NULL */
	double took;			/* seconds */
	double cpu_took;		/* of cores, that the VMs had */
	size_t num_replayed;		/* of the corpus */
};

void kernel_explore_run(struct kernel_explore *explore);
/* Seconds since it has begun. */
double kernel_explore_now(const struct kernel_explore *explore);
bool kernel_explore_has_enough(const struct kernel_explore *explore);

/*
 * in_kernel_replay.c: what is in the corpus and was not tried so before, used for all
 * that it can be used for, in kernels that watch over all that they can.
 */
void kernel_explore_replay(struct kernel_explore *explore);

/* in_kernel_report.c */
struct kernel_place {
	const char *target, *kernel, *consumer;	/* as for the command line */
	char *dir;				/* for what is found */
};

/* Keep its files, and make a finding and evidence of it. */
void kernel_report_crash(const struct kernel_crash *crash,
			 const struct kernel_place *place, struct stage *stage);
/* What was done, and what it leaves unknown. */
void kernel_report_explore(const struct kernel_explore *explore,
			   struct stage *stage);

#endif /* FUZZ_IN_KERNEL_H */
