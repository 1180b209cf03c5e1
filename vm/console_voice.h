/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is speaking.  Tasks and CPUs print at the same time, so their lines mix;
 * where the kernel names the caller of each line, each has a report of its own
 * under way, or a marker that announces one.
 */
#ifndef VM_CONSOLE_VOICE_H
#define VM_CONSOLE_VOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "vm/console.h"
#include "vm/console_keep.h"
#include "vm/console_line.h"
#include "vm/console_patterns.h"
#include "vm/console_title.h"

#define CONSOLE_VOICES 8

/* Lines since a marker ("cut here", a row of "=") that announces a report. */
struct console_lead {
	struct console_text text;
	size_t line;		/* of the marker; 0: none */
	unsigned int lines;
	bool cut;		/* a "cut here": a report must follow */
};

/* A report whose end has not been seen. */
struct console_open {
	const struct console_pattern *pattern;	/* NULL: none is open */
	struct console_where where;
	struct console_text text;
	char *words;
	char place[CONSOLE_PLACE_MAX];
	const char *tail;	/* kind of what it led to so far, or NULL */
	size_t line;
	size_t tail_of;		/* line of an ended report that led to it */
	unsigned int lines;
	unsigned int indented;	/* lines without a prefix of their own */
	bool inlined;		/* the header goes on with the outer function */
};

struct console_voice {
	char caller[CONSOLE_CALLER_MAX];	/* empty: nobody is named */
	struct console_lead lead;
	struct console_open open;
	size_t heard;		/* number of its last line */
};

/* The report that was closed last. */
struct console_past {
	char caller[CONSOLE_CALLER_MAX];
	size_t line;		/* of its start; 0: none since the boot */
	size_t end;
};

/* A log being read. */
struct console_scan {
	struct console *console;
	struct console_line line;
	size_t number;		/* of the line, from 1 */
	bool parted;		/* the kernel has said that it restarts */
	bool stamped;		/* the kernel stamps its lines */
	uint64_t time;		/* of its last line */
	struct console_voice voices[CONSOLE_VOICES];
	struct console_voice *voice;	/* whose line it is */
	struct console_past past;
};

/* Choose the voice of the line; the longest silent one makes room. */
void console_voice_choose(struct console_scan *scan);
/* The report that starts with the line is that of its own caller. */
void console_voice_own(struct console_scan *scan);
/* The line is nobody's: it goes with whatever is being told. */
void console_voice_beside(struct console_scan *scan);
/* Further lines of one message, which dmesg indents and does not stamp. */
void console_voice_indented(struct console_scan *scan);
/* Whatever was being said has been said, by all. */
void console_voice_end_all(struct console_scan *scan);

/* What a voice does with its line. */
void console_lead_start(struct console_scan *scan, bool cut);
void console_lead_continue(struct console_scan *scan);
void console_open_start(struct console_scan *scan,
			const struct console_pattern *pattern,
			const struct console_capture *captures);
/* May a panic be what such a report led to?  Not of want of memory. */
bool console_leads_on(const struct console_pattern *pattern);
/* The line is what a closed report led to; false if there is none. */
bool console_open_tail(struct console_scan *scan,
		       const struct console_pattern *pattern,
		       const struct console_capture *captures);
/* @repeat: it is a further line of the header. */
void console_open_continue(struct console_scan *scan, bool repeat);
/* The open report is of @pattern's kind, as its line says. */
void console_open_rename(struct console_scan *scan,
			 const struct console_pattern *pattern,
			 const struct console_capture *captures);
void console_open_close(struct console_scan *scan,
			struct console_voice *voice);

#endif /* VM_CONSOLE_VOICE_H */
