/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's end of the mailbox, see protocol.h: memory that a VM from a
 * template has for its own.  Files and a script go in before the VM starts,
 * results come out while it runs.
 */
#ifndef VM_MAILBOX_H
#define VM_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/script.h"

#define MAILBOX_LEN ((size_t)64 << 20)

/* A file for one VM, which RECEIVE takes by its place in the list. */
struct mailbox_file {
	const void *data;	/* NULL: zeros, for the guest to write to */
	size_t len;
};

struct mailbox {
	int fd;			/* of its MAILBOX_LEN bytes */
	struct vm_mailbox *head;	/* mapped; the guest may change it all */
	const uint8_t *ring;
	uint64_t taken;		/* bytes of results */
};

/* An empty one; 0 or a negative errno, and then there is nothing to close. */
int mailbox_open(struct mailbox *mailbox);
void mailbox_close(struct mailbox *mailbox);

/* Before the VM starts.  0, or -EFBIG where that does not fit. */
int mailbox_fill(struct mailbox *mailbox, const struct script *script,
		 const struct mailbox_file *files, size_t num_files);

/*
 * Results that have come since, *@out_len bytes of them, 0 where there are
 * none; they are there until the next call.  False: the guest's count is none
 * that it can have, and what it says from here on is worth nothing.
 */
bool mailbox_take(struct mailbox *mailbox, const void **out_data,
		  size_t *out_len);

#endif /* VM_MAILBOX_H */
