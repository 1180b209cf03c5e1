// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A console line's prefix comes in many forms: a level, a time in one of
 * several notations, the task or CPU that printed, or what a log daemon put
 * before it.  Each form is one small parser; they are tried in turn.
 */
#include "vm/console_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/console_date.h"

#define ESC 0x1b
#define BEL 0x07

/* How many bytes the escape sequence at @raw takes; @len is at least 1. */
static size_t escape_len(const char *raw, size_t len)
{
	size_t i = 2;

	if (len < 2)
		return len;
	if (raw[1] == '[') {
		while (i < len && (unsigned char)raw[i] < 0x40)
			i++;
	} else if (raw[1] == ']') {
		while (i < len && raw[i] != BEL && raw[i] != ESC)
			i++;
	} else {
		return 2;
	}
	if (i < len && raw[i] == ESC)
		i++;		/* its terminator is ESC and a backslash */
	return i < len ? i + 1 : len;
}

static void clean(struct console_line *line, const char *raw, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < CONSOLE_LINE_MAX; i++) {
		unsigned char c = (unsigned char)raw[i];

		if (c == ESC)
			i += escape_len(raw + i, len - i) - 1;
		else if (c == '\t')
			line->text[n++] = ' ';
		else if (c >= 0x80)
			line->text[n++] = '?';
		else if (c >= ' ' && c != 0x7f)
			line->text[n++] = (char)c;
	}
	line->text[n] = '\0';
	line->len = n;
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " ");
}

static const char *skip_digits(const char *p)
{
	return p + strspn(p, "0123456789");
}

/* "<4>"; a facility other than the kernel's is a program's, by /dev/kmsg. */
static const char *parse_level(struct console_line *line, const char *p)
{
	const char *end = skip_digits(p + (*p == '<'));
	unsigned long level;

	if (*p != '<' || end == p + 1 || end > p + 4 || *end != '>')
		return NULL;
	level = strtoul(p + 1, NULL, 10);
	if (level >= 8)
		line->foreign = true;
	return end + 1;
}

/* " <    0.000010>", by dmesg --show-delta */
static const char *skip_delta(const char *p)
{
	const char *end = p + strspn(p, " <.0123456789");

	return !strncmp(p, " <", 2) && *end == '>' ? end + 1 : p;
}

/* "12.345678": the digits behind the point as far as microseconds go */
static uint64_t read_time(const char *seconds)
{
	const char *point = skip_digits(seconds);
	uint64_t time = strtoull(seconds, NULL, 10);

	for (int digit = 0; digit < 6; digit++) {
		time *= 10;
		if (isdigit((unsigned char)point[1]))
			time += (uint64_t)(*++point - '0');
	}
	return time;
}

/* "[   12.345678]", "[   12.345678]", "[  +0.000010]" of dmesg --reltime */
static const char *parse_seconds(struct console_line *line, const char *p)
{
	const char *end, *seconds;

	if (*p != '[')
		return NULL;
	p = skip_blanks(p + 1);
	seconds = *p == '+' ? NULL : p;
	p += *p == '+';
	end = skip_digits(p);
	if (end == p || *end != '.')
		return NULL;
	p = end + 1;
	end = skip_digits(p);
	if (end == p || end > p + 9)
		return NULL;
	if (*end == '@' || *end == ',')
		end = skip_digits(end + 1);
	end = skip_delta(end);
	if (*end != ']')
		return NULL;
	line->stamped = true;
	if (seconds)
		line->time = read_time(seconds);
	return end + 1;
}

/* "[   T12]", "[    C0]": CONFIG_PRINTK_CALLER */
static const char *parse_caller(struct console_line *line, const char *p)
{
	const char *start, *end;
	size_t len;

	if (*p != '[')
		return NULL;
	start = skip_blanks(p + 1);
	if (*start != 'T' && *start != 'C')
		return NULL;
	end = skip_digits(start + 1);
	if (end == start + 1 || *end != ']')
		return NULL;
	len = (size_t)(end - start);
	if (len >= sizeof(line->caller))
		len = sizeof(line->caller) - 1;
	memcpy(line->caller, start, len);
	line->caller[len] = '\0';
	return end + 1;
}

