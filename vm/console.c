// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The walk over a console log: which lines are the kernel's, where a report
 * starts, what still belongs to it, and where it ends.  What is kept is
 * bounded, because the log may hold anything.
 */
#include "vm/console.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/console_glob.h"
#include "vm/console_keep.h"
#include "vm/console_line.h"
#include "vm/console_patterns.h"
#include "vm/console_title.h"

#define MAX_REPORT_LINES 400
/* Lines within which the second half of a report follows the first. */
#define MAX_GAP_LINES 24
/* Lines after a marker within which a report has to start. */
#define MAX_LEAD_LINES 12

/* Lines since a marker ("cut here", a row of "=") that announces a report. */
struct lead {
	struct console_text text;
	size_t line;		/* of the marker; 0: none */
	unsigned int lines;
	bool cut;		/* a "cut here": a report must follow */
};

struct open_report {
	const struct console_pattern *pattern;	/* NULL: none is open */
	struct console_where where;
	struct console_text text;
	char *words;
	char place[CONSOLE_PLACE_MAX];
	char caller[CONSOLE_CALLER_MAX];
	size_t line;
	unsigned int lines;
};

struct scan {
	struct console *console;
	struct console_line line;
	size_t number;		/* of the line, from 1 */
	bool parted;		/* the kernel has said that it restarts */
	bool stamped;		/* the kernel stamps its lines */
	struct lead lead;
	struct open_report open;
};

static void add_report(struct scan *scan, const struct console_pattern *pattern,
		       char *title, char *text, size_t line)
{
	console_keep(scan->console, pattern->kind, title, text, line);
}

static void close_report(struct scan *scan)
{
	struct open_report *open = &scan->open;

	if (!open->pattern)
		return;
	add_report(scan, open->pattern,
		   console_title(open->pattern, open->words, open->place,
				 &open->where),
		   console_text_take(&open->text), open->line);
	free(open->words);
	memset(open, 0, sizeof(*open));
}

static void drop_lead(struct scan *scan)
{
	free(scan->lead.text.data);
	memset(&scan->lead, 0, sizeof(scan->lead));
}

/* The marker stood for nothing that is known: say so rather than nothing. */
static void give_up_lead(struct scan *scan)
{
	struct lead *lead = &scan->lead;

	if (lead->line && lead->cut)
		add_report(scan, &console_pattern_unknown,
			   xstrdup(console_pattern_unknown.title),
			   console_text_take(&lead->text), lead->line);
	drop_lead(scan);
}

static void start_lead(struct scan *scan, bool cut)
{
	give_up_lead(scan);
	console_text_add(&scan->lead.text, scan->line.text, scan->line.len);
	scan->lead.line = scan->number;
	scan->lead.cut = cut;
}

/* "mm/slub.c:123": the file, without the line that differs by build. */
static void set_place(struct open_report *open,
		      const struct console_capture *place)
{
	size_t len = 0;

	if (!(open->pattern->flags & PATTERN_PLACE) || !place->start)
		return;
	while (len < place->len && len < sizeof(open->place) - 1 &&
	       !strchr(" :!,", place->start[len]))
		len++;
	memcpy(open->place, place->start, len);
	open->place[len] = '\0';
}

static void open_report(struct scan *scan, const struct console_pattern *pattern,
			const struct console_capture *captures)
{
	struct open_report *open = &scan->open;
	struct lead *lead = &scan->lead;

	close_report(scan);
	open->pattern = pattern;
	open->words = console_title_words(pattern, captures);
	open->line = scan->number;
	if (lead->line) {
		open->text = lead->text;
		open->line = lead->line;
		memset(lead, 0, sizeof(*lead));
	}
	console_text_add(&open->text, scan->line.text, scan->line.len);
	memcpy(open->caller, scan->line.caller, sizeof(open->caller));
	set_place(open, &captures[0]);
	console_where_header(&open->where, scan->line.msg);
	open->lines = 1;
}

static bool same_caller(const struct scan *scan)
{
	const struct open_report *open = &scan->open;

	return !open->caller[0] || !scan->line.caller[0] ||
	       (open->pattern->flags & PATTERN_SHARED) ||
	       !strcmp(open->caller, scan->line.caller);
}

/* Does a line that could start a report of @pattern go on with the open one? */
static bool continues(const struct scan *scan,
		      const struct console_pattern *pattern)
{
	const struct open_report *open = &scan->open;
	bool same_kind;

	if (!open->pattern || !same_caller(scan))
		return false;
	same_kind = !strcmp(open->pattern->kind, pattern->kind);
	if (pattern->flags & PATTERN_FOLLOWS && pattern->flags & PATTERN_MORE)
		/* Inlined functions repeat the header of a warning. */
		return open->pattern->flags & PATTERN_PRELUDE ?
		       open->lines <= MAX_GAP_LINES :
		       same_kind && open->lines <= 4 &&
		       open->pattern == pattern;
	if (pattern->flags & PATTERN_FOLLOWS)
		return open->pattern->flags & PATTERN_PRELUDE &&
		       open->lines <= MAX_GAP_LINES;
	if (pattern->flags & PATTERN_DEATH)
		return open->pattern->flags & PATTERN_DIES &&
		       open->lines <= MAX_GAP_LINES;
	return pattern->flags & PATTERN_MORE && same_kind;
}

