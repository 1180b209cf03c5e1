/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Goodware on a machine with other numbers.  Which process id or source port an
 * event has is chance: a rule that kills dpkg where ProcessId is above 100,000
 * spares every machine that has just booted, the recorded ones among them, and
 * none that has run for a month.  So kill rules that test such numbers are asked
 * about the recorded events with the numbers that they look for.
 */
#ifndef REPLAY_ELSEWHERE_H
#define REPLAY_ELSEWHERE_H

#include "event/synth.h"

/* One matching event of a kill rule whose condition tests such numbers. */
struct elsewhere_probe {
	const struct synth_event *synth;
	size_t num_matches;
	size_t first;		/* the first recorded event that it matches */
};

struct elsewhere {
	const struct model *model;
	struct elsewhere_probe *probes;
	size_t num_probes, cap_probes;
	uint64_t cost;		/* of what has been asked */
	bool too_many;		/* not all fit: the rest is not known */
};

/* Keeps pointers into @model and @synth. */
void elsewhere_begin(struct elsewhere *e, const struct model *model,
		     const struct synth *synth);
/* Ask about recorded event number @index; it is the same event afterwards. */
void elsewhere_ask(struct elsewhere *e, struct event *event, size_t index);
/* "ProcessId 100001, ParentProcessId 7": the numbers of a probe, a new string. */
char *elsewhere_numbers(const struct elsewhere_probe *probe);
void elsewhere_end(struct elsewhere *e);

#endif /* REPLAY_ELSEWHERE_H */
