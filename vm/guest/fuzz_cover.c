// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KCOV writes the address of every block that this process goes through in
 * instrumented code into memory of ours; what becomes of them is fuzz_edges.c's.
 *
 * Comparisons of an input that was new go to the engine as well, so that it can
 * put what was asked for in place of what was there.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/guest/fuzz.h"
#include "vm/guest/fuzz_edges.h"

#define DEBUGFS		"/sys/kernel/debug"
#define NUM_ENTRIES	(128u << 10)	/* of 8 bytes, the first their number */
#define CMP_WORDS	4		/* type, two values, address */

/* What the runtime of libFuzzer is told by instrumented userspace. */
void __sanitizer_cov_trace_cmp4(uint32_t a, uint32_t b);
void __sanitizer_cov_trace_cmp8(uint64_t a, uint64_t b);
void __sanitizer_cov_trace_const_cmp4(uint32_t a, uint32_t b);
void __sanitizer_cov_trace_const_cmp8(uint64_t a, uint64_t b);

struct trace {
	int fd;
	uint64_t *data;		/* NUM_ENTRIES */
};

static struct trace own = { -1, NULL }, child = { -1, NULL };
static bool child_ran;

static char *const *module_names;

static int open_trace(struct trace *trace)
{
	size_t len = NUM_ENTRIES * sizeof(*trace->data);
	void *data;

	trace->fd = open(DEBUGFS "/kcov", O_RDWR | O_CLOEXEC);
	if (trace->fd < 0 ||
	    ioctl(trace->fd, KCOV_INIT_TRACE, (unsigned long)NUM_ENTRIES))
		return errno;
	data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, trace->fd,
		    0);
	if (data == MAP_FAILED)
		return errno;
	trace->data = data;
	/* Its pages come by and by, which is not to happen in an execution. */
	memset(data, 0, len);
	return 0;
}

/* "plimsoll 81920 0 - Live 0xffffffffc0000000 (O)" */
void cover_moved(void)
{
	FILE *list = fopen("/proc/modules", "re");
	unsigned long len, start;
	char name[64], line[512];

	while (list && fgets(line, sizeof(line), list)) {
		if (sscanf(line, "%63s %lu %*d %*s %*s %lx", name, &len,
			   &start) != 3)
			continue;
		for (size_t i = 0; module_names[i]; i++)
			if (!strcmp(module_names[i], name))
				edges_set_module(i, start, len);
	}
	if (list)
		fclose(list);
}

static size_t num_names(void)
{
	size_t num = 0;

	while (module_names[num])
		num++;
	return num;
}

int cover_start(char *const *modules)
{
	int err;

	module_names = modules;
	mkdir(DEBUGFS, 0755);
	if (access(DEBUGFS "/kcov", F_OK))
		mount("none", DEBUGFS, "debugfs", 0, NULL);
	err = open_trace(&own);
	if (!err)
		err = open_trace(&child);
	if (!err && ioctl(own.fd, KCOV_ENABLE, KCOV_TRACE_PC))
		err = errno;
	edges_modules(num_names());
	cover_moved();
	return err;
}

static size_t num_points(const struct trace *trace)
{
	uint64_t num = __atomic_load_n(&trace->data[0], __ATOMIC_RELAXED);

	return num < NUM_ENTRIES ? num : NUM_ENTRIES - 1;
}

static bool is_known(const struct trace *trace)
{
	return edges_known(trace->data + 1, num_points(trace));
}

static void count_trace(const struct trace *trace)
{
	edges_trace(trace->data + 1, num_points(trace));
}

static void clear(struct trace *trace)
{
	__atomic_store_n(&trace->data[0], 0, __ATOMIC_RELAXED);
}

void cover_begin(void)
{
	edges_begin();
	if (own.data)
		clear(&own);
}

void cover_end(bool counted)
{
	if (own.data && (counted || child_ran || !is_known(&own)))
		count_trace(&own);
	if (child_ran)
		count_trace(&child);
	child_ran = false;
	edges_end();
}

static void tell_comparison(const uint64_t *words)
{
	bool constant = words[0] & KCOV_CMP_CONST;

	switch (words[0] & KCOV_CMP_MASK) {
	case KCOV_CMP_SIZE(2):
		if (constant)
			__sanitizer_cov_trace_const_cmp4((uint32_t)words[1],
							 (uint32_t)words[2]);
		else
			__sanitizer_cov_trace_cmp4((uint32_t)words[1],
						   (uint32_t)words[2]);
		break;
	case KCOV_CMP_SIZE(3):
		if (constant)
			__sanitizer_cov_trace_const_cmp8(words[1], words[2]);
		else
			__sanitizer_cov_trace_cmp8(words[1], words[2]);
		break;
	}
}

void cover_compare_begin(void)
{
	if (!own.data)
		return;
	ioctl(own.fd, KCOV_DISABLE, 0);
	clear(&own);
	/* A kernel without it gives no comparisons, and that is all. */
	ioctl(own.fd, KCOV_ENABLE, KCOV_TRACE_CMP);
}

void cover_compare_end(void)
{
	uint64_t num;

	if (!own.data)
		return;
	ioctl(own.fd, KCOV_DISABLE, 0);
	num = __atomic_load_n(&own.data[0], __ATOMIC_RELAXED);
	for (uint64_t i = 0; i < num; i++) {
		const uint64_t *words = own.data + 1 + i * CMP_WORDS;

		if (1 + (i + 1) * CMP_WORDS > NUM_ENTRIES)
			break;
		if (edges_place(words[CMP_WORDS - 1]))
			tell_comparison(words);
	}
	clear(&own);
	ioctl(own.fd, KCOV_ENABLE, KCOV_TRACE_PC);
}

void cover_child(void)
{
	if (!child.data)
		return;
	clear(&child);
	ioctl(child.fd, KCOV_ENABLE, KCOV_TRACE_PC);
}

void cover_child_end(void)
{
	child_ran = child.data;
}
