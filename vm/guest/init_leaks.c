// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a kernel that watches over itself knows in the end: memory that nobody
 * points to any more.  It tells on its console, with the stacks of those who
 * asked for the memory; PID 1 only tells it to look.
 */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define KMEMLEAK	DEBUGFS "/kmemleak"
#define VERBOSE		"/sys/module/kmemleak/parameters/verbose"

/* Younger objects are not told: their pointer may be in a register. */
#define MIN_AGE_S	5
#define MARGIN_NS	200000000L

/*
 * What the first look finds is told by the second one, if it has not changed
 * between.
 */
#define LOOKS		2

int step_leaks(struct guest *guest, const struct step *step)
{
	struct timespec age = { MIN_AGE_S, MARGIN_NS };
	int err;

	(void)guest;
	/* Nothing to look with is no failure: stock kernels have nothing. */
	if (access(VERBOSE, W_OK))
		return 0;
	if (step->head.a)
		nanosleep(&age, NULL);
	err = mount_debugfs();
	if (!err)
		err = write_text(VERBOSE, "1");
	for (int i = 0; !err && i < LOOKS; i++)
		err = write_text(KMEMLEAK, "scan");
	return err;
}
