// SPDX-License-Identifier: GPL-2.0-or-later
/* From a plan to the script and the files that PID 1 gets. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plimsoll_uapi.h"
#include "vm/scenario.h"

#define DISK_DEVICE "/dev/vda"
#define CONSUMER_NAME "plimsoll"

static void count_one(void *context, const struct asked *asked, uint32_t id)
{
	size_t *num = context;

	(void)asked;
	(void)id;
	(*num)++;
}

static void add_one(void *context, const struct asked *asked, uint32_t id)
{
	if (asked->good && asked->good->is_pid1)
		script_become(context, id, asked->good->image,
			      asked->good->command_line);
	else
		script_execute(context, id, &asked->execution);
}

/* The process that is busy takes the executions behind its step. */
static void add_executions(const struct boot_plan *boot, size_t position,
			   const struct candidate *candidate,
			   struct script *out)
{
	size_t num = 0;

	scenario_each_asked(boot, position, candidate, count_one, &num);
	if (boot->plans[position] == PLAN_BUSY)
		script_step(out, VM_STEP_BUSY, plan_step_id(position),
			    (uint32_t)num, 0, NULL, NULL);
	scenario_each_asked(boot, position, candidate, add_one, out);
}

static void add_drivers(char *const *drivers, uint32_t id,
			struct script *out)
{
	for (char *const *p = drivers; p && *p; p++)
		script_step(out, VM_STEP_DRIVER, id, 0, 0, *p, NULL);
	script_step(out, VM_STEP_DISK, id, 0, 0, DISK_DEVICE, NULL);
}

/* Plans that are one step each. */
static const struct simple {
	enum vm_step_op op;
	uint32_t a, b;
	const char *text0, *text1;
	bool on_channel;	/* a is the candidate's channel */
} simple[NUM_PLANS] = {
	[PLAN_TAINT] = { .op = VM_STEP_FIGURES },
	[PLAN_FIGURES] = { .op = VM_STEP_FIGURES, .a = 1 },
	[PLAN_CONSUMER] = { .op = VM_STEP_CONSUMER, .text0 = VM_CONSUMER },
	[PLAN_DEVICE] = { .op = VM_STEP_DEVICE },
	[PLAN_STATUS] = { .op = VM_STEP_STATUS, .on_channel = true },
	[PLAN_CLOSE] = { .op = VM_STEP_CLOSE },
	[PLAN_REMOVE] = { .op = VM_STEP_REMOVE, .text0 = CONSUMER_NAME },
	[PLAN_ROUNDS] = { .op = VM_STEP_ROUNDS, .a = MAX_ROUNDS,
			  .text0 = VM_CONSUMER, .text1 = CONSUMER_NAME },
	[PLAN_REJECT] = { .op = VM_STEP_REJECT, .on_channel = true,
			  .b = REJECT_AT_ONCE, .text0 = VM_CANDIDATE },
	[PLAN_OFFER] = { .op = VM_STEP_NEIGHBOURS, .on_channel = true,
			 .text0 = VM_CANDIDATE, .text1 = VM_NEIGHBOURS },
	[PLAN_TO_CANDIDATE] = { .op = VM_STEP_REPLACE, .on_channel = true,
				.text0 = VM_CANDIDATE },
	[PLAN_TO_BASELINE] = { .op = VM_STEP_REPLACE, .on_channel = true,
			       .b = PLIMSOLL_REPLACE_ROLLBACK,
			       .text0 = VM_BASELINE },
	[PLAN_TO_OLDER] = { .op = VM_STEP_REPLACE, .on_channel = true,
			    .text0 = VM_BASELINE },
	[PLAN_ALTERNATE] = { .op = VM_STEP_ALTERNATE, .on_channel = true,
			     .b = ALTERNATE_AT_ONCE, .text0 = VM_CANDIDATE,
			     .text1 = VM_BASELINE },
	[PLAN_EXCHANGE] = { .op = VM_STEP_ALTERNATE, .on_channel = true,
				  .b = EXCHANGES, .text0 = VM_CANDIDATE,
				  .text1 = VM_BASELINE },
	[PLAN_RULES_OFF] = { .op = VM_STEP_SWITCH, .on_channel = true,
			     .b = VM_SWITCH_RULES_OFF },
	[PLAN_RULES_ON] = { .op = VM_STEP_SWITCH, .on_channel = true,
			    .b = VM_SWITCH_RULES_ON },
	[PLAN_CHANNEL_OFF] = { .op = VM_STEP_SWITCH, .on_channel = true,
			       .b = VM_SWITCH_OFF },
	[PLAN_CHANNEL_ON] = { .op = VM_STEP_SWITCH, .on_channel = true,
			      .b = VM_SWITCH_ON },
	[PLAN_WATCH] = { .op = VM_STEP_WATCH, .a = WATCHED_EVENTS },
	[PLAN_IDLE] = { .op = VM_STEP_IDLE },
	[PLAN_WAIT] = { .op = VM_STEP_WAIT, .a = WAIT_SECONDS },
	[PLAN_CLOCK_FIRST] = { .op = VM_STEP_CLOCK, .a = 86400 },
	[PLAN_CLOCK_WRAP] = { .op = VM_STEP_CLOCK, .a = INT32_MAX - 15 },
	[PLAN_CLOCK_LAST] = { .op = VM_STEP_CLOCK, .a = UINT32_MAX },
	[PLAN_HOG] = { .op = VM_STEP_HOG, .a = 4 },
	[PLAN_HOG_LESS] = { .op = VM_STEP_HOG, .a = 32 },
	[PLAN_HOG_OFF] = { .op = VM_STEP_HOG },
	[PLAN_FAIL_LOAD] = { .op = VM_STEP_FAIL_LOAD, .text0 = VM_CONSUMER,
			     .text1 = CONSUMER_NAME },
	[PLAN_FAIL_REPLACE] = { .op = VM_STEP_FAIL_REPLACE, .on_channel = true,
				.text0 = VM_CANDIDATE, .text1 = VM_BASELINE },
	[PLAN_FAIL_EXECUTE] = { .op = VM_STEP_FAIL_EXECUTE },
	[PLAN_LEAKS] = { .op = VM_STEP_LEAKS, .a = 1 },
	[PLAN_LEAKS_AGAIN] = { .op = VM_STEP_LEAKS },
	[PLAN_ROOT] = { .op = VM_STEP_ROOT },
	[PLAN_STOP] = { .op = VM_STEP_STOP },
	[PLAN_POWER_OFF] = { .op = VM_STEP_REBOOT, .a = 1 },
	[PLAN_REBOOT] = { .op = VM_STEP_REBOOT },
};

