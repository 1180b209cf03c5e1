// SPDX-License-Identifier: GPL-2.0-or-later
/* Content offered to the control device: whole, in turn, or spoilt. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "plimsoll_uapi.h"
#include "plm_error.h"
#include "vm/guest/init.h"

#define MAX_FILES	4
#define DRAIN_EVERY	16	/* replacements */

/* Files stay in memory: to read one again may take what is not there. */
static struct content_file files[MAX_FILES];

/* Its place, or that of a new one; NULL: there is none left. */
static struct content_file *place_of(const char *path)
{
	size_t i = 0;

	while (i < MAX_FILES && files[i].path && strcmp(files[i].path, path))
		i++;
	return i < MAX_FILES ? &files[i] : NULL;
}

static void forget(struct content_file *file)
{
	if (!file->held)
		free(file->data);
	file->data = NULL;
	file->held = false;
}

static int name(struct content_file *file, const char *path)
{
	if (!file->path)
		file->path = strdup(path);
	return file->path ? 0 : ENOMEM;
}

int content_file(const char *path, const struct content_file **out)
{
	struct content_file *file = place_of(path);
	int err;

	if (!file)
		return ENOSPC;
	*out = file;
	if (file->path && file->data)
		return 0;
	err = read_whole(path, &file->data, &file->len);
	if (err) {
		file->data = NULL;
		return err;
	}
	return name(file, path);
}

int hold_file(const char *path, const uint8_t *data, size_t len)
{
	struct content_file *file = place_of(path);

	if (!data && (!file || !file->path))
		return 0;
	if (!file)
		return ENOSPC;
	forget(file);
	file->data = (uint8_t *)data;
	file->len = len;
	file->held = data != NULL;
	return name(file, path);
}

int content_replace(struct guest *guest, uint32_t channel, uint32_t flags,
		    const void *data, size_t len, struct plimsoll_replace *out)
{
	*out = (struct plimsoll_replace){
		.channel = channel,
		.flags = flags,
		.data = (uintptr_t)data,
		.data_len = (uint32_t)len,
	};
	return ioctl(guest->device, PLIMSOLL_IOC_REPLACE, out) ? errno : 0;
}

/*
 * What is read before the call was evaluated by what ran before; what is left
 * after the second reading, by what runs then.
 */
int step_replace(struct guest *guest, const struct step *step)
{
	const struct content_file *file;
	struct plimsoll_replace done;
	int err = content_file(step->texts[0], &file);

	if (err)
		return err;
	device_drain(guest, step);
	err = content_replace(guest, step->head.a, step->head.b, file->data, file->len,
		      &done);
	report(guest, VM_RESULT_REPLACED, step, err, &done, sizeof(done));
	device_drain(guest, step);
	return 0;
}

void content_account(struct vm_alternated *sums, int answer,
		     const struct plimsoll_replace *done)
{
	uint32_t which = sums->num_offered++ % 2;

	if (!answer) {
		sums->num_taken++;
		sums->last_taken = which;
	} else if (answer == ENOMEM && done->err == PLM_NO_MEMORY) {
		sums->num_no_memory++;
	} else {
		sums->num_other++;
		sums->error = answer;
	}
}

static void alternate(struct guest *guest, const struct step *step,
		      const struct content_file *const *pair,
		      struct vm_alternated *sums)
{
	struct plimsoll_replace done;

	for (uint32_t i = 0; i < step->head.b; i++) {
		const struct content_file *file = pair[i % 2];
		int err = content_replace(guest, step->head.a,
				  PLIMSOLL_REPLACE_ROLLBACK, file->data,
				  file->len, &done);

		content_account(sums, err, &done);
		if (i % DRAIN_EVERY == 0)
			device_drain(guest, step);
	}
}

int step_alternate(struct guest *guest, const struct step *step)
{
	struct vm_alternated sums = { .last_taken = VM_NONE_TAKEN };
	const struct content_file *pair[2];
	int err = content_file(step->texts[0], &pair[0]);

	if (!err)
		err = content_file(step->texts[1], &pair[1]);
	if (err)
		return err;
	device_drain(guest, step);
	alternate(guest, step, pair, &sums);
	device_drain(guest, step);
	report(guest, VM_RESULT_ALTERNATED, step, 0, &sums, sizeof(sums));
	return 0;
}

/* Marsaglia's xorshift: the same neighbours in every run. */
static uint32_t next_random(void)
{
	static uint32_t state = 0x9e3779b9u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Damage of every third kind: a bit, a byte, the end cut off. */
static size_t damage(uint8_t *data, size_t len, uint32_t number)
{
	size_t at = next_random() % len;

	switch (number % 3) {
	case 0:
		data[at] ^= (uint8_t)(1u << (next_random() % 8));
		return len;
	case 1:
		data[at] ^= (uint8_t)(1 + next_random() % 255);
		return len;
	default:
		return at ? at : 1;
	}
}

int step_reject(struct guest *guest, const struct step *step)
{
	struct vm_rejected sums = { 0 };
	struct plimsoll_replace done;
	const struct content_file *good;
	uint8_t *bad;
	int err = content_file(step->texts[0], &good);

	if (err)
		return err;
	bad = malloc(good->len);
	if (!bad || !good->len)
		return EINVAL;
	for (uint32_t i = 0; i < step->head.b; i++) {
		memcpy(bad, good->data, good->len);
		err = content_replace(guest, step->head.a, 0, bad,
			      damage(bad, good->len, i), &done);
		sums.num_offered++;
		sums.num_refused += err == EBADMSG || err == ESTALE;
		sums.num_accepted += err == 0;
		sums.num_other += err && err != EBADMSG && err != ESTALE;
	}
	free(bad);
	report(guest, VM_RESULT_REJECTED, step, 0, &sums, sizeof(sums));
	return 0;
}

static int switch_one(struct guest *guest, uint32_t channel, uint32_t rule,
		      uint64_t version, bool enable)
{
	struct plimsoll_switch one = {
		.channel = channel,
		.rule = rule,
		.content_version = version,
		.enable = enable,
	};

	return ioctl(guest->device, PLIMSOLL_IOC_SWITCH, &one) ? errno : 0;
}

static int switch_rules(struct guest *guest, uint32_t channel, bool enable,
			struct vm_switched *out)
{
	struct plimsoll_channel_status status = { .channel = channel };
	int err = 0;

	if (ioctl(guest->device, PLIMSOLL_IOC_CHANNEL, &status))
		return errno;
	while (!err && out->num_rules < status.num_rules &&
	       out->num_rules < VM_SWITCH_RULES)
		err = switch_one(guest, channel, out->num_rules++,
				 status.content_version, enable);
	return err;
}

int step_switch(struct guest *guest, const struct step *step)
{
	struct vm_switched done = { 0 };
	uint32_t channel = step->head.a;
	bool enable = step->head.b == VM_SWITCH_RULES_ON ||
		      step->head.b == VM_SWITCH_ON;
	int err;

	device_drain(guest, step);
	if (step->head.b == VM_SWITCH_OFF || step->head.b == VM_SWITCH_ON)
		err = switch_one(guest, channel, PLIMSOLL_WHOLE_CHANNEL, 0,
				 enable);
	else
		err = switch_rules(guest, channel, enable, &done);
	report(guest, VM_RESULT_SWITCHED, step, err, &done, sizeof(done));
	return 0;
}
