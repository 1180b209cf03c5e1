// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The structural check: rules and their conditions. */
#include "plm_checker.h"
#include "plm_program.h"
#include "plm_text.h"

/*@ requires plm_checker_content_ok(k);
  @ requires \valid_read(rule) && \separated(k, rule);
  @ requires off + PLM_RULE_LEN <= k->c.len;
  @ assigns k->fault.off;
  @ ensures \result == PLM_OK ==> rule->template_index < PLM_MAX_TEMPLATES;
  @*/
static enum plm_err plm_check_rule_fields(struct plm_checker *k, u32 off,
					  const struct plm_rule *rule)
{
	if (rule->template_index >= plm_num_templates(&k->c) ||
	    rule->template_index >= PLM_MAX_TEMPLATES)
		return plm_fail(k, off + PLM_RULE_TEMPLATE, PLM_BAD_INDEX);
	if (rule->action < PLM_ACTION_AUDIT || rule->action > PLM_ACTION_KILL)
		return plm_fail(k, off + PLM_RULE_ACTION, PLM_BAD_TYPE);
	if (rule->level < PLM_LEVEL_INFORMATIONAL ||
	    rule->level > PLM_LEVEL_CRITICAL)
		return plm_fail(k, off + PLM_RULE_LEVEL, PLM_BAD_TYPE);
	if (plm_le32(k->c.data + off + PLM_RULE_RESERVED))
		return plm_fail(k, off + PLM_RULE_RESERVED, PLM_RESERVED_SET);
	return PLM_OK;
}

/* What the next rule's identifier must come behind. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && plm_text_ok(id);
  @ assigns k->last_id.data, k->last_id.len;
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_strings_ok(k);
  @ ensures plm_text_ok(k->last_id);
  @*/
