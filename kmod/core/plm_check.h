/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The gate call of the core: one call checks one whole buffer and yields the
 * handle that every later access takes.  The buffer stays the caller's, must
 * outlive the handle, and must not change while the handle is in use.
 */
#ifndef PLM_CHECK_H
#define PLM_CHECK_H

#include "plm_error.h"
#include "plm_format.h"
#include "plm_template.h"

struct plm_section_ref {
	u32 off;	/* bytes from the start of the file */
	u32 len;	/* bytes */
	u32 count;	/* records */
};

/* A checked content file.  Read it through plm_content.h. */
struct plm_content {
	const u8 *data;
	u32 len;
	u32 channel;
	u64 version;
	u32 num_always;	/* rules that every event of their template evaluates */
	struct plm_section_ref section[PLM_NUM_SECTIONS];	/* by type - 1 */
};

/*
 * What the section table promises, and what every access relies on: sections
 * of whole records that lie inside the bytes.
 */
/*@ predicate plm_section_ok(struct plm_content c, integer type,
  @			     integer record_len) =
  @	c.section[type - 1].off + c.section[type - 1].len <= c.len &&
  @	c.section[type - 1].count * record_len == c.section[type - 1].len;
  @
  @ predicate plm_content_ok(struct plm_content c) =
  @	PLM_BODY_OFF <= c.len <= PLM_MAX_FILE_LEN &&
  @	\valid_read(c.data + (0 .. c.len - 1)) &&
  @	plm_section_ok(c, PLM_SECTION_TEMPLATES, PLM_TEMPLATE_LEN) &&
  @	plm_section_ok(c, PLM_SECTION_RULES, PLM_RULE_LEN) &&
  @	plm_section_ok(c, PLM_SECTION_CRITERIA, PLM_CRITERION_LEN) &&
  @	plm_section_ok(c, PLM_SECTION_PROGRAMS, 4) &&
  @	plm_section_ok(c, PLM_SECTION_TRIGGERS, 4) &&
  @	plm_section_ok(c, PLM_SECTION_AUTOMATA, PLM_AUTOMATON_LEN) &&
  @	plm_section_ok(c, PLM_SECTION_TABLES, 4) &&
  @	plm_section_ok(c, PLM_SECTION_STRINGS, 1) &&
  @	c.section[PLM_SECTION_TEMPLATES - 1].count <= PLM_MAX_TEMPLATES &&
  @	c.section[PLM_SECTION_RULES - 1].count <= PLM_MAX_RULES &&
  @	c.section[PLM_SECTION_CRITERIA - 1].count <= PLM_MAX_CRITERIA &&
  @	c.section[PLM_SECTION_AUTOMATA - 1].count <= PLM_MAX_AUTOMATA &&
  @	c.num_always <= c.section[PLM_SECTION_TRIGGERS - 1].count;
  @
  @ predicate plm_content_fits(struct plm_content *c) =
  @	\valid_read(c) && plm_content_ok(*c);
  @
  @ predicate plm_content_of(struct plm_content c, u8 *data, integer len) =
  @	c.data == data && c.len == len;
  @*/

/*
 * Check the structure of @data[0..@len), which may not exceed @max_len bytes
 * (0: PLM_MAX_FILE_LEN).  Returns PLM_OK and fills *@out_content, or returns
 * the first error and fills *@out_fault; the other output is left zeroed.
 * Time is linear in @len.  Any of the errors of plm_error.h but those of
 * plm_check_supply, plm_eval_rule and NO_MEMORY.
 */
/*@ requires \object_pointer(data) && \valid_read(data + (0 .. len - 1));
  @ requires \valid(out_content) && \valid(out_fault);
  @ requires \separated(out_content, out_fault);
  @ assigns *out_content, *out_fault;
  @ ensures \result == PLM_OK ==> plm_content_fits(out_content);
  @ ensures \result == PLM_OK ==> plm_content_of(*out_content, data, len);
  @*/
enum plm_err plm_check(const u8 *data, u32 len, u32 max_len,
		       struct plm_content *out_content,
		       struct plm_fault *out_fault);

/*
 * Compare what @content needs with what a consumer supplies: @supplies are
 * @num_supplies records, at most one for a template.
 * PLM_TEMPLATE_UNKNOWN: no record for a template; fault at its record.
 * PLM_INPUT_NOT_SUPPLIED: fault at the first criterion over such an input,
 *	with a rule that tests it.
 * PLM_SHAPE_MISMATCH: types or names differ; fault at the template's hash.
 */
/*@ requires plm_content_fits(content) && \valid(out_fault);
  @ requires \valid_read(supplies + (0 .. num_supplies - 1));
  @ requires \forall integer i; 0 <= i < num_supplies ==>
  @	\valid_read(supplies[i]) && \separated(supplies[i], out_fault);
  @ requires \separated(content, out_fault);
  @ requires \separated(supplies + (0 .. num_supplies - 1), out_fault);
  @ assigns *out_fault;
  @*/
enum plm_err plm_check_supply(const struct plm_content *content,
			      const struct plm_supply *const *supplies,
			      u32 num_supplies, struct plm_fault *out_fault);

#endif /* PLM_CHECK_H */
