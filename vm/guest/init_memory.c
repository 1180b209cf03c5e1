// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Little memory, on kernels that cannot be told to fail allocations: another
 * process takes what there is, and then the kernel is told to keep more free
 * than is left.  From there on whoever may fail does; whoever may not, kills
 * that process.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define CHUNK		(1u << 18)
#define LEAVE_KIB	3072u	/* that the hog leaves */
#define LEAVE_MORE_KIB	1024u	/* one that was killed for what it took */
#define MAX_HOGS	4
#define LOOK_NS		5000000L
#define MIN_FREE	"/proc/sys/vm/min_free_kbytes"
#define BOOST		"/proc/sys/vm/watermark_boost_factor"

enum hog_state { HOG_WAITS, HOG_TAKES, HOG_HAS };

static pid_t hog;
static atomic_uint *state;	/* enum hog_state */
static unsigned int usual_min_free;

static int put_number(const char *path, unsigned int number)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", number);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, (size_t)len) != len)
		err = errno;
	close(fd);
	return err;
}

static unsigned int get_number(const char *path, const char *name)
{
	char text[2048], *found = text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = 0;
	if (name)
		found = strstr(text, name);
	return found ? (unsigned int)strtoul(found + (name ? strlen(name) : 0),
					     NULL, 10) : 0;
}

static void look(void)
{
	struct timespec time = { 0, LOOK_NS };

	nanosleep(&time, NULL);
}

static void take_all(unsigned int leave)
{
	put_number("/proc/self/oom_score_adj", 1000);
	while (atomic_load(state) == HOG_WAITS)
		look();
	while (get_number("/proc/meminfo", "MemFree:") > leave) {
		void *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (chunk == MAP_FAILED)
			break;
		memset(chunk, 0x5a, CHUNK);
	}
	atomic_store(state, HOG_HAS);
	for (;;)
		pause();
}

static int give_back(void)
{
	int err = put_number(MIN_FREE, usual_min_free);
	int status;

	if (hog > 0) {
		kill(hog, SIGKILL);
		waitpid(hog, &status, __WCLONE);
	}
	hog = 0;
	return err;
}

static int wait_ready(void)
{
	int status;

	while (atomic_load(state) != HOG_HAS) {
		if (waitpid(hog, &status, __WCLONE | WNOHANG) == hog) {
			hog = 0;
			return ENOMEM;
		}
		look();
	}
	return 0;
}

static int take(unsigned int leave)
{
	int err;

	atomic_store(state, HOG_WAITS);
	hog = start_aside();
	if (hog == 0)
		take_all(leave);
	/* What PID 1 has not touched, or shares since, it could not get then. */
	err = hog < 0 || mlockall(MCL_CURRENT) ? errno : 0;
	atomic_store(state, HOG_TAKES);
	return err ? err : wait_ready();
}

/*
 * How little a kernel bears depends on how its free pages lie: it keeps more
 * for itself, for a time, whenever it had to break up a large block.
 */
static int prepare(void)
{
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (state == MAP_FAILED) {
		state = NULL;
		return ENOMEM;
	}
	usual_min_free = get_number(MIN_FREE, NULL);
	return put_number(BOOST, 0);
}

int step_hog(struct guest *guest, const struct step *step)
{
	unsigned int leave = LEAVE_KIB;
	int err;

	if (!step->head.a)
		return give_back();
	err = state ? 0 : prepare();
	if (err)
		return err;
	/* One that the kernel has killed makes room for another. */
	give_back();
	device_drain(guest, step);
	for (int i = 0; i < MAX_HOGS; i++, leave += LEAVE_MORE_KIB) {
		err = take(leave);
		if (err != ENOMEM)
			break;
	}
	if (err)
		return err;
	/* More than is left; less than there is once the other is killed. */
	return put_number(MIN_FREE, get_number("/proc/meminfo", "MemTotal:") /
			  step->head.a);
}
