/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a process is: what it was when it began to run its program.  Kept by the
 * module since that moment, inherited over fork, and never read again from
 * memory that the process can change.
 */
#ifndef PLM_LINEAGE_H
#define PLM_LINEAGE_H

#include <linux/refcount.h>
#include <linux/sched.h>

#include "plm_eval.h"

/* Immutable once it is published. */
struct plm_ancestor {
	refcount_t refs;
	struct rcu_head rcu;
	struct plm_value image;		/* into text */
	struct plm_value command_line;	/* into text */
	bool cut;			/* one of them was too long */
	u8 text[];
};

/* Start to keep lineages; lineage_seed.h has what is known of those of now. */
int plm_lineage_start(void);
void plm_lineage_stop(void);

/*
 * What is known of @task's process, or NULL.  Valid within the caller's
 * RCU read side; @task need only be valid itself.
 */
const struct plm_ancestor *plm_lineage_find(const struct task_struct *task);

/*
 * current has begun to run @image with @command_line; both are copied.
 * Without memory the process becomes unknown, for what was known is no longer
 * true, and false is returned.
 */
bool plm_lineage_exec(const struct plm_value *image,
		      const struct plm_value *command_line, bool cut);

#endif /* PLM_LINEAGE_H */
