/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel says when it is in distress, as a table.
 *
 * A pattern is matched against a whole message, after the prefix:
 *   *  any text, as short as the rest allows; what the first three stood
 *      for may be used in the title as $1, $2 and $3
 *   %  a module's or function's name, at least one of [A-Za-z0-9_.-]
 *   ~  a number, at least one hexadecimal digit
 * Everything else stands for itself.
 */
#ifndef VM_CONSOLE_PATTERNS_H
#define VM_CONSOLE_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	/* The line is the whole report. */
	PATTERN_SINGLE	= 1 << 0,
	/* No function in the title. */
	PATTERN_NO_FUNC	= 1 << 1,
	/* The second half of a report that PATTERN_DIES began. */
	PATTERN_DEATH	= 1 << 2,
	PATTERN_DIES	= 1 << 3,
	/* A warning or BUG that PATTERN_PRELUDE announced. */
	PATTERN_FOLLOWS	= 1 << 4,
	PATTERN_PRELUDE	= 1 << 5,
	/* Belongs to an open report of its own kind, or that led to one. */
	PATTERN_MORE	= 1 << 6,
	/* A report of its own even in the middle of another one. */
	PATTERN_ALWAYS	= 1 << 7,
	/* Ends with the task's stack trace; no other end is printed. */
	PATTERN_TRACE	= 1 << 8,
	/* The place ($1) stands in for a function that nobody names. */
	PATTERN_PLACE	= 1 << 9,
	/* The function is that of the lock, which "at:" names. */
	PATTERN_LOCK	= 1 << 10,
	/* Several CPUs and tasks print it together. */
	PATTERN_SHARED	= 1 << 11,
	/* The function is the work that holds a pool of workers up. */
	PATTERN_WORK	= 1 << 12,
	/* What a report of whatever kind led to, which may have ended. */
	PATTERN_TAIL	= 1 << 13,
	/* The stack trace follows at once, without a line that says so. */
	PATTERN_BARE	= 1 << 14,
	/* The function is the one that calls itself, if one does. */
	PATTERN_DEEP	= 1 << 15,
};

struct console_pattern {
	const char *glob;
	const char *kind;
	const char *title;
	unsigned int flags;
};

/* What a wildcard stood for, as a part of the message. */
struct console_capture {
	const char *start;
	size_t len;
};

#define CONSOLE_CAPTURES 3

/*
 * The first pattern that @msg matches, or NULL; fills @captures (of
 * CONSOLE_CAPTURES) with what its '*' stood for.
 */
const struct console_pattern *
console_pattern_match(const char *msg, struct console_capture *captures);

/* A "WARNING: " of an unknown layout, right after a marker of a report. */
extern const struct console_pattern console_pattern_warning;
/* A second "Linux version" that nothing announced. */
extern const struct console_pattern console_pattern_reboot;
/* A marker of a report that is followed by nothing known. */
extern const struct console_pattern console_pattern_unknown;

/* Is @name one of the functions through which every report goes? */
bool console_function_generic(const char *name);

/* Is @msg the kernel's report of a fault in a user-mode program? */
bool console_user_fault(const char *msg);

#endif /* VM_CONSOLE_PATTERNS_H */
