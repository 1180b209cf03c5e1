/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing buffer of bytes. */
#ifndef VM_BYTES_H
#define VM_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct vm_bytes {
	uint8_t *data;		/* owned; free() it */
	size_t len, cap;
};

void vm_bytes_add(struct vm_bytes *bytes, const void *data, size_t len);
/* Zero bytes up to a multiple of @align. */
void vm_bytes_pad(struct vm_bytes *bytes, size_t align);

#endif /* VM_BYTES_H */
