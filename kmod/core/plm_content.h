/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Access to checked content.  After plm_check none of these can fail for an
 * index below the section's count, and yet each bounds its index: past the end
 * it returns false (or 0) and leaves a zeroed output.
 */
#ifndef PLM_CONTENT_H
#define PLM_CONTENT_H

#include "plm_check.h"

/* Bytes inside the content; not terminated. */
struct plm_text {
	const u8 *data;
	u32 len;
};

struct plm_template_ref {
	u32 id;
	u32 num_inputs;
	u64 shape;
	u32 num_rules;
};

struct plm_rule {
	u32 template_index;
	u32 action;		/* enum plm_action */
	u32 level;		/* enum plm_level */
	u32 program_off;	/* words */
	u32 program_len;	/* words */
	struct plm_text id;
	struct plm_text title;
	struct plm_text tags;
};

struct plm_criterion {
	u32 template_index;
	u32 input;
	u32 op;			/* enum plm_op */
	u32 flags;
	u64 number;
	struct plm_text text;
	u32 trigger_off;
	u32 num_triggers;
};

/* Does it compare with an input from @index on? */
/*@ requires \valid_read(criterion);
  @ assigns \nothing;
  @*/
static inline bool plm_is_paired_from(const struct plm_criterion *criterion,
				      u32 index)
{
	return plm_op_is_pair(criterion->op) && criterion->number >= index;
}

struct plm_automaton {
	u32 template_index;
	u32 input;
	u32 flags;
	u32 num_classes;
	u32 num_states;
	u32 num_hot;
	u32 num_dense;
	u32 start;
	u32 num_edges;
	u32 num_outputs;
	u32 tables_off;		/* words */
	u32 tables_len;		/* words */
	u32 part;
};

/*@ predicate plm_text_ok(struct plm_text text) =
  @	text.len == 0 || \valid_read(text.data + (0 .. text.len - 1));
  @
  @ logic u8 *plm_at(struct plm_content *c, integer type, integer record_len,
  @		   integer index) =
  @	c->data + (c->section[type - 1].off + index * record_len);
  @*/

/*@ requires \valid_read(c);
  @ assigns \nothing;
  @ ensures \result == c->section[PLM_SECTION_TEMPLATES - 1].count;
  @*/
static inline u32 plm_num_templates(const struct plm_content *c)
{
	return c->section[PLM_SECTION_TEMPLATES - 1].count;
}

/*@ requires \valid_read(c);
  @ assigns \nothing;
  @ ensures \result == c->section[PLM_SECTION_RULES - 1].count;
  @*/
static inline u32 plm_num_rules(const struct plm_content *c)
{
	return c->section[PLM_SECTION_RULES - 1].count;
}

/*@ requires \valid_read(c);
  @ assigns \nothing;
  @ ensures \result == c->section[PLM_SECTION_CRITERIA - 1].count;
  @*/
static inline u32 plm_num_criteria(const struct plm_content *c)
{
	return c->section[PLM_SECTION_CRITERIA - 1].count;
}

/*@ requires \valid_read(c);
  @ assigns \nothing;
  @ ensures \result == c->section[PLM_SECTION_AUTOMATA - 1].count;
  @*/
static inline u32 plm_num_automata(const struct plm_content *c)
{
	return c->section[PLM_SECTION_AUTOMATA - 1].count;
}

/*@ requires plm_content_fits(c) && \valid(out) && \separated(c, out);
  @ assigns *out;
  @ ensures \result <==>
  @	index < \old(c->section[PLM_SECTION_TEMPLATES - 1].count);
  @*/
bool plm_get_template(const struct plm_content *c, u32 index,
		      struct plm_template_ref *out);

/*@ requires plm_content_fits(c) && \valid(out) && \separated(c, out);
  @ assigns *out;
  @ ensures \result <==> index < \old(c->section[PLM_SECTION_RULES - 1].count);
  @ ensures \result ==> out->template_index ==
  @	plm_u16(\old(plm_at(c, PLM_SECTION_RULES, PLM_RULE_LEN, index)));
  @ ensures \result ==>
  @	out->program_off == plm_u32(\old(plm_at(c, PLM_SECTION_RULES,
  @	PLM_RULE_LEN, index)) + PLM_RULE_PROGRAM_OFF);
  @ ensures \result ==>
  @	out->program_len == plm_u32(\old(plm_at(c, PLM_SECTION_RULES,
  @	PLM_RULE_LEN, index)) + PLM_RULE_PROGRAM_LEN);
  @ ensures \result ==> plm_text_ok(out->id);
  @ ensures \result ==> plm_text_ok(out->title);
  @ ensures \result ==> plm_text_ok(out->tags);
  @*/
