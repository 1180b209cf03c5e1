// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/chars.h"

#include <string.h>

void chars_begin(struct chars *chars, const uint8_t *data, size_t len)
{
	*chars = (struct chars){
		.data = data, .len = len, .at = { 1, 1 },
	};
	if (len >= 3 && !memcmp(data, "\xef\xbb\xbf", 3))
		chars->off = 3;
	chars->little = len >= 2 && !memcmp(data, "\xff\xfe", 2);
	chars->wide = chars->little ||
		      (len >= 2 && !memcmp(data, "\xfe\xff", 2));
	if (chars->wide)
		chars->off = 2;
}

static uint32_t unit_of(const struct chars *chars)
{
	const uint8_t *in = chars->data + chars->off;

	if (chars->len - chars->off < 2)
		return 0xfffd;
	return chars->little ? in[0] | (uint32_t)in[1] << 8 :
			       in[1] | (uint32_t)in[0] << 8;
}

size_t chars_width(const struct chars *chars)
{
	size_t left = chars->len - chars->off, width = 1;
	uint8_t lead = left ? chars->data[chars->off] : 0;

	if (chars->wide)
		width = (unit_of(chars) & 0xfc00) == 0xd800 ? 4 : 2;
	else if (lead >= 0xc0 && lead < 0xf8)
		width = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	return width < left ? width : left;
}

uint32_t chars_peek(const struct chars *chars)
{
	size_t width = chars_width(chars);
	const uint8_t *in = chars->data + chars->off;

	if (width == 4)
		return 0x10000;
	if (chars->wide)
		return unit_of(chars);
	if (width == 3)
		return (in[0] & 0x0fu) << 12 | (in[1] & 0x3fu) << 6 |
		       (in[2] & 0x3fu);
	if (width == 2)
		return (in[0] & 0x1fu) << 6 | (in[1] & 0x3fu);
	return width ? in[0] : 0;
}

void chars_step(struct chars *chars)
{
	uint32_t c = chars_peek(chars);

	chars->off += chars_width(chars);
	chars->index++;
	chars->at.column++;
	/* Of CR and LF together the second one ends the line. */
	if (c == '\n' || (c == '\r' && chars_peek(chars) != '\n'))
		chars->at = (struct position){ chars->at.line + 1, 1 };
}
