// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/console_date.h"

#include <ctype.h>
#include <string.h>

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " ");
}

static const char *skip_word(const char *p)
{
	return p + strcspn(p, " ");
}

static const char *next_word(const char *p)
{
	return skip_blanks(skip_word(p));
}

/* Does @p have the form of @form: 'a' a letter, '0' a digit or blank? */
static const char *has_form(const char *p, const char *form)
{
	for (; *form; form++, p++) {
		if (*form == 'a' ? !isalpha((unsigned char)*p) :
		    *form == '0' ? !isdigit((unsigned char)*p) && *p != ' ' :
		    *form != *p)
			return NULL;
	}
	return p;
}

/* Behind a time of day among the first words: a date has any language. */
static const char *find_time(const char *p)
{
	for (int word = 0; *p && word < 4; word++) {
		const char *end = has_form(p, "00:00:00");

		if (end && *p != ' ')
			return word ? end : NULL;
		p = next_word(p);
	}
	return NULL;
}

/* Behind "1732300801.123456" */
static const char *find_seconds(const char *p)
{
	const char *dot = p + strspn(p, "0123456789");
	const char *end = *dot == '.' ? dot + 1 : p;

	end += strspn(end, "0123456789");
	return dot - p >= 9 && end - dot == 7 ? end : NULL;
}

static bool ends_in_colon(const char *word)
{
	const char *end = skip_word(word);

	return end > word && end[-1] == ':';
}

/* "kernel:", "name[12]:" */
static bool is_tag(const char *tag)
{
	const char *end = skip_word(tag);
	const char *pid = memchr(tag, '[', (size_t)(end - tag));

	if (!strncmp(tag, "kernel:", strlen("kernel:")))
		return true;
	return pid && end - tag >= 4 && !strncmp(end - 2, "]:", 2) &&
	       pid + 1 + strspn(pid + 1, "0123456789") == end - 2;
}

/* The daemon has written it; the kernel has said it, or else a program. */
static const char *take_tag(struct console_line *line, const char *tag)
{
	static const char kernel[] = "kernel:";
	size_t len = strlen(kernel);

	line->stamped = true;
	line->daemon = true;
	if (!strncmp(tag, kernel, len))
		return tag + len;
	line->foreign = true;
	return skip_word(tag);
}

const char *console_date_daemon(struct console_line *line, const char *p)
{
	const char *end, *tag;

	if (line->stamped || *p == '[')
		return NULL;
	end = find_time(p);
	if (!end)
		end = find_seconds(p);
	if (!end)
		return NULL;
	end += strspn(end, ".0123456789");
	if (*end != ' ')
		return NULL;
	tag = skip_blanks(end);
	/* No host, by journalctl --no-hostname: none ends with a colon. */
	if (ends_in_colon(tag))
		return take_tag(line, tag);
	tag = next_word(tag);
	if (ends_in_colon(tag))
		return take_tag(line, tag);
	/* The year or the time's zone may stand before the host. */
	tag = next_word(tag);
	return is_tag(tag) ? take_tag(line, tag) : NULL;
}

const char *console_date_iso(struct console_line *line, const char *p)
{
	const char *end = has_form(p, "0000-00-00T00:00:00"), *tag;

	if (!end)
		return NULL;
	line->stamped = true;
	end += strspn(end, ",.:+-0123456789Z");
	tag = skip_blanks(end);
	if (!is_tag(tag))
		tag = next_word(tag);
	return is_tag(tag) ? take_tag(line, tag) : end;
}

const char *console_date_dmesg(struct console_line *line, const char *p)
{
	const char *end = has_form(p, "[aaa00 00:00]");

	if (*p != '[')
		return NULL;
	if (!end) {
		end = find_time(p + 1);
		end = end ? has_form(end, " 0000]") : NULL;
	}
	line->stamped |= end != NULL;
	return end;
}

const char *console_date_terminal(struct console_line *line, const char *p)
{
	const char *end = has_form(p, "[0000/00/00, 00:00:00.");

	/* It stands before all lines, so it does not tell whose they are. */
	(void)line;
	end = end ? end + strspn(end, "0123456789") : NULL;
	return end && *end == ']' ? end + 1 : NULL;
}

const char *console_date_host(struct console_line *line, const char *p)
{
	static const char kernel[] = " kernel: ";
	const char *end = skip_word(p);

	if (!line->stamped || line->daemon || end == p ||
	    strncmp(end, kernel, strlen(kernel)))
		return NULL;
	for (; p < end; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._-", *p))
			return NULL;
	line->daemon = true;
	return end + strlen(kernel);
}
