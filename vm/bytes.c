// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/bytes.h"

#include <string.h>

#include "base/mem.h"

void vm_bytes_add(struct vm_bytes *bytes, const void *data, size_t len)
{
	if (!len)
		return;
	if (len > bytes->cap - bytes->len) {
		bytes->cap = (bytes->len + len) * 2;
		bytes->data = xrealloc(bytes->data, bytes->cap);
	}
	memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
}

void vm_bytes_pad(struct vm_bytes *bytes, size_t align)
{
	static const uint8_t zeroes[64];

	vm_bytes_add(bytes, zeroes, (align - bytes->len % align) % align);
}