static bool is_end(const struct scan *scan)
{
	const struct console_pattern *pattern = scan->open.pattern;
	const char *msg = scan->line.msg;

	if (!strncmp(msg, "---[ end ", 9))
		return true;
	return pattern->flags & PATTERN_TRACE && !strcmp(msg, "</TASK>");
}

static void continue_report(struct scan *scan)
{
	struct open_report *open = &scan->open;

	console_text_add(&open->text, scan->line.text, scan->line.len);
	open->lines++;
	if (same_caller(scan)) {
		console_where_line(&open->where, scan->line.msg);
		if (is_end(scan))
			close_report(scan);
	}
	if (open->lines >= MAX_REPORT_LINES)
		close_report(scan);
}

static bool is_row(const char *msg, char of)
{
	size_t len = 0;

	while (msg[len] == of)
		len++;
	return len >= 20 && !msg[len];
}

/* The cause may be told before the marker of what it leads to. */
static bool is_prelude(const struct scan *scan)
{
	const struct open_report *open = &scan->open;

	return open->pattern && open->pattern->flags & PATTERN_PRELUDE &&
	       open->lines <= 3 && same_caller(scan);
}

/* The markers before and behind a report. */
static bool read_marker(struct scan *scan)
{
	const char *msg = scan->line.msg;

	if (console_glob("*--[ cut here ]--*", msg, NULL)) {
		if (is_prelude(scan)) {
			continue_report(scan);
			return true;
		}
		close_report(scan);
		start_lead(scan, true);
		return true;
	}
	if (!is_row(msg, '='))
		return false;
	if (scan->open.pattern) {
		console_text_add(&scan->open.text, scan->line.text, scan->line.len);
		close_report(scan);
	}
	/* It may as well be the first row of the next report. */
	if (!scan->lead.cut)
		start_lead(scan, false);
	return true;
}

static void read_start(struct scan *scan, const struct console_pattern *pattern,
		       const struct console_capture *captures)
{
	if (continues(scan, pattern)) {
		continue_report(scan);
		return;
	}
	if (!(pattern->flags & PATTERN_SINGLE)) {
		open_report(scan, pattern, captures);
		return;
	}
	add_report(scan, pattern, console_title_words(pattern, captures),
		   xasprintf("%s\n", scan->line.text), scan->number);
	if (scan->open.pattern)
		continue_report(scan);
}

static void read_other(struct scan *scan)
{
	static const struct console_capture none[CONSOLE_CAPTURES];
	struct lead *lead = &scan->lead;

	/* A row of "=" alone is also how a notice to administrators is framed. */
	if (lead->line && lead->cut &&
	    !strncmp(scan->line.msg, "WARNING", 7)) {
		open_report(scan, &console_pattern_warning, none);
	} else if (scan->open.pattern) {
		continue_report(scan);
	} else if (lead->line) {
		console_text_add(&lead->text, scan->line.text, scan->line.len);
		if (++lead->lines > MAX_LEAD_LINES)
			give_up_lead(scan);
	}
}

/* What a kernel says last when another one may follow. */
static bool is_parting(const char *msg)
{
	static const char *const words[] = {
		"reboot: *", "Kernel panic*", "Rebooting in * seconds..*", "sysrq: Resetting*",
		"kexec*: Starting new kernel*",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (console_glob(words[i], msg, NULL))
			return true;
	return false;
}

/*
 * Whatever was being said, another kernel speaks now.  On a console it must
 * have been announced; a log daemon's file goes over many boots.
 */
static void read_banner(struct scan *scan)
{
	static const struct console_capture none[CONSOLE_CAPTURES];

	close_report(scan);
	give_up_lead(scan);
	if (scan->console->num_banners++ && !scan->parted &&
	    !scan->line.daemon)
		add_report(scan, &console_pattern_reboot,
			   console_title_words(&console_pattern_reboot, none),
			   xasprintf("%s\n", scan->line.text), scan->number);
	scan->parted = false;
}

static void read_line(struct scan *scan)
{
	struct console_capture captures[CONSOLE_CAPTURES];
	const struct console_pattern *pattern;
	const struct console_line *line = &scan->line;

	if (line->foreign || (scan->stamped && !line->stamped) || !*line->msg)
		return;
	if (console_line_is_banner(line->msg)) {
		read_banner(scan);
		return;
	}
	scan->parted |= is_parting(line->msg);
	if (read_marker(scan))
		return;
	pattern = console_pattern_match(line->msg, captures);
	if (pattern && !console_user_fault(line->msg))
		read_start(scan, pattern, captures);
	else
		read_other(scan);
}

static bool read_one(void *context, size_t number)
{
	struct scan *scan = context;

	scan->number = number;
	read_line(scan);
	return true;
}

void console_scan(struct console *console, const char *log, size_t len)
{
	struct scan *scan = xcalloc(1, sizeof(*scan));

	memset(console, 0, sizeof(*console));
	scan->console = console;
	scan->stamped = console_is_stamped(log, len);
	console_line_each(&scan->line, log, len, read_one, scan);
	close_report(scan);
	give_up_lead(scan);
	free(scan);
}

void console_free(struct console *console)
{
	for (size_t i = 0; i < console->num_reports; i++) {
		free(console->reports[i].title);
		free(console->reports[i].text);
	}
	free(console->reports);
	memset(console, 0, sizeof(*console));
}
