/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Inside the structural check: plm_check.c looks at the file as a whole, then has
 * plm_check_records.c look at what the sections hold, which knows the order of
 * things and has a file for each kind of record.
 */
#ifndef PLM_CHECKER_H
#define PLM_CHECKER_H

#include "plm_check.h"
#include "plm_content.h"
#include "plm_cursor.h"
#include "plm_text.h"

struct plm_op_form;

/* A check in progress. */
struct plm_checker {
	struct plm_content c;
	struct plm_fault fault;
	struct plm_cursor file;		/* in bytes */
	struct plm_cursor strings;	/* in bytes */
	struct plm_cursor programs;	/* in words */
	struct plm_cursor triggers;	/* in words */
	const struct plm_template *known[PLM_MAX_TEMPLATES];
	u32 stated_inputs[PLM_MAX_TEMPLATES];	/* in template records */
	u32 num_inputs[PLM_MAX_TEMPLATES];	/* seen in criteria */
	u32 num_rules[PLM_MAX_TEMPLATES];	/* seen in rules */
	struct plm_text last_id;	/* of the rule before */
	/* Of the criterion before: */
	u64 head;			/* its key, as it is stored */
	struct plm_criterion_key key;
	const struct plm_op_form *form;
	u64 last_number;
	struct plm_text last_text;
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

/*@ predicate plm_key_ok(struct plm_checker *k) =
  @	\valid_read(k->form) && k->key.template_index < PLM_MAX_TEMPLATES &&
  @	k->key.input < k->stated_inputs[k->key.template_index];
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

/* The string whose reference stands at @ref, of at most @max_len bytes. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && ref + 8 <= k->c.len;
  @ assigns k->fault.off, k->strings.pos, k->strings.failed;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_strings_ok(k);
  @*/
enum plm_err plm_check_string(struct plm_checker *k, u32 ref, u32 max_len,
			      enum plm_byte_set set);

/* Template records. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ assigns k->fault.off, k->known[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->stated_inputs[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
enum plm_err plm_check_templates(struct plm_checker *k);

/* Rule records without their conditions. */
/*@ requires plm_checker_content_ok(k) && plm_text_ok(k->last_id);
  @ requires plm_strings_ok(k) && plm_programs_ok(k);
  @ assigns k->fault.off, k->fault.rule, k->strings.pos, k->strings.failed,
  @	k->programs.pos, k->programs.failed,
  @	k->num_rules[0 .. PLM_MAX_TEMPLATES - 1], k->last_id.data,
  @	k->last_id.len;
  @ ensures \result == PLM_OK ==> plm_strings_ok(k);
  @ ensures \result == PLM_OK ==> plm_programs_ok(k);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
enum plm_err plm_check_rules(struct plm_checker *k);

/* Criterion records and their lists of triggers; templates are known. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && plm_triggers_ok(k);
  @ requires plm_known_ok(k) && plm_text_ok(k->last_text);
  @ assigns k->fault.off, k->strings.pos, k->strings.failed, k->triggers.pos,
  @	k->triggers.failed, k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->key, k->form, k->head, k->last_number, k->last_text.data,
  @	k->last_text.len;
  @ ensures \result == PLM_OK ==> plm_strings_ok(k);
  @ ensures \result == PLM_OK ==> plm_triggers_ok(k);
  @ ensures \result == PLM_OK ==> plm_text_ok(k->last_text);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
enum plm_err plm_check_criteria(struct plm_checker *k);

/* What criteria leave of the triggers are rules for every event. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_triggers_ok(k);
  @ assigns k->fault.off, k->c.num_always;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
enum plm_err plm_check_always(struct plm_checker *k);

/* Conditions, last of all that a rule has: they need criteria and triggers. */
/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault.off, k->fault.rule;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
enum plm_err plm_check_conditions(struct plm_checker *k);

/* What the templates state must be what rules and criteria have shown. */
/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault.off;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
enum plm_err plm_check_template_counts(struct plm_checker *k);

/* The records of all sections, which lie where the section table says. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k) && k->last_text.len == 0 &&
  @	k->last_id.len == 0;
  @ assigns *k;
  @ ensures \result == PLM_OK ==>
  @	k->c.data == \old(k->c.data) && k->c.len == \old(k->c.len);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
enum plm_err plm_check_records(struct plm_checker *k);

#endif /* PLM_CHECKER_H */
