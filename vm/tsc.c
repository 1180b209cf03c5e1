// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/tsc.h"

#include <pthread.h>
#include <stdint.h>
#include <time.h>
#include <x86intrin.h>

#define TRIES 20
#define WHILE_NS 20000000L
#define ROUND_KHZ 1000

struct moment {
	uint64_t ticks;
	int64_t ns;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned int khz;

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Both clocks at once: the try in which the least came between them. */
static struct moment take(void)
{
	struct moment best = { 0 };
	int64_t least = INT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		int64_t before = now();
		uint64_t ticks = __rdtsc();
		int64_t after = now();

		if (after - before >= least)
			continue;
		least = after - before;
		best = (struct moment){ ticks, before + least / 2 };
	}
	return best;
}

static void measure(void)
{
	const struct timespec pause = { 0, WHILE_NS };
	struct moment first = take(), last;

	nanosleep(&pause, NULL);
	last = take();
	khz = (unsigned int)((double)(last.ticks - first.ticks) * 1e6 /
			     (double)(last.ns - first.ns)) + ROUND_KHZ / 2;
	khz -= khz % ROUND_KHZ;
}

unsigned int tsc_khz(void)
{
	pthread_once(&once, measure);
	return khz;
}
