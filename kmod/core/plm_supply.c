// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What content needs against what a consumer says that it supplies. */
#include "plm_check.h"

#include "plm_content.h"

/*@ requires \valid_read(supplies + (0 .. num_supplies - 1));
  @ requires \forall integer i; 0 <= i < num_supplies ==>
  @	\valid_read(supplies[i]);
  @ assigns \result \from supplies[0 .. num_supplies - 1];
  @ ensures \result == \null || plm_shape_fits(\result);
  @*/
static const struct plm_supply *
plm_find_supply(const struct plm_supply *const *supplies, u32 num_supplies,
		u32 template_id)
{
	u32 i;

	/*@ loop invariant 0 <= i <= num_supplies;
	  @ loop assigns i;
	  @ loop variant num_supplies - i;
	  @*/
	for (i = 0; i < num_supplies; i++)
		if (supplies[i]->magic == PLM_SUPPLY_MAGIC &&
		    supplies[i]->num_inputs <= PLM_MAX_INPUTS &&
		    supplies[i]->template_id == template_id)
			return supplies[i];
	return NULL;
}

/* A rule whose condition tests @criterion, or PLM_NO_RULE. */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @*/
static u32 plm_find_tester(const struct plm_content *c, u32 criterion)
{
	u32 index, i, word;
	struct plm_rule rule;

	/*@ loop invariant 0 <= index <= c->section[PLM_SECTION_RULES - 1].count;
	  @ loop assigns index, i, word, rule;
	  @ loop variant c->section[PLM_SECTION_RULES - 1].count - index;
	  @*/
	for (index = 0; plm_get_rule(c, index, &rule); index++) {
		/*@ loop invariant 0 <= i <= rule.program_len;
		  @ loop assigns i, word;
		  @ loop variant rule.program_len - i;
		  @*/
		for (i = 0; i < rule.program_len; i++) {
			word = plm_get_word(c, PLM_SECTION_PROGRAMS,
					    rule.program_off + i);
			if (word == PLM_WORD(PLM_WORD_TEST, criterion))
				return index;
		}
	}
	return PLM_NO_RULE;
}

/* The first criterion over an input that is not supplied. */
/*@ requires plm_content_fits(c) && \valid(out_fault);
  @ requires \separated(c, out_fault);
  @ assigns *out_fault;
  @*/
static enum plm_err plm_find_unsupplied(const struct plm_content *c,
					u32 template_index, u32 num_inputs,
					struct plm_fault *out_fault)
{
	u32 off = c->section[PLM_SECTION_CRITERIA - 1].off;
	struct plm_criterion criterion;
	u32 i;

	/*@ loop invariant 0 <= i <= c->section[PLM_SECTION_CRITERIA - 1].count;
	  @ loop assigns i, criterion, *out_fault;
	  @ loop variant c->section[PLM_SECTION_CRITERIA - 1].count - i;
	  @*/
	for (i = 0; plm_get_criterion(c, i, &criterion); i++) {
		if (criterion.template_index != template_index ||
		    (criterion.input < num_inputs &&
		     !plm_is_paired_from(&criterion, num_inputs)))
			continue;
		out_fault->rule = plm_find_tester(c, i);
		out_fault->off = off + i * PLM_CRITERION_LEN +
				 (criterion.input < num_inputs ?
				  PLM_CRI_NUMBER : PLM_CRI_INPUT);
		break;
	}
	return PLM_INPUT_NOT_SUPPLIED;
}

enum plm_err plm_check_supply(const struct plm_content *content,
			      const struct plm_supply *const *supplies,
			      u32 num_supplies, struct plm_fault *out_fault)
{
	u32 off = content->section[PLM_SECTION_TEMPLATES - 1].off;
	const struct plm_supply *supply;
	struct plm_template_ref t;
	u32 i;

	*out_fault = (struct plm_fault){ 0, PLM_NO_RULE };
	/*@ loop invariant 0 <= i <= content->section[PLM_SECTION_TEMPLATES - 1].count;
	  @ loop assigns i, t, supply, *out_fault;
	  @ loop variant content->section[PLM_SECTION_TEMPLATES - 1].count - i;
	  @*/
	for (i = 0; plm_get_template(content, i, &t); i++) {
		out_fault->off = off + i * PLM_TEMPLATE_LEN;
		supply = plm_find_supply(supplies, num_supplies, t.id);
		if (!supply)
			return PLM_TEMPLATE_UNKNOWN;
		if (t.num_inputs > supply->num_inputs)
			return plm_find_unsupplied(content, i,
						   supply->num_inputs,
						   out_fault);
		if (t.shape != plm_shape_hash(supply, t.num_inputs)) {
			out_fault->off += PLM_TPL_SHAPE;
			return PLM_SHAPE_MISMATCH;
		}
	}
	out_fault->off = 0;
	return PLM_OK;
}
