/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing run of bytes, written little-endian. */
#ifndef CONTENT_BYTES_H
#define CONTENT_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data;
	size_t len, cap;
};

void bytes_put(struct bytes *bytes, const void *data, size_t len);
/* The lowest @len bytes of a number, at most 8. */
void bytes_put_int(struct bytes *bytes, uint64_t number, size_t len);
void bytes_set_int(struct bytes *bytes, size_t off, uint64_t number,
		   size_t len);
void bytes_free(struct bytes *bytes);

#endif /* CONTENT_BYTES_H */
