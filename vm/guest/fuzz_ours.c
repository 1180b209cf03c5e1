// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inputs to our own module: offered to its control device, and, when asked for,
 * to the firmware loader as well.  What is accepted meets an event, or, when it
 * is to be used, one of each kind, is asked after and switched off and on; then
 * it is taken out again.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plimsoll_uapi.h"
#include "plm_check.h"
#include "plm_content.h"
#include "plm_format.h"
#include "vm/damage.h"
#include "vm/guest/fuzz.h"
#include "vm/guest/fuzz_compare.h"
#include "vm/guest/init.h"
#include "vm/refusal.h"

#define MODULE "plimsoll"

static int device = -1;
static uint32_t channel, base_channel;
static char firmware_path[64];

/* The base: content that other channels' events keep awake. */
static uint8_t *base;
static size_t base_len;

static int replace(uint32_t number, const uint8_t *data, size_t len,
		   struct plimsoll_replace *out)
{
	*out = (struct plimsoll_replace){
		.channel = number, .flags = PLIMSOLL_REPLACE_ROLLBACK,
		.data = (uintptr_t)data, .data_len = (uint32_t)len,
	};
	return ioctl(device, PLIMSOLL_IOC_REPLACE, out) ? errno : 0;
}

static int open_device(void)
{
	struct plimsoll_replace done;
	struct plimsoll_stream all = { .flags = PLIMSOLL_STREAM_ALL };

	device = open(PLIMSOLL_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (device < 0)
		return errno;
	ioctl(device, PLIMSOLL_IOC_STREAM, &all);
	/* Without it the kernel's hooks are set and taken away each time. */
	if (base)
		replace(base_channel, base, base_len, &done);
	return 0;
}

/* It stays, and would kill the fuzzer whenever that raises an event. */
static void spare_us(uint8_t *data, size_t len)
{
	const uint8_t *entry = data + PLM_HEADER_LEN +
		(PLM_SECTION_RULES - 1) * PLM_SECTION_ENTRY_LEN;
	struct plm_content content;
	struct plm_fault fault;
	uint8_t *rules;

	if (plm_check(data, (u32)len, 0, &content, &fault))
		return;
	rules = data + plm_le32(entry + PLM_SEC_OFF);
	for (u32 i = 0; i < plm_num_rules(&content); i++)
		rules[i * PLM_RULE_LEN + PLM_RULE_ACTION] = PLM_ACTION_AUDIT;
}

/* The first input as the content of the other channel. */
static int make_base(const struct fuzz_share *share)
{
	struct fuzz_entry entry;
	const uint8_t *data;
	size_t pos = 0;

	if (!share->base_channel ||
	    !inputs_next((const uint8_t *)share, &pos, &entry, &data) ||
	    entry.len < PLM_HEADER_LEN)
		return 0;
	base = malloc(entry.len);
	if (!base)
		return ENOMEM;
	base_len = entry.len;
	memcpy(base, data, base_len);
	spare_us(base, base_len);
	damage_put(base + PLM_HDR_CHANNEL, share->base_channel);
	damage_seal(base, base_len);
	return 0;
}

static int start(const struct fuzz_share *share)
{
	int err;

	channel = share->channel;
	base_channel = share->base_channel;
	snprintf(firmware_path, sizeof(firmware_path), VM_FIRMWARE "/%u.plm",
		 channel);
	err = make_folders(firmware_path);
	if (!err)
		err = events_start();
	if (!err)
		err = acts_start();
	if (!err)
		err = make_base(share);
	return err ? err : open_device();
}

static void ask(void)
{
	struct plimsoll_channel_status status = { .channel = channel };
	struct plimsoll_rule_status rule = { .channel = channel };
	struct plimsoll_info info;

	ioctl(device, PLIMSOLL_IOC_INFO, &info);
	ioctl(device, PLIMSOLL_IOC_CHANNEL, &status);
	ioctl(device, PLIMSOLL_IOC_RULE, &rule);
}

static void switch_rule(void)
{
	struct plimsoll_channel_status status = { .channel = channel };
	struct plimsoll_switch what = { .channel = channel };

	if (ioctl(device, PLIMSOLL_IOC_CHANNEL, &status))
		return;
	what.content_version = status.content_version;
	ioctl(device, PLIMSOLL_IOC_SWITCH, &what);
	what.enable = 1;
	ioctl(device, PLIMSOLL_IOC_SWITCH, &what);
}

static void read_stream(void)
{
	static uint8_t records[65536];

	while (read(device, records, sizeof(records)) > 0)
		;
}

/* Then an event of this process's own may be its last. */
static bool may_kill(const uint8_t *data, size_t len)
{
	struct plm_content content;
	struct plm_fault fault;
	struct plm_rule rule;

	if (plm_check(data, (u32)len, 0, &content, &fault))
		return false;
	for (u32 i = 0; i < plm_num_rules(&content); i++)
		if (plm_get_rule(&content, i, &rule) &&
		    rule.action == PLM_ACTION_KILL)
			return true;
	return false;
}

static void raise_all(const uint8_t *data, size_t len)
{
	events_raise(data, len);
	acts_raise(data, len);
}

struct input {
	const uint8_t *data;
	size_t len;
};

static int raise_and_end(void *context)
{
	const struct input *input = context;

	raise_all(input->data, input->len);
	_exit(0);
}

/* In a process that may be killed.  It has our memory: to copy that takes seconds. */
static void raise_apart(const uint8_t *data, size_t len)
{
	static uint8_t stack[1u << 20] __attribute__((aligned(16)));
	struct input input = { data, len };
	pid_t pid = clone(raise_and_end, stack + sizeof(stack),
			  CLONE_VM | CLONE_VFORK | SIGCHLD, &input);

	/* Those that it had not waited for have become ours. */
	if (pid > 0)
		while (waitpid(-1, NULL, 0) > 0)
			;
	cover_child_end();
}

/* Also in the place of content that has met events. */
static void use(const uint8_t *data, size_t len)
{
	bool apart = may_kill(data, len);
	struct plimsoll_replace done;

	if (apart)
		raise_apart(data, len);
	else
		raise_all(data, len);
	replace(channel, data, (uint32_t)len, &done);
	if (!apart)
		events_cheap(data, len);
	switch_rule();
	ask();
	read_stream();
}

/* What it has kept and what it lets go of twice shows now. */
static int end(void)
{
	close(device);
	device = -1;
	return unload_module(MODULE);
}

/* The module takes the file when it is loaded, before it has a device. */
static int load_anew(const uint8_t *data, size_t len)
{
	int err = make_whole(firmware_path, data, len);

	if (!err)
		err = end();
	if (!err)
		err = load_module(VM_CONSUMER, consumer_params());
	unlink(firmware_path);
	return err ? err : open_device();
}

static int offer_firmware(const uint8_t *data, size_t len)
{
	struct plimsoll_replace done;
	int err = load_anew(data, len);

	if (err)
		return err;
	cover_moved();
	use(data, len);
	replace(channel, NULL, 0, &done);
	return 0;
}

static struct fuzz_offered offer(const uint8_t *data, size_t len,
				 uint32_t ways)
{
	struct plimsoll_replace done;
	int err = len ? replace(channel, data, len, &done) : 0;
	struct fuzz_offered out = { .accepted = len && !err };

	if (refusal_is_none(err)) {
		out.missed = "the module's device does not answer";
		out.error = err;
		return out;
	}
	if (len)
		out.quarrel = compare_answers(data, len, &done, out.accepted);
	if (out.accepted) {
		if (ways & FUZZ_WAY_USE)
			use(data, len);
		else if (!may_kill(data, len))
			events_cheap(data, len);
		replace(channel, NULL, 0, &done);
	}
	if (ways & FUZZ_WAY_FIRMWARE)
		out.error = offer_firmware(data, len);
	if (out.error)
		out.missed = "the module was not loaded anew";
	return out;
}

const struct fuzz_way fuzz_way_ours = { start, offer, end, true };
