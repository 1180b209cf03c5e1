/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The `check` stage: the shared core parses the file, and what it needs is
 * compared with what each consumer supplies and with the baseline.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdbool.h>

#include "base/words.h"
#include "content/load.h"

struct check_options {
	struct words consumers;		/* paths of modules */
	struct words kernels;		/* that they must fit; none: not asked */
	bool boots_follow;		/* and show what can't be told here */
	const char *baseline;		/* path, or NULL */
};

/*
 * Check the candidate at @path.  Everything that it has to say is in @stage.
 * @out_loaded may be NULL; else it is the loaded file, to be unloaded by the
 * caller whatever the verdict.
 */
void check_run(const struct check_options *options, const char *path,
	       struct stage *stage, struct loaded *out_loaded);

#endif /* CHECK_CHECK_H */
