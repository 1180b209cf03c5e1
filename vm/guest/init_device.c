// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
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

	busy_stream(false);
	if (guest->device >= 0)
		close(guest->device);
	guest->device = open(PLIMSOLL_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (guest->device < 0)
		return errno;
	if (ioctl(guest->device, PLIMSOLL_IOC_INFO, &info))
		return errno;
	report(guest, VM_RESULT_INFO, step, 0, &info, sizeof(info));
	if (ioctl(guest->device, PLIMSOLL_IOC_STREAM, &stream))
		return errno;
	/* Until then it tells of matches alone. */
	busy_stream(true);
	return 0;
}

int step_close(struct guest *guest, const struct step *step)
{
	device_drain(guest, step);
	busy_stream(false);
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
