// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Carrying out a target's steps: each again and again where it may wait for its
 * answer.  They are kept, so that the candidate, or another in its place, can
 * be loaded again.
 */
#include "vm/guest/init_target.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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
static bool deaf;

void answer_add(struct target_answer *a, const void *data, size_t len)
{
	size_t room = sizeof(a->output) - a->output_len;

	if (len > room) {
		a->cut = true;
		len = room;
	}
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
	if (len < 0)
		return;
	a->cut |= (size_t)len >= sizeof(text);
	answer_add(a, text, (size_t)len < sizeof(text) ? (size_t)len :
							 sizeof(text) - 1);
}

uint64_t target_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void forget_answer(void)
{
	answer.error = 0;
	answer.status = 0;
	answer.output_len = 0;
	answer.cut = false;
}

static void carry_out(char *const *texts)
{
	const char *kind = target_value(texts, "kind");

	forget_answer();
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
		.output_cut = answer.cut,
	};

	if (!deaf)
		seen.console = target_console(&seen.console_len,
					      &seen.console_cut);
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
	uint64_t end = target_now_us() + wait_of(texts, "listen");
	bool may_end = target_has_condition(texts, "accepted");
	struct timespec pause = { 0, PAUSE_NS };
	enum target_told told;

	forget_answer();
	for (;;) {
		told = judge(texts);
		if (told == TARGET_REJECTED ||
		    (told == TARGET_ACCEPTED && may_end) || target_now_us() >= end)
			return told;
		nanosleep(&pause, NULL);
	}
}

/* Another answer may come yet. */
static bool is_open(enum target_told told)
{
	return told == TARGET_NOT_TOLD || told == TARGET_CUT;
}

static enum target_told answer_of(char *const *texts)
{
	uint64_t end = target_now_us() + wait_of(texts, "within");
	struct timespec pause = { 0, PAUSE_NS };
	enum target_told told;

	if (target_value(texts, "listen"))
		return listen_on(texts);
	for (;;) {
		carry_out(texts);
		told = judge(texts);
		if (!is_open(told) || target_now_us() >= end)
			return told;
		nanosleep(&pause, NULL);
	}
}

static void enter(enum target_phase next)
{
	if (next != phase && !deaf)
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

enum target_told target_step(enum target_phase of, char *const *texts)
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

int target_keep(enum target_phase of, char *const *texts, size_t num,
		char ***out_texts)
{
	size_t size = (num + 1) * sizeof(*texts);
	struct kept *one;

	if (of >= TARGET_NUM_PHASES || num_kept == MAX_KEPT)
		return EINVAL;
	one = &kept[num_kept++];
	one->phase = of;
	one->texts = malloc(size);
	if (!one->texts)
		return ENOMEM;
	memcpy(one->texts, texts, size);
	*out_texts = one->texts;
	return 0;
}

static bool asks_console(const struct kept *one)
{
	for (char *const *text = one->texts; *text; text++)
		if (!strncmp(*text, "console=", strlen("console=")))
			return true;
	return false;
}

void target_deafen(void)
{
	deaf = true;
	for (size_t i = 0; i < num_kept; i++)
		deaf &= !asks_console(&kept[i]);
}

void target_carry_out(enum target_phase of)
{
	for (size_t i = 0; i < num_kept; i++)
		if (kept[i].phase == of)
			target_step(of, kept[i].texts);
}

enum target_told target_once_more(bool use, int *out_error)
{
	enum target_told told;

	enter(TARGET_SETUP);
	target_carry_out(TARGET_LOAD);
	told = loaded;
	if (out_error)
		*out_error = loaded_error;
	if (use)
		target_carry_out(TARGET_USE);
	target_carry_out(TARGET_UNDO);
	return told;
}

int target_once_at_last(enum target_told before)
{
	enum target_told told = target_once_more(false, NULL);

	if (before == TARGET_ACCEPTED && told != before)
		return ENOTRECOVERABLE;
	return 0;
}

enum target_told target_loaded(void)
{
	return loaded;
}

int target_loaded_error(void)
{
	return loaded_error;
}

const struct target_answer *target_last_answer(void)
{
	return &answer;
}
