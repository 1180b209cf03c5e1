// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/console_voice.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_REPORT_LINES 400
/* All CPUs' stacks, or all that is known of two locks. */
#define MAX_LONG_REPORT_LINES 4000
/* Lines after a marker within which a report has to start. */
#define MAX_LEAD_LINES 12
/* A program may indent as well, but not fill a report. */
#define MAX_INDENTED_LINES 64

static void give_up_lead(struct console_scan *scan,
			 struct console_voice *voice)
{
	struct console_lead *lead = &voice->lead;

	/* The marker stood for nothing that is known: say at least that. */
	if (lead->line && lead->cut)
		console_keep(scan->console, console_pattern_unknown.kind,
			     xstrdup(console_pattern_unknown.title),
			     console_text_take(&lead->text), lead->line);
	free(lead->text.data);
	memset(lead, 0, sizeof(*lead));
}

void console_lead_start(struct console_scan *scan, bool cut)
{
	struct console_lead *lead = &scan->voice->lead;

	give_up_lead(scan, scan->voice);
	console_text_add(&lead->text, scan->line.text, scan->line.len);
	lead->line = scan->number;
	lead->cut = cut;
}

void console_lead_continue(struct console_scan *scan)
{
	struct console_lead *lead = &scan->voice->lead;

	console_text_add(&lead->text, scan->line.text, scan->line.len);
	if (++lead->lines > MAX_LEAD_LINES)
		give_up_lead(scan, scan->voice);
}

bool console_leads_on(const struct console_pattern *pattern)
{
	return strcmp(pattern->kind, "OOM") != 0;
}

static void keep_past(struct console_scan *scan,
		      const struct console_voice *voice)
{
	const struct console_open *open = &voice->open;
	struct console_past *past = &scan->past;

	memcpy(past->caller, voice->caller, sizeof(past->caller));
	/* A machine dies once. */
	past->line = open->tail_of || !console_leads_on(open->pattern) ?
		     0 : open->line;
	past->end = scan->number;
}

void console_open_close(struct console_scan *scan,
			struct console_voice *voice)
{
	struct console_open *open = &voice->open;

	if (!open->pattern)
		return;
	keep_past(scan, voice);
	if (open->tail_of)
		console_keep_more(scan->console, open->tail_of,
				  console_text_take(&open->text));
	else
		console_keep(scan->console, open->pattern->kind,
			     console_title(open->pattern, open->words,
					   open->place, &open->where),
			     console_text_take(&open->text), open->line);
	free(open->words);
	memset(open, 0, sizeof(*open));
}

