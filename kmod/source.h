/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event sources: each fills the inputs of one template from something that the
 * kernel does, and raises events.  A new one is a file that defines a struct
 * plm_source, and a line in the table of source.c.
 */
#ifndef PLM_SOURCE_H
#define PLM_SOURCE_H

#include "plm_template.h"

struct plm_source {
	const char *name;
	const struct plm_supply *supply;	/* in PLM_SUPPLY_SECTION */
	int (*start)(void);	/* 0 or a negative errno, nothing left behind */
	void (*stop)(void);	/* returns when no event is under way */
};

extern const struct plm_source plm_source_exec;

/* Start all sources; on failure those that were started are stopped. */
int plm_sources_start(void);
void plm_sources_stop(void);

/* The supply records of all sources; *@out_num of them. */
const struct plm_supply *const *plm_sources_supply(u32 *out_num);

#endif /* PLM_SOURCE_H */
