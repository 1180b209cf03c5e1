// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer as a library.  It gets the inputs that the host sent as files, and
 * writes none itself: what is worth keeping is told to the host at once, because
 * nobody knows how long this kernel lives.
 *
 * What it does around an execution takes as long as the execution.  So where it asks
 * for one input to be made of another, many are made and tried, and it gets the first
 * that goes a new way, to look at it by itself; or else the last.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "vm/guest/fuzz.h"
#include "vm/guest/init.h"

#define SEEDS	"/fuzz-seeds"
#define LIST	SEEDS "/list"

/* Under emulation one encoding takes as long as ten executions. */
#define MODELS_ONE_IN 24

int LLVMFuzzerRunDriver(int *argc, char ***argv,
			int (*try_one)(const uint8_t *data, size_t len));
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t max_len);

/* fuzz/content.c under another name: only our own content has this form. */
size_t fuzz_content_mutate(uint8_t *data, size_t len, size_t max_len,
			   unsigned int seed);

/* Inputs that are made where the engine asks for one. */
#define TRIES 64

static bool is_ours;
static bool (*is_new)(const uint8_t *data, size_t len, bool counted);
static uint8_t origin[FUZZ_MAX_INPUT];

static size_t mutate(uint8_t *data, size_t len, size_t max_len,
		     unsigned int seed)
{
	return is_ours ? fuzz_content_mutate(data, len, max_len, seed) :
			 LLVMFuzzerMutate(data, len, max_len);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max_len,
			       unsigned int seed)
{
	size_t made;

	memcpy(origin, data, len);
	made = mutate(data, len, max_len, seed);
	for (unsigned int i = 1; i < TRIES && !is_new(data, made, false); i++) {
		memcpy(data, origin, len);
		made = mutate(data, len, max_len, seed + i * 0x9e3779b9u);
	}
	return made;
}

/*
 * A file for each, and their names with commas between them in another.  One that
 * is too long would be cut, and be another.
 */
static int write_seeds(const struct fuzz_share *head, FILE *list)
{
	struct fuzz_entry entry;
	const uint8_t *data;
	const char *comma = "";
	char path[64];
	size_t pos = 0;
	int err = 0;

	for (uint32_t i = 0; i < head->num_inputs && !err; i++) {
		if (!inputs_next((const uint8_t *)head, &pos, &entry, &data))
			return EBADMSG;
		if (entry.len > head->max_len)
			continue;
		snprintf(path, sizeof(path), SEEDS "/%u", i);
		err = make_whole(path, data, entry.len);
		fprintf(list, "%s%s", comma, path);
		comma = ",";
	}
	return err;
}

static int make_seeds(const struct fuzz_share *head)
{
	FILE *list;
	int err;

	mkdir(SEEDS, 0700);
	list = fopen(LIST, "we");
	if (!list)
		return errno;
	err = write_seeds(head, list);
	return fclose(list) && !err ? errno : err;
}

static int try_again(const uint8_t *data, size_t len)
{
	is_new(data, len, true);
	return 0;
}

int engine_run(const uint8_t *share,
	       bool (*try_one)(const uint8_t *data, size_t len, bool counted))
{
	const struct fuzz_share *head = (const struct fuzz_share *)share;
	char seconds[48], seed[48], max_len[48];
	char *list[] = {
		(char *)"fuzz", seconds, seed, max_len,
		(char *)"-rss_limit_mb=0", (char *)"-timeout=0",
		(char *)"-verbosity=0", (char *)"-handle_segv=0",
		(char *)"-handle_abrt=0", (char *)"-handle_bus=0",
		(char *)"-handle_ill=0", (char *)"-handle_fpe=0",
		(char *)"-entropic_scale_per_exec_time=1",
		(char *)"-seed_inputs=@" LIST, NULL,
	};
	int num = sizeof(list) / sizeof(list[0]) - 1;
	char **arguments = list;
	int err = make_seeds(head);

	if (err)
		return err;
	is_ours = head->channel;
	is_new = try_one;
	fuzz_models_one_in = MODELS_ONE_IN;
	snprintf(seconds, sizeof(seconds), "-max_total_time=%u", head->seconds);
	snprintf(seed, sizeof(seed), "-seed=%u", head->seed);
	snprintf(max_len, sizeof(max_len), "-max_len=%u", head->max_len);
	LLVMFuzzerRunDriver(&num, &arguments, try_again);
	return 0;
}