bool plm_get_rule(const struct plm_content *c, u32 index, struct plm_rule *out);

/*@ requires plm_content_fits(c) && \valid(out) && \separated(c, out);
  @ assigns *out;
  @ ensures \result <==>
  @	index < \old(c->section[PLM_SECTION_CRITERIA - 1].count);
  @ ensures \result ==> out->template_index ==
  @	plm_u16(\old(plm_at(c, PLM_SECTION_CRITERIA, PLM_CRITERION_LEN, index)));
  @ ensures \result ==>
  @	out->input == plm_u16(\old(plm_at(c, PLM_SECTION_CRITERIA,
  @	PLM_CRITERION_LEN, index)) + PLM_CRI_INPUT);
  @ ensures \result ==>
  @	out->trigger_off == plm_u32(\old(plm_at(c, PLM_SECTION_CRITERIA,
  @	PLM_CRITERION_LEN, index)) + PLM_CRI_TRIGGER_OFF);
  @ ensures \result ==>
  @	out->num_triggers == plm_u32(\old(plm_at(c, PLM_SECTION_CRITERIA,
  @	PLM_CRITERION_LEN, index)) + PLM_CRI_NUM_TRIGGERS);
  @ ensures \result ==> plm_text_ok(out->text);
  @*/
bool plm_get_criterion(const struct plm_content *c, u32 index,
		       struct plm_criterion *out);

/*@ requires plm_content_fits(c) && \valid(out) && \separated(c, out);
  @ assigns *out;
  @ ensures \result <==>
  @	index < \old(c->section[PLM_SECTION_AUTOMATA - 1].count);
  @*/
bool plm_get_automaton(const struct plm_content *c, u32 index,
		       struct plm_automaton *out);

/* The text that the reference at @ref names; empty if it is no part of the strings. */
/*@ requires plm_content_fits(c) && \valid_read(ref + (0 .. 7));
  @ assigns \nothing;
  @ ensures plm_text_ok(\result);
  @*/
static inline struct plm_text plm_string(const struct plm_content *c,
					 const u8 *ref)
{
	const struct plm_section_ref *strings =
		&c->section[PLM_SECTION_STRINGS - 1];
	struct plm_text text = { NULL, 0 };
	u32 off = plm_le32(ref);
	u32 len = plm_le32(ref + 4);

	if (off > strings->len || len > strings->len - off)
		return text;
	text.data = c->data + strings->off + off;
	text.len = len;
	return text;
}

/* What is asked most often, without the rest of the record. */
struct plm_criterion_key {
	u32 template_index;
	u32 input;
	u32 op;
	u32 flags;
};

/* The bytes of record @index, or NULL past the section's end. */
/*@ requires plm_content_fits(c) && 1 <= section <= PLM_NUM_SECTIONS;
  @ requires plm_section_ok(*c, section, record_len);
  @ requires record_len == PLM_TEMPLATE_LEN || record_len == PLM_RULE_LEN ||
  @	record_len == PLM_CRITERION_LEN || record_len == PLM_AUTOMATON_LEN ||
  @	record_len == 4;
  @ assigns \result \from c->data, c->section[section - 1], index, record_len;
  @ ensures \result != \null <==> index < c->section[section - 1].count;
  @ ensures \result != \null ==>
  @	\result == plm_at(c, section, record_len, index) &&
  @	\valid_read(\result + (0 .. record_len - 1)) &&
  @	c->section[section - 1].off + (index + 1) * record_len <= c->len;
  @*/
static inline const u8 *plm_record(const struct plm_content *c,
				   enum plm_section section, u32 record_len,
				   u32 index)
{
	const struct plm_section_ref *ref = &c->section[section - 1];

	if (index >= ref->count)
		return NULL;
	return c->data + ref->off + index * record_len;
}

