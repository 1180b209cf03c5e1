// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The structural check: templates, rules, criteria, triggers, automata. */
#include "plm_automaton.h"
#include "plm_checker.h"
#include "plm_program.h"

/* Templates */

/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ assigns k->fault.off, k->known[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->stated_inputs[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures plm_known_ok(k);
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_template(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_TEMPLATES) +
		  index * PLM_TEMPLATE_LEN;
	const struct plm_template *known;
	struct plm_template_ref t, last;

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
	k->known[index] = known;
	k->stated_inputs[index] = t.num_inputs;
	return PLM_OK;
}

/* What the templates state must be what rules and criteria have shown. */
/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault.off;
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_template_counts(struct plm_checker *k, u32 index)
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

/* Strings: stored in the order in which they are referred to, without gaps. */

/* What a string may hold; plm_byte_sets says of each byte where it may be. */
enum plm_byte_set {
	PLM_BYTES_ANY = 0,
	PLM_BYTES_ID = 1,	/* visible ASCII */
	PLM_BYTES_TEXT = 2,	/* no control characters */
	PLM_BYTES_FOLDED = 4,	/* no capital ASCII letters */
};

static const u8 plm_byte_sets[256] = {
	[0x00 ... 0x1f] = PLM_BYTES_FOLDED,
	[' '] = PLM_BYTES_TEXT | PLM_BYTES_FOLDED,
	[0x21 ... 0x40] = PLM_BYTES_ID | PLM_BYTES_TEXT | PLM_BYTES_FOLDED,
	['A' ... 'Z'] = PLM_BYTES_ID | PLM_BYTES_TEXT,
	[0x5b ... 0x7e] = PLM_BYTES_ID | PLM_BYTES_TEXT | PLM_BYTES_FOLDED,
	[0x7f] = PLM_BYTES_FOLDED,
	[0x80 ... 0xff] = PLM_BYTES_TEXT | PLM_BYTES_FOLDED,
};

/*
 * Whether one of eight bytes is a capital ASCII letter: bit 7 of a sum below
 * is set from 'A' on, in the other one from 'Z' + 1 on, and in @bytes itself
 * where the byte is no ASCII.
 */
/*@ assigns \nothing;
  @*/
static bool plm_has_capital(u64 bytes)
{
	const u64 each = 0x0101010101010101ull;
	u64 low = bytes & each * 0x7f;
	u64 from_a = low + each * (0x80 - 'A');
	u64 past_z = low + each * (0x80 - 'Z' - 1);

	return (from_a & ~past_z & ~bytes & each * 0x80) != 0;
}

/* The index of the first byte that is not in @set, or @len. */
/*@ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @ ensures \result <= len;
  @*/
static u32 plm_span(const u8 *data, u32 len, enum plm_byte_set set)
{
	u32 i = 0;

	/* Most text by far is that of criteria. */
	if (set == PLM_BYTES_FOLDED)
		/*@ loop invariant 0 <= i <= len;
		  @ loop assigns i;
		  @ loop variant len - i;
		  @*/
		while (len - i >= 8 && !plm_has_capital(plm_le64(data + i)))
			i += 8;
	/*@ loop invariant 0 <= i <= len;
	  @ loop assigns i;
	  @ loop variant len - i;
	  @*/
	for (; i < len; i++)
		if (!(plm_byte_sets[data[i]] & set))
			break;
	return i;
}

/* The string whose reference stands at @ref. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && ref + 8 <= k->c.len;
  @ assigns k->fault.off, k->strings.pos, k->strings.failed;
  @ ensures plm_strings_ok(k);
  @*/
static enum plm_err plm_check_string(struct plm_checker *k, u32 ref,
				     u32 max_len,
				     enum plm_byte_set set)
{
	u32 len = plm_le32(k->c.data + ref + 4);
	u32 off, span;

	if (plm_le32(k->c.data + ref) != k->strings.pos)
		return plm_fail(k, ref, PLM_BAD_LAYOUT);
	if (len > max_len)
		return plm_fail(k, ref + 4, PLM_LIMIT_EXCEEDED);
	if (!plm_take(&k->strings, len, &off))
		return plm_fail(k, ref + 4, PLM_TRUNCATED);
	off += plm_section_off(k, PLM_SECTION_STRINGS);
	if (set == PLM_BYTES_ANY)
		return PLM_OK;
	span = plm_span(k->c.data + off, len, set);
	return span < len ? plm_fail(k, off + span, PLM_BAD_TEXT) : PLM_OK;
}

/* Below, equal to or above zero as @a sorts before, with or after @b. */
/*@ requires \valid_read(a) && plm_text_ok(*a);
  @ requires \valid_read(b) && plm_text_ok(*b);
  @ assigns \nothing;
  @*/
static int plm_compare(const struct plm_text *a, const struct plm_text *b)
{
	u32 len = a->len < b->len ? a->len : b->len;
	u32 i = 0;

	/*@ loop invariant 0 <= i <= len;
	  @ loop assigns i;
	  @ loop variant len - i;
	  @*/
	while (len - i >= 8 && plm_le64(a->data + i) == plm_le64(b->data + i))
		i += 8;
	/*@ loop invariant 0 <= i <= len;
	  @ loop assigns i;
	  @ loop variant len - i;
	  @*/
	for (; i < len; i++)
		if (a->data[i] != b->data[i])
			return a->data[i] < b->data[i] ? -1 : 1;
	if (a->len == b->len)
		return 0;
	return a->len < b->len ? -1 : 1;
}

/* Rules */

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

/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && off + PLM_RULE_LEN <= k->c.len;
  @ requires index < k->c.section[PLM_SECTION_RULES - 1].count;
  @ assigns k->fault.off, k->strings.pos, k->strings.failed;
  @ ensures plm_strings_ok(k);
  @*/
static enum plm_err plm_check_rule_strings(struct plm_checker *k, u32 off,
					   u32 index)
{
	struct plm_rule rule, last;
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
	plm_get_rule(&k->c, index, &rule);
	if (rule.id.len == 0)
		return plm_fail(k, off + PLM_RULE_ID + 4, PLM_EMPTY);
	if (index && plm_get_rule(&k->c, index - 1, &last) &&
	    plm_compare(&last.id, &rule.id) >= 0)
		return plm_fail(k, off + PLM_RULE_ID, PLM_NOT_SORTED);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_programs_ok(k) && \valid_read(rule) && \separated(k, rule);
  @ assigns k->fault.off, k->programs.pos, k->programs.failed;
  @ ensures plm_programs_ok(k);
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

/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && plm_programs_ok(k);
  @ assigns k->fault, k->strings.pos, k->strings.failed, k->programs.pos,
  @	k->programs.failed, k->num_rules[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures plm_strings_ok(k) && plm_programs_ok(k);
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_rule(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_RULES) + index * PLM_RULE_LEN;
	struct plm_rule rule;
	enum plm_err err;

	k->fault.rule = index;
	if (!plm_get_rule(&k->c, index, &rule))
		return plm_fail(k, off, PLM_BAD_INDEX);
	err = plm_check_rule_fields(k, off, &rule);
	if (!err)
		err = plm_check_rule_strings(k, off, index);
	if (!err)
		err = plm_check_rule_program(k, off, &rule);
	if (err)
		return err;
	k->num_rules[rule.template_index]++;
	k->fault.rule = PLM_NO_RULE;
	return PLM_OK;
}

/* Criteria */

enum plm_operand { PLM_OPERAND_TEXT, PLM_OPERAND_NUMBER, PLM_OPERAND_NONE };

/*@ assigns \nothing;
  @*/
static bool plm_op_known(u32 op)
{
	return plm_op_is_string(op) ||
	       (op >= PLM_OP_NUM_EQ && op <= PLM_OP_NUM_GTE) ||
	       op == PLM_OP_EXISTS;
}

/*@ assigns \nothing;
  @*/
static enum plm_operand plm_op_operand(u32 op)
{
	if (plm_op_is_string(op))
		return PLM_OPERAND_TEXT;
	return op <= PLM_OP_NUM_GTE ? PLM_OPERAND_NUMBER : PLM_OPERAND_NONE;
}

/* The operator is known and fits the declared type of the input. */
/*@ requires \valid_read(k) && plm_known_ok(k) && \valid_read(criterion);
  @ requires criterion->template_index < PLM_MAX_TEMPLATES;
  @ requires criterion->input < k->stated_inputs[criterion->template_index];
  @ assigns \nothing;
  @*/
static bool plm_op_fits(const struct plm_checker *k,
			const struct plm_criterion *criterion)
{
	const struct plm_template *known = k->known[criterion->template_index];
	u32 type = known->shape.inputs[criterion->input].type;

	if (!plm_op_known(criterion->op))
		return false;
	switch (plm_op_operand(criterion->op)) {
	case PLM_OPERAND_TEXT:
		return type == PLM_TYPE_STRING;
	case PLM_OPERAND_NUMBER:
		return type == PLM_TYPE_NUMBER;
	default:
		return true;
	}
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k) && \valid_read(c) && \separated(k, c);
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off;
  @ ensures \result == PLM_OK ==> c->template_index < PLM_MAX_TEMPLATES;
  @*/
static enum plm_err plm_check_criterion_fields(struct plm_checker *k, u32 off,
					       const struct plm_criterion *c)
{
	u32 flags = PLM_FLAG_CASED;

	if (c->template_index >= plm_num_templates(&k->c) ||
	    c->template_index >= PLM_MAX_TEMPLATES)
		return plm_fail(k, off + PLM_CRI_TEMPLATE, PLM_BAD_INDEX);
	if (c->input >= k->stated_inputs[c->template_index])
		return plm_fail(k, off + PLM_CRI_INPUT, PLM_BAD_INDEX);
	if (!plm_op_fits(k, c))
		return plm_fail(k, off + PLM_CRI_OP, PLM_BAD_TYPE);
	if (plm_op_operand(c->op) != PLM_OPERAND_TEXT)
		flags = 0;
	if (c->flags & ~flags)
		return plm_fail(k, off + PLM_CRI_FLAGS, PLM_RESERVED_SET);
	if (plm_le16(k->c.data + off + PLM_CRI_RESERVED))
		return plm_fail(k, off + PLM_CRI_RESERVED, PLM_RESERVED_SET);
	if (plm_op_operand(c->op) != PLM_OPERAND_NUMBER && c->number)
		return plm_fail(k, off + PLM_CRI_NUMBER, PLM_RESERVED_SET);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && \valid_read(c) && \separated(k, c);
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off, k->strings.pos, k->strings.failed;
  @ ensures plm_strings_ok(k);
  @*/
static enum plm_err plm_check_criterion_text(struct plm_checker *k, u32 off,
					     const struct plm_criterion *c)
{
	u32 max_len = 0;
	enum plm_err err;

	if (plm_op_operand(c->op) == PLM_OPERAND_TEXT)
		max_len = PLM_MAX_TEXT_LEN;
	err = plm_check_string(k, off + PLM_CRI_TEXT, max_len,
			       c->flags & PLM_FLAG_CASED ?
			       PLM_BYTES_ANY : PLM_BYTES_FOLDED);
	if (!err && max_len && c->text.len == 0)
		return plm_fail(k, off + PLM_CRI_TEXT + 4, PLM_EMPTY);
	return err;
}

/*@ assigns \nothing;
  @ ensures -1 <= \result <= 1;
  @*/
static int plm_compare_u64(u64 a, u64 b)
{
	return (a > b) - (a < b);
}

/*@ requires \valid_read(a) && plm_text_ok(a->text);
  @ requires \valid_read(b) && plm_text_ok(b->text);
  @ assigns \nothing;
  @*/
static int plm_compare_criteria(const struct plm_criterion *a,
				const struct plm_criterion *b)
{
	int order = plm_compare_u64(a->template_index, b->template_index);

	if (!order)
		order = plm_compare_u64(a->input, b->input);
	if (!order)
		order = plm_compare_u64(a->op, b->op);
	if (!order)
		order = plm_compare_u64(a->flags, b->flags);
	if (!order)
		order = plm_compare_u64(a->number, b->number);
	if (!order)
		order = plm_compare(&a->text, &b->text);
	return order;
}

/*
 * @count words of the triggers section from @first on: ascending rules, all of
 * @template_index unless that is PLM_MAX_TEMPLATES.
 */
/*@ requires plm_checker_content_ok(k);
  @ requires count <= k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ assigns k->fault.off;
  @*/
static enum plm_err plm_check_trigger_list(struct plm_checker *k, u32 first,
					   u32 count, u32 template_index)
{
	u32 off = plm_section_off(k, PLM_SECTION_TRIGGERS) + first * 4;
	u32 i, value, rule_template, least = 0;

	/*@ loop invariant 0 <= i <= count;
	  @ loop assigns i, off, value, rule_template, least;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++, off += 4) {
		value = plm_get_word(&k->c, PLM_SECTION_TRIGGERS, first + i);
		if (!plm_get_rule_template(&k->c, value, &rule_template))
			return plm_fail(k, off, PLM_BAD_INDEX);
		if (template_index != PLM_MAX_TEMPLATES &&
		    rule_template != template_index)
			return plm_fail(k, off, PLM_BAD_TYPE);
		if (value < least)
			return plm_fail(k, off, PLM_NOT_SORTED);
		least = value + 1;
	}
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_triggers_ok(k) && \valid_read(c) && \separated(k, c);
  @ assigns k->fault.off, k->triggers.pos, k->triggers.failed;
  @ ensures plm_triggers_ok(k);
  @*/
static enum plm_err plm_check_triggers(struct plm_checker *k, u32 off,
				       const struct plm_criterion *c)
{
	u32 first;

	if (c->trigger_off != k->triggers.pos)
		return plm_fail(k, off + PLM_CRI_TRIGGER_OFF, PLM_BAD_LAYOUT);
	if (!plm_take(&k->triggers, c->num_triggers, &first))
		return plm_fail(k, off + PLM_CRI_NUM_TRIGGERS, PLM_TRUNCATED);
	if (c->num_triggers && plm_op_operand(c->op) != PLM_OPERAND_TEXT)
		return plm_fail(k, off + PLM_CRI_NUM_TRIGGERS, PLM_BAD_TYPE);
	return plm_check_trigger_list(k, first, c->num_triggers,
				      c->template_index);
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && plm_triggers_ok(k) && plm_known_ok(k);
  @ requires plm_text_ok(k->last.text);
  @ assigns k->fault.off, k->strings.pos, k->strings.failed, k->triggers.pos,
  @	k->triggers.failed, k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->last;
  @ ensures plm_strings_ok(k) && plm_triggers_ok(k);
  @ ensures plm_text_ok(k->last.text);
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_criterion(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_CRITERIA) +
		  index * PLM_CRITERION_LEN;
	struct plm_criterion c;
	enum plm_err err;

	if (!plm_get_criterion(&k->c, index, &c))
		return plm_fail(k, off, PLM_BAD_INDEX);
	err = plm_check_criterion_fields(k, off, &c);
	if (!err)
		err = plm_check_criterion_text(k, off, &c);
	if (!err && index && plm_compare_criteria(&k->last, &c) >= 0)
		err = plm_fail(k, off, PLM_NOT_SORTED);
	if (!err)
		err = plm_check_triggers(k, off, &c);
	if (!err && k->num_inputs[c.template_index] < c.input + 1)
		k->num_inputs[c.template_index] = c.input + 1;
	k->last = c;
	return err;
}

/* What criteria leave of the triggers are rules for every event. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_triggers_ok(k);
  @ assigns k->fault.off, k->c.num_always;
  @ ensures plm_content_ok(k->c);
  @*/
static enum plm_err plm_check_always(struct plm_checker *k)
{
	k->c.num_always = k->triggers.len - k->triggers.pos;
	return plm_check_trigger_list(k, k->triggers.pos, k->c.num_always,
				      PLM_MAX_TEMPLATES);
}

/* Conditions, last of all that a rule has: they need criteria and triggers. */
/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault;
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_condition(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_RULES) + index * PLM_RULE_LEN;
	struct plm_rule rule;
	enum plm_err err;
	u32 word = 0;

	k->fault.rule = index;
	if (!plm_get_rule(&k->c, index, &rule))
		return plm_fail(k, off, PLM_BAD_INDEX);
	err = plm_check_program(&k->c, index, &rule, &word);
	if (err && err != PLM_BAD_TRIGGERS)
		off = plm_section_off(k, PLM_SECTION_PROGRAMS) + word * 4;
	if (err)
		return plm_fail(k, off, err);
	k->fault.rule = PLM_NO_RULE;
	return PLM_OK;
}

/* Automata */

/*@ requires plm_checker_content_ok(k);
  @ requires plm_cursor_fits(tables) && \separated(k, tables);
  @ assigns k->fault.off, tables->pos, tables->failed;
  @ ensures plm_cursor_fits(tables);
  @*/
static enum plm_err plm_check_automaton_record(struct plm_checker *k, u32 index,
					       struct plm_cursor *tables)
{
	u32 off = plm_section_off(k, PLM_SECTION_AUTOMATA) +
		  index * PLM_AUTOMATON_LEN;
	struct plm_automaton a, last;
	struct plm_template_ref t;
	u32 taken, part = 0;
	int order = -1;

	if (!plm_get_automaton(&k->c, index, &a))
		return plm_fail(k, off, PLM_BAD_INDEX);
	if (!plm_get_template(&k->c, a.template_index, &t))
		return plm_fail(k, off + PLM_AUT_TEMPLATE, PLM_BAD_INDEX);
	if (a.input >= t.num_inputs)
		return plm_fail(k, off + PLM_AUT_INPUT, PLM_BAD_INDEX);
	if (a.flags & ~PLM_FLAG_CASED)
		return plm_fail(k, off + PLM_AUT_FLAGS, PLM_RESERVED_SET);
	if (index && plm_get_automaton(&k->c, index - 1, &last)) {
		order = plm_compare_u64(last.template_index, a.template_index);
		if (!order)
			order = plm_compare_u64(last.input, a.input);
		if (!order)
			order = plm_compare_u64(last.flags, a.flags);
		if (!order) {
			part = last.part + 1;
			order = plm_compare_u64(last.part, a.part);
		}
	}
	if (order >= 0)
		return plm_fail(k, off, PLM_NOT_SORTED);
	if (a.part != part)
		return plm_fail(k, off + PLM_AUT_PART, PLM_BAD_INDEX);
	if (plm_le16(k->c.data + off + PLM_AUT_RESERVED) ||
	    plm_le32(k->c.data + off + PLM_AUT_RESERVED + 2))
		return plm_fail(k, off + PLM_AUT_RESERVED, PLM_RESERVED_SET);
	if (a.tables_off != tables->pos)
		return plm_fail(k, off + PLM_AUT_TABLES_OFF, PLM_BAD_LAYOUT);
	if (!plm_take(tables, a.tables_len, &taken))
		return plm_fail(k, off + PLM_AUT_TABLES_LEN, PLM_TRUNCATED);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault.off;
  @*/
static enum plm_err plm_check_automata(struct plm_checker *k)
{
	struct plm_cursor tables =
		plm_cursor(k->c.section[PLM_SECTION_TABLES - 1].count);
	enum plm_err err = PLM_OK;
	u32 i, off;

	/*@ loop invariant 0 <= i <= k->c.section[PLM_SECTION_AUTOMATA - 1].count;
	  @ loop invariant tables.pos <= tables.len;
	  @ loop assigns i, err, off, tables, k->fault.off;
	  @ loop variant k->c.section[PLM_SECTION_AUTOMATA - 1].count - i;
	  @*/
	for (i = 0; i < plm_num_automata(&k->c); i++) {
		err = plm_check_automaton_record(k, i, &tables);
		if (err)
			return err;
		err = plm_check_automaton(&k->c, i, &off);
		if (err)
			return plm_fail(k, off, err);
	}
	if (!plm_at_end(&tables))
		return plm_fail(k, plm_section_off(k, PLM_SECTION_TABLES) +
				tables.pos * 4, PLM_TRAILING);
	return PLM_OK;
}

/* The whole */

/* Strings and programs that nothing refers to would be a second encoding. */
/*@ requires \valid(k);
  @ assigns k->fault.off;
  @*/
static enum plm_err plm_check_ends(struct plm_checker *k)
{
	if (!plm_at_end(&k->programs))
		return plm_fail(k, plm_section_off(k, PLM_SECTION_PROGRAMS) +
				k->programs.pos * 4, PLM_TRAILING);
	if (!plm_at_end(&k->strings))
		return plm_fail(k, plm_section_off(k, PLM_SECTION_STRINGS) +
				k->strings.pos, PLM_TRAILING);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ assigns k->fault.off, k->known[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->stated_inputs[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures plm_known_ok(k);
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_templates(struct plm_checker *k)
{
	u32 count = plm_num_templates(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_known_ok(k);
	  @ loop invariant k->c == \at(k->c, Pre);
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

/*@ requires plm_checker_content_ok(k);
  @ requires plm_strings_ok(k) && plm_programs_ok(k);
  @ assigns k->fault, k->strings.pos, k->strings.failed, k->programs.pos,
  @	k->programs.failed, k->num_rules[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures plm_strings_ok(k) && plm_programs_ok(k);
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_rules(struct plm_checker *k)
{
	u32 count = plm_num_rules(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_strings_ok(k) && plm_programs_ok(k);
	  @ loop invariant k->c == \at(k->c, Pre);
	  @ loop assigns i, err, k->fault, k->strings.pos, k->strings.failed, k->programs.pos,
	  @	k->programs.failed, k->num_rules[0 .. PLM_MAX_TEMPLATES - 1];
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
  @ requires plm_strings_ok(k) && plm_triggers_ok(k);
  @ requires plm_known_ok(k) && plm_text_ok(k->last.text);
  @ assigns k->fault.off, k->strings.pos, k->strings.failed, k->triggers.pos,
  @	k->triggers.failed, k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->last;
  @ ensures plm_strings_ok(k) && plm_triggers_ok(k);
  @ ensures plm_text_ok(k->last.text);
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_criteria(struct plm_checker *k)
{
	u32 count = plm_num_criteria(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_strings_ok(k) && plm_triggers_ok(k);
	  @ loop invariant plm_text_ok(k->last.text);
	  @ loop invariant k->c == \at(k->c, Pre);
	  @ loop assigns i, err, k->fault.off, k->strings.pos, k->strings.failed, k->triggers.pos,
	  @	k->triggers.failed, k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
	  @	k->last;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_criterion(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault;
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_conditions(struct plm_checker *k)
{
	u32 count = plm_num_rules(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant k->c == \at(k->c, Pre);
	  @ loop assigns i, err, k->fault;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_condition(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ assigns k->fault.off;
  @ ensures k->c == \old(k->c);
  @*/
static enum plm_err plm_check_all_template_counts(struct plm_checker *k)
{
	u32 count = plm_num_templates(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant k->c == \at(k->c, Pre);
	  @ loop assigns i, err, k->fault.off;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_template_counts(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}

enum plm_err plm_check_records(struct plm_checker *k)
{
	enum plm_err err;

	k->strings = plm_cursor(k->c.section[PLM_SECTION_STRINGS - 1].count);
	k->programs = plm_cursor(k->c.section[PLM_SECTION_PROGRAMS - 1].count);
	k->triggers = plm_cursor(k->c.section[PLM_SECTION_TRIGGERS - 1].count);
	if (plm_num_rules(&k->c) == 0)
		return plm_fail(k, PLM_HEADER_LEN + (PLM_SECTION_RULES - 1) *
				PLM_SECTION_ENTRY_LEN + PLM_SEC_COUNT,
				PLM_EMPTY);
	err = plm_check_templates(k);
	if (!err)
		err = plm_check_rules(k);
	if (!err)
		err = plm_check_criteria(k);
	if (!err)
		err = plm_check_ends(k);
	if (!err)
		err = plm_check_always(k);
	if (!err)
		err = plm_check_conditions(k);
	if (!err)
		err = plm_check_all_template_counts(k);
	if (!err)
		err = plm_check_automata(k);
	return err;
}

