/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One life of a VM: start QEMU, watch what comes out of it, end it. */
#ifndef VM_QEMU_H
#define VM_QEMU_H

#include <stdbool.h>

#include "vm/copies.h"
#include "vm/mailbox.h"
#include "vm/results.h"

/*
 * The emulated CPU.  Without a source of random numbers the kernel waits for its
 * clock to jitter, a twentieth of its boot and more.
 */
#define QEMU_CPU "qemu64,+rdrand"

struct qemu_config {
	const char *vmlinux;	/* paths */
	const char *initramfs;
	const char *disk;	/* raw image, or NULL */
	const char *accelerator;	/* "tcg", "kvm" */
	const char *append;	/* more of the kernel's command line, or NULL */
	unsigned int num_cpus;	/* 0: one */
	unsigned int memory_mib;	/* 0: as always */
	bool warps;		/* time in which nothing runs passes at once */
	bool slow_clock;	/* the same, and an instruction takes little of it:
				 * few timers run out; nothing without tcg */
	const char *clock;	/* the guest's at the start, as -rtc base; or NULL */
	const char *token;
	const char *ram;	/* file that is the guest's memory, or NULL */
	struct mailbox *mailbox;	/* results come through it as well; or NULL */
	int save;		/* descriptor: keep the VM there once it is ready,
				 * and its memory in @ram; 0: no */
	int restore;		/* descriptor: go on from what was kept there, on
				 * a copy of @ram; 0: boot */
	bool deterministic;	/* time is counted in instructions: tcg */
	bool until_exit;	/* wait for the guest's own end after the token */
	bool hogs;		/* memory is to run out in the guest */
	double deadline;	/* seconds, of those that it has a core */
	const char *cpu;	/* its model, or NULL: QEMU_CPU */
	const _Atomic bool *stop;	/* ends it as soon as it is true; or NULL */
	struct original *keep;	/* stop it once it is ready, and let it live on as
				 * this; or NULL.  With a mailbox only */
	struct original *copy_of;	/* a copy of this one, which was kept with the
				 * same configuration; or NULL.  Where it is
				 * QEMU_NOT_STARTED, the mailbox is not to be
				 * used again: there may be a copy all the same */
};

enum qemu_ending {
	QEMU_NOT_STARTED,
	QEMU_ENDED,		/* the guest or QEMU itself ended it */
	QEMU_KILLED,		/* somebody else did */
	QEMU_NO_ROOM,		/* the file that is its memory could not grow */
	QEMU_PAUSED,		/* it stands still, and not because we asked */
	QEMU_NOT_SAVED,		/* the VM could not be kept, as asked for */
	QEMU_SAVED,		/* the VM was kept, as asked for */
	QEMU_KEPT,		/* it is stopped, and lives on to be copied */
	QEMU_TOKEN,		/* we did, after the last result */
	QEMU_DEADLINE,
	QEMU_INTERRUPTED,
	QEMU_STOPPED,		/* as asked for */
};

struct qemu_outcome {
	enum qemu_ending ending;
	struct vm_bytes console;
	bool console_cut;	/* more was said than is kept */
	struct results results;
	struct vm_bytes errors;	/* what QEMU said itself */
	struct vm_bytes qmp;	/* bytes not yet taken apart */
	char *version;		/* of QEMU, or NULL */
	char *shutdown;		/* why, by QMP: "guest-reset"; or NULL */
	char *disk_error;	/* the last of its disk, by QMP; or NULL */
	char *refusal;		/* of a command of ours, or NULL */
	char *state;		/* of the template that is kept or restored: by
				 * QMP "active", "completed", "failed"; or NULL */
	char *command_line;
	bool is_copy;		/* of an original, and not started by itself */
	bool paused;		/* its clock stands */
	double seconds;		/* to the last result or the end */
	double cpu_seconds;	/* that QEMU has used */
};

/* The path of QEMU as a new string, or NULL. */
char *qemu_find(void);

/* Which QEMU it is: path, size and time, as a new string. */
char *qemu_identity(void);

/* Run one VM to its end.  QEMU is gone on return, unless that is QEMU_KEPT. */
void qemu_run(const struct qemu_config *config, struct qemu_outcome *out);
void qemu_outcome_free(struct qemu_outcome *outcome);

/* "ended by the guest", ... Static. */
const char *qemu_ending_text(enum qemu_ending ending);

#endif /* VM_QEMU_H */
