/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A step of a target, as host and guest both read it, and what its answer
 * says.  A step is a list of texts "key=value".  First comes "kind", then what
 * the kind takes; from the first "when" on they are conditions:
 *
 *	when=accepted	or "rejected", "untold": a condition begins
 *	errno=0 71	one of these; "any": any but 0
 *	status=1	of a program, as errno
 *	output=GLOB	a line of what came back
 *	console=GLOB	a line that the kernel has said in this phase
 *
 * All parts of a condition must hold; of several conditions any is enough.
 */
#ifndef VM_TARGET_ANSWER_H
#define VM_TARGET_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In this order; a phase is any number of steps. */
#define TARGET_PHASES(X) X(SETUP, "setup") X(LOAD, "load") X(USE, "use") X(UNDO, "undo")

#define TARGET_PHASE_ENUM(name, text) TARGET_##name,
enum target_phase { TARGET_PHASES(TARGET_PHASE_ENUM) TARGET_NUM_PHASES };
#undef TARGET_PHASE_ENUM

enum target_told {
	TARGET_NOT_TOLD,	/* no condition holds */
	TARGET_ACCEPTED,
	TARGET_REJECTED,
	TARGET_SKIPPED,		/* the step was not carried out */
	TARGET_UNTOLD,		/* it says itself that it can't tell */
	TARGET_CUT,		/* no condition holds, but one may have */
};

/* What came of a step. */
struct target_seen {
	int error;		/* errno, or 0 */
	int status;		/* of a program as a shell has it; none where
				 * there is an errno */
	const char *output;	/* lines; not zero-terminated */
	size_t output_len;
	const char *console;	/* the kernel's own lines of this phase */
	size_t console_len;
	bool output_cut, console_cut;	/* there was more than is kept */
};

/* The value of the first text "@key=..." before the conditions, or NULL. */
const char *target_value(char *const *texts, const char *key);

/*
 * What the answer says; a rejection goes before an acceptance, and
 * both before "untold".  A step without
 * a condition for acceptance is accepted where nothing has failed.
 * Of an answer that was cut, what is missing may have had the line that a
 * condition asks for: a rejection that may hold so goes before an acceptance.
 */
enum target_told target_judge(char *const *texts,
			      const struct target_seen *seen);

/* Has it a condition of this kind ("accepted", "rejected")? */
bool target_has_condition(char *const *texts, const char *kind);

/* VM_RESULT_ANSWER; output, then console lines follow. */
struct vm_answer {
	uint32_t phase;		/* enum target_phase */
	uint32_t told;		/* enum target_told */
	int32_t error, status;
	uint32_t output_len, console_len;
	uint64_t microseconds;
};

#define TARGET_MAX_OUTPUT	65536u	/* bytes kept of one answer */
#define TARGET_MAX_CONSOLE	65536u	/* bytes kept of one phase */

/* VM_RESULT_OFFERED: the same steps over and over. */
struct vm_offered {
	uint32_t num_offered, num_accepted, num_rejected, num_not_told;
	uint32_t num_cut;		/* of num_not_told: TARGET_CUT */
	uint32_t first_accepted;	/* number of the file, from 0 */
	uint32_t first_not_told;
	uint32_t first_error;		/* errno of the first that has one */
};

/* VM_RESULT_TOLD: what loading one neighbour has come to. */
struct vm_told {
	uint32_t told;			/* enum target_told */
	int32_t error;			/* errno of the step that decided, or 0 */
};

#endif /* VM_TARGET_ANSWER_H */
