// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/stage.h"

void fuzz_in_kernel(const struct fuzz_options *options, const char *path,
		    struct stage *stage)
{
	struct place place = { path, FINDING_NO_OFFSET, NULL };

	(void)options;
	stage_begin(stage);
	stage_finding(stage, SEVERITY_UNKNOWN, "NOT_BUILT", place,
		      "fuzzing inside the kernel is not part of this command yet");
	stage_end(stage);
}
