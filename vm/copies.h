/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMs that are copies of one that was stopped, with all that its QEMU has
 * translated: see preload/copies.c.  This is the host's end.
 *
 * Requests may come from several threads.
 */
#ifndef VM_COPIES_H
#define VM_COPIES_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "vm/copies_protocol.h"

struct original {
	pid_t pid;		/* of QEMU, a child of ours; 0: there is none */
	int ours, theirs;	/* ends of the conversation, or -1 */
	bool late;		/* an answer did not come: it is of no more use */
	pthread_mutex_t lock;	/* one request at a time */
};

/* Can a VM be copied here that this accelerator runs? */
bool original_is_possible(const char *accelerator);

/*
 * Nothing yet: qemu_run() starts it.  0 or a negative errno; original_close()
 * in either case.
 */
int original_open(struct original *original);
/* Ends it; copies go on. */
void original_close(struct original *original);

/*
 * The environment of a QEMU with these descriptors: ours and the library.  A
 * new list with NULL at its end; free it with original_environment_free().
 */
char **original_environment(const struct original *original,
			    const int fds[COPIES_NUM]);
void original_environment_free(char **environment);

/* Stop it for ever.  0 or a negative errno; then it is of no more use. */
int original_stop(struct original *original);

/*
 * A copy, a child of ours, that has these descriptors in place of the
 * original's: its process id or a negative errno.
 */
pid_t original_copy(struct original *original, const int fds[COPIES_NUM]);

#endif /* VM_COPIES_H */
