/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rules the naive reference says match each event. */
#ifndef REPLAY_EXPECT_H
#define REPLAY_EXPECT_H

#include "event/synth.h"

struct expected {
	bool all_rules;		/* else only the event's own rule is known */
	uint32_t *rules;	/* that match, ascending; owned */
	size_t num_rules, cap_rules;
};

/*
 * One for each event of @synth, in order.  Every rule is asked about every
 * event, as long as that takes no more than some seconds; of larger contents
 * about every n-th event, or none.  *@out_pairs is how many pairs were asked,
 * *@out_whole about how many events all rules.
 */
struct expected *expect_make(const struct model *model,
			     const struct synth *synth, uint64_t *out_pairs,
			     uint64_t *out_whole);
void expect_free(struct expected *expected, size_t num);

#endif /* REPLAY_EXPECT_H */
