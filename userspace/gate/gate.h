/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gate: every stage on one candidate, one verdict, one report.
 *
 * The verdict is the worst of the stages'; a stage that did not run is
 * unknown, so nothing passes because something was skipped.
 */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include <jansson.h>

#include "base/words.h"
#include "policy/policy.h"
#include "report/stage.h"

struct gate_options {
	const struct policy *policy;
	const char *target;		/* NULL: ours */
	const char *baseline;		/* path or NULL */
	const char *report_dir;		/* or NULL */
	struct words kernels;		/* none: "debian:6.1" */
	struct words consumers;		/* none: ours for each kernel */
};

/*
 * Gate the candidate at @path, telling people on stderr.  *@out_report is a
 * new reference to the report.
 */
enum verdict gate_run(const struct gate_options *options, const char *path,
		      json_t **out_report);

#endif /* GATE_GATE_H */
