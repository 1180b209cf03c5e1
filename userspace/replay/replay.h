/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The `replay` stage: events made from the rules, and the goodware corpus, through
 * the shared evaluator in a process of its own that is built with ASan and UBSan.
 *
 * Findings, beside those of a content that the core refuses, and those of
 * goodware.h:
 *
 *	NOT_CANONICAL	fail	the file is not what its rules encode to: its
 *				automata or triggers say something else
 *	MISMATCH	fail	evaluator and naive reference differ
 *	FAULT		fail	a rule faulted
 *	AMPLIFIED	fail	one event spends more than its share of steps
 *	SANITIZER	fail	a sanitizer's report, or death by a signal
 *	TIMEOUT		fail	the evaluator's processor time was used up
 *			unknown	it was not, but time was
 *	UNREACHABLE	fail	a rule that no event whatever can match
 *			unknown	no matching event was found: it is untested
 *	NOT_COMPARED	unknown	the reference would take too long over what the
 *				evaluator says
 *	NO_NEAR_MISS	unknown	no event was found that the rule lets pass
 *	NO_EVALUATOR	unknown	the evaluator is missing or not sanitized
 *	LOST		unknown	the evaluator gave no answer, or half of one
 *	NOT_COVERED	info	criteria that hold in no matching event
 */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include "plm_check.h"
#include "report/stage.h"

/*
 * Replay checked content.  @path names it in findings; the bytes that are
 * judged are those of @content, which is not read again.
 */
void replay_run(const char *path, const struct plm_content *content,
		struct stage *stage);

#endif /* REPLAY_REPLAY_H */
