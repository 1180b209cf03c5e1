// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void bytes_put(struct bytes *bytes, const void *data, size_t len)
{
	if (len > bytes->cap - bytes->len) {
		bytes->cap = (bytes->cap + len) * 2;
		bytes->data = xrealloc(bytes->data, bytes->cap);
	}
	if (len)
		memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
}

void bytes_set_int(struct bytes *bytes, size_t off, uint64_t number,
		   size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes->data[off + i] = (uint8_t)(number >> (8 * i));
}

void bytes_put_int(struct bytes *bytes, uint64_t number, size_t len)
{
	static const uint8_t zero[8];

	bytes_put(bytes, zero, len);
	bytes_set_int(bytes, bytes->len - len, number, len);
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	memset(bytes, 0, sizeof(*bytes));
}
