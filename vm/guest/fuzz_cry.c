// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Most reports end the kernel, because it is told to panic.  Some do not, those
 * of lockdep or kmemleak for instance; they are found in its log, by the same
 * classifier that the host reads consoles with.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vm/console.h"
#include "vm/guest/fuzz.h"

#define MAX_RECORD	8192
#define FACILITY_SHIFT	3
#define SETTLE_NS	200000000L	/* for the rest of a report */

static int fd = -1;
static char lines[FUZZ_SAID_LEN];
static size_t lines_len;

int cry_start(void)
{
	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno;
	lseek(fd, 0, SEEK_END);
	return 0;
}

/* Lines that a report may have, so that the others cost no more than this. */
static bool may_alarm(const char *text)
{
	static const char *const words[] = {
		"BUG", "WARN", "INFO:", "rror", "ERROR", "KASAN", "KFENCE",
		"KCSAN", "UBSAN", "kmemleak", "possible", "fault", "leak",
		"orrupt", "lockup", "stall", "hung", "panic", "Oops", "bad",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/*
 * "6,339,5140900,-;text\n KEY=value\n" as a console has it: the text behind the
 * time.  False for what programs write, and where no report begins so.
 */
static bool take(char *record, size_t len)
{
	char *text = memchr(record, ';', len);
	unsigned long long us;
	char *end;
	int put;

	if (!text || strtoul(record, NULL, 10) >> FACILITY_SHIFT ||
	    sscanf(record, "%*u,%*u,%llu", &us) != 1)
		return false;
	text++;
	end = memchr(text, '\n', len - (size_t)(text - record));
	if (end)
		*end = 0;
	put = snprintf(lines + lines_len, sizeof(lines) - lines_len,
		       "[%5llu.%06llu] %s\n", us / 1000000, us % 1000000,
		       text);
	if (put > 0 && (size_t)put < sizeof(lines) - lines_len)
		lines_len += (size_t)put;
	return may_alarm(text);
}

static bool drain(void)
{
	static char record[MAX_RECORD + 1];
	bool alarming = false;
	ssize_t got;

	/* EPIPE: records were overwritten; it goes on with the oldest one. */
	while ((got = read(fd, record, MAX_RECORD)) > 0 ||
	       (got < 0 && errno == EPIPE)) {
		if (got <= 0)
			continue;
		record[got] = 0;
		alarming |= take(record, (size_t)got);
	}
	return alarming;
}

static bool is_report(void)
{
	struct console console = { 0 };
	bool is;

	console_scan(&console, lines, lines_len);
	is = console.num_reports;
	console_free(&console);
	return is;
}

bool cry_heard(uint8_t *share)
{
	const struct timespec settle = { 0, SETTLE_NS };
	struct fuzz_share *head = (struct fuzz_share *)share;

	lines_len = 0;
	if (!drain() || !is_report())
		return false;
	nanosleep(&settle, NULL);
	drain();
	memcpy(share + FUZZ_SAID_OFF, lines, lines_len);
	atomic_store(&head->said_len, (uint32_t)lines_len);
	return true;
}
