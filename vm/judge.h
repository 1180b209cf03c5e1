/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot says of the candidate: the console, the steps, the kernel's
 * answers held against userspace's.
 */
#ifndef VM_JUDGE_H
#define VM_JUDGE_H

#include "vm/console.h"
#include "vm/qemu.h"
#include "vm/run.h"

struct judge {
	struct run *run;
	const struct boot_plan *boot;
	const struct qemu_outcome *outcome;
	const char *token;
	json_t *evidence;		/* of this boot */
	struct console console;
	bool accepted;			/* the kernel runs the candidate */
};

/* Judge one boot; everything goes into the run's stage and @evidence. */
void judge_boot(struct judge *judge);

/* For its parts: a finding that names the run and the boot. */
void judge_finding(struct judge *judge, enum severity severity,
		   const char *code, const char *rule, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* judge_state.c: status, taint, memory. */
void judge_state(struct judge *judge);
/* Memory and taint alone. */
void judge_figures(struct judge *judge);
/* judge_target.c: what a foreign parser says; @complete: the run is. */
void judge_target(struct judge *judge, bool complete);
/* judge_events.c: executions, records, matches. */
void judge_events(struct judge *judge);
/* Findings for each `kill` rule that matches an identity of PID 1; how many. */
size_t judge_pid1(struct judge *judge, const char *how);

#endif /* VM_JUDGE_H */
