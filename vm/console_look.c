// SPDX-License-Identifier: GPL-2.0-or-later
/* All lines of a log, and what they look like as a whole. */
#include "vm/console_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool console_line_is_banner(const char *msg)
{
	static const char banner[] = "Linux version ";
	size_t len = sizeof(banner) - 1;

	return !strncmp(msg, banner, len) && msg[len] >= '0' && msg[len] <= '9';
}

void console_line_each(struct console_line *line, const char *log, size_t len,
		       bool (*use)(void *context, size_t number), void *context)
{
	size_t number = 0;

	while (len) {
		const char *end = memchr(log, '\n', len);
		size_t line_len = end ? (size_t)(end - log) : len;

		number++;
		if (line_len) {
			console_line_read(line, log, line_len);
			if (!use(context, number))
				return;
		}
		if (end)
			line_len++;
		log += line_len;
		len -= line_len;
	}
}

struct look {
	struct console_line line;
	size_t stamped, plain;
	bool decided, stamps;
};

static bool look_at(void *context, size_t number)
{
	struct look *look = context;
	const struct console_line *line = &look->line;

	(void)number;
	if (console_line_is_banner(line->msg)) {
		look->decided = true;
		look->stamps = line->stamped;
		return false;
	}
	look->stamped += line->stamped;
	look->plain += !line->stamped && line->len;
	return true;
}

bool console_is_stamped(const char *log, size_t len)
{
	struct look *look = xcalloc(1, sizeof(*look));
	bool stamps;

	console_line_each(&look->line, log, len, look_at, look);
	stamps = look->decided ? look->stamps :
		 look->stamped && look->stamped >= look->plain / 3;
	free(look);
	return stamps;
}
