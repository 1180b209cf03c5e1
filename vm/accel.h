/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which accelerator really boots a kernel here, found by a bounded boot and
 * kept in the user's cache folder; and how long that boot took, from which
 * the deadlines of all others follow.
 */
#ifndef VM_ACCEL_H
#define VM_ACCEL_H

#include <stddef.h>

#include "vm/kernel.h"

struct accelerator {
	const char *name;	/* static: "kvm" or "tcg" */
	double bare_seconds;	/* of a bare boot */
};

/* 0, or -1 and a sentence: nothing boots this kernel. */
int accelerator_find(const struct kernel *kernel, const char *workdir,
		     struct accelerator *out, char out_error[256]);

/* Seconds that a VM with @num_events executions may take. */
double accelerator_deadline(const struct accelerator *accelerator,
			    size_t num_events);

#endif /* VM_ACCEL_H */
