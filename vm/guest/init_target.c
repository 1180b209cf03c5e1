// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A target's steps: each is carried out, again and again where it may wait for
 * its answer, and told with all that it gave.  What was carried out is kept,
 * so that the candidate, or damaged forms of it, can be loaded again.
 */
#include "vm/guest/init_target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_KEPT 64
#define PAUSE_NS 20000000L

static const struct {
	const char *name;
	target_kind run;
} kinds[] = {
	{ "insmod", target_insmod }, { "rmmod", target_rmmod },
	{ "mount", target_mount },   { "write", target_write },
	{ "read", target_read },     { "run", target_run },
	{ "ioctl", target_ioctl },   { "netlink", target_netlink },
};

struct kept {
	enum target_phase phase;
	char **texts;
};

static struct kept kept[MAX_KEPT];
static size_t num_kept;
static enum target_phase phase = TARGET_NUM_PHASES;
/* What loading has come to: the first answer that is no acceptance. */
static enum target_told loaded = TARGET_ACCEPTED;
static int loaded_error;	/* errno that came with it */
static struct target_answer answer;

void answer_add(struct target_answer *a, const void *data, size_t len)
{
	size_t room = sizeof(a->output) - a->output_len;

	if (len > room)
		len = room;
	memcpy(a->output + a->output_len, data, len);
	a->output_len += len;
}

void answer_printf(struct target_answer *a, const char *format, ...)
{
	char text[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len > 0)
		answer_add(a, text, (size_t)len < sizeof(text) ? (size_t)len :
								sizeof(text) - 1);
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void carry_out(char *const *texts)
{
	const char *kind = target_value(texts, "kind");

	answer.error = 0;
	answer.status = 0;
	answer.output_len = 0;
	for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].name, kind)) {
			kinds[i].run(texts, &answer);
			return;
		}
	}
	answer.error = ENOSYS;
}

static enum target_told judge(char *const *texts)
{
	struct target_seen seen = {
		.error = answer.error, .status = answer.status,
		.output = answer.output, .output_len = answer.output_len,
	};

	seen.console = target_console(&seen.console_len);
	return target_judge(texts, &seen);
}

/* Microseconds of "key=milliseconds". */
static uint64_t wait_of(char *const *texts, const char *key)
{
	const char *value = target_value(texts, key);

	return value ? strtoull(value, NULL, 10) * 1000 : 0;
}

/*
 * Only listening: an acceptance that no condition asks for would come at once,
 * so that one waits to the end for a rejection.
 */
static enum target_told listen_on(char *const *texts)
{
	uint64_t end = now_us() + wait_of(texts, "listen");
	bool may_end = target_has_condition(texts, "accepted");
	struct timespec pause = { 0, PAUSE_NS };
	enum target_told told;

	answer.error = 0;
	answer.status = 0;
	answer.output_len = 0;
	for (;;) {
		told = judge(texts);
		if (told == TARGET_REJECTED ||
		    (told == TARGET_ACCEPTED && may_end) || now_us() >= end)
			return told;
		nanosleep(&pause, NULL);
	}
}

static enum target_told answer_of(char *const *texts)
{
	uint64_t end = now_us() + wait_of(texts, "within");
	struct timespec pause = { 0, PAUSE_NS };
	enum target_told told;

	if (target_value(texts, "listen"))
		return listen_on(texts);
	for (;;) {
		carry_out(texts);
		told = judge(texts);
		if (told != TARGET_NOT_TOLD || now_us() >= end)
			return told;
		nanosleep(&pause, NULL);
	}
}

static void enter(enum target_phase next)
{
	if (next != phase)
		target_console_mark();
	if (next == TARGET_LOAD && phase != TARGET_LOAD)
		loaded = TARGET_ACCEPTED;
	phase = next;
}

/* What can't be used is not used; whatever is there has to go in any case. */
static bool skips(enum target_phase of)
{
	return loaded != TARGET_ACCEPTED &&
	       (of == TARGET_LOAD || of == TARGET_USE);
}

static enum target_told do_step(enum target_phase of, char *const *texts)
{
	enum target_told told;

	enter(of);
	if (skips(of))
		return TARGET_SKIPPED;
	told = answer_of(texts);
	if (of == TARGET_LOAD) {
		loaded = told;
		loaded_error = answer.error;
	}
	return told;
}

/* Long answers are cut to what is of use to people. */
static void tell(struct guest *guest, const struct step *step,
		 enum target_told told, uint64_t began)
{
	static uint8_t data[sizeof(struct vm_answer) + TARGET_MAX_OUTPUT +
			    TARGET_MAX_CONSOLE];
	struct vm_answer head = { .phase = step->head.a, .told = told };
	const char *console;
	size_t len;

