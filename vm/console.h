/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a kernel's distress from its console, over the layouts of 6.1 to
 * current mainline.  Feed it the whole log; it keeps the first report whole.
 */
#ifndef VM_CONSOLE_H
#define VM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

struct console_report {
	const char *kind;	/* "KASAN", "OOPS", "PANIC", ...: static */
	char *title;		/* "general protection fault in plm_walk" */
	char *text;		/* the report's lines, whole */
	size_t line;		/* of the log, from 1 */
};

struct console {
	struct console_report *reports;	/* in order of the log; each kind and
					 * title once */
	size_t num_reports, cap_reports;
	size_t num_banners;	/* "Linux version" lines: boots seen */
};

/*
 * Classify @log, of any bytes; what is kept of it is bounded, and the time is
 * linear in @len.  Text that a user-mode program printed (a user-mode fault
 * report, a DEBUG: line, a line without the kernel's prefix when the others
 * have it) is no report.
 */
void console_scan(struct console *console, const char *log, size_t len);
void console_free(struct console *console);

/*
 * The first report, or NULL.  Where memory is taken away on purpose, the kernel
 * says so, and those who took it are killed, which is what they are for: with
 * @hogs that is none.
 */
const struct console_report *console_first(const struct console *console,
					   bool hogs);

#endif /* VM_CONSOLE_H */
