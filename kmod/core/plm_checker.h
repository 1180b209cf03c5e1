/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Inside the structural check: plm_check.c looks at the file as a whole and
 * then has plm_check_records.c look at what the sections hold.
 */
#ifndef PLM_CHECKER_H
#define PLM_CHECKER_H

#include "plm_check.h"
#include "plm_content.h"
#include "plm_cursor.h"

/* A check in progress. */
struct plm_checker {
	struct plm_content c;
	struct plm_fault fault;
	struct plm_cursor strings;	/* in bytes */
	struct plm_cursor programs;	/* in words */
	struct plm_cursor triggers;	/* in words */
	const struct plm_template *known[PLM_MAX_TEMPLATES];
	u32 stated_inputs[PLM_MAX_TEMPLATES];	/* in template records */
	u32 num_inputs[PLM_MAX_TEMPLATES];	/* seen in criteria */
	u32 num_rules[PLM_MAX_TEMPLATES];	/* seen in rules */
	struct plm_criterion last;	/* the criterion before */
};

static inline enum plm_err plm_fail(struct plm_checker *k, u32 off, enum plm_err err)
{
	k->fault.off = off;
	return err;
}

static inline u32 plm_section_off(const struct plm_checker *k, enum plm_section type)
{
	return k->c.section[type - 1].off;
}

/* The records of all sections, which lie where the section table says. */
enum plm_err plm_check_records(struct plm_checker *k);

#endif /* PLM_CHECKER_H */
