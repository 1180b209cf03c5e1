/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours in kernels: one kernel with one consumer, and batches for it. */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include "fuzz/session.h"
#include "vm/candidate.h"
#include "vm/fleet.h"
#include "vm/protocol.h"
#include "vm/qemu.h"
#include "vm/target.h"
#include "vm/template.h"

/* What a kernel says of a neighbour. */
struct kernel_answer {
	bool there;
	uint8_t told;		/* enum target_told; of ours: taken or refused */
	int32_t error;		/* errno */
	uint32_t err, off, rule;	/* ours alone tells these */
};

struct fuzz_kernel {
	struct fuzz *f;
	const struct fuzz_side *side;
	const struct target *target;
	const struct machine *machine;
	const struct module *module;
	const struct candidate *candidate;
	char *label;		/* "debian:6.1" */
	const char *workdir;
	struct template *template;
	const uint64_t *numbers;	/* of the neighbours */
	size_t num;
	const struct fuzz_answer *wanted;	/* ours: what userspace says */
	struct kernel_answer *answers;		/* num of them */
	size_t num_answered, num_taken, num_disagree, num_events, num_vms;
	size_t num_missed;	/* that could not be judged */
	double cpu_seconds;
	bool complete;		/* every batch ran to its end */
};

/* One VM's share of them. */
struct fuzz_batch {
	struct fuzz_kernel *kernel;
	size_t from, to;	/* of the kernel's neighbours */
	bool one_by_one;	/* answers are told at once, not by the hundred */
	double seconds;		/* that the guest may take; 0: any time */
	char token[VM_TOKEN_LEN + 1];
	struct qemu_outcome outcome;
	int err;		/* of template_run() */
	char error[256];	/* why nothing was run, or "" */
	size_t num_answered;	/* of them, by the results */
};

/* How VMs are driven: for our own content, or by a target's steps. */
struct fuzz_side {
	struct template *(*open)(struct fuzz_kernel *kernel,
				 char out_error[TEMPLATE_ERROR_MAX]);
	/* Carry the batch out; everything is in the batch. */
	void (*run)(struct fuzz_batch *batch);
	/* Read its answers, and tell what is wrong with them. */
	void (*judge)(struct fuzz_batch *batch);
};

extern const struct fuzz_side fuzz_side_ours, fuzz_side_foreign;

/* The recipes of the batch's neighbours, as a guest reads them. */
void fuzz_batch_recipes(const struct fuzz_batch *batch, struct vm_bytes *out);

/* Of each kind of finding that @count counts, only some are told in full. */
bool fuzz_tell(size_t *count);

/* kernel_differ.c: where kernels answer differently. */
void fuzz_compare_kernels(struct fuzz *f, const struct fuzz_kernel *kernels,
			  size_t num);

#endif /* FUZZ_KERNEL_H */
