// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A leak that is small each time is large after many: the memory that the
 * kernel has taken for itself is looked at now and then.  What KASAN holds back
 * of freed memory is a thirty-second of all at the most, well below the limit.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/guest/fuzz.h"

#define EVERY	512u			/* executions */
#define LIMIT	((uint64_t)40 << 20)	/* bytes */

static uint64_t at_start;
static unsigned int countdown = EVERY;

/* A line of /proc/meminfo, which counts in KiB. */
static uint64_t line(const char *text, const char *name)
{
	const char *found = strstr(text, name);

	return found ? strtoull(found + strlen(name), NULL, 10) * 1024 : 0;
}

static uint64_t in_use(void)
{
	int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	char text[8192];
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = 0;
	return line(text, "\nSUnreclaim:") + line(text, "\nVmallocUsed:") +
	       line(text, "\nPercpu:");
}

void memory_start(void)
{
	at_start = in_use();
}

bool memory_grew(void)
{
	if (--countdown)
		return false;
	countdown = EVERY;
	return in_use() > at_start + LIMIT;
}
