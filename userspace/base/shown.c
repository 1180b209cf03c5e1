// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/shown.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes a sequence that begins so has; 0: none does. */
static size_t length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* The character of @len bytes; 0 where these are not one. */
static uint32_t character(const unsigned char *p, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);

	/* The zero at the end is no byte of a sequence either. */
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ?
		       0 : c;
}

static bool harmless(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0x2000) ||
	       c >= 0x2070;
}

void shown_print(FILE *stream, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		size_t len = length_of(*p);

		if (len && harmless(character(p, len))) {
			fwrite(p, 1, len, stream);
			p += len;
		} else {
			fprintf(stream, "\\x%02x", *p++);
		}
	}
}
