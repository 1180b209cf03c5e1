/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios: each is one to three boots, each boot a list of what PID 1 is to
 * do.  A new one is a new entry of the table in scenario.c.
 */
#ifndef VM_SCENARIO_H
#define VM_SCENARIO_H

#include <stdbool.h>

#include "vm/candidate.h"

enum plan {
	PLAN_END,
	PLAN_TAINT,		/* the taint mask */
	PLAN_FIGURES,		/* memory and the taint mask */
	PLAN_CONSUMER,		/* load it; it takes the content */
	PLAN_DEVICE,
	PLAN_STATUS,
	PLAN_PID1,		/* PID 1's usual identities */
	PLAN_GOODWARE,		/* the rest of that table */
	PLAN_EVENTS,		/* events made from the rules */
	PLAN_FIRST_EVENTS,	/* of each rule one that matches, one near miss */
	PLAN_CLOSE,
	PLAN_REMOVE,
	PLAN_ROUNDS,		/* load and unload while memory grows */
	PLAN_REJECT,		/* REJECT_AT_ONCE damaged files */
	PLAN_DISK,		/* drivers, mount */
	PLAN_ROOT,
	PLAN_INSTALL,
	PLAN_UNMOUNT,
	PLAN_POWER_OFF,
	PLAN_REBOOT,
	NUM_PLANS
};

#define PLAN_MAX 24
#define BOOTS_MAX 3
#define REJECT_AT_ONCE 2000
#define MAX_ROUNDS 8

struct boot_plan {
	const char *name;	/* NULL: no more boots */
	bool has_disk;
	bool until_exit;	/* the guest ends it, by a reboot */
	enum plan plans[PLAN_MAX];
};

struct scenario {
	const char *name;
	const char *what;
	bool on_request;	/* not among those run by default */
	struct boot_plan boots[BOOTS_MAX + 1];
};

extern const struct scenario scenarios[];
extern const size_t num_scenarios;

const struct scenario *scenario_find(const char *name);

/* Results of the step at @position of a plan carry this id. */
static inline uint32_t plan_step_id(size_t position)
{
	return (uint32_t)position + 1;
}

/* Those of an execution this one. */
#define ASKED_ID_BASE 1000u

/* Is it one of the boot's plans? */
bool boot_has_plan(const struct boot_plan *boot, enum plan plan);

/* Does an execution of this kind take place under this plan? */
bool plan_executes(enum plan plan, const struct asked *asked);

/*
 * The script of one boot.  @drivers: modules for the disk, as they lie in the
 * initramfs, NULL at the end.
 */
void scenario_script(const struct boot_plan *boot,
		     const struct candidate *candidate, const char *token,
		     char *const *drivers, struct script *out);

#endif /* VM_SCENARIO_H */
