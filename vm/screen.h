/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Screening: many candidates, each in a VM of its own that goes on from a
 * template, or is a copy of one that did.  Every one is loaded, used and judged as
 * in a cold boot, with one event of each kind for each rule.  The VM ends with its last step: what the
 * kernel would say later nobody hears.  It is for finding the bad ones quickly;
 * no gate takes it for evidence, because a VM that did not boot has not shown
 * that a machine with this content boots.
 */
#ifndef VM_SCREEN_H
#define VM_SCREEN_H

#include "base/words.h"
#include "report/stage.h"

struct screen_options {
	const char *target;		/* name or file; NULL: ours */
	struct words kernels;		/* none: "debian:6.1" */
	struct words consumers;		/* paths; none: ours for each kernel */
	/*
	 * Told of each candidate when it is done, in any order, never twice at
	 * a time; its stage is freed afterwards.  May be NULL.
	 */
	void (*done)(void *context, size_t index, const struct stage *stage);
	void *context;
};

/*
 * Screen @num files.  @stage has what concerns all of them, and passes where
 * each has a verdict, whatever it is.
 */
void screen_run(const struct screen_options *options, char *const *paths,
		size_t num, struct stage *stage);

#endif /* VM_SCREEN_H */
