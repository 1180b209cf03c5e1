/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU has written of a VM that is to be a template. */
#ifndef VM_TEMPLATE_STATE_H
#define VM_TEMPLATE_STATE_H

/*
 * QEMU writes where each block of memory lies in the guest and, when it reads
 * that, compares it for blocks that are shared: also for the mailbox, whose
 * device gets its place only with its own state, which is read later.  So the
 * state says that it has none yet.
 *
 * @fd: the state, open for reading and writing.  0; -EBADMSG where the
 * mailbox is not in it once; or another negative errno.
 */
int template_state_unplace_mailbox(int fd);

#endif /* VM_TEMPLATE_STATE_H */
