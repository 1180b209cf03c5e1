/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of the whole module.
 */
#ifndef PLM_STATS_H
#define PLM_STATS_H

#include <linux/atomic.h>

struct plm_stats {
	atomic64_t num_events;	/* evaluated */
	atomic64_t num_failed;	/* events not told as they should be */
	atomic64_t num_lost;	/* stream records that found no room */
};

extern struct plm_stats plm_stats;

#endif /* PLM_STATS_H */
