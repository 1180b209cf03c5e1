/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of files that have been asked for and are under way: known by the
 * task that asked, from the system call's beginning to its end, because only
 * the middle of it knows the paths and only the end whether it came to pass.
 */
#ifndef PLM_PENDING_H
#define PLM_PENDING_H

#include <linux/sched.h>

#include "plm_eval.h"

struct plm_pending {
	struct task_struct *task;	/* NULL: free */
	const char *kind;		/* EventType */
	u8 *text;			/* target, then source; or NULL */
	u32 target_len;
	u32 source_len;			/* 0: none */
	bool both;			/* they change places */
	bool cut;
};

/* One for current, or NULL where there is no room. */
struct plm_pending *plm_pending_claim(const char *kind);

/* That of current, or NULL. */
struct plm_pending *plm_pending_find(void);

/* Note the paths, in place of earlier ones.  False without memory. */
bool plm_pending_note(struct plm_pending *pending,
		      const struct plm_value *target,
		      const struct plm_value *source, bool cut);

void plm_pending_release(struct plm_pending *pending);

/* Release all; nobody uses one any more. */
void plm_pending_stop(void);

#endif /* PLM_PENDING_H */
