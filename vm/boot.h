/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot stage: a candidate in real kernels.  Every kernel x consumer x
 * scenario is one run in QEMU; what each saw goes into the stage as findings
 * and as evidence.
 */
#ifndef VM_BOOT_H
#define VM_BOOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"
#include "report/stage.h"

#define BOOT_ERROR_LEN 800

struct boot_options {
	const char *target;		/* name or file; NULL: "plimsoll" */
	struct words kernels;		/* none: "debian:6.1" */
	struct words scenarios;		/* none: all */
	struct words consumers;		/* paths; none: ours for each kernel */
	const char *baseline;		/* path or NULL */
	const char *evidence_dir;	/* keep consoles here, or NULL */
	bool deterministic;		/* the same console in every run */
};

/*
 * Run the matrix on the candidate at @path.  Everything that it has to say is
 * in @stage; what it could not do is a finding of SEVERITY_UNKNOWN.
 */
void boot_run(const struct boot_options *options, const char *path,
	      struct stage *stage);

/* Is this a scenario / kernel name that boot_run knows the form of? */
bool boot_scenario_known(const char *name);
bool boot_kernel_known(const char *name);
/* Is it a target or its file?  If not, @out_error says what is wrong. */
bool boot_target_known(const char *name, char out_error[BOOT_ERROR_LEN]);
/* Is it a target whose content the core does not parse? */
bool boot_target_foreign(const char *name);

#endif /* VM_BOOT_H */
