/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events made from rules: for each rule one that must match and a near miss
 * that must not.  Expectations come from the naive reference over the decoded
 * model, never from the evaluator that they are to test.
 *
 * Beyond those two: for each criterion that a rule tests a matching event in
 * which it holds, a near miss in which it alone has been broken, and for each
 * thing that a rule excepts an event that is excepted, as far as there are
 * such events and SYNTH_MAX_* allow.
 */
#ifndef EVENT_SYNTH_H
#define EVENT_SYNTH_H

#include "content/model.h"
#include "event/event.h"

/*
 * Events of one rule, of each kind; and of all rules together, about: of many
 * rules each gets fewer, but always one of each kind.
 */
#define SYNTH_MAX_MATCHING	64u
#define SYNTH_MAX_MISSES	64u
#define SYNTH_MAX_EXCEPTED	32u
#define SYNTH_MAX_EVENTS	65536u

#define SYNTH_NO_CRITERION UINT32_MAX

enum synth_kind {
	SYNTH_MATCHING,		/* must match */
	SYNTH_NEAR_MISS,	/* must not: one criterion has been broken */
	SYNTH_EXCEPTED,		/* must not: what the rule excepts holds */
};

struct synth_event {
	uint32_t rule;		/* index in the content (rules sorted by id) */
	enum synth_kind kind;
	bool expect;		/* the rule must match / must not match */
	uint32_t criterion;	/* that it is about, or SYNTH_NO_CRITERION */
	struct event event;
};

struct synth {
	/*
	 * Ascending by rule; of a rule the first is a matching one, and the
	 * first near miss comes before the second matching one.
	 */
	struct synth_event *events;
	size_t num_events, cap_events;
	uint32_t *unsolved;	/* rules for which no matching event was found */
	size_t num_unsolved, cap_unsolved;
	uint32_t *impossible;	/* of these, the ones that can never match */
	size_t num_impossible, cap_impossible;
	uint32_t *no_miss;	/* rules for which no near miss was found */
	size_t num_no_miss, cap_no_miss;
	/* Over all rules: criteria that a rule wants, and those that hold in
	 * one of its matching events. */
	uint64_t num_wanted, num_covered;
};

/*
 * Deterministic.  Where a criterion leaves it open, the events are such that a
 * Linux machine can really execute them: absolute Image, arguments without a
 * zero byte, a User and LogonId of root.
 *
 * Bounded: what a rule costs more than the limits in synth.c is not made, and
 * the rule is then among the unsolved where that left it without any event.
 */
void synth_make(struct synth *synth, const struct model *model);
void synth_free(struct synth *synth);

/* "matching", "near miss", "excepted".  Static. */
const char *synth_kind_name(enum synth_kind kind);

#endif /* EVENT_SYNTH_H */
