// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/console_keep.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_REPORTS 256
#define MAX_TEXT_LEN (256u * 1024)

void console_text_add(struct console_text *text, const char *line, size_t len)
{
	if (text->len + len + 1 > MAX_TEXT_LEN)
		return;
	if (text->len + len + 2 > text->cap) {
		text->cap = (text->len + len + 2) * 2;
		text->data = xrealloc(text->data, text->cap);
	}
	memcpy(text->data + text->len, line, len);
	text->len += len;
	text->data[text->len++] = '\n';
	text->data[text->len] = '\0';
}

char *console_text_take(struct console_text *text)
{
	char *data = text->data ? text->data : xstrdup("");

	memset(text, 0, sizeof(*text));
	return data;
}

/* The same trouble once more, as by a warning in a loop. */
static bool is_known(const struct console *console, const char *kind,
		     const char *title)
{
	for (size_t i = 0; i < console->num_reports; i++)
		if (!strcmp(console->reports[i].kind, kind) &&
		    !strcmp(console->reports[i].title, title))
			return true;
	return false;
}

/* Where the report of @line belongs: one that began earlier may end later. */
static struct console_report *make_place(struct console *console, size_t line)
{
	size_t at = console->num_reports;

	ARRAY_RESERVE(console->reports, console->num_reports,
		      console->cap_reports);
	while (at && console->reports[at - 1].line > line)
		at--;
	memmove(&console->reports[at + 1], &console->reports[at],
		(console->num_reports - at) * sizeof(*console->reports));
	console->num_reports++;
	return &console->reports[at];
}

void console_keep(struct console *console, const char *kind, char *title,
		  char *text, size_t line)
{
	/* A flood must not fill the memory; the first ones count. */
	if (console->num_reports == MAX_REPORTS ||
	    is_known(console, kind, title)) {
		free(title);
		free(text);
		return;
	}
	*make_place(console, line) = (struct console_report){
		.kind = kind, .title = title, .text = text, .line = line,
	};
}

void console_keep_more(struct console *console, size_t line, char *text)
{
	struct console_report *report = console->reports;
	struct console_report *end = report + console->num_reports;
	size_t has, len = strlen(text);

	while (report < end && report->line != line)
		report++;
	has = report < end ? strlen(report->text) : 0;
	if (report < end && has + len <= MAX_TEXT_LEN) {
		report->text = xrealloc(report->text, has + len + 1);
		memcpy(report->text + has, text, len + 1);
	}
	free(text);
}
