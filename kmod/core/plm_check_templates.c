// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The structural check: templates. */
#include "plm_checker.h"

/* Remember what the criteria of a template are checked against. */
/*@ requires plm_checker_content_ok(k) && plm_known_ok(k);
  @ requires index < PLM_MAX_TEMPLATES && \valid_read(known);
  @ requires num_inputs <= PLM_MAX_INPUTS;
  @ assigns k->known[index], k->stated_inputs[index];
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_known_ok(k);
  @*/
static void plm_know_template(struct plm_checker *k, u32 index,
			      const struct plm_template *known, u32 num_inputs)
{
	k->known[index] = known;
	k->stated_inputs[index] = num_inputs;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires index < k->c.section[PLM_SECTION_TEMPLATES - 1].count;
  @ assigns k->fault.off, k->known[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->stated_inputs[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_template(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_TEMPLATES) +
		  index * PLM_TEMPLATE_LEN;
	const struct plm_template *known;
	struct plm_template_ref t, last;

	//@ assert off + PLM_TEMPLATE_LEN <= k->c.len;
	if (!plm_get_template(&k->c, index, &t) || index >= PLM_MAX_TEMPLATES)
		return plm_fail(k, off, PLM_BAD_INDEX);
	if (index && plm_get_template(&k->c, index - 1, &last) &&
	    t.id <= last.id)
		return plm_fail(k, off + PLM_TPL_ID, PLM_NOT_SORTED);
	known = plm_template_find(t.id);
	if (!known)
		return plm_fail(k, off + PLM_TPL_ID, PLM_TEMPLATE_UNKNOWN);
	if (t.num_inputs > known->shape.num_inputs)
		return plm_fail(k, off + PLM_TPL_NUM_INPUTS,
				PLM_INPUT_NOT_SUPPLIED);
	if (t.shape != plm_shape_hash(&known->shape, t.num_inputs))
		return plm_fail(k, off + PLM_TPL_SHAPE, PLM_SHAPE_MISMATCH);
	if (plm_le32(k->c.data + off + PLM_TPL_RESERVED))
		return plm_fail(k, off + PLM_TPL_RESERVED, PLM_RESERVED_SET);
	plm_know_template(k, index, known, t.num_inputs);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires index < k->c.section[PLM_SECTION_TEMPLATES - 1].count;
  @ assigns k->fault.off;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_template_count(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_TEMPLATES) +
		  index * PLM_TEMPLATE_LEN;
	struct plm_template_ref t;

	if (!plm_get_template(&k->c, index, &t) || index >= PLM_MAX_TEMPLATES)
		return plm_fail(k, off, PLM_BAD_INDEX);
	if (t.num_inputs != k->num_inputs[index])
		return plm_fail(k, off + PLM_TPL_NUM_INPUTS,
				PLM_COUNT_MISMATCH);
	if (t.num_rules != k->num_rules[index])
		return plm_fail(k, off + PLM_TPL_NUM_RULES, PLM_COUNT_MISMATCH);
	if (t.num_rules == 0)
		return plm_fail(k, off + PLM_TPL_NUM_RULES, PLM_EMPTY);
	return PLM_OK;
}

enum plm_err plm_check_templates(struct plm_checker *k)
{
	u32 count = plm_num_templates(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant count == k->c.section[PLM_SECTION_TEMPLATES - 1].count;
	  @ loop invariant plm_known_ok(k);
	  @ loop invariant plm_checker_content_ok(k);
	  @ loop assigns i, err, k->fault.off, k->known[0 .. PLM_MAX_TEMPLATES - 1],
	  @	k->stated_inputs[0 .. PLM_MAX_TEMPLATES - 1];
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_template(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}

enum plm_err plm_check_template_counts(struct plm_checker *k)
{
	u32 count = plm_num_templates(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant count == k->c.section[PLM_SECTION_TEMPLATES - 1].count;
	  @ loop invariant plm_checker_content_ok(k);
	  @ loop assigns i, err, k->fault.off;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_template_count(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}
