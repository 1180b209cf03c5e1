// SPDX-License-Identifier: GPL-2.0-or-later
/* The scenarios, and what can be said of a plan without a guest. */
#include "vm/scenario.h"

#include <string.h>

#include "base/mem.h"
#include "vm/realise.h"

/* Content in use: the rules' events between two looks at the status. */
#define BEGIN PLAN_TAINT, PLAN_CONSUMER, PLAN_DEVICE, PLAN_STATUS
#define REMOVE PLAN_LEAKS, PLAN_REMOVE, PLAN_LEAKS_AGAIN
#define END PLAN_CLOSE, REMOVE, PLAN_TAINT, PLAN_POWER_OFF
#define RELOAD PLAN_CLOSE, PLAN_REMOVE, PLAN_CONSUMER, PLAN_DEVICE, PLAN_STATUS

#define LIFE_ON_DISK							\
	PLAN_DISK, PLAN_ROOT, PLAN_TAINT, PLAN_CONSUMER, PLAN_DEVICE,	\
	PLAN_STATUS, PLAN_PID1, PLAN_GOODWARE, PLAN_FIRST_EVENTS,	\
	PLAN_STATUS, PLAN_CLOSE, PLAN_LEAKS, PLAN_TAINT, PLAN_REBOOT

#define OFFERS PLAN_OFFER, PLAN_FIGURES
#define REJECTS PLAN_REJECT, PLAN_FIGURES
#define CHURN PLAN_ALTERNATE, RELOAD
#define GROWTH PLAN_ALTERNATE, PLAN_FIGURES
#define OTHER_DATE(plan) plan, PLAN_FEW_EVENTS, RELOAD, PLAN_FEW_EVENTS

/*
 * What the stock kernels have to find misuse of memory, and a writer that can
 * be preempted anywhere.
 */
#define MEMORY_CHECKS "slub_debug=FZP;FZPU,kmalloc-* page_poison=1 kfence.sample_interval=1"
#define PREEMPTED "preempt=full"

