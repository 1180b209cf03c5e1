// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "event/lines.h"

/* One line and its end fit, so a full buffer without an end is too long. */
#define BUFFER_LEN (LINES_MAX_LEN + 1)

void lines_open(struct lines *lines, int fd)
{
	*lines = (struct lines){ .fd = fd, .buffer = xmalloc(BUFFER_LEN) };
}

void lines_close(struct lines *lines)
{
	free(lines->buffer);
	*lines = (struct lines){ .fd = -1 };
}

/* Read more behind what is left.  False on an error. */
static bool fill(struct lines *lines)
{
	size_t left = lines->end - lines->start;
	ssize_t got;

	memmove(lines->buffer, lines->buffer + lines->start, left);
	lines->start = 0;
	lines->end = left;
	do {
		got = read(lines->fd, lines->buffer + left, BUFFER_LEN - left);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return false;
	lines->end += (size_t)got;
	lines->at_end = got == 0;
	return true;
}

static enum lines_status give(struct lines *lines, size_t len, size_t skip,
			      char **out_line, size_t *out_len)
{
	lines->number++;
	if (len > LINES_MAX_LEN)
		return LINES_TOO_LONG;
	*out_line = lines->buffer + lines->start;
	*out_len = len;
	lines->start += len + skip;
	return LINES_GIVEN;
}

enum lines_status lines_next(struct lines *lines, char **out_line,
			     size_t *out_len)
{
	size_t searched = 0;

	for (;;) {
		char *from = lines->buffer + lines->start;
		size_t left = lines->end - lines->start;
		char *end = memchr(from + searched, '\n', left - searched);

		if (end)
			return give(lines, (size_t)(end - from), 1, out_line,
				    out_len);
		if (left > LINES_MAX_LEN)
			return give(lines, left, 0, out_line, out_len);
		if (lines->at_end)
			return left ? give(lines, left, 0, out_line, out_len) :
				      LINES_END;
		searched = left;
		if (!fill(lines))
			return LINES_FAILED;
	}
}
