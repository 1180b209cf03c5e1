// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inputs to any other parser: its target's steps, by the same code that carries
 * them out in a boot, on a file that is the input.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/guest/fuzz.h"
#include "vm/guest/init_target.h"

/* The first step names the candidate's place; the others are the target's. */
static const char *candidate;

/* Its file, which stays open; a step may have taken it away. */
static int file = -1;
static size_t file_len;

static int keep_steps(const struct guest *script)
{
	size_t pos = 0;
	struct step step;
	char **texts;
	int err = 0;

	while (!err && next_step(script, &pos, script->script_len, &step)) {
		if (step.head.op == VM_STEP_RECEIVE && step.texts[0])
			candidate = step.texts[0];
		else
			err = target_keep(step.head.a, step.texts,
					  step.head.num_texts, &texts);
	}
	return err ? err : pos == script->script_len ? 0 : EBADMSG;
}

static int start(const struct fuzz_share *share)
{
	struct guest script = { 0 };
	uint8_t *data;
	size_t len;
	int err = read_whole(FUZZ_STEPS, &data, &len);

	(void)share;
	if (err)
		return err;
	script.script = data;
	script.script_len = len;
	err = keep_steps(&script);
	if (!err && !candidate)
		err = EBADMSG;
	if (!err)
		err = make_folders(candidate);
	if (err)
		return err;
	target_carry_out(TARGET_SETUP);
	target_deafen();
	return 0;
}

static int open_file(void)
{
	struct stat st;

	if (file >= 0 && !fstat(file, &st) && st.st_nlink)
		return 0;
	if (file >= 0)
		close(file);
	file = open(candidate, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	file_len = 0;
	return file < 0 ? errno : 0;
}

/* Opening and cutting it short cost as much as all else. */
static int write_file(const uint8_t *data, size_t len)
{
	int err = open_file();

	if (err)
		return err;
	if (pwrite(file, data, len, 0) != (ssize_t)len)
		return EIO;
	if (len < file_len && ftruncate(file, (off_t)len))
		return errno;
	file_len = len;
	return 0;
}

static struct fuzz_offered offer(const uint8_t *data, size_t len,
				 uint32_t ways)
{
	struct fuzz_offered out = { .error = write_file(data, len) };

	if (out.error)
		out.missed = "an input was not written";
	else
		out.accepted = target_once_more(ways & FUZZ_WAY_USE, NULL) ==
			       TARGET_ACCEPTED;
	return out;
}

const struct fuzz_way fuzz_way_steps = { start, offer, NULL, false };
