// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "plimsoll_uapi.h"
#include "vm/guest/init.h"

#define DRAIN_LEN	65536
#define RULES_AT_ONCE	256

int step_device(struct guest *guest, const struct step *step)
{
	struct plimsoll_stream stream = { .flags = PLIMSOLL_STREAM_ALL };
	struct plimsoll_info info;

	if (guest->device >= 0)
		close(guest->device);
	guest->device = open(PLIMSOLL_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (guest->device < 0)
		return errno;
	if (ioctl(guest->device, PLIMSOLL_IOC_INFO, &info))
		return errno;
	report(guest, VM_RESULT_INFO, step, 0, &info, sizeof(info));
	return ioctl(guest->device, PLIMSOLL_IOC_STREAM, &stream) ? errno : 0;
}

int step_close(struct guest *guest, const struct step *step)
{
	device_drain(guest, step);
	if (guest->device >= 0)
		close(guest->device);
	guest->device = -1;
	return 0;
}

void device_drain(struct guest *guest, const struct step *step)
{
	static uint8_t buffer[DRAIN_LEN];
	ssize_t got;

	if (guest->device < 0)
		return;
	while ((got = read(guest->device, buffer, sizeof(buffer))) > 0)
		report(guest, VM_RESULT_RECORDS, step, 0, buffer,
		       (size_t)got);
	if (got < 0 && errno != EAGAIN)
		report(guest, VM_RESULT_RECORDS, step, errno, NULL, 0);
}

/* The rules of a channel that have something to say, some at a time. */
static int report_rules(struct guest *guest, const struct step *step,
			uint32_t num_rules)
{
	static struct vm_rule rules[RULES_AT_ONCE];
	struct plimsoll_rule_status status;
	size_t count = 0;

	for (uint32_t i = 0; i < num_rules; i++) {
		memset(&status, 0, sizeof(status));
		status.channel = step->head.a;
		status.rule = i;
		if (ioctl(guest->device, PLIMSOLL_IOC_RULE, &status))
			return errno;
		if (!status.flags && !status.num_evaluated &&
		    !status.num_matched && !status.num_faulted)
			continue;
		rules[count++] = (struct vm_rule){
			i, status.flags, status.num_evaluated,
			status.num_matched, status.num_faulted
		};
		if (count == RULES_AT_ONCE) {
			report(guest, VM_RESULT_RULES, step, 0, rules,
			       sizeof(rules));
			count = 0;
		}
	}
	report(guest, VM_RESULT_RULES, step, 0, rules,
	       count * sizeof(rules[0]));
	return 0;
}

int step_status(struct guest *guest, const struct step *step)
{
	struct plimsoll_channel_status status = { .channel = step->head.a };
	struct plimsoll_info info;

	device_drain(guest, step);
	if (ioctl(guest->device, PLIMSOLL_IOC_INFO, &info))
		return errno;
	report(guest, VM_RESULT_INFO, step, 0, &info, sizeof(info));
	if (ioctl(guest->device, PLIMSOLL_IOC_CHANNEL, &status))
		return errno;
	report(guest, VM_RESULT_CHANNEL, step, 0, &status, sizeof(status));
	return report_rules(guest, step, status.num_rules);
}

static int replace(struct guest *guest, uint32_t channel, const void *data,
		   size_t len, struct plimsoll_replace *out)
{
	*out = (struct plimsoll_replace){
		.channel = channel,
		.data = (uintptr_t)data,
		.data_len = (uint32_t)len,
	};
	return ioctl(guest->device, PLIMSOLL_IOC_REPLACE, out) ? errno : 0;
}

int step_replace(struct guest *guest, const struct step *step)
{
	struct plimsoll_replace done;
	uint8_t *data;
	size_t len;
	int err = read_whole(step->texts[0], &data, &len);

	if (err)
		return err;
	err = replace(guest, step->head.a, data, len, &done);
	report(guest, VM_RESULT_REPLACED, step, err, &done, sizeof(done));
	free(data);
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
	uint8_t *good, *bad;
	size_t len;
	int err = read_whole(step->texts[0], &good, &len);

	if (err)
		return err;
	bad = malloc(len);
	if (!bad || !len)
		return EINVAL;
	for (uint32_t i = 0; i < step->head.b; i++) {
		memcpy(bad, good, len);
		err = replace(guest, step->head.a, bad, damage(bad, len, i),
			      &done);
		sums.num_offered++;
		sums.num_refused += err == EBADMSG || err == ESTALE;
		sums.num_accepted += err == 0;
		sums.num_other += err && err != EBADMSG && err != ESTALE;
	}
	free(bad);
	free(good);
	report(guest, VM_RESULT_REJECTED, step, 0, &sums, sizeof(sums));
	return 0;
}