const struct scenario scenarios[] = {
	{ "load", "module in, content in, events, module out, leaks", false, {
		{ .name = "load", .plans = {
			PLAN_TAINT, PLAN_CONSUMER, PLAN_DEVICE, PLAN_STATUS,
			PLAN_PID1, PLAN_GOODWARE, PLAN_EVENTS, PLAN_STATUS,
			PLAN_CLOSE, REMOVE, PLAN_ROUNDS, PLAN_POWER_OFF } } } },
	{ "boot-twice", "content on the disk, two boots from it", false, {
		{ .name = "first boot", .has_disk = true, .until_exit = true,
		  .plans = { LIFE_ON_DISK } },
		{ .name = "second boot", .has_disk = true, .until_exit = true,
		  .plans = { LIFE_ON_DISK } } } },
	{ "update", "the baseline is replaced while events come", false, {
		{ .name = "update", .baseline_first = true, .append = PREEMPTED,
		  .plans = {
			BEGIN, PLAN_BOTH_EVENTS, PLAN_BUSY, PLAN_WATCH,
			PLAN_EXCHANGE, PLAN_TO_CANDIDATE, PLAN_WATCH,
			PLAN_IDLE, PLAN_STATUS,
			PLAN_BOTH_EVENTS, PLAN_STATUS, END } } } },
	{ "rollback", "switched off, and back to the baseline", false, {
		{ .name = "rollback", .baseline_first = true,
		  .append = MEMORY_CHECKS, .plans = {
			BEGIN, PLAN_TO_CANDIDATE, PLAN_STATUS, PLAN_FEW_EVENTS,
			PLAN_RULES_OFF, PLAN_FEW_EVENTS, PLAN_CHANNEL_OFF,
			PLAN_FEW_EVENTS, PLAN_CHANNEL_ON, PLAN_RULES_ON,
			PLAN_TO_OLDER, PLAN_STATUS, PLAN_BUSY, PLAN_WATCH,
			PLAN_TO_BASELINE, PLAN_WATCH, PLAN_IDLE, PLAN_STATUS,
			PLAN_BOTH_EVENTS, PLAN_STATUS, PLAN_CLOSE,
			REMOVE, PLAN_FIGURES, PLAN_TAINT, PLAN_POWER_OFF } } } },
	{ "reject", "malformed neighbours change nothing", false, {
		{ .name = "reject", .plans = {
			BEGIN, PLAN_FIGURES, OFFERS, OFFERS, OFFERS, OFFERS,
			PLAN_STATUS, PLAN_BUSY, PLAN_WATCH, PLAN_OFFER,
			PLAN_WATCH, PLAN_IDLE, PLAN_STATUS, PLAN_FIRST_EVENTS,
			PLAN_STATUS, END } } } },
	{ "churn", "updates without end, reloads, two CPUs, events", true, {
		{ .name = "churn", .baseline_first = true, .num_cpus = 2,
		  .append = PREEMPTED " " MEMORY_CHECKS, .plans = {
			BEGIN, PLAN_BUSY, PLAN_WATCH, CHURN, CHURN, CHURN,
			PLAN_ALTERNATE, PLAN_WATCH, PLAN_IDLE, PLAN_STATUS,
			PLAN_FIGURES, GROWTH, GROWTH, GROWTH, GROWTH,
			PLAN_STATUS, PLAN_TO_CANDIDATE, PLAN_STATUS,
			PLAN_BOTH_EVENTS, PLAN_STATUS, END } } } },
	{ "soak", "22 minutes of the guest's time", true, {
		{ .name = "soak", .baseline_first = true, .warps = true,
		  .plans = {
			BEGIN, PLAN_FEW_EVENTS, PLAN_WAIT, PLAN_FEW_EVENTS,
			PLAN_TO_CANDIDATE, PLAN_FEW_EVENTS, PLAN_WAIT,
			PLAN_WAIT, PLAN_FIRST_EVENTS, PLAN_STATUS, PLAN_CLOSE,
			REMOVE, PLAN_WAIT, PLAN_TAINT, PLAN_POWER_OFF } } } },
	{ "low-memory", "little memory, or each allocation failing once", true, {
		{ .name = "low-memory", .baseline_first = true,
		  .memory_mib = 176, .presses = true, .plans = {
			BEGIN, PLAN_FEW_EVENTS, PLAN_EXCHANGE, PLAN_HOG,
			PLAN_ALTERNATE, PLAN_STATUS, PLAN_HOG_LESS, PLAN_ALTERNATE,
			PLAN_HOG_OFF, PLAN_STATUS, PLAN_FEW_EVENTS,
			PLAN_TO_CANDIDATE, PLAN_STATUS, PLAN_FIRST_EVENTS,
			PLAN_STATUS, END } },
		{ .name = "failures", .baseline_first = true, .fails = true,
		  .plans = {
			PLAN_TAINT, PLAN_FAIL_LOAD, PLAN_CONSUMER, PLAN_DEVICE,
			PLAN_STATUS, PLAN_FEW_EVENTS, PLAN_FAIL_REPLACE,
			PLAN_STATUS, PLAN_FAIL_EXECUTE, PLAN_STATUS,
			PLAN_FEW_EVENTS, PLAN_TO_CANDIDATE, PLAN_STATUS,
			PLAN_FIRST_EVENTS, PLAN_STATUS, END } } } },
	{ "clock", "dates before the content's making and long after", true, {
		{ .name = "long ago", .clock = "1990-01-01T00:00:00", .plans = {
			BEGIN, PLAN_FEW_EVENTS, OTHER_DATE(PLAN_CLOCK_LAST),
			OTHER_DATE(PLAN_CLOCK_FIRST), PLAN_STATUS, END } },
		{ .name = "far ahead", .clock = "2099-12-31T23:59:50",
		  .plans = {
			BEGIN, PLAN_FEW_EVENTS, OTHER_DATE(PLAN_CLOCK_WRAP),
			OTHER_DATE(PLAN_CLOCK_FIRST), PLAN_STATUS, END } } } },
	{ "reject-many", "10,000 damaged files leave memory where it was", true, {
		{ .name = "reject", .plans = {
			BEGIN, REJECTS, REJECTS, REJECTS, REJECTS, REJECTS,
			PLAN_STATUS, END } } } },
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

bool boot_is_for(const struct boot_plan *boot, const struct kernel *kernel)
{
	return kernel->fails_on_demand ? !boot->presses : !boot->fails;
}

bool boot_wants_memory(const struct boot_plan *boot)
{
	return boot->presses || boot->fails;
}

enum plan boot_plan_of(const struct boot_plan *boot, uint32_t id)
{
	uint32_t step = id >> ASKED_ID_SHIFT ? id >> ASKED_ID_SHIFT : id;

	return step && step <= PLAN_MAX ? boot->plans[step - 1] : PLAN_END;
}

const struct candidate *boot_content(const struct boot_plan *boot,
				     const struct candidate *candidate)
{
	return boot->baseline_first ? candidate->old : candidate;
}

bool plan_has_events(enum plan plan)
{
	return plan == PLAN_EVENTS || plan == PLAN_FIRST_EVENTS ||
	       plan == PLAN_BOTH_EVENTS || plan == PLAN_FEW_EVENTS;
}

/* Can another process than PID 1 make it happen, at any time? */
static bool is_portable(const struct asked *asked)
{
	if (asked->execution.last_pid)
		return false;
	if (asked->good)
		return !asked->good->is_pid1;
	return asked->synth->event.values[VM_INPUT_ParentProcessId].kind ==
	       PLM_VALUE_ABSENT;
}

/* Of the first events an even spread: one in so many. */
static size_t stride_of(const struct candidate *candidate, size_t wanted)
{
	size_t num = 0;

	for (size_t i = 0; i < candidate->num_asked; i++)
		num += candidate->asked[i].first && !candidate->asked[i].reason;
	return num > wanted ? (num + wanted - 1) / wanted : 1;
}

static bool executes(enum plan plan, const struct asked *asked, size_t number,
		     size_t stride)
{
	switch (plan) {
	case PLAN_PID1:
		return asked->good && asked->good->is_pid1;
	case PLAN_GOODWARE:
		return asked->good && !asked->good->is_pid1;
	case PLAN_EVENTS:
		return asked->synth != NULL;
	case PLAN_FIRST_EVENTS:
	case PLAN_BOTH_EVENTS:
		return asked->first;
	case PLAN_FEW_EVENTS:
		return asked->first && number % stride == 0;
	case PLAN_BUSY:
		return is_portable(asked) &&
		       (asked->good || (asked->first && number % stride == 0));
	default:
		return false;
	}
}

static bool is_of_both(enum plan plan)
{
	return plan == PLAN_BOTH_EVENTS || plan == PLAN_FEW_EVENTS ||
	       plan == PLAN_BUSY;
}

/* Those of one content; of the baseline only what the candidate lacks. */
static void each_of(const struct boot_plan *boot, size_t position, bool old,
		    const struct candidate *candidate,
		    void (*visit)(void *context, const struct asked *asked,
				  uint32_t id),
		    void *context)
{
	enum plan plan = boot->plans[position];
	size_t stride = stride_of(candidate, plan == PLAN_BUSY ? BUSY_EVENTS :
								 FEW_EVENTS);
	size_t number = 0;

	for (size_t i = 0; i < candidate->num_asked; i++) {
		const struct asked *asked = &candidate->asked[i];

		if (asked->reason || (old && asked->good))
			continue;
		if (executes(plan, asked, number, stride))
			visit(context, asked, asked_id(position, old, i));
		number += asked->first;
	}
}

void scenario_each_asked(const struct boot_plan *boot, size_t position,
			 const struct candidate *candidate,
			 void (*visit)(void *context,
				       const struct asked *asked, uint32_t id),
			 void *context)
{
	each_of(boot, position, false, candidate, visit, context);
	if (is_of_both(boot->plans[position]) && candidate->old &&
	    !candidate->stands_in)
		each_of(boot, position, true, candidate->old, visit, context);
}
