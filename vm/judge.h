/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot says of the candidate: the console, the steps, the kernel's
 * answers held against userspace's.
 */
#ifndef VM_JUDGE_H
#define VM_JUDGE_H

#include "vm/console.h"
#include "vm/qemu.h"
#include "vm/records.h"
#include "vm/run.h"

/* Contents that may run at a moment. */
#define RUNS_NONE	1u
#define RUNS_CANDIDATE	2u
#define RUNS_OLD	4u	/* the baseline */

/* When the guest told a result: what may have been at work until then. */
struct moment {
	unsigned int runs;	/* RUNS_*; several while they are exchanged */
	uint32_t num_off;	/* the first rules, which are switched off */
	bool is_off;		/* the channel is */
};

struct judge {
	struct run *run;
	const struct boot_plan *boot;
	const struct qemu_outcome *outcome;
	const char *token;
	json_t *evidence;		/* of this boot */
	struct console console;
	struct moment *moments;		/* one a result; judge_course() */
	size_t first_finding;		/* of the run's stage, of this boot */
	size_t first_status;		/* index of that result */
	bool accepted;			/* what runs is what should run */
};

/* Judge one boot; everything goes into the run's stage and @evidence. */
void judge_boot(struct judge *judge);

/* For its parts: a finding that names the run and the boot. */
void judge_finding(struct judge *judge, enum severity severity,
		   const char *code, const char *rule, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* judge_course.c: which content ran when. */
void judge_course(struct judge *judge);
/* The one content of RUNS_*; NULL: none, or more than one. */
const struct candidate *judge_content(const struct judge *judge,
				      unsigned int runs);
/* What userspace says of content for this channel and consumer. */
enum plm_err judge_expects(const struct judge *judge,
			   const struct candidate *content,
			   struct plm_fault *out_fault);

/* judge_offers.c: content offered to the running consumer, switches. */
void judge_offers(struct judge *judge);

/* judge_failures.c: allocations that were made to fail. */
void judge_failures(struct judge *judge);
/* What had just failed when the boot ended early: a new string, or NULL. */
char *judge_failing(const struct judge *judge);

/* judge_state.c: status, taint, memory. */
void judge_state(struct judge *judge);
/* Memory and taint alone. */
void judge_figures(struct judge *judge);
/* judge_target.c: what a foreign parser says; @complete: the run is. */
void judge_target(struct judge *judge, bool complete);
/*
 * judge_records.c: the kernel's matches against userspace's, record by record.
 * Fills in by whom each was evaluated.
 */
void judge_records(struct judge *judge, struct records *records);
bool judge_record_matched(const struct record *record,
			  const struct candidate *content, uint32_t rule);

/*
 * judge_proof.c: of how many rules the kernel has matched an event that was to
 * match.  @proven: by rule of the candidate.
 */
void judge_proof(struct judge *judge, const bool *proven);
/* judge_events.c: executions, records, matches. */
void judge_events(struct judge *judge);
/* Findings for each `kill` rule that matches an identity of PID 1; how many. */
size_t judge_pid1(struct judge *judge, const char *how);

#endif /* VM_JUDGE_H */