static void plm_keep_id(struct plm_checker *k, struct plm_text id)
{
	k->last_id.data = id.data;
	k->last_id.len = id.len;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && off + PLM_RULE_LEN <= k->c.len;
  @ requires \valid_read(rule) && \separated(k, rule);
  @ requires plm_text_ok(rule->id) && plm_text_ok(k->last_id);
  @ assigns k->fault.off, k->strings.pos, k->strings.failed,
  @	k->last_id.data, k->last_id.len;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_strings_ok(k);
  @ ensures \result == PLM_OK ==> plm_text_ok(k->last_id);
  @*/
static enum plm_err plm_check_rule_strings(struct plm_checker *k, u32 off,
					   const struct plm_rule *rule)
{
	enum plm_err err;

	err = plm_check_string(k, off + PLM_RULE_ID, PLM_MAX_RULE_ID_LEN,
			       PLM_BYTES_ID);
	if (!err)
		err = plm_check_string(k, off + PLM_RULE_TITLE,
				       PLM_MAX_TEXT_LEN, PLM_BYTES_TEXT);
	if (!err)
		err = plm_check_string(k, off + PLM_RULE_TAGS,
				       PLM_MAX_TEXT_LEN, PLM_BYTES_TEXT);
	if (err)
		return err;
	if (rule->id.len == 0)
		return plm_fail(k, off + PLM_RULE_ID + 4, PLM_EMPTY);
	if (plm_text_compare(k->last_id, rule->id) >= 0)
		return plm_fail(k, off + PLM_RULE_ID, PLM_NOT_SORTED);
	plm_keep_id(k, rule->id);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_programs_ok(k) && \valid_read(rule) && \separated(k, rule);
  @ assigns k->fault.off, k->programs.pos, k->programs.failed;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_programs_ok(k);
  @*/
static enum plm_err plm_check_rule_program(struct plm_checker *k, u32 off,
					   const struct plm_rule *rule)
{
	u32 taken;

	if (rule->program_off != k->programs.pos)
		return plm_fail(k, off + PLM_RULE_PROGRAM_OFF, PLM_BAD_LAYOUT);
	if (rule->program_len == 0)
		return plm_fail(k, off + PLM_RULE_PROGRAM_LEN, PLM_EMPTY);
	if (rule->program_len > PLM_MAX_PROGRAM_LEN)
		return plm_fail(k, off + PLM_RULE_PROGRAM_LEN,
				PLM_LIMIT_EXCEEDED);
	if (!plm_take(&k->programs, rule->program_len, &taken))
		return plm_fail(k, off + PLM_RULE_PROGRAM_LEN, PLM_TRUNCATED);
	return PLM_OK;
}

/* Nothing more is at fault in a rule but perhaps its condition. */
/*@ requires plm_checker_content_ok(k) && plm_text_ok(k->last_id);
  @ requires plm_strings_ok(k) && plm_programs_ok(k);
  @ requires template_index < PLM_MAX_TEMPLATES;
  @ assigns k->num_rules[template_index], k->fault.rule;
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_text_ok(k->last_id);
  @ ensures plm_strings_ok(k);
  @ ensures plm_programs_ok(k);
  @*/
static void plm_pass_rule(struct plm_checker *k, u32 template_index)
{
	k->num_rules[template_index]++;
	k->fault.rule = PLM_NO_RULE;
}

/*@ requires plm_checker_content_ok(k) && plm_text_ok(k->last_id);
  @ requires plm_strings_ok(k) && plm_programs_ok(k);
  @ requires off + PLM_RULE_LEN <= k->c.len;
  @ requires \valid_read(rule) && \separated(k, rule);
  @ requires plm_text_ok(rule->id);
  @ assigns k->fault.off, k->fault.rule, k->strings.pos, k->strings.failed,
  @	k->programs.pos, k->programs.failed,
  @	k->num_rules[0 .. PLM_MAX_TEMPLATES - 1], k->last_id.data,
  @	k->last_id.len;
  @ ensures \result == PLM_OK ==> plm_strings_ok(k);
  @ ensures \result == PLM_OK ==> plm_programs_ok(k);
  @ ensures \result == PLM_OK ==> plm_text_ok(k->last_id);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_rule_parts(struct plm_checker *k, u32 off,
					 const struct plm_rule *rule)
{
	enum plm_err err;

	err = plm_check_rule_fields(k, off, rule);
	if (err)
		return err;
	err = plm_check_rule_strings(k, off, rule);
	if (err)
		return err;
	//@ assert plm_programs_ok(k);
	err = plm_check_rule_program(k, off, rule);
	if (err)
		return err;
	//@ assert plm_strings_ok(k);
	plm_pass_rule(k, rule->template_index);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k) && plm_text_ok(k->last_id);
  @ requires plm_strings_ok(k) && plm_programs_ok(k);
  @ requires index < k->c.section[PLM_SECTION_RULES - 1].count;
  @ assigns k->fault.off, k->fault.rule, k->strings.pos, k->strings.failed,
  @	k->programs.pos, k->programs.failed,
  @	k->num_rules[0 .. PLM_MAX_TEMPLATES - 1], k->last_id.data,
  @	k->last_id.len;
  @ ensures \result == PLM_OK ==> plm_strings_ok(k);
  @ ensures \result == PLM_OK ==> plm_programs_ok(k);
  @ ensures \result == PLM_OK ==> plm_text_ok(k->last_id);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_rule(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_RULES) + index * PLM_RULE_LEN;
	struct plm_rule rule;

	//@ assert off + PLM_RULE_LEN <= k->c.len;
	k->fault.rule = index;
	if (!plm_get_rule(&k->c, index, &rule))
		return plm_fail(k, off, PLM_BAD_INDEX);
	return plm_check_rule_parts(k, off, &rule);
}

enum plm_err plm_check_rules(struct plm_checker *k)
{
	u32 count = plm_num_rules(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant count == k->c.section[PLM_SECTION_RULES - 1].count;
	  @ loop invariant plm_strings_ok(k) && plm_programs_ok(k);
	  @ loop invariant plm_text_ok(k->last_id);
	  @ loop invariant plm_checker_content_ok(k);
	  @ loop assigns i, err, k->fault.off, k->fault.rule, k->strings.pos,
	  @	k->strings.failed, k->programs.pos, k->programs.failed,
	  @	k->num_rules[0 .. PLM_MAX_TEMPLATES - 1], k->last_id.data,
	  @	k->last_id.len;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_rule(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault.off, k->fault.rule;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_condition(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_RULES) + index * PLM_RULE_LEN;
	struct plm_condition condition;
	enum plm_err err;
	u32 word = 0;

	k->fault.rule = index;
	if (!plm_get_condition(&k->c, index, &condition))
		return plm_fail(k, off, PLM_BAD_INDEX);
	err = plm_check_program(&k->c, index, &condition, &word);
	if (err && err != PLM_BAD_TRIGGERS)
		off = plm_section_off(k, PLM_SECTION_PROGRAMS) + word * 4;
	if (err)
		return plm_fail(k, off, err);
	k->fault.rule = PLM_NO_RULE;
	return PLM_OK;
}

enum plm_err plm_check_conditions(struct plm_checker *k)
{
	u32 count = plm_num_rules(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_checker_content_ok(k);
	  @ loop assigns i, err, k->fault.off, k->fault.rule;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_condition(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}