static void add_simple(enum plan plan, uint32_t id,
		       const struct candidate *candidate, struct script *out)
{
	const struct simple *one = &simple[plan];

	script_step(out, one->op, id,
		    one->on_channel ? candidate->channel : one->a, one->b,
		    one->text0, one->text1);
}

/* What there is nothing to do with is not asked for. */
static bool can_be(enum plan plan, const struct candidate *candidate)
{
	switch (plan) {
	case PLAN_TO_BASELINE:
	case PLAN_TO_OLDER:
	case PLAN_ALTERNATE:
	case PLAN_EXCHANGE:
	case PLAN_FAIL_REPLACE:
		return candidate->old != NULL;
	case PLAN_OFFER:
		return candidate->num_neighbours > 0;
	default:
		return true;
	}
}

static void add_plan(const struct boot_plan *boot, size_t position,
		     const struct candidate *candidate, char *const *drivers,
		     struct script *out)
{
	uint32_t id = plan_step_id(position);
	enum plan plan = boot->plans[position];

	switch (plan) {
	case PLAN_PID1:
	case PLAN_GOODWARE:
	case PLAN_EVENTS:
	case PLAN_FIRST_EVENTS:
	case PLAN_BOTH_EVENTS:
	case PLAN_FEW_EVENTS:
	case PLAN_BUSY:
		add_executions(boot, position, candidate, out);
		break;
	case PLAN_DISK:
		add_drivers(drivers, id, out);
		break;
	default:
		if (can_be(plan, candidate))
			add_simple(plan, id, candidate, out);
	}
}

void scenario_script(const struct boot_plan *boot,
		     const struct candidate *candidate, const char *token,
		     char *const *drivers, struct script *out)
{
	*out = (struct script){ 0 };
	script_step(out, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	for (size_t i = 0; i < PLAN_MAX && boot->plans[i]; i++)
		add_plan(boot, i, candidate, drivers, out);
}

size_t scenario_num_asked(const struct boot_plan *boot,
			  const struct candidate *candidate)
{
	size_t num = 0;

	for (size_t i = 0; i < PLAN_MAX && boot->plans[i]; i++)
		scenario_each_asked(boot, i, candidate, count_one, &num);
	return num;
}

static bool is_path(const char *text, const char *path)
{
	return text && !strcmp(text, path);
}

/* Does a step of the script name this file? */
static bool speaks_of(const struct boot_plan *boot, const char *path)
{
	for (size_t i = 0; i < PLAN_MAX && boot->plans[i]; i++) {
		const struct simple *one = &simple[boot->plans[i]];

		if (is_path(one->text0, path) ||
		    is_path(one->text1, path))
			return true;
	}
	return false;
}

static void add_neighbours(const struct candidate *candidate,
			   struct initramfs *initramfs)
{
	struct vm_edit *list = xcalloc(candidate->num_neighbours + 1,
				       sizeof(*list));

	for (size_t i = 0; i < candidate->num_neighbours; i++)
		list[i] = candidate->neighbours[i].edit;
	initramfs_data(initramfs, VM_NEIGHBOURS, 0644, list,
		       candidate->num_neighbours * sizeof(*list));
	free(list);
}

char *scenario_content_path(const struct candidate *candidate)
{
	return xasprintf(VM_FIRMWARE "/%u.plm", candidate->channel);
}

void scenario_files(const struct boot_plan *boot,
		    const struct candidate *candidate,
		    struct initramfs *initramfs)
{
	const struct candidate *content = boot_content(boot, candidate);
	const struct candidate *old = candidate->old;
	char *firmware = scenario_content_path(candidate);

	if (!boot->has_disk && content)
		initramfs_data(initramfs, firmware, 0644, content->data,
			       content->len);
	if (speaks_of(boot, VM_CANDIDATE))
		initramfs_data(initramfs, VM_CANDIDATE, 0644, candidate->data,
			       candidate->len);
	if (old && speaks_of(boot, VM_BASELINE))
		initramfs_data(initramfs, VM_BASELINE, 0644, old->data,
			       old->len);
	if (boot_has_plan(boot, PLAN_OFFER))
		add_neighbours(candidate, initramfs);
	free(firmware);
}
