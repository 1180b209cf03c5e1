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

/*@ predicate plm_checker_content_ok(struct plm_checker *k) =
  @	\valid(k) && plm_content_ok(k->c);
  @
  @ predicate plm_strings_ok(struct plm_checker *k) =
  @	k->strings.pos <= k->strings.len &&
  @	k->strings.len == k->c.section[PLM_SECTION_STRINGS - 1].len;
  @
  @ predicate plm_programs_ok(struct plm_checker *k) =
  @	k->programs.pos <= k->programs.len &&
  @	k->programs.len == k->c.section[PLM_SECTION_PROGRAMS - 1].count;
  @
  @ predicate plm_triggers_ok(struct plm_checker *k) =
  @	k->triggers.pos <= k->triggers.len &&
  @	k->triggers.len == k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @
  @ predicate plm_known_ok(struct plm_checker *k) =
  @	\forall integer i; 0 <= i < PLM_MAX_TEMPLATES ==>
  @		k->stated_inputs[i] <= PLM_MAX_INPUTS &&
  @		(k->stated_inputs[i] > 0 ==> \valid_read(k->known[i]));
  @*/

/*@ requires \valid(k);
  @ assigns k->fault.off;
  @ ensures \result == err;
  @*/
static inline enum plm_err plm_fail(struct plm_checker *k, u32 off, enum plm_err err)
{
	k->fault.off = off;
	return err;
}

/*@ requires \valid_read(k) && 1 <= type <= PLM_NUM_SECTIONS;
  @ assigns \nothing;
  @ ensures \result == k->c.section[type - 1].off;
  @*/
static inline u32 plm_section_off(const struct plm_checker *k, enum plm_section type)
{
	return k->c.section[type - 1].off;
}

/* The records of all sections, which lie where the section table says. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k) && k->last.text.len == 0;
  @ assigns *k;
  @ ensures k->c.data == \old(k->c.data) && k->c.len == \old(k->c.len);
  @ ensures \result == PLM_OK ==> plm_content_ok(k->c);
  @*/
enum plm_err plm_check_records(struct plm_checker *k);

#endif /* PLM_CHECKER_H */