	console = target_console(&len);
	if (told != TARGET_SKIPPED) {
		head.error = answer.error;
		head.status = answer.status;
		head.output_len = (uint32_t)answer.output_len;
		head.console_len = (uint32_t)len;
	}
	head.microseconds = now_us() - began;
	memcpy(data, &head, sizeof(head));
	memcpy(data + sizeof(head), answer.output, head.output_len);
	memcpy(data + sizeof(head) + head.output_len, console,
	       head.console_len);
	report(guest, VM_RESULT_ANSWER, step, 0, data,
	       sizeof(head) + head.output_len + head.console_len);
}

int step_target(struct guest *guest, const struct step *step)
{
	size_t size = (step->head.num_texts + 1) * sizeof(*step->texts);
	uint64_t began = now_us();
	struct kept *one;

	if (step->head.a >= TARGET_NUM_PHASES || num_kept == MAX_KEPT)
		return EINVAL;
	one = &kept[num_kept++];
	one->phase = step->head.a;
	one->texts = malloc(size);
	if (!one->texts)
		return ENOMEM;
	memcpy(one->texts, step->texts, size);
	tell(guest, step, do_step(one->phase, one->texts), began);
	return 0;
}

/*
 * A parser that has never read the candidate has not accepted it, whatever it
 * says.  The time of the last access tells; nobody else sets it.
 */
int step_target_watch(struct guest *guest, const struct step *step)
{
	const struct timespec times[2] = { { 1, 0 }, { 0, UTIME_OMIT } };
	const char *path = step->texts[0];
	struct stat st;

	(void)guest;
	if (!step->head.a)
		return utimensat(AT_FDCWD, path, times, 0) ? errno : 0;
	if (stat(path, &st))
		return errno;
	return loaded == TARGET_ACCEPTED && st.st_atim.tv_sec == 1 ? ENODATA :
								     0;
}

static void do_phase(enum target_phase of)
{
	for (size_t i = 0; i < num_kept; i++)
		if (kept[i].phase == of)
			do_step(of, kept[i].texts);
}

enum target_told target_once_more(bool use, int *out_error)
{
	enum target_told told = TARGET_NOT_TOLD;

	enter(TARGET_SETUP);
	do_phase(TARGET_LOAD);
	told = loaded;
	if (out_error)
		*out_error = loaded_error;
	if (use)
		do_phase(TARGET_USE);
	do_phase(TARGET_UNDO);
	return told;
}

static void count(struct vm_offered *sums, enum target_told told,
		  uint32_t number)
{
	sums->num_offered++;
	if (told == TARGET_ACCEPTED && !sums->num_accepted++)
		sums->first_accepted = number;
	if (told != TARGET_ACCEPTED && told != TARGET_REJECTED &&
	    !sums->num_not_told++)
		sums->first_not_told = number;
	sums->num_rejected += told == TARGET_REJECTED;
}

/*
 * What leaks grows in every round; anything else stays or falls at least once,
 * and then there is no need to go on.  The first round only warms up.
 */
int step_target_rounds(struct guest *guest, const struct step *step)
{
	struct vm_offered sums = { 0 };
	struct vm_figures last, now;
	bool growing[VM_NUM_FIGURES];
	bool any = true;

	memset(growing, 1, sizeof(growing));
	figures_report(guest, step, &last);
	for (uint32_t round = 0; any && round <= step->head.a; round++) {
		count(&sums, target_once_more(false, NULL), round);
		figures_report(guest, step, &now);
		any = round == 0;
		for (int i = 0; round && i < VM_NUM_FIGURES; i++) {
			growing[i] &= now.bytes[i] > last.bytes[i];
			any |= growing[i];
		}
		last = now;
	}
	report(guest, VM_RESULT_OFFERED, step, 0, &sums, sizeof(sums));
	return 0;
}

int target_put_file(const char *path, const uint8_t *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, data, len) != (ssize_t)len)
		err = errno ? errno : EIO;
	close(fd);
	return err;
}

/*
 * The candidate at text 0 with one byte flipped at each of a offsets from b
 * on, text 1 apart.  What damages a byte depends only on where it stands.
 */
int step_target_damage(struct guest *guest, const struct step *step)
{
	struct vm_offered sums = { 0 };
	const char *path = step->texts[0];
	size_t stride = strtoull(step->texts[1], NULL, 10);
	uint8_t *data;
	size_t len;
	int err = read_whole(path, &data, &len);

	for (size_t i = 0; !err && i < step->head.a; i++) {
		size_t at = step->head.b + i * stride;
		uint8_t flip = (uint8_t)(1 + at * 37 % 255);

		if (at >= len)
			break;
		data[at] ^= flip;
		err = target_put_file(path, data, len);
		data[at] ^= flip;
		if (!err)
			count(&sums, target_once_more(false, NULL), (uint32_t)at);
	}
	if (!err)
		err = target_put_file(path, data, len);
	free(data);
	report(guest, VM_RESULT_OFFERED, step, 0, &sums, sizeof(sums));
	return err;
}
