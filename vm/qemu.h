/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One life of a VM: start QEMU, watch what comes out of it, end it. */
#ifndef VM_QEMU_H
#define VM_QEMU_H

#include <stdbool.h>

#include "vm/results.h"

struct qemu_config {
	const char *vmlinux;	/* paths */
	const char *initramfs;
	const char *disk;	/* raw image, or NULL */
	const char *accelerator;	/* "tcg", "kvm" */
	const char *append;	/* more of the kernel's command line, or NULL */
	unsigned int num_cpus;	/* 0: one */
	unsigned int memory_mib;	/* 0: as always */
	const char *token;
	bool until_exit;	/* wait for the guest's own end after the token */
	double deadline;	/* seconds */
};

enum qemu_ending {
	QEMU_NOT_STARTED,
	QEMU_ENDED,		/* the guest or QEMU itself ended it */
	QEMU_TOKEN,		/* we did, after the last result */
	QEMU_DEADLINE,
	QEMU_INTERRUPTED,
};

struct qemu_outcome {
	enum qemu_ending ending;
	struct vm_bytes console;
	struct results results;
	struct vm_bytes errors;	/* what QEMU said itself */
	struct vm_bytes qmp;	/* bytes not yet taken apart */
	char *version;		/* of QEMU, or NULL */
	char *shutdown;		/* why, by QMP: "guest-reset"; or NULL */
	char *command_line;
	double seconds;		/* to the last result or the end */
};

/* The path of QEMU as a new string, or NULL. */
char *qemu_find(void);

/* Run one VM to its end.  QEMU is gone on return. */
void qemu_run(const struct qemu_config *config, struct qemu_outcome *out);
void qemu_outcome_free(struct qemu_outcome *outcome);

/* "ended by the guest", ... Static. */
const char *qemu_ending_text(enum qemu_ending ending);

#endif /* VM_QEMU_H */