/*@ requires plm_content_fits(c) && \valid(out) && \separated(c, out);
  @ assigns *out;
  @ ensures \result <==>
  @	index < \old(c->section[PLM_SECTION_CRITERIA - 1].count);
  @ ensures \result ==> out->template_index ==
  @	plm_u16(\old(plm_at(c, PLM_SECTION_CRITERIA, PLM_CRITERION_LEN, index)));
  @*/
static inline bool plm_get_criterion_key(const struct plm_content *c, u32 index,
					 struct plm_criterion_key *out)
{
	const u8 *p = plm_record(c, PLM_SECTION_CRITERIA, PLM_CRITERION_LEN,
				 index);

	*out = (struct plm_criterion_key){ 0 };
	if (!p)
		return false;
	out->template_index = plm_le16(p + PLM_CRI_TEMPLATE);
	out->input = plm_le16(p + PLM_CRI_INPUT);
	out->op = p[PLM_CRI_OP];
	out->flags = p[PLM_CRI_FLAGS];
	return true;
}

/* Where the list of the criterion's triggers begins, and how many it has. */
/*@ requires plm_content_fits(c) && \valid(out_first) && \valid(out_num);
  @ requires \separated(c, out_first, out_num);
  @ assigns *out_first, *out_num;
  @ ensures \result <==>
  @	index < \old(c->section[PLM_SECTION_CRITERIA - 1].count);
  @*/
static inline bool plm_get_criterion_triggers(const struct plm_content *c,
					      u32 index, u32 *out_first,
					      u32 *out_num)
{
	const u8 *p = plm_record(c, PLM_SECTION_CRITERIA, PLM_CRITERION_LEN,
				 index);

	*out_first = p ? plm_le32(p + PLM_CRI_TRIGGER_OFF) : 0;
	*out_num = p ? plm_le32(p + PLM_CRI_NUM_TRIGGERS) : 0;
	return p ? true : false;
}

/*@ requires plm_content_fits(c) && \valid(out_template_index);
  @ requires \separated(c, out_template_index);
  @ assigns *out_template_index;
  @ ensures \result <==> index < \old(c->section[PLM_SECTION_RULES - 1].count);
  @ ensures \result ==> *out_template_index ==
  @	plm_u16(\old(plm_at(c, PLM_SECTION_RULES, PLM_RULE_LEN, index)));
  @*/
static inline bool plm_get_rule_template(const struct plm_content *c, u32 index,
					 u32 *out_template_index)
{
	const u8 *p = plm_record(c, PLM_SECTION_RULES, PLM_RULE_LEN, index);

	*out_template_index = p ? plm_le16(p + PLM_RULE_TEMPLATE) : 0;
	return p ? true : false;
}

/* A rule as far as its condition goes; words of the programs section. */
struct plm_condition {
	u32 template_index;
	u32 off;
	u32 len;
};

/*@ requires plm_content_fits(c) && \valid(out) && \separated(c, out);
  @ assigns *out;
  @ ensures \result <==> index < \old(c->section[PLM_SECTION_RULES - 1].count);
  @*/
static inline bool plm_get_condition(const struct plm_content *c, u32 index,
				     struct plm_condition *out)
{
	const u8 *p = plm_record(c, PLM_SECTION_RULES, PLM_RULE_LEN, index);

	*out = (struct plm_condition){ 0 };
	if (!p)
		return false;
	out->template_index = plm_le16(p + PLM_RULE_TEMPLATE);
	out->off = plm_le32(p + PLM_RULE_PROGRAM_OFF);
	out->len = plm_le32(p + PLM_RULE_PROGRAM_LEN);
	return true;
}

/* One word of a section of words: PROGRAMS, TRIGGERS or TABLES. */
/*@ requires plm_content_fits(c);
  @ requires 1 <= section <= PLM_NUM_SECTIONS && plm_section_ok(*c, section, 4);
  @ assigns \nothing;
  @ ensures index < c->section[section - 1].count ==>
  @	\result == plm_u32(\old(plm_at(c, section, 4, index)));
  @ ensures index >= c->section[section - 1].count ==> \result == 0;
  @*/
static inline u32 plm_get_word(const struct plm_content *c,
			       enum plm_section section, u32 index)
{
	const u8 *p = plm_record(c, section, 4, index);

	return p ? plm_le32(p) : 0;
}

#endif /* PLM_CONTENT_H */
