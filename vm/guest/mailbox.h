/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory that a VM has in common with the host, see vm/protocol.h. */
#ifndef GUEST_MAILBOX_H
#define GUEST_MAILBOX_H

#include <stddef.h>
#include <stdint.h>

/* All of it as a file that can be mapped, or -1. */
int mailbox_device(void);

/*
 * The file at @index of the mailbox where it lies: what is written there, the
 * host sees.  0 or an errno; ENOENT: there is none.
 */
int mailbox_part(uint32_t index, uint8_t **out_data, size_t *out_len);

#endif /* GUEST_MAILBOX_H */
