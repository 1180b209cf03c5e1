/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a console: cleaned of what a serial line adds, and taken apart
 * into the kernel's prefix and its message.
 */
#ifndef VM_CONSOLE_LINE_H
#define VM_CONSOLE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSOLE_LINE_MAX 2048	/* bytes kept of a line; no kernel writes more */
#define CONSOLE_CALLER_MAX 16

struct console_line {
	char text[CONSOLE_LINE_MAX + 1];	/* whole, printable ASCII */
	size_t len;
	const char *msg;	/* in text: behind the prefix and its blanks */
	bool stamped;		/* the prefix has a time */
	uint64_t time;		/* in microseconds, where it counts seconds; or 0 */
	const char *inner;	/* another time, within the message; or NULL */
	bool foreign;		/* the prefix names a program, not the kernel */
	bool daemon;		/* a log daemon wrote it, with time and host */
	char caller[CONSOLE_CALLER_MAX];	/* "T12", "C0", or empty */
};

/*
 * Take the line of @len bytes at @raw, without its newline.  Drops colour and
 * other escapes, NUL, carriage returns; replaces what is not ASCII.  Reads any
 * bytes.
 */
void console_line_read(struct console_line *line, const char *raw, size_t len);

/* Read it again from line->inner on: what stood before was a program's. */
void console_line_restart(struct console_line *line);

/* Is this message the first that a kernel prints? */
bool console_line_is_banner(const char *msg);

/* Read each line that has text into @line and call @use; it says whether to go on. */
void console_line_each(struct console_line *line, const char *log, size_t len,
		       bool (*use)(void *context, size_t number), void *context);

/*
 * Does the kernel of this log stamp its lines?  Its own banner says it; in a
 * part of a log without one, a quarter of the lines does: programs may well
 * print more than a kernel, and one stamped line may be a program's.
 */
bool console_is_stamped(const char *log, size_t len);

#endif /* VM_CONSOLE_LINE_H */
