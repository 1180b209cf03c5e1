/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of each run beside its findings. */
#ifndef VM_BOOT_EVIDENCE_H
#define VM_BOOT_EVIDENCE_H

#include "vm/boot.h"
#include "vm/run.h"

/*
 * The run's evidence with its verdict, findings, times, and the command that
 * repeats it; takes it out of the run.
 */
json_t *boot_evidence(const struct boot_options *options, struct run *run);

/* That command, for a shell, as a new string. */
char *boot_repeat(const struct boot_options *options, const struct run *run);

/* Copy the run's findings into the stage of all. */
void boot_findings(struct stage *stage, const struct run *run);

#endif /* VM_BOOT_EVIDENCE_H */
