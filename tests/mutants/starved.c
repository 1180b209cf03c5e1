// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In the guest: each allocation of the module, and what it registers, fails once,
 * the first, the second and so on, when it starts, when its device is opened and
 * when content comes.  What cannot be had is refused with ENOMEM and leaves nothing
 * behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"
#include "plm_error.h"

#define COUNT "/sys/module/plm_mutant/parameters/fail_at"
#define MARKED "/kselftest-bin/marked"
#define REPEAT 500	/* so that what is left behind adds up */
#define MAX_LEFT_KIB 128

#define must(what) do {							\
	if (!(what)) {							\
		fprintf(stderr, "starved: %d: %s\n", __LINE__, #what);	\
		exit(1);						\
	}								\
} while (0)

static void fail_at(unsigned int count)
{
	FILE *file = fopen(COUNT, "w");

	must(file && fprintf(file, "%u", count) > 0 && !fclose(file));
}

/* Has one failed?  None will from now on. */
static bool has_failed(void)
{
	FILE *file = fopen(COUNT, "r");
	unsigned int left;

	must(file && fscanf(file, "%u", &left) == 1 && !fclose(file));
	fail_at(0);
	return !left;
}

/*
 * Started, for want of memory without the content that it was to find?  Events
 * are there in any case.
 */
static bool is_empty(void)
{
	static struct lab_record record;
	struct plimsoll_channel_status status;
	int fd = lab_open(true);
	pid_t pid;

	must(fd >= 0 && !lab_channel(fd, 1, &status));
	must(!lab_run_path(MARKED, &pid) && lab_find(fd, pid, &record));
	must(record.head.num_matches == !!status.flags);
	close(fd);
	if (status.flags)
		return false;
	must(status.num_refused == 1 && status.last_err == PLM_NO_MEMORY);
	return true;
}

static void start(void)
{
	unsigned int not_started = 0, empty = 0;
	bool failed;
	int ret;

	must(!lab_install("watch-1.plm", SIZE_MAX));
	for (unsigned int count = 1;; count++) {
		fail_at(count);
		ret = lab_load("");
		failed = has_failed();
		must(lab_loaded() == !ret);
		must(!ret || (failed && ret == -ENOMEM));
		not_started += ret != 0;
		if (!ret) {
			empty += is_empty();
			must(!lab_unload());
		}
		if (!failed)
			break;
	}
	/* At least events, the stream, lineages, three sources; steps of content. */
	must(not_started >= 6 && empty >= 6);
	must(!unlink(LAB_FIRMWARE));
}

static void open_device(void)
{
	unsigned int count = 0;
	bool failed;

	do {
		for (unsigned int i = 0; i < REPEAT; i++) {
			int fd;

			fail_at(count + 1);
			fd = open(PLIMSOLL_DEVICE, O_RDWR | O_CLOEXEC);
			failed = has_failed();
			must(failed ? fd < 0 && errno == ENOMEM : fd >= 0);
			close(fd);
		}
	} while (failed && ++count);
	must(count >= 2);
}

struct content {
	const uint8_t *data;
	size_t len;
	uint64_t version;
};

/* Offer it to a module that runs version 1.  Has something failed? */
static bool replace(int fd, const struct content *content, unsigned int count)
{
	struct plimsoll_channel_status before, after;
	struct plimsoll_replace reply;
	bool failed;
	int ret;

	must(!lab_channel(fd, 1, &before));
	fail_at(count);
	ret = lab_replace(fd, 1, content->data, content->len,
			  PLIMSOLL_REPLACE_ROLLBACK, &reply);
	failed = has_failed();
	must(!lab_channel(fd, 1, &after));
	must(reply.fault_off == 0 && reply.fault_rule == PLM_NO_RULE);
	if (!failed) {
		must(!ret && reply.err == PLM_OK);
		must(after.content_version == content->version);
		return false;
	}
	must(ret == -ENOMEM && reply.err == PLM_NO_MEMORY);
	must(after.content_version == 1 && after.flags == before.flags);
	must(after.num_replaced == before.num_replaced);
	must(after.num_refused == before.num_refused + 1);
	must(after.last_err == PLM_NO_MEMORY);
	return true;
}

/* Returns how many failures there were. */
static unsigned int replace_by(const char *name, uint64_t version,
			       unsigned int repeat)
{
	struct content content = { .version = version };
	unsigned int count = 1;
	int fd = lab_open(false);

	content.data = lab_file(name, &content.len);
	must(content.data && fd >= 0 && !lab_content(fd, "watch-1.plm"));
	for (; replace(fd, &content, count); count++)
		for (unsigned int i = 0; i < repeat; i++)
			must(replace(fd, &content, count));
	close(fd);
	free((void *)content.data);
	return count - 1;
}

static void replace_content(void)
{
	/* The bytes, the content, its four parts, of each processor three. */
	must(replace_by("watch-2.plm", 2, REPEAT) >= 8);
}

/* A hook that is there once stays, so there are more failures the first time. */
static void hook(void)
{
	unsigned int first = replace_by("both.plm", 3, 0);

	must(first > replace_by("both.plm", 3, 0));
}

int main(void)
{
	long before;

	lab_ran();
	must(!lab_place(MARKED));
	start();
	before = lab_used_kib();
	start();
	must(before > 0 && lab_used_kib() - before < MAX_LEFT_KIB);
	must(!lab_load(""));
	hook();
	open_device();
	replace_content();	/* what is kept for later is there now */
	before = lab_used_kib();
	open_device();
	replace_content();
	must(before > 0 && lab_used_kib() - before < MAX_LEFT_KIB);
	must(!lab_unload());
	return 0;
}
