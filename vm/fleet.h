/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernels and consumers that a candidate is to be tried on: a fleet runs
 * several of each at once.
 */
#ifndef VM_FLEET_H
#define VM_FLEET_H

#include "base/words.h"
#include "consumer/consumer.h"
#include "report/stage.h"
#include "vm/accel.h"
#include "vm/kernel.h"
#include "vm/target.h"

/* A kernel that was found and that something boots here. */
struct machine {
	struct kernel kernel;
	struct accelerator accelerator;
	size_t num_consumers;	/* that are built for it */
};

/* A module, and its own word where it has one. */
struct module {
	char *path;		/* NULL: the target has none */
	struct consumer consumer;
	bool speaks;		/* consumer is filled */
	size_t num_kernels;	/* that it is built for */
};

struct fleet {
	struct machine *machines;
	size_t num_machines, cap_machines;
	struct module **modules;	/* a consumer points into itself */
	size_t num_modules, cap_modules;
};

/* Paths and names as on the command line. */
struct fleet_options {
	const struct target *target;	/* what the consumers are of */
	struct words kernels;		/* none: "debian:6.1" */
	struct words consumers;		/* ours, and none: built for each kernel */
};

/*
 * Find them all.  What is missing, or fits nothing else in the fleet, is a
 * finding of SEVERITY_UNKNOWN in @stage.  @workdir: for temporary files.
 */
void fleet_find(struct fleet *fleet, const struct fleet_options *options,
		const char *workdir, struct stage *stage);
void fleet_free(struct fleet *fleet);

/* Is the module built for the kernel?  One that does not tell is tried. */
bool fleet_fits(const struct module *module, const struct machine *machine);

#endif /* VM_FLEET_H */
