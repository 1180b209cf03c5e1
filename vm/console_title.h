/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The title of a report: its kind in words and the function that it is about,
 * without addresses, numbers of tasks and CPUs, and offsets, so that the same
 * fault has the same title in every run.
 */
#ifndef VM_CONSOLE_TITLE_H
#define VM_CONSOLE_TITLE_H

#include "vm/console_patterns.h"

#define CONSOLE_FUNC_MAX 96
#define CONSOLE_PLACE_MAX 128
#define CONSOLE_POOL_MAX 96
#define CONSOLE_DEEP_MAX 48

/* A function that stands in a stack trace, and how often. */
struct console_frame {
	char name[CONSOLE_FUNC_MAX];
	unsigned int times;
};

/* What a report's lines have said so far about where it happened. */
struct console_where {
	char header[CONSOLE_FUNC_MAX];	/* in the first line */
	char rip[CONSOLE_FUNC_MAX];	/* where the CPU stood */
	char lock[CONSOLE_FUNC_MAX];	/* that took the lock */
	char frame[CONSOLE_FUNC_MAX];	/* first of the trace that matters */
	char generic[CONSOLE_FUNC_MAX];	/* first of the trace at all */
	char inlined[CONSOLE_FUNC_MAX];	/* first that is part of another one */
	char work[CONSOLE_FUNC_MAX];	/* of a stalled pool's worker */
	char pool[CONSOLE_POOL_MAX];	/* that is stalled, or empty */
	struct console_frame deep[CONSOLE_DEEP_MAX];	/* who may recurse */
	bool in_pool;			/* lines are about that pool */
	bool in_trace;
	bool in_irq;			/* of a trace: what interrupts a task */
	bool frame_in_irq;		/* frame is from there */
	bool trapped;			/* by the CPU, whose registers follow */
	bool shared;			/* by several CPUs and tasks */
	bool lock_next;			/* the next line says where a lock is */
	bool handler_next;		/* or who handles an interrupt */
};

/* Read the report's first line. */
void console_where_header(struct console_where *where,
			  const struct console_pattern *pattern,
			  const char *msg);
/* Read the same line once more, with the function around an inlined one. */
void console_where_repeat(struct console_where *where, const char *msg);
/* Read another line of it. */
void console_where_line(struct console_where *where, const char *msg);

/*
 * The title, as a new string of the caller's.  @words is the pattern's title
 * with its captures filled in, see console_title_words(); @place may be empty.
 */
char *console_title(const struct console_pattern *pattern, const char *words,
		    const char *place, const struct console_where *where);

/* The pattern's title with what the captures hold, as a new string; not empty. */
char *console_title_words(const struct console_pattern *pattern,
			  const struct console_capture *captures);

#endif /* VM_CONSOLE_TITLE_H */
