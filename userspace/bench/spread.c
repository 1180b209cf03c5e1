// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <time.h>

#include "bench/bench.h"

double bench_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

json_t *bench_spread(double *values, size_t num)
{
	qsort(values, num, sizeof(*values), compare);
	return json_pack("{sf sf sf}", "min", values[0], "median",
			 values[num / 2], "max", values[num - 1]);
}
