/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU as a process of ours: what it is started with, and what comes out of it. */
#ifndef VM_QEMU_START_H
#define VM_QEMU_START_H

#include <sys/types.h>

#include "vm/qemu.h"

enum qemu_source {
	QEMU_CONSOLE,
	QEMU_RESULTS,
	QEMU_ERRORS,
	QEMU_QMP,		/* goes both ways */
	QEMU_NUM_SOURCES
};

struct qemu_process {
	pid_t pid;
	int fds[QEMU_NUM_SOURCES];	/* our ends, which do not block */
};

/*
 * Start QEMU, or have the copy made that @config asks for, and greet it.  Whose
 * command line, and whether it is a copy, goes into @out.  False where there is
 * none: then nothing is open.
 */
bool qemu_start(const struct qemu_config *config, struct qemu_outcome *out,
		struct qemu_process *out_process);

#endif /* VM_QEMU_START_H */
