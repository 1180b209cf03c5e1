/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios: each is one boot or two, each boot a list of what PID 1 is to
 * do.  A new one is a new entry of the table in scenario.c.
 */
#ifndef VM_SCENARIO_H
#define VM_SCENARIO_H

#include <stdbool.h>

#include "vm/candidate.h"
#include "vm/initramfs.h"
#include "vm/kernel.h"

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
	PLAN_BOTH_EVENTS,	/* the first ones, and those of the baseline's rules */
	PLAN_FEW_EVENTS,	/* FEW_EVENTS of these */
	PLAN_FIRST_EVENTS,	/* of each rule one that matches, one near miss */
	PLAN_CLOSE,
	PLAN_REMOVE,
	PLAN_ROUNDS,		/* load and unload while memory grows */
	PLAN_REJECT,		/* REJECT_AT_ONCE damaged files */
	PLAN_OFFER,		/* malformed neighbours */
	PLAN_TO_CANDIDATE,	/* replace the content */
	PLAN_TO_BASELINE,	/* the same, asking for an older one */
	PLAN_TO_OLDER,		/* the same, not asking: it must be refused */
	PLAN_ALTERNATE,		/* ALTERNATE_AT_ONCE replacements in turn */
	PLAN_EXCHANGE,		/* EXCHANGES of them */
	PLAN_RULES_OFF,		/* switch some rules off */
	PLAN_RULES_ON,
	PLAN_CHANNEL_OFF,
	PLAN_CHANNEL_ON,
	PLAN_BUSY,		/* events from another process, from here */
	PLAN_WATCH,		/* until WATCHED_EVENTS more have come */
	PLAN_IDLE,		/* to here */
	PLAN_WAIT,		/* WAIT_SECONDS */
	PLAN_CLOCK_FIRST,	/* the second day of 1970 */
	PLAN_CLOCK_WRAP,	/* 16 seconds before 32 bits are too few */
	PLAN_CLOCK_LAST,	/* the year 2106 */
	PLAN_HOG,		/* take the memory: nobody gets any */
	PLAN_HOG_LESS,		/* some get some */
	PLAN_HOG_OFF,
	PLAN_FAIL_LOAD,		/* each allocation of it fails once */
	PLAN_FAIL_REPLACE,
	PLAN_FAIL_EXECUTE,
	PLAN_LEAKS,		/* what nobody points to, however young */
	PLAN_LEAKS_AGAIN,	/* and since then */
	PLAN_DISK,		/* drivers, mount */
	PLAN_ROOT,
	PLAN_STOP,		/* the host ends it */
	PLAN_POWER_OFF,
	PLAN_REBOOT,
	NUM_PLANS
};

#define PLAN_MAX 56
#define BOOTS_MAX 2
#define REJECT_AT_ONCE 2000
#define MAX_ROUNDS 8
#define ALTERNATE_AT_ONCE 500
#define EXCHANGES 20
#define WATCHED_EVENTS 100
#define FEW_EVENTS 48
#define BUSY_EVENTS 64
#define WAIT_SECONDS 330	/* more than five minutes */

struct boot_plan {
	const char *name;	/* NULL: no more boots */
	bool has_disk;
	bool until_exit;	/* the guest ends it, by a reboot */
	bool baseline_first;	/* what the consumer finds is the baseline */
	bool warps;		/* time in which nothing runs passes at once */
	bool fails;		/* only where allocations can be told to fail */
	bool presses;		/* only where they cannot */
	unsigned int num_cpus;	/* 0: one */
	unsigned int memory_mib;	/* 0: as much as is wanted */
	const char *clock;	/* the date at the start, or NULL: today */
	const char *append;	/* to the kernel's command line, or NULL */
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

/* Those of an execution say where it stands and whose which it is. */
#define ASKED_ID_SHIFT 26
#define ASKED_ID_OLD (1u << 25)	/* the baseline's */

static inline uint32_t asked_id(size_t position, bool old, size_t index)
{
	return plan_step_id(position) << ASKED_ID_SHIFT |
	       (old ? ASKED_ID_OLD : 0) | (uint32_t)index;
}

/* The plan to which a result with this id belongs; PLAN_END: none. */
enum plan boot_plan_of(const struct boot_plan *boot, uint32_t id);

/*
 * Call @visit for each execution of the plan at this position, in order.
 */
void scenario_each_asked(const struct boot_plan *boot, size_t position,
			 const struct candidate *candidate,
			 void (*visit)(void *context,
				       const struct asked *asked, uint32_t id),
			 void *context);

/* Is the boot for kernels such as this one? */
bool boot_is_for(const struct boot_plan *boot, const struct kernel *kernel);

/* Is it a plan in which memory is wanting, so that who asks for it may not get it? */
bool boot_wants_memory(const struct boot_plan *boot);

/* Is it one of the boot's plans? */
bool boot_has_plan(const struct boot_plan *boot, enum plan plan);

/* Is it a plan under which events of rules are executed? */
bool plan_has_events(enum plan plan);

/* What the consumer finds at its start; NULL: nothing. */
const struct candidate *boot_content(const struct boot_plan *boot,
				     const struct candidate *candidate);

/*
 * The script of one boot.  @drivers: modules for the disk, as they lie in the
 * initramfs, NULL at the end.
 */
void scenario_script(const struct boot_plan *boot,
		     const struct candidate *candidate, const char *token,
		     char *const *drivers, struct script *out);

/* Where the consumer looks for the content of its channel; a new string. */
char *scenario_content_path(const struct candidate *candidate);

/* How many executions the boot is asked for. */
size_t scenario_num_asked(const struct boot_plan *boot,
			  const struct candidate *candidate);

/* Put the content files that the script speaks of into @initramfs. */
void scenario_files(const struct boot_plan *boot,
		    const struct candidate *candidate,
		    struct initramfs *initramfs);

#endif /* VM_SCENARIO_H */
