// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How much instrumented code a call of ours runs, where the kernel has KCOV:
 * none but the consumer is instrumented.
 */
#include <fcntl.h>
#include <linux/kcov.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "vm/guest/init.h"

#define NUM_ENTRIES (256ul << 10)	/* the first is the number of others */

static struct {
	int fd;
	uint64_t *entries;
} trace = { .fd = -1 };

static bool open_trace(void)
{
	void *data;

	trace.fd = open(DEBUGFS "/kcov", O_RDWR | O_CLOEXEC);
	if (trace.fd < 0 || ioctl(trace.fd, KCOV_INIT_TRACE, NUM_ENTRIES))
		return false;
	data = mmap(NULL, NUM_ENTRIES * sizeof(*trace.entries),
		    PROT_READ | PROT_WRITE, MAP_SHARED, trace.fd, 0);
	if (data == MAP_FAILED)
		return false;
	trace.entries = data;
	return true;
}

bool ran_begin(void)
{
	if (mount_debugfs() || (trace.fd < 0 && !open_trace()))
		return false;
	if (!trace.entries || ioctl(trace.fd, KCOV_ENABLE, KCOV_TRACE_PC))
		return false;
	__atomic_store_n(&trace.entries[0], 0, __ATOMIC_RELAXED);
	return true;
}

uint64_t ran_end(void)
{
	uint64_t num;

	if (!trace.entries)
		return 0;
	num = __atomic_load_n(&trace.entries[0], __ATOMIC_RELAXED);
	ioctl(trace.fd, KCOV_DISABLE, 0);
	return num;
}
