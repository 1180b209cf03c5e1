// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fuzzer in the guest: fuzz [MODULE...], with all that it is to do in the
 * memory that the VM shares with the host, see vm/fuzz_share.h.  An input is
 * written down there before it is tried.  It ends by itself when its time is
 * over, or where the kernel said something alarming and lives; else it dies
 * with the kernel.
 */
#include "vm/guest/fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <time.h>
#include <unistd.h>

#include "vm/guest/fuzz_edges.h"
#include "vm/guest/init.h"
#include "vm/guest/mailbox.h"

/* Loading a module takes as long as a thousand inputs to its device. */
#define FIRMWARE_EVERY	65536u
#define FIRMWARE_FIRST	8192u
/* One in so many inputs tells the engine what it was compared with. */
#define COMPARE_EVERY	256u
/* To execute a program and to change files takes as long as dozens. */
#define USE_EVERY	16u
/* The log, where there is no reason to look at it. */
#define LOOK_EVERY	16u
#define SETTLE_NS	300000000L	/* for what is freed or run later */

static uint8_t *share;
static struct fuzz_share *head;
static const struct fuzz_way *way;
static uint64_t number;
static time_t began;

static void set_state(enum fuzz_state state)
{
	atomic_store(&head->state, state);
}

static void fail(const char *what, int err)
{
	snprintf(head->why, sizeof(head->why), "%s: %s", what, strerror(err));
	atomic_store(&head->error, (uint32_t)err);
	set_state(FUZZ_FAILED);
	fprintf(stderr, "fuzz: %s\n", head->why);
	/* Not exit(): the engine would take it for a crash of its own. */
	_exit(1);
}

/*
 * A line costs more than an input under emulation.  All of the log is written
 * out when the kernel panics, which is when it is wanted.
 */