/* "4,123,5678901,-;", as /dev/kmsg and the network console give it */
static const char *parse_extended(struct console_line *line, const char *p)
{
	const char *end = skip_digits(p);
	unsigned long level = strtoul(p, NULL, 10);

	if (end == p || *end != ',')
		return NULL;
	for (int field = 0; field < 2; field++) {
		p = end + 1;
		end = skip_digits(p);
		if (end == p || *end != ',')
			return NULL;
	}
	end += strcspn(end, " ;");
	if (*end != ';')
		return NULL;
	line->stamped = true;
	line->foreign |= level >= 8;
	return end + 1;
}

/* "kern  :warn  : ", by dmesg --decode */
static const char *parse_decoded(struct console_line *line, const char *p)
{
	const char *end = p + strspn(p, "abcdefghijklmnopqrstuvwxyz");
	const char *colon = skip_blanks(end);
	size_t len = (size_t)(end - p);

	if (!len || *colon != ':' || colon - p != 6)
		return NULL;
	end = colon + 1;
	end = skip_blanks(end + strspn(end, "abcdefghijklmnopqrstuvwxyz"));
	if (*end != ':' || end - colon != 7)
		return NULL;
	if (strncmp(p, "kern", 4))
		line->foreign = true;
	return end + 1;
}

/*
 * "kernel:[   12.345678]" or "kernel:text", as a log daemon writes to every
 * terminal; "kernel: ", when somebody has cut date and host off
 */
static const char *parse_wall(struct console_line *line, const char *p)
{
	static const char tag[] = "kernel:";
	size_t len = strlen(tag);

	(void)line;
	return strncmp(p, tag, len) ? NULL : p + len;
}

/* "** 12 printk messages dropped **" */
static const char *parse_dropped(struct console_line *line, const char *p)
{
	static const char tail[] = " printk messages dropped **";
	const char *end;

	(void)line;
	if (strncmp(p, "** ", 3))
		return NULL;
	end = skip_digits(p + 3);
	if (strncmp(end, tail, strlen(tail)))
		return NULL;
	return end + strlen(tail);
}

/* "c0 7125 (comm) ", of kernels that patch printk */
static const char *parse_cpu_task(struct console_line *line, const char *p)
{
	const char *end;

	if (!line->stamped || *p != 'c')
		return NULL;
	end = skip_digits(p + 1);
	if (end == p + 1 || *end != ' ')
		return NULL;
	p = skip_blanks(end);
	end = skip_digits(p);
	if (end == p || *end != ' ')
		return NULL;
	p = skip_blanks(end);
	if (*p == '(') {
		end = strchr(p, ')');
		return end ? end + 1 : NULL;
	}
	return end;
}

/* A time in the width that the kernel gives it: not some "[1.5]" of a text. */
static const char *find_stamp(const char *p)
{
	const char *start = p;

	while ((p = strchr(p, '['))) {
		const char *dot = p + 1 + strspn(p + 1, " 0123456789");

		if (p != start && dot - p >= 6 && *dot == '.' &&
		    skip_digits(dot + 1) == dot + 7 && dot[7] == ']')
			return p;
		p++;
	}
	return NULL;
}

static const char *parse_prefix(struct console_line *line, const char *p)
{
	typedef const char *(*parser)(struct console_line *, const char *);
	static const parser parsers[] = {
		parse_dropped, parse_level, console_date_daemon, parse_decoded,
		parse_extended, parse_wall, parse_seconds, console_date_iso,
		console_date_dmesg, console_date_terminal, console_date_host,
		parse_caller, parse_cpu_task,
	};
	bool again = true;

	/* Each kind of prefix once, in any order: at most so many rounds. */
	for (size_t round = 0; again && round < ARRAY_LEN(parsers); round++) {
		again = false;
		for (size_t i = 0; i < ARRAY_LEN(parsers); i++) {
			const char *rest = parsers[i](line, skip_blanks(p));

			if (rest) {
				p = rest;
				again = true;
				break;
			}
		}
	}
	return p;
}

/* Take apart what is in line->text from @p on. */
static void take_apart(struct console_line *line, const char *p)
{
	line->stamped = false;
	line->foreign = false;
	line->daemon = false;
	line->time = 0;
	line->caller[0] = '\0';
	line->msg = skip_blanks(parse_prefix(line, p));
	line->inner = find_stamp(line->msg);
}

void console_line_restart(struct console_line *line)
{
	take_apart(line, line->inner);
}

void console_line_read(struct console_line *line, const char *raw, size_t len)
{
	clean(line, raw, len);
	take_apart(line, line->text);
	/* A program's text without a newline, and then the kernel's. */
	if (line->inner && !line->stamped && !line->foreign)
		console_line_restart(line);
}
