/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping reports: their text, whole but bounded, and each of them once. */
#ifndef VM_CONSOLE_KEEP_H
#define VM_CONSOLE_KEEP_H

#include "vm/console.h"

struct console_text {
	char *data;
	size_t len, cap;
};

/* Add a line; one beyond the bound is left out. */
void console_text_add(struct console_text *text, const char *line, size_t len);
/* The text, which is then the caller's; never NULL. */
char *console_text_take(struct console_text *text);

/* Add a report, unless it is there or there are too many; takes its texts. */
void console_keep(struct console *console, const char *kind, char *title,
		  char *text, size_t line);

/*
 * Add @text to the report that starts at @line, unless it was not kept or would
 * grow beyond the bound; takes it.
 */
void console_keep_more(struct console *console, size_t line, char *text);

#endif /* VM_CONSOLE_KEEP_H */
