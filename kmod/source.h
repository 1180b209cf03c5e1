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
	/*
	 * Begin or end to raise events; 0 or a negative errno.  NULL: it
	 * raises them as long as it is started.
	 */
	int (*enable)(bool enable);
	u64 (*missed)(void);	/* events that may be missing; or NULL */
};

extern const struct plm_source plm_source_exec;
extern const struct plm_source plm_source_net;
extern const struct plm_source plm_source_file;

/* Start all sources; on failure those that were started are stopped. */
int plm_sources_start(void);
void plm_sources_stop(void);

/*
 * Raise the events of these templates, bit 1 << id each, and of those whose
 * sources raise them anyway.  0, or a negative errno, and some of the sources
 * are as they were before.  Callers take turns.
 */
int plm_sources_want(u32 templates);

/* Events that may be missing from all sources. */
u64 plm_sources_missed(void);

/* The supply records of all sources; *@out_num of them. */
const struct plm_supply *const *plm_sources_supply(u32 *out_num);

#endif /* PLM_SOURCE_H */
