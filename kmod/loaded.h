/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Content in use: the checked bytes, immutable, and what belongs to them and
 * dies with them (working memory of each CPU, counters and switches of each
 * rule).
 */
#ifndef PLM_LOADED_H
#define PLM_LOADED_H

#include <linux/atomic.h>
#include <linux/gfp.h>

#include "event.h"
#include "plm_eval.h"

/*
 * For all memory of a content: if there is none, the file is refused, and no
 * process is killed to make room for it.
 */
#define PLM_CONTENT_GFP (GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

struct plm_rule_state {
	atomic_t flags;		/* PLIMSOLL_RULE_*; any of them stops it */
	u32 last_err;		/* enum plm_err */
};

struct plm_rule_count {
	u64 num_evaluated;
	u64 num_matched;
	u64 num_faulted;
};

/* Written by its own CPU alone. */
struct plm_loaded_cpu {
	struct plm_scratch scratch;
	u64 num_events;
	struct plm_rule_count *counts;	/* by rule */
	s32 *words;
};

struct plm_loaded {
	struct plm_content content;
	u8 *data;
	u32 templates;		/* that rules are of: bit 1 << id */
	struct plm_walks walks;
	struct plm_walk *walk_list;
	u32 *walk_words;
	struct plm_rule_state *rules;
	struct plm_loaded_cpu **cpus;	/* by CPU number */
};

/*
 * Put @content, which was checked in @data, to use.  On success @data is the
 * result's; NULL without memory, and @data is still the caller's.
 */
struct plm_loaded *plm_loaded_make(const struct plm_content *content,
				   u8 *data);

/* @loaded is not NULL, and nobody may be using it any more. */
void plm_loaded_free(struct plm_loaded *loaded);

/*
 * Evaluate @event, add what matches to @verdict.  Preemption is disabled, and
 * no other evaluation is under way on this CPU.
 */
void plm_loaded_evaluate(struct plm_loaded *loaded,
			 const struct plm_event *event,
			 struct plm_verdict *verdict);

/* Sums over all CPUs. */
struct plm_rule_count plm_loaded_count(const struct plm_loaded *loaded,
				       u32 rule);
u64 plm_loaded_num_events(const struct plm_loaded *loaded);

/* Enabling also forgives a fault. */
void plm_loaded_switch(struct plm_loaded *loaded, u32 rule, bool enable);

#endif /* PLM_LOADED_H */
