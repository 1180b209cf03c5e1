/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be learnt of the processes that run already.
 */
#ifndef PLM_LINEAGE_SEED_H
#define PLM_LINEAGE_SEED_H

#include <linux/sched.h>

#include "plm_eval.h"

/*
 * Enter every process of now that has no entry.  A process that cannot be read
 * stays unknown; -ENOMEM where not even the list of processes can be held.
 */
int plm_lineage_seed(void);

/* In lineage.c: enter one, unless it has an entry.  May sleep. */
bool plm_lineage_seed_one(struct task_struct *task,
			  const struct plm_value *image,
			  const struct plm_value *command_line, bool cut);

#endif /* PLM_LINEAGE_SEED_H */
