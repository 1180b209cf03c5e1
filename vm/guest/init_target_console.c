// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own lines, from its log: in their order among the steps, which
 * a serial line can't give.  What programs write to the log is left out, and a
 * newline inside of a message is no newline here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/guest/init_target.h"

#define MAX_RECORD 8192
#define FACILITY_SHIFT 3

static char lines[TARGET_MAX_CONSOLE];
static size_t lines_len;
static bool lines_cut;
static int log_fd = -1;

static void open_log(void)
{
	if (log_fd < 0)
		log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* "6,339,5140900,-;text\n KEY=value\n": only the text, of the kernel alone. */
static void take_record(const char *record, size_t len)
{
	const char *text = memchr(record, ';', len);
	const char *end;

	if (!text || strtoul(record, NULL, 10) >> FACILITY_SHIFT)
		return;
	text++;
	len -= (size_t)(text - record);
	end = memchr(text, '\n', len);
	if (end)
		len = (size_t)(end - text);
	if (len + 1 > sizeof(lines) - lines_len) {
		lines_cut = true;
		return;
	}
	memcpy(lines + lines_len, text, len);
	lines_len += len;
	lines[lines_len++] = '\n';
}

static void drain(void)
{
	static char record[MAX_RECORD];
	ssize_t got;

	open_log();
	lines_cut |= log_fd < 0;
	/* EPIPE: records were overwritten; it goes on with the oldest one. */
	while (log_fd >= 0 &&
	       ((got = read(log_fd, record, sizeof(record))) > 0 ||
		errno == EPIPE)) {
		if (got > 0)
			take_record(record, (size_t)got);
		else
			lines_cut = true;
	}
}

void target_console_mark(void)
{
	drain();
	lines_len = 0;
	lines_cut = false;
}

const char *target_console(size_t *out_len, bool *out_cut)
{
	drain();
	*out_cut = lines_cut;
	*out_len = lines_len;
	return lines;
}
