/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a stream of any length in bounded memory. */
#ifndef EVENT_LINES_H
#define EVENT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of one line, its end not counted. */
#define LINES_MAX_LEN (1u << 20)

struct lines {
	int fd;			/* the caller's */
	char *buffer;
	size_t start, end;	/* what has been read and not yet given */
	bool at_end;
	uint64_t number;	/* of the line given last, from 1 */
};

enum lines_status {
	LINES_END,		/* no more lines */
	LINES_GIVEN,
	LINES_TOO_LONG,
	LINES_FAILED,		/* errno says why */
};

void lines_open(struct lines *lines, int fd);
void lines_close(struct lines *lines);

/*
 * The next line without its end, inside the buffer until the next call.  A
 * last line without an end is a line.
 */
enum lines_status lines_next(struct lines *lines, char **out_line,
			     size_t *out_len);

#endif /* EVENT_LINES_H */
