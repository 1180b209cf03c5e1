// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory in use, as exactly as a stock kernel tells it.  What the page
 * allocator says is noise; so the objects of the kmalloc caches are counted,
 * after their per-CPU slabs were flushed, and vmalloc and per-CPU memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define MAX_CACHES	64
#define NAME_LEN	64
#define SETTLE_NS	20000000L

/* Caches of what kmalloc() and kvmalloc() give, accounted or not. */
static bool is_kmalloc(const char *name)
{
	return !strncmp(name, "kmalloc-", 8);
}

/* The whole of a file below /proc into a buffer that is kept; "" on error. */
static char *read_proc(const char *path)
{
	static char text[1 << 17];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got = 0;

	while (fd >= 0 && len < sizeof(text) - 1 &&
	       (got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	if (fd >= 0)
		close(fd);
	text[len] = 0;
	return text;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

/*
 * A cache counts the free objects of the slab that a CPU works from as in
 * use; shrinking takes it from the CPU and makes the count exact.
 */
static void shrink(const char name[NAME_LEN])
{
	char path[NAME_LEN + 32];

	snprintf(path, sizeof(path), "/sys/kernel/slab/%.*s/shrink",
		 NAME_LEN, name);
	write_file(path, "1");
}

/* The bytes of all kmalloc caches, from /proc/slabinfo. */
static uint64_t each_cache(bool do_shrink)
{
	static char names[MAX_CACHES][NAME_LEN];
	unsigned int num_names = 0;
	unsigned long active, total, size;
	uint64_t bytes = 0;
	char *save = NULL;

	for (char *line = strtok_r(read_proc("/proc/slabinfo"), "\n", &save);
	     line && num_names < MAX_CACHES; line = strtok_r(NULL, "\n", &save)) {
		if (!is_kmalloc(line) ||
		    sscanf(line, "%63s %lu %lu %lu", names[num_names], &active,
			   &total, &size) != 4)
			continue;
		num_names++;
		bytes += (uint64_t)active * size;
	}
	for (unsigned int i = 0; do_shrink && i < num_names; i++)
		shrink(names[i]);
	return bytes;
}

/* A line of /proc/meminfo, which counts in KiB. */
static uint64_t meminfo(const char *text, const char *name)
{
	const char *found = strstr(text, name);

	return found ? strtoull(found + strlen(name), NULL, 10) * 1024 : 0;
}

static uint64_t uptime_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* Its file stays open: to find it again takes longer than to read it. */
static uint64_t tainted(void)
{
	static int fd = -1;
	char text[24];
	ssize_t len;

	if (fd < 0)
		fd = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);
	len = pread(fd, text, sizeof(text) - 1, 0);
	text[len > 0 ? len : 0] = 0;
	return strtoull(text, NULL, 10);
}

uint64_t figures_harm(void)
{
	/* Machine check, bad page, death, warning, lockup; not whose modules. */
	return tainted() & (1u << 4 | 1u << 5 | 1u << 7 | 1u << 9 | 1u << 14);
}

/*
 * It ends with its first report, and when it has no room for more locks.  A
 * kernel that was built without it is asked once.
 */
static uint32_t lockdep(void)
{
	static bool never;
	const char *found;

	if (never)
		return VM_LOCKDEP_NONE;
	found = strstr(read_proc("/proc/lockdep_stats"), "debug_locks:");
	if (!found) {
		never = true;
		return VM_LOCKDEP_NONE;
	}
	return strtoul(found + strlen("debug_locks:"), NULL, 10) ?
		VM_LOCKDEP_WATCHES : VM_LOCKDEP_GAVE_UP;
}

void figures_report(struct guest *guest, const struct step *step,
		    struct vm_figures *out)
{
	struct timespec settle = { 0, SETTLE_NS };
	const char *text;

	/*
	 * What kfree_rcu() was given may lie about for five seconds, unless
	 * memory is asked for.  Then RCU and the work queues need a moment.
	 */
	write_file("/proc/sys/vm/drop_caches", "2");
	nanosleep(&settle, NULL);
	each_cache(true);
	memset(out, 0, sizeof(*out));
	out->bytes[VM_FIGURE_KMALLOC] = each_cache(false);
	text = read_proc("/proc/meminfo");
	out->bytes[VM_FIGURE_VMALLOC] = meminfo(text, "VmallocUsed:");
	out->bytes[VM_FIGURE_PERCPU] = meminfo(text, "Percpu:");
	out->tainted = tainted();
	out->lockdep = lockdep();
	out->uptime_us = uptime_us();
	report(guest, VM_RESULT_FIGURES, step, 0, out, sizeof(*out));
}

int step_figures(struct guest *guest, const struct step *step)
{
	struct vm_figures figures = { .tainted = tainted(),
				      .lockdep = lockdep() };

	if (step->head.a)
		figures_report(guest, step, &figures);
	else
		report(guest, VM_RESULT_FIGURES, step, 0, &figures,
		       sizeof(figures));
	return 0;
}

/*
 * Load and unload over and over.  What leaks grows in every round; anything
 * else stays or falls at least once, and then there is no need to go on.  The
 * first round only warms up.
 */
int step_rounds(struct guest *guest, const struct step *step)
{
	struct vm_figures last, now;
	bool growing[VM_NUM_FIGURES];
	bool any = true;
	int err;

	memset(growing, 1, sizeof(growing));
	figures_report(guest, step, &last);
	for (uint32_t round = 0; any && round <= step->head.a; round++) {
		err = load_module(step->texts[0], consumer_params());
		if (!err)
			err = unload_module(step->texts[1]);
		if (err)
			return err;
		figures_report(guest, step, &now);
		any = round == 0;
		for (int i = 0; round && i < VM_NUM_FIGURES; i++) {
			growing[i] &= now.bytes[i] > last.bytes[i];
			any |= growing[i];
		}
		last = now;
	}
	return 0;
}
