/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verbs that are one stage on one file: boot, fuzz. */
#ifndef VERB_STAGE_H
#define VERB_STAGE_H

#include "options.h"
#include "report/stage.h"

struct verb_stage {
	const char *name;		/* of the stage */
	const char *mode;		/* of it, for the JSON; or NULL */
	const char *baseline;		/* path or NULL */
	const struct words *consumers;	/* paths */
	const char *report_dir;		/* or NULL */
	bool json;			/* on standard output */
	void (*run)(const void *options, const char *path, struct stage *stage);
	const void *options;
};

/*
 * Hold what was given, run the stage on the file at @path, and tell: on stderr,
 * in the report's folder, as JSON.  The exit status.
 */
int verb_stage(const struct verb_stage *verb, const char *path);

#endif /* VERB_STAGE_H */
