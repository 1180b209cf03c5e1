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
#include "vm/console_voice.h"

/* Lines within which the second half of a report follows the first. */
#define MAX_GAP_LINES 24

/* Microseconds of silence that end whatever was being told. */
#define MAX_SILENCE 30000000

/* Blanks in place of a prefix: no time is shorter. */
#define MIN_INDENT 8

/* Does a line that could start a report of @pattern go on with the open one? */
static bool continues(const struct console_scan *scan,
		      const struct console_pattern *pattern)
{
	const struct console_open *open = &scan->voice->open;
	unsigned int has;

	if (!open->pattern)
		return false;
	has = open->pattern->flags;
	if (pattern->flags & PATTERN_TAIL)
		return console_leads_on(open->pattern);
	if (pattern->flags & PATTERN_FOLLOWS)
		return has & PATTERN_PRELUDE && open->lines <= MAX_GAP_LINES;
	if (pattern->flags & PATTERN_DEATH)
		return has & PATTERN_DIES && open->lines <= MAX_GAP_LINES;
	return pattern->flags & PATTERN_MORE &&
	       (!strcmp(open->pattern->kind, pattern->kind) ||
		(open->tail && !strcmp(open->tail, pattern->kind)));
}

/*
 * Some machines print a warning's place first and what it is about behind it,
 * which others print before.
 */
static bool explains(const struct console_scan *scan,
		     const struct console_pattern *pattern)
{
	const struct console_open *open = &scan->voice->open;

	return pattern->flags & PATTERN_PRELUDE && open->pattern &&
	       open->pattern->flags & PATTERN_FOLLOWS && open->lines == 1;
}

/* Inlined functions repeat the header, until the one that holds them. */
static bool repeats(const struct console_scan *scan,
		    const struct console_pattern *pattern)
{
	const struct console_open *open = &scan->voice->open;

	return open->pattern && open->inlined &&
	       !strcmp(open->pattern->kind, pattern->kind);
}

static bool is_row(const char *msg, char of)
{
	size_t len = 0;

	while (msg[len] == of)
		len++;
	return len >= 20 && !msg[len];
}

/* The cause may be told before the marker of what it leads to. */
static bool is_prelude(const struct console_scan *scan)
{
	const struct console_open *open = &scan->voice->open;

	return open->pattern && open->pattern->flags & PATTERN_PRELUDE &&
	       open->lines <= 3;
}

/* The markers before and behind a report. */
static bool read_marker(struct console_scan *scan)
{
	const char *msg = scan->line.msg;
	bool cut = console_glob("*--[ cut here ]--*", msg, NULL);
	/* 32-bit ARM's own stands before a program's faults as well. */
	bool soft = is_row(msg, '=') || console_glob("8<--- cut here*", msg, NULL);
	struct console_open *open;

	if (!cut && !soft)
		return false;
	console_voice_own(scan);
	open = &scan->voice->open;
	if (cut && is_prelude(scan)) {
		console_open_continue(scan, false);
		return true;
	}
	if (*msg == '=' && open->pattern)
		console_text_add(&open->text, scan->line.text, scan->line.len);
	console_open_close(scan, scan->voice);
	/* A row may as well be the first one of the next report. */
	if (cut || !scan->voice->lead.cut)
		console_lead_start(scan, cut);
	return true;
}

static void read_start(struct console_scan *scan,
		       const struct console_pattern *pattern,
		       const struct console_capture *captures)
{
	bool repeat = repeats(scan, pattern);

	if (explains(scan, pattern)) {
		console_open_rename(scan, pattern, captures);
		console_open_continue(scan, false);
		return;
	}
	if (repeat || continues(scan, pattern)) {
		if (pattern->flags & PATTERN_TAIL)
			scan->voice->open.tail = pattern->kind;
		console_open_continue(scan, repeat);
		return;
	}
	if (pattern->flags & PATTERN_TAIL && !scan->voice->open.pattern &&
	    console_open_tail(scan, pattern, captures))
		return;
	if (!(pattern->flags & PATTERN_SINGLE)) {
		console_voice_own(scan);
		console_open_start(scan, pattern, captures);
		return;
	}
	console_keep(scan->console, pattern->kind,
		     console_title_words(pattern, captures),
		     xasprintf("%s\n", scan->line.text), scan->number);
	if (scan->voice->open.pattern)
		console_open_continue(scan, false);
}

static void read_other(struct console_scan *scan)
{
	static const struct console_capture none[CONSOLE_CAPTURES];
	const struct console_voice *voice = scan->voice;

	/* A row of "=" alone is also how a notice to administrators is framed. */
	if (voice->lead.line && voice->lead.cut &&
	    !strncmp(scan->line.msg, "WARNING", 7))
		console_open_start(scan, &console_pattern_warning, none);
	else if (voice->open.pattern)
		console_open_continue(scan, false);
	else if (voice->lead.line)
		console_lead_continue(scan);
	else
		console_voice_beside(scan);
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
static void read_banner(struct console_scan *scan)
{
	static const struct console_capture none[CONSOLE_CAPTURES];

	console_voice_end_all(scan);
	scan->time = 0;
	if (scan->console->num_banners++ && !scan->parted &&
	    !scan->line.daemon)
		console_keep(scan->console, console_pattern_reboot.kind,
			     console_title_words(&console_pattern_reboot, none),
			     xasprintf("%s\n", scan->line.text), scan->number);
	scan->parted = false;
}

/*
 * A time that goes back is no kernel's: a program printed it, without a
 * newline, and the kernel's line may stand behind it.
 */
static void keep_time(struct console_scan *scan)
{
	struct console_line *line = &scan->line;

	if (line->inner && line->time < scan->time)
		console_line_restart(line);
	if (line->time <= scan->time)
		return;
	if (scan->time && line->time - scan->time > MAX_SILENCE)
		console_voice_end_all(scan);
	scan->time = line->time;
}

static void read_line(struct console_scan *scan)
{
	struct console_capture captures[CONSOLE_CAPTURES];
	const struct console_pattern *pattern;
	const struct console_line *line = &scan->line;

	keep_time(scan);
	if (line->foreign || !*line->msg)
		return;
	if (scan->stamped && !line->stamped) {
		if (line->msg - line->text >= MIN_INDENT)
			console_voice_indented(scan);
		return;
	}
	if (console_line_is_banner(line->msg)) {
		read_banner(scan);
		return;
	}
	scan->parted |= is_parting(line->msg);
	console_voice_choose(scan);
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
	struct console_scan *scan = context;

	scan->number = number;
	read_line(scan);
	return true;
}

void console_scan(struct console *console, const char *log, size_t len)
{
	struct console_scan *scan = xcalloc(1, sizeof(*scan));

	memset(console, 0, sizeof(*console));
	scan->console = console;
	scan->stamped = console_is_stamped(log, len);
	console_line_each(&scan->line, log, len, read_one, scan);
	console_voice_end_all(scan);
	free(scan);
}

const struct console_report *console_first(const struct console *console,
					   bool hogs)
{
	for (size_t i = 0; i < console->num_reports; i++)
		if (!hogs || strcmp(console->reports[i].kind, "OOM"))
			return &console->reports[i];
	return NULL;
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
