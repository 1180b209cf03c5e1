// SPDX-License-Identifier: GPL-2.0-or-later
/* Time that passes, and clocks that are wrong. */
#include <errno.h>
#include <time.h>

#include "vm/guest/init.h"

/* Second by second, so that the stream never holds more than one's events. */
int step_wait(struct guest *guest, const struct step *step)
{
	struct timespec second = { 1, 0 };

	for (uint32_t i = 0; i < step->head.a; i++) {
		device_drain(guest, step);
		while (nanosleep(&second, &second) && errno == EINTR)
			;
		second = (struct timespec){ 1, 0 };
	}
	return 0;
}

int step_clock(struct guest *guest, const struct step *step)
{
	struct timespec now = { .tv_sec = step->head.a };

	(void)guest;
	return clock_settime(CLOCK_REALTIME, &now) ? errno : 0;
}
