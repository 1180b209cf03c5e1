// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define DISK_DEVICE "/dev/vda"
#define CONSUMER_NAME "plimsoll"

#define LIFE_ON_DISK							\
	PLAN_DISK, PLAN_ROOT, PLAN_TAINT, PLAN_CONSUMER, PLAN_DEVICE,	\
	PLAN_STATUS, PLAN_PID1, PLAN_GOODWARE, PLAN_FIRST_EVENTS,	\
	PLAN_STATUS, PLAN_CLOSE, PLAN_TAINT, PLAN_REBOOT

#define REJECTS PLAN_REJECT, PLAN_FIGURES

const struct scenario scenarios[] = {
	{ "load", "module in, content in, events, module out, leaks", false, {
		{ "load", false, false, {
			PLAN_TAINT, PLAN_CONSUMER, PLAN_DEVICE, PLAN_STATUS,
			PLAN_PID1, PLAN_GOODWARE, PLAN_EVENTS, PLAN_STATUS,
			PLAN_CLOSE, PLAN_REMOVE, PLAN_ROUNDS, PLAN_POWER_OFF } } } },
	{ "boot-twice", "content installed, two boots from it", false, {
		{ "install", true, false, {
			PLAN_DISK, PLAN_INSTALL, PLAN_UNMOUNT,
			PLAN_POWER_OFF } },
		{ "first boot", true, true, { LIFE_ON_DISK } },
		{ "second boot", true, true, { LIFE_ON_DISK } } } },
	{ "reject-many", "10,000 damaged files leave memory where it was", true, {
		{ "reject", false, false, {
			PLAN_TAINT, PLAN_CONSUMER, PLAN_DEVICE, PLAN_STATUS,
			REJECTS, REJECTS, REJECTS, REJECTS, REJECTS,
			PLAN_STATUS, PLAN_CLOSE, PLAN_REMOVE, PLAN_TAINT,
			PLAN_POWER_OFF } } } },
};

const size_t num_scenarios = ARRAY_LEN(scenarios);

const struct scenario *scenario_find(const char *name)
{
	for (size_t i = 0; i < num_scenarios; i++)
		if (!strcmp(scenarios[i].name, name))
			return &scenarios[i];
	return NULL;
}

bool boot_has_plan(const struct boot_plan *boot, enum plan plan)
{
	for (size_t i = 0; i < PLAN_MAX; i++)
		if (boot->plans[i] == plan)
			return true;
	return false;
}

bool plan_executes(enum plan plan, const struct asked *asked)
{
	if (asked->reason)
		return false;
	switch (plan) {
	case PLAN_PID1:
		return asked->good && asked->good->is_pid1;
	case PLAN_GOODWARE:
		return asked->good && !asked->good->is_pid1;
	case PLAN_EVENTS:
		return asked->synth != NULL;
	case PLAN_FIRST_EVENTS:
		return asked->synth && asked->first;
	default:
		return false;
	}
}

static void add_executions(enum plan plan, const struct candidate *candidate,
			   struct script *out)
{
	for (size_t i = 0; i < candidate->num_asked; i++) {
		const struct asked *asked = &candidate->asked[i];
		uint32_t id = ASKED_ID_BASE + (uint32_t)i;

		if (!plan_executes(plan, asked))
			continue;
		if (plan == PLAN_PID1)
			script_become(out, id, asked->good->image,
				      asked->good->command_line);
		else
			script_execute(out, id, &asked->execution);
	}
}

static void add_drivers(char *const *drivers, uint32_t id,
			struct script *out)
{
	for (char *const *p = drivers; p && *p; p++)
		script_step(out, VM_STEP_INSMOD, id, 0, 0, *p, NULL);
	script_step(out, VM_STEP_DISK, id, 0, 0, DISK_DEVICE, NULL);
}

static void add_install(const struct candidate *candidate, uint32_t id,
			struct script *out)
{
	char *to = xasprintf(VM_MOUNT VM_FIRMWARE "/%u.plm",
			     candidate->channel);

	/* As on a machine that had content before. */
	if (candidate->baseline)
		script_step(out, VM_STEP_INSTALL, id, 0, 0, VM_BASELINE, to);
	script_step(out, VM_STEP_INSTALL, id, 0, 0, VM_CANDIDATE, to);
	free(to);
}

/* Plans that are one step each. */
static const struct {
	enum vm_step_op op;
	uint32_t a, b;
	const char *text0, *text1;
} simple[NUM_PLANS] = {
	[PLAN_TAINT] = { VM_STEP_FIGURES, 0, 0, NULL, NULL },
	[PLAN_FIGURES] = { VM_STEP_FIGURES, 1, 0, NULL, NULL },
	[PLAN_CONSUMER] = { VM_STEP_CONSUMER, 0, 0, VM_CONSUMER, NULL },
	[PLAN_DEVICE] = { VM_STEP_DEVICE, 0, 0, NULL, NULL },
	[PLAN_CLOSE] = { VM_STEP_CLOSE, 0, 0, NULL, NULL },
	[PLAN_REMOVE] = { VM_STEP_REMOVE, 0, 0, CONSUMER_NAME, NULL },
	[PLAN_ROUNDS] = { VM_STEP_ROUNDS, MAX_ROUNDS, 0, VM_CONSUMER,
			  CONSUMER_NAME },
	[PLAN_ROOT] = { VM_STEP_ROOT, 0, 0, NULL, NULL },
	[PLAN_UNMOUNT] = { VM_STEP_UNMOUNT, 0, 0, NULL, NULL },
	[PLAN_POWER_OFF] = { VM_STEP_REBOOT, 1, 0, NULL, NULL },
	[PLAN_REBOOT] = { VM_STEP_REBOOT, 0, 0, NULL, NULL },
};

static void add_plan(enum plan plan, uint32_t id,
		     const struct candidate *candidate, char *const *drivers,
		     struct script *out)
{
	switch (plan) {
	case PLAN_PID1:
	case PLAN_GOODWARE:
	case PLAN_EVENTS:
	case PLAN_FIRST_EVENTS:
		add_executions(plan, candidate, out);
		break;
	case PLAN_DISK:
		add_drivers(drivers, id, out);
		break;
	case PLAN_INSTALL:
		add_install(candidate, id, out);
		break;
	case PLAN_STATUS:
		script_step(out, VM_STEP_STATUS, id, candidate->channel, 0,
			    NULL, NULL);
		break;
	case PLAN_REJECT:
		script_step(out, VM_STEP_REJECT, id, candidate->channel,
			    REJECT_AT_ONCE, VM_CANDIDATE, NULL);
		break;
	default:
		script_step(out, simple[plan].op, id, simple[plan].a,
			    simple[plan].b, simple[plan].text0,
			    simple[plan].text1);
	}
}

void scenario_script(const struct boot_plan *boot,
		     const struct candidate *candidate, const char *token,
		     char *const *drivers, struct script *out)
{
	*out = (struct script){ 0 };
	script_step(out, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	for (size_t i = 0; i < PLAN_MAX && boot->plans[i]; i++)
		add_plan(boot->plans[i], plan_step_id(i), candidate, drivers,
			 out);
}