static void quieten(void)
{
	int fd = open("/proc/sys/kernel/printk", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1 4 1 7", 7) < 0)
		perror("fuzz: printk");
	close(fd);
}

/*
 * The mutator of content of ours knows what is compared with what, and is not told; to
 * tell takes a third of an execution, whether anybody asks or not.
 */
static bool compares(void)
{
	return !head->channel;
}

/*
 * Half of a sanitizer kernel's time goes into what only matters once something has
 * been found, vm/haste: what the host tries again has all of it.
 */
static void hasten(void)
{
	const char *params = compares() ? "" : "comparisons=0";
	int err = access(FUZZ_HASTE, F_OK) ? 0 : load_module(FUZZ_HASTE, params);

	if (err)
		fail("haste.ko", err);
}

static void disagree(const char *how)
{
	snprintf(head->why, sizeof(head->why), "%s", how);
	set_state(FUZZ_DISAGREED);
}

/* What a kernel that lives has to be asked for. */
static void look(bool surely, const char *quarrel)
{
	if ((surely || number % LOOK_EVERY == 0) && cry_heard(share))
		set_state(FUZZ_CRIED);
	else if (quarrel)
		disagree(quarrel);
	else if (memory_grew())
		set_state(FUZZ_GREW);
	else
		return;
	_exit(0);
}

/* The kernel may have said why something could not be done: that comes first. */
static void judge(const struct fuzz_offered *offered, bool surely)
{
	look(surely || offered->missed, offered->quarrel);
	if (offered->missed)
		fail(offered->missed, offered->error);
}

static void count(const struct fuzz_offered *offered, uint32_t ways)
{
	if (offered->missed)
		return;
	if (offered->accepted)
		atomic_fetch_add(&head->num_accepted, 1);
	atomic_store(&head->num_points, edges_num_points());
	atomic_store(&head->num_executions, number);
	if (ways & FUZZ_WAY_FIRMWARE)
		atomic_fetch_add(&head->num_firmware, 1);
}

static bool execute(const uint8_t *data, size_t len, uint32_t ways,
		    bool counted)
{
	struct fuzz_offered offered;

	inputs_note(share, ++number, data, len, ways);
	cover_begin();
	offered = way->offer(data, len, ways);
	cover_end(counted);
	count(&offered, ways);
	judge(&offered, head->mode == FUZZ_TRY && head->repeat == 1);
	return offered.accepted;
}

static void compare(const uint8_t *data, size_t len)
{
	struct fuzz_offered offered;

	inputs_note(share, ++number, data, len, FUZZ_WAY_DIRECT);
	cover_compare_begin();
	offered = way->offer(data, len, FUZZ_WAY_DIRECT);
	cover_compare_end();
	judge(&offered, false);
}

static void note_new(const uint8_t *data, size_t len)
{
	inputs_found(share, data, len);
	atomic_store(&head->num_covered, edges_num_covered());
}

/* Most go to the device only. */
static uint32_t next_ways(void)
{
	static uint64_t next = FIRMWARE_FIRST;

	if (!way->has_firmware || number < next)
		return FUZZ_WAY_DIRECT;
	next = number + FIRMWARE_EVERY;
	return FUZZ_WAY_DIRECT | FUZZ_WAY_FIRMWARE;
}

/* What is freed or run later is told of late; this may be the last to hear it. */
static void settle(void)
{
	const struct timespec pause = { 0, SETTLE_NS };

	nanosleep(&pause, NULL);
	look(true, NULL);
}

static void end_if_wanted(void)
{
	if (!atomic_load(&head->end_wanted))
		return;
	settle();
	set_state(FUZZ_DONE);
	_exit(0);
}

static bool explore(const uint8_t *data, size_t len, bool counted)
{
	bool accepted, is_new;

	end_if_wanted();
	accepted = execute(data, len, next_ways(), counted);
	is_new = edges_is_new();
	if (is_new || (accepted && number % USE_EVERY == 0)) {
		execute(data, len, FUZZ_WAY_DIRECT | FUZZ_WAY_USE, counted);
		is_new |= edges_is_new();
	}
	if (is_new)
		note_new(data, len);
	if (compares() && (is_new || number % COMPARE_EVERY == 0))
		compare(data, len);
	return is_new;
}

/* What does not come to its end may have done harm that is not seen. */
static void end(void)
{
	int err = way->end ? way->end() : 0;

	settle();
	if (err)
		fail("the module was not unloaded", err);
}

static int try_all(void)
{
	struct fuzz_entry entry;
	const uint8_t *data;
	size_t pos = 0;

	for (uint32_t i = 0; i < head->num_inputs; i++) {
		if (!inputs_next(share, &pos, &entry, &data))
			return EBADMSG;
		for (uint32_t j = 0; j < head->repeat; j++)
			execute(data, entry.len, entry.ways, false);
		atomic_store(&head->num_tried, i + 1);
	}
	end();
	atomic_store(&head->num_covered, edges_num_covered());
	return 0;
}

static int map_share(void)
{
	size_t len;
	int err = mailbox_part(FUZZ_SHARE_PART, &share, &len);

	if (err)
		return err;
	if (len != FUZZ_SHARE_LEN)
		return EBADMSG;
	head = (struct fuzz_share *)share;
	return head->magic == FUZZ_SHARE_MAGIC ? 0 : ENODATA;
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* The engine leaves by exit(), whatever its reason is. */
static void done(void)
{
	if (atomic_load(&head->state) != FUZZ_RUNNING)
		return;
	if (head->mode == FUZZ_EXPLORE)
		settle();
	if (head->mode == FUZZ_EXPLORE && now() - began + 1 < head->seconds) {
		snprintf(head->why, sizeof(head->why),
			 "the engine ended before its time");
		set_state(FUZZ_FAILED);
		return;
	}
	set_state(FUZZ_DONE);
}

/* Our module has the first input as its base from the start: that may be fatal. */
static void note_base(void)
{
	struct fuzz_entry entry;
	const uint8_t *data;
	size_t pos = 0;

	if (head->channel && inputs_next(share, &pos, &entry, &data))
		inputs_note(share, ++number, data, entry.len,
			    FUZZ_WAY_DIRECT);
}

/* The engine may find it too long; what it can be used for is worth a try. */
static void use_first(void)
{
	struct fuzz_entry entry;
	const uint8_t *data;
	size_t pos = 0;

	if (inputs_next(share, &pos, &entry, &data))
		execute(data, entry.len, FUZZ_WAY_DIRECT | FUZZ_WAY_USE,
			false);
}

static int explore_all(void)
{
	use_first();
	return engine_run(share, explore);
}

static void start(char *const *modules)
{
	int err;

	set_state(FUZZ_STARTING);
	quieten();
	/* PID 1's, for its port: it costs something on each way out of the kernel. */
	if (iopl(0))
		perror("fuzz: iopl");
	if (head->mode == FUZZ_EXPLORE)
		hasten();
	way = head->channel ? &fuzz_way_ours : &fuzz_way_steps;
	note_base();
	err = way->start(head);
	if (err)
		fail("the consumer", err);
	err = cry_start();
	if (err)
		fail("/dev/kmsg", err);
	err = cover_start(modules);
	/* To try inputs one need not know what they go through. */
	if (err && head->mode == FUZZ_EXPLORE)
		fail("KCOV", err);
	memory_start();
	set_state(FUZZ_RUNNING);
}

int main(int argc, char **argv)
{
	int err = map_share();

	(void)argc;
	if (err) {
		fprintf(stderr, "fuzz: no memory that is shared with the host: %s\n",
			strerror(err));
		return 1;
	}
	atexit(done);
	start(argv + 1);
	began = now();
	err = head->mode == FUZZ_TRY ? try_all() : explore_all();
	if (err)
		fail("inputs", err);
	return 0;
}