/* "mm/slub.c:123": the file, without the line that differs by build. */
static void set_place(struct console_open *open,
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

static bool is_full(const struct console_open *open)
{
	return open->lines >= (open->pattern->flags & (PATTERN_SHARED |
						       PATTERN_LOCK) ?
			       MAX_LONG_REPORT_LINES : MAX_REPORT_LINES);
}

static bool is_inlined(const char *msg)
{
	return strstr(msg, " [inline]") != NULL;
}

void console_open_start(struct console_scan *scan,
			const struct console_pattern *pattern,
			const struct console_capture *captures)
{
	struct console_open *open = &scan->voice->open;
	struct console_lead *lead = &scan->voice->lead;

	console_open_close(scan, scan->voice);
	open->pattern = pattern;
	open->words = console_title_words(pattern, captures);
	open->line = scan->number;
	if (lead->line) {
		open->text = lead->text;
		open->line = lead->line;
		memset(lead, 0, sizeof(*lead));
	}
	console_text_add(&open->text, scan->line.text, scan->line.len);
	set_place(open, &captures[0]);
	console_where_header(&open->where, pattern, scan->line.msg);
	open->inlined = is_inlined(scan->line.msg);
	open->lines = 1;
}

static void drop_first_line(struct console_text *text)
{
	const char *end = text->len ? memchr(text->data, '\n', text->len) : NULL;
	size_t len;

	if (!end)
		return;
	len = (size_t)(end + 1 - text->data);
	text->len -= len;
	memmove(text->data, text->data + len, text->len + 1);
}

bool console_open_tail(struct console_scan *scan,
		       const struct console_pattern *pattern,
		       const struct console_capture *captures)
{
	const struct console_past past = scan->past;
	const char *caller = scan->line.caller;

	if (!past.line || scan->number - past.end > MAX_REPORT_LINES ||
	    (*past.caller && *caller && strcmp(past.caller, caller)))
		return false;
	console_voice_own(scan);
	/* The row that ended that report may be the first one of another. */
	if (scan->voice->lead.line && scan->voice->lead.line == past.end)
		drop_first_line(&scan->voice->lead.text);
	console_open_start(scan, pattern, captures);
	scan->voice->open.tail_of = past.line;
	return true;
}

void console_open_rename(struct console_scan *scan,
			 const struct console_pattern *pattern,
			 const struct console_capture *captures)
{
	struct console_open *open = &scan->voice->open;

	free(open->words);
	open->pattern = pattern;
	open->words = console_title_words(pattern, captures);
}

static bool is_end(const struct console_open *open, const char *msg)
{
	if (!strncmp(msg, "---[ end ", 9))
		return true;
	if (!strcmp(open->pattern->kind, "IRQ"))
		return !strncmp(msg, "Disabling IRQ #", 15);
	return open->pattern->flags & PATTERN_TRACE && !strcmp(msg, "</TASK>");
}

void console_open_continue(struct console_scan *scan, bool repeat)
{
	struct console_open *open = &scan->voice->open;
	const char *msg = scan->line.msg;

	console_text_add(&open->text, scan->line.text, scan->line.len);
	open->inlined = repeat && is_inlined(msg);
	if (repeat)
		console_where_repeat(&open->where, msg);
	else
		console_where_line(&open->where, msg);
	open->lines++;
	if (is_full(open) || is_end(open, msg))
		console_open_close(scan, scan->voice);
}

static bool is_idle(const struct console_voice *voice)
{
	return !voice->open.pattern && !voice->lead.line;
}

/* A line without a caller may be anyone's. */
static bool is_caller(const struct console_voice *voice, const char *caller)
{
	return !*voice->caller || !*caller || !strcmp(voice->caller, caller);
}

static bool is_shared(const struct console_voice *voice)
{
	return voice->open.pattern &&
	       voice->open.pattern->flags & PATTERN_SHARED;
}

/* The last heard of those that speak, for @caller or for all. */
static struct console_voice *find_speaking(struct console_scan *scan,
					   const char *caller)
{
	struct console_voice *found = NULL;

	for (size_t i = 0; i < CONSOLE_VOICES; i++) {
		struct console_voice *voice = &scan->voices[i];

		if (is_idle(voice) ||
		    (caller ? !is_caller(voice, caller) : !is_shared(voice)))
			continue;
		if (!found || voice->heard > found->heard)
			found = voice;
	}
	return found;
}

/* An idle voice for @caller, or the one that has been silent longest. */
static struct console_voice *make_room(struct console_scan *scan,
				       const char *caller)
{
	struct console_voice *room = &scan->voices[0];

	for (size_t i = 1; i < CONSOLE_VOICES; i++) {
		struct console_voice *voice = &scan->voices[i];

		if (is_idle(voice) ? !is_idle(room) :
		    !is_idle(room) && voice->heard < room->heard)
			room = voice;
	}
	console_open_close(scan, room);
	give_up_lead(scan, room);
	memcpy(room->caller, caller, sizeof(room->caller));
	return room;
}

void console_voice_choose(struct console_scan *scan)
{
	const char *caller = scan->line.caller;

	scan->voice = find_speaking(scan, caller);
	if (!scan->voice)
		scan->voice = find_speaking(scan, NULL);
	if (!scan->voice)
		scan->voice = make_room(scan, caller);
	scan->voice->heard = scan->number;
}

void console_voice_own(struct console_scan *scan)
{
	const char *caller = scan->line.caller;

	if (is_caller(scan->voice, caller))
		return;
	/* What all told together has been told. */
	console_open_close(scan, scan->voice);
	scan->voice = make_room(scan, caller);
	scan->voice->heard = scan->number;
}

void console_voice_beside(struct console_scan *scan)
{
	for (size_t i = 0; i < CONSOLE_VOICES; i++) {
		struct console_open *open = &scan->voices[i].open;

		if (!open->pattern)
			continue;
		console_text_add(&open->text, scan->line.text, scan->line.len);
		open->lines++;
		if (is_full(open))
			console_open_close(scan, &scan->voices[i]);
	}
}

void console_voice_indented(struct console_scan *scan)
{
	struct console_open *last = NULL;
	size_t heard = 0;

	for (size_t i = 0; i < CONSOLE_VOICES; i++) {
		struct console_voice *voice = &scan->voices[i];

		if (voice->open.pattern && voice->heard >= heard) {
			last = &voice->open;
			heard = voice->heard;
		}
	}
	if (last && last->indented++ < MAX_INDENTED_LINES)
		console_text_add(&last->text, scan->line.text, scan->line.len);
}

void console_voice_end_all(struct console_scan *scan)
{
	for (size_t i = 0; i < CONSOLE_VOICES; i++) {
		console_open_close(scan, &scan->voices[i]);
		give_up_lead(scan, &scan->voices[i]);
	}
	scan->past.line = 0;
}
