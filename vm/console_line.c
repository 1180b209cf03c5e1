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

/* "host kernel: ", "host name[12]: ": what a log daemon puts behind the time. */
static const char *parse_tag(struct console_line *line, const char *p)
{
	const char *host = skip_blanks(p);
	const char *tag = skip_blanks(host + strcspn(host, " "));
	const char *end = tag + strcspn(tag, " ");
	const char *pid = memchr(tag, '[', (size_t)(end - tag));

	line->daemon = true;
	if (!strncmp(tag, "kernel:", strlen("kernel:")))
		return tag + strlen("kernel:");
	if (!pid || end - tag < 4 || strncmp(end - 2, "]:", 2) ||
	    skip_digits(pid + 1) != end - 2)
		return NULL;
	line->foreign = true;
	return end;
}

/* dmesg --ctime, --time-format iso; a log daemon's file with such times */
static const char *parse_date(struct console_line *line, const char *p)
{
	const char *end = has_form(p, "[aaa aaa 00 00:00:00 0000]");
	const char *tag;

	if (!end)
		end = has_form(p, "[aaa00 00:00]");
	if (!end) {
		end = has_form(p, "0000-00-00T00:00:00");
		if (!end)
			return NULL;
		end += strspn(end, ",.:+-0123456789Z");
		tag = parse_tag(line, end);
		if (tag)
			end = tag;
	}
	line->stamped = true;
	return end;
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

/*
 * The first word with a time of day, behind a date in any language; a log
 * daemon's file has it among its first words.
 */
static const char *find_time(const char *p)
{
	for (int word = 0; *p && word < 4; word++) {
		const char *end = has_form(p, "00:00:00");

		if (end && *p != ' ')
			return word ? end : NULL;
		p += strcspn(p, " ");
		p = skip_blanks(p);
	}
	return NULL;
}

/* "Nov 22 18:40:01 host kernel: ", as a log daemon writes it */
static const char *parse_syslog(struct console_line *line, const char *p)
{
	const char *end, *tag;

	if (line->stamped || *p == '[')
		return NULL;
	end = find_time(p);
	if (!end)
		return NULL;
	end += strspn(end, ".0123456789");
	if (*end != ' ')
		return NULL;
	end = skip_blanks(end);
	end += strcspn(end, " ");
	tag = skip_blanks(end);
	end = tag + strcspn(tag, " ");
	if (end == tag || end[-1] != ':')
		return NULL;
	line->stamped = true;
	line->daemon = true;
	if (strncmp(tag, "kernel:", strlen("kernel:")))
		line->foreign = true;
	return end;
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
 * "kernel:[   12.345678]", as a log daemon writes to every terminal;
 * "kernel: ", when somebody has cut date and host off
 */
static const char *parse_wall(struct console_line *line, const char *p)
{
	static const char tag[] = "kernel:";
	size_t len = strlen(tag);

	(void)line;
	return strncmp(p, tag, len) || !strchr("[ ", p[len]) ? NULL : p + len;
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
		parse_dropped, parse_level, parse_syslog, parse_decoded,
		parse_extended, parse_wall,
		parse_seconds, parse_date, parse_caller, parse_cpu_task,
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
