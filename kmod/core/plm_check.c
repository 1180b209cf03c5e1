// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_check.h"

#include "plm_automaton.h"
#include "plm_content.h"
#include "plm_cursor.h"
#include "plm_program.h"

/* A check in progress. */
struct plm_checker {
	struct plm_content c;
	struct plm_fault fault;
	struct plm_cursor strings;	/* in bytes */
	struct plm_cursor programs;	/* in words */
	struct plm_cursor triggers;	/* in words */
	u32 num_inputs[PLM_MAX_TEMPLATES];	/* seen in criteria */
	u32 num_rules[PLM_MAX_TEMPLATES];	/* seen in rules */
};

static enum plm_err plm_fail(struct plm_checker *k, u32 off, enum plm_err err)
{
	k->fault.off = off;
	return err;
}

static u32 plm_section_off(const struct plm_checker *k, enum plm_section type)
{
	return k->c.section[type - 1].off;
}

/* Offset in the file of the first non-zero byte of a range, or its end. */
static u32 plm_find_set(const struct plm_checker *k, u32 off, u32 end)
{
	while (off < end && k->c.data[off] == 0)
		off++;
	return off;
}

/* Header */

static bool plm_magic_fits(const u8 *data)
{
	u32 i;

	for (i = 0; i < PLM_MAGIC_LEN; i++)
		if (data[i] != (u8)PLM_MAGIC[i])
			return false;
	return true;
}

static enum plm_err plm_check_sizes(struct plm_checker *k, u32 max_len)
{
	const u8 *data = k->c.data;
	u32 total;

	if (k->c.len > max_len)
		return plm_fail(k, max_len, PLM_TOO_LARGE);
	if (k->c.len < PLM_MAGIC_LEN)
		return plm_fail(k, k->c.len, PLM_TRUNCATED);
	if (!plm_magic_fits(data))
		return plm_fail(k, PLM_HDR_MAGIC, PLM_BAD_MAGIC);
	if (k->c.len < PLM_BODY_OFF)
		return plm_fail(k, k->c.len, PLM_TRUNCATED);
	if (plm_le32(data + PLM_HDR_FORMAT_VERSION) != PLM_FORMAT_VERSION)
		return plm_fail(k, PLM_HDR_FORMAT_VERSION,
				PLM_BAD_FORMAT_VERSION);
	total = plm_le32(data + PLM_HDR_TOTAL_LEN);
	if (total > k->c.len)
		return plm_fail(k, k->c.len, PLM_TRUNCATED);
	if (total < k->c.len)
		return plm_fail(k, total, PLM_TRAILING);
	return PLM_OK;
}

static enum plm_err plm_check_header(struct plm_checker *k)
{
	const u8 *data = k->c.data;
	u32 set;

	if (plm_le32(data + PLM_HDR_NUM_SECTIONS) != PLM_NUM_SECTIONS)
		return plm_fail(k, PLM_HDR_NUM_SECTIONS, PLM_BAD_SECTION);
	k->c.channel = plm_le32(data + PLM_HDR_CHANNEL);
	if (k->c.channel < 1 || k->c.channel > PLM_MAX_CHANNEL)
		return plm_fail(k, PLM_HDR_CHANNEL, PLM_BAD_CHANNEL);
	k->c.version = plm_le64(data + PLM_HDR_CONTENT_VERSION);
	if (k->c.version == 0)
		return plm_fail(k, PLM_HDR_CONTENT_VERSION, PLM_BAD_VERSION);
	set = plm_find_set(k, PLM_HDR_RESERVED, PLM_HEADER_LEN);
	if (set < PLM_HEADER_LEN)
		return plm_fail(k, set, PLM_RESERVED_SET);
	return PLM_OK;
}

/* Sections */

static const u32 plm_record_lens[PLM_NUM_SECTIONS] = {
	[PLM_SECTION_TEMPLATES - 1] = PLM_TEMPLATE_LEN,
	[PLM_SECTION_RULES - 1] = PLM_RULE_LEN,
	[PLM_SECTION_CRITERIA - 1] = PLM_CRITERION_LEN,
	[PLM_SECTION_PROGRAMS - 1] = 4,
	[PLM_SECTION_TRIGGERS - 1] = 4,
	[PLM_SECTION_AUTOMATA - 1] = PLM_AUTOMATON_LEN,
	[PLM_SECTION_TABLES - 1] = 4,
	[PLM_SECTION_STRINGS - 1] = 1,
};

/* Sections whose number of records has a limit of its own. */
static const u32 plm_max_counts[PLM_NUM_SECTIONS] = {
	[PLM_SECTION_TEMPLATES - 1] = PLM_MAX_TEMPLATES,
	[PLM_SECTION_RULES - 1] = PLM_MAX_RULES,
	[PLM_SECTION_CRITERIA - 1] = PLM_MAX_CRITERIA,
	[PLM_SECTION_PROGRAMS - 1] = PLM_MAX_FILE_LEN,
	[PLM_SECTION_TRIGGERS - 1] = PLM_MAX_FILE_LEN,
	[PLM_SECTION_AUTOMATA - 1] = PLM_MAX_AUTOMATA,
	[PLM_SECTION_TABLES - 1] = PLM_MAX_FILE_LEN,
	[PLM_SECTION_STRINGS - 1] = PLM_MAX_FILE_LEN,
};

/* The padding that follows @pos: bytes up to the next section. */
static u32 plm_padding(u32 pos)
{
	return (0u - pos) & (PLM_SECTION_ALIGN - 1);
}

static enum plm_err plm_check_section(struct plm_checker *k, u32 index,
				      struct plm_cursor *file)
{
	u32 entry = PLM_HEADER_LEN + index * PLM_SECTION_ENTRY_LEN;
	const u8 *p = k->c.data + entry;
	struct plm_section_ref *ref = &k->c.section[index];
	u32 off, end, set;

	ref->off = plm_le32(p + PLM_SEC_OFF);
	ref->len = plm_le32(p + PLM_SEC_LEN);
	ref->count = plm_le32(p + PLM_SEC_COUNT);
	if (plm_le32(p + PLM_SEC_TYPE) != index + 1)
		return plm_fail(k, entry + PLM_SEC_TYPE, PLM_BAD_SECTION);
	if (ref->off != file->pos)
		return plm_fail(k, entry + PLM_SEC_OFF, PLM_BAD_LAYOUT);
	if (!plm_take(file, ref->len, &off))
		return plm_fail(k, entry + PLM_SEC_LEN, PLM_TRUNCATED);
	if (ref->len % plm_record_lens[index] ||
	    ref->count != ref->len / plm_record_lens[index])
		return plm_fail(k, entry + PLM_SEC_COUNT, PLM_COUNT_MISMATCH);
	if (ref->count > plm_max_counts[index])
		return plm_fail(k, entry + PLM_SEC_COUNT, PLM_LIMIT_EXCEEDED);
	off = file->pos;
	if (!plm_take(file, plm_padding(off), &end))
		return plm_fail(k, off, PLM_TRUNCATED);
	set = plm_find_set(k, off, file->pos);
	if (set < file->pos)
		return plm_fail(k, set, PLM_PADDING_SET);
	return PLM_OK;
}

static enum plm_err plm_check_sections(struct plm_checker *k)
{
	struct plm_cursor file = plm_cursor(k->c.len);
	enum plm_err err;
	u32 i, off;

	plm_take(&file, PLM_BODY_OFF, &off);
	for (i = 0; i < PLM_NUM_SECTIONS; i++) {
		err = plm_check_section(k, i, &file);
		if (err)
			return err;
	}
	if (!plm_at_end(&file))
		return plm_fail(k, file.pos, PLM_TRAILING);
	return PLM_OK;
}

/*
 * The check sum finds torn and spoilt files, not malice; that is what
 * signatures are for.  The layout has made the length a multiple of 8.
 */
static enum plm_err plm_check_sum(struct plm_checker *k)
{
	const u8 *data = k->c.data;
	u64 a = 0, b = 0;
	u32 off;

	for (off = 0; off < PLM_HDR_SUM; off += 4) {
		a += plm_le32(data + off);
		b += a;
	}
	b += a;		/* the two words of the sum itself count as zero */
	b += a;
	for (off = PLM_HDR_SUM + 8; off + 4 <= k->c.len; off += 4) {
		a += plm_le32(data + off);
		b += a;
	}
	if (plm_le64(data + PLM_HDR_SUM) != (b ^ (a << 32 | a >> 32)))
		return plm_fail(k, PLM_HDR_SUM, PLM_BAD_SUM);
	return PLM_OK;
}

/* Templates */

static enum plm_err plm_check_template(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_TEMPLATES) +
		  index * PLM_TEMPLATE_LEN;
	const struct plm_template *known;
	struct plm_template_ref t, last;

	if (!plm_get_template(&k->c, index, &t))
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
	return PLM_OK;
}

/* What the templates state must be what rules and criteria have shown. */
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

static bool plm_text_byte(u8 byte)
{
	return byte >= 0x20 && byte != 0x7f;
}

static bool plm_id_byte(u8 byte)
{
	return byte > 0x20 && byte < 0x7f;
}

static bool plm_any_byte(u8 byte)
{
	(void)byte;
	return true;
}

static bool plm_folded_byte(u8 byte)
{
	return byte < 'A' || byte > 'Z';
}

enum plm_charset { PLM_CHARSET_TEXT, PLM_CHARSET_ID, PLM_CHARSET_FOLDED,
		   PLM_CHARSET_ANY };

static bool plm_byte_allowed(enum plm_charset charset, u8 byte)
{
	switch (charset) {
	case PLM_CHARSET_TEXT:
		return plm_text_byte(byte);
	case PLM_CHARSET_ID:
		return plm_id_byte(byte);
	case PLM_CHARSET_FOLDED:
		return plm_folded_byte(byte);
	default:
		return plm_any_byte(byte);
	}
}

/* The string whose reference stands at @ref in the file. */
static enum plm_err plm_check_string(struct plm_checker *k, u32 ref,
				     u32 max_len, enum plm_charset charset)
{
	u32 len = plm_le32(k->c.data + ref + 4);
	u32 i, off;

	if (plm_le32(k->c.data + ref) != k->strings.pos)
		return plm_fail(k, ref, PLM_BAD_LAYOUT);
	if (len > max_len)
		return plm_fail(k, ref + 4, PLM_LIMIT_EXCEEDED);
	if (!plm_take(&k->strings, len, &off))
		return plm_fail(k, ref + 4, PLM_TRUNCATED);
	off += plm_section_off(k, PLM_SECTION_STRINGS);
	for (i = 0; i < len; i++)
		if (!plm_byte_allowed(charset, k->c.data[off + i]))
			return plm_fail(k, off + i, PLM_BAD_TEXT);
	return PLM_OK;
}

/* Below, equal to or above zero as @a sorts before, with or after @b. */
static int plm_compare(const struct plm_text *a, const struct plm_text *b)
{
	u32 i;

	for (i = 0; i < a->len && i < b->len; i++)
		if (a->data[i] != b->data[i])
			return a->data[i] < b->data[i] ? -1 : 1;
	if (a->len == b->len)
		return 0;
	return a->len < b->len ? -1 : 1;
}

/* Rules */

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

static enum plm_err plm_check_rule_strings(struct plm_checker *k, u32 off,
					   u32 index)
{
	struct plm_rule rule, last;
	enum plm_err err;

	err = plm_check_string(k, off + PLM_RULE_ID, PLM_MAX_RULE_ID_LEN,
			       PLM_CHARSET_ID);
	if (!err)
		err = plm_check_string(k, off + PLM_RULE_TITLE,
				       PLM_MAX_TEXT_LEN, PLM_CHARSET_TEXT);
	if (!err)
		err = plm_check_string(k, off + PLM_RULE_TAGS,
				       PLM_MAX_TEXT_LEN, PLM_CHARSET_TEXT);
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

static enum plm_err plm_check_rule_program(struct plm_checker *k, u32 off,
					   const struct plm_rule *rule)
{
	u32 words = plm_section_off(k, PLM_SECTION_PROGRAMS);
	u32 word = rule->program_off;
	enum plm_err err;
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
	err = plm_check_program(&k->c, taken, rule->program_len,
				rule->template_index, &word);
	return err ? plm_fail(k, words + word * 4, err) : PLM_OK;
}

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

static bool plm_op_known(u32 op)
{
	return (op >= PLM_OP_EQUALS && op <= PLM_OP_ENDSWITH) ||
	       (op >= PLM_OP_NUM_EQ && op <= PLM_OP_NUM_GTE) ||
	       op == PLM_OP_EXISTS;
}

static enum plm_operand plm_op_operand(u32 op)
{
	if (op <= PLM_OP_ENDSWITH)
		return PLM_OPERAND_TEXT;
	return op <= PLM_OP_NUM_GTE ? PLM_OPERAND_NUMBER : PLM_OPERAND_NONE;
}

/* The operator is known and fits the declared type of the input. */
static bool plm_op_fits(const struct plm_checker *k,
			const struct plm_criterion *criterion)
{
	const struct plm_template *known;
	struct plm_template_ref t;
	u32 type;

	if (!plm_op_known(criterion->op) ||
	    !plm_get_template(&k->c, criterion->template_index, &t))
		return false;
	known = plm_template_find(t.id);
	if (!known || criterion->input >= PLM_MAX_INPUTS)
		return false;
	type = known->shape.inputs[criterion->input].type;
	switch (plm_op_operand(criterion->op)) {
	case PLM_OPERAND_TEXT:
		return type == PLM_TYPE_STRING;
	case PLM_OPERAND_NUMBER:
		return type == PLM_TYPE_NUMBER;
	default:
		return true;
	}
}

static enum plm_err plm_check_criterion_fields(struct plm_checker *k, u32 off,
					       const struct plm_criterion *c)
{
	struct plm_template_ref t;
	u32 flags = PLM_FLAG_CASED;

	if (!plm_get_template(&k->c, c->template_index, &t) ||
	    c->template_index >= PLM_MAX_TEMPLATES)
		return plm_fail(k, off + PLM_CRI_TEMPLATE, PLM_BAD_INDEX);
	if (c->input >= t.num_inputs)
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

static enum plm_err plm_check_criterion_text(struct plm_checker *k, u32 off,
					     const struct plm_criterion *c)
{
	u32 max_len = 0;
	enum plm_err err;

	if (plm_op_operand(c->op) == PLM_OPERAND_TEXT)
		max_len = PLM_MAX_TEXT_LEN;
	err = plm_check_string(k, off + PLM_CRI_TEXT, max_len,
			       c->flags & PLM_FLAG_CASED ?
			       PLM_CHARSET_ANY : PLM_CHARSET_FOLDED);
	if (!err && max_len && c->text.len == 0)
		return plm_fail(k, off + PLM_CRI_TEXT + 4, PLM_EMPTY);
	return err;
}

static int plm_compare_u64(u64 a, u64 b)
{
	return (a > b) - (a < b);
}

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
static enum plm_err plm_check_trigger_list(struct plm_checker *k, u32 first,
					   u32 count, u32 template_index)
{
	u32 off = plm_section_off(k, PLM_SECTION_TRIGGERS) + first * 4;
	u32 i, value, least = 0;
	struct plm_rule rule;

	for (i = 0; i < count; i++, off += 4) {
		value = plm_get_word(&k->c, PLM_SECTION_TRIGGERS, first + i);
		if (!plm_get_rule(&k->c, value, &rule))
			return plm_fail(k, off, PLM_BAD_INDEX);
		if (template_index != PLM_MAX_TEMPLATES &&
		    rule.template_index != template_index)
			return plm_fail(k, off, PLM_BAD_TYPE);
		if (value < least)
			return plm_fail(k, off, PLM_NOT_SORTED);
		least = value + 1;
	}
	return PLM_OK;
}

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

static enum plm_err plm_check_criterion(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_CRITERIA) +
		  index * PLM_CRITERION_LEN;
	struct plm_criterion c, last;
	enum plm_err err;

	if (!plm_get_criterion(&k->c, index, &c))
		return plm_fail(k, off, PLM_BAD_INDEX);
	err = plm_check_criterion_fields(k, off, &c);
	if (!err)
		err = plm_check_criterion_text(k, off, &c);
	if (!err && index && plm_get_criterion(&k->c, index - 1, &last) &&
	    plm_compare_criteria(&last, &c) >= 0)
		err = plm_fail(k, off, PLM_NOT_SORTED);
	if (!err)
		err = plm_check_triggers(k, off, &c);
	if (!err && k->num_inputs[c.template_index] < c.input + 1)
		k->num_inputs[c.template_index] = c.input + 1;
	return err;
}

/* What criteria leave of the triggers are rules for every event. */
static enum plm_err plm_check_always(struct plm_checker *k)
{
	k->c.num_always = k->triggers.len - k->triggers.pos;
	return plm_check_trigger_list(k, k->triggers.pos, k->c.num_always,
				      PLM_MAX_TEMPLATES);
}

/* Automata */

static enum plm_err plm_check_automaton_record(struct plm_checker *k, u32 index,
					       struct plm_cursor *tables)
{
	u32 off = plm_section_off(k, PLM_SECTION_AUTOMATA) +
		  index * PLM_AUTOMATON_LEN;
	struct plm_automaton a, last;
	struct plm_template_ref t;
	int order = -1;
	u32 taken;

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
	}
	if (order >= 0)
		return plm_fail(k, off, PLM_NOT_SORTED);
	if (plm_le64(k->c.data + off + PLM_AUT_RESERVED))
		return plm_fail(k, off + PLM_AUT_RESERVED, PLM_RESERVED_SET);
	if (a.tables_off != tables->pos)
		return plm_fail(k, off + PLM_AUT_TABLES_OFF, PLM_BAD_LAYOUT);
	if (!plm_take(tables, a.tables_len, &taken))
		return plm_fail(k, off + PLM_AUT_TABLES_LEN, PLM_TRUNCATED);
	return PLM_OK;
}

static enum plm_err plm_check_automata(struct plm_checker *k)
{
	struct plm_cursor tables =
		plm_cursor(k->c.section[PLM_SECTION_TABLES - 1].count);
	enum plm_err err = PLM_OK;
	u32 i, off;

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

typedef enum plm_err (*plm_check_fn)(struct plm_checker *k, u32 index);

static enum plm_err plm_check_each(struct plm_checker *k, plm_check_fn check,
				   u32 count)
{
	enum plm_err err;
	u32 i;

	for (i = 0; i < count; i++) {
		err = check(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}

static enum plm_err plm_check_records(struct plm_checker *k)
{
	u32 num_templates = plm_num_templates(&k->c);
	enum plm_err err;

	k->strings = plm_cursor(k->c.section[PLM_SECTION_STRINGS - 1].count);
	k->programs = plm_cursor(k->c.section[PLM_SECTION_PROGRAMS - 1].count);
	k->triggers = plm_cursor(k->c.section[PLM_SECTION_TRIGGERS - 1].count);
	if (plm_num_rules(&k->c) == 0)
		return plm_fail(k, PLM_HEADER_LEN + (PLM_SECTION_RULES - 1) *
				PLM_SECTION_ENTRY_LEN + PLM_SEC_COUNT,
				PLM_EMPTY);
	err = plm_check_each(k, plm_check_template, num_templates);
	if (!err)
		err = plm_check_each(k, plm_check_rule, plm_num_rules(&k->c));
	if (!err)
		err = plm_check_each(k, plm_check_criterion,
				     plm_num_criteria(&k->c));
	if (!err)
		err = plm_check_ends(k);
	if (!err)
		err = plm_check_always(k);
	if (!err)
		err = plm_check_each(k, plm_check_template_counts,
				     num_templates);
	if (!err)
		err = plm_check_automata(k);
	return err;
}

static enum plm_err plm_check_file(struct plm_checker *k, u32 max_len)
{
	enum plm_err err;

	if (max_len == 0 || max_len > PLM_MAX_FILE_LEN)
		max_len = PLM_MAX_FILE_LEN;
	err = plm_check_sizes(k, max_len);
	if (!err)
		err = plm_check_header(k);
	if (!err)
		err = plm_check_sections(k);
	if (!err)
		err = plm_check_sum(k);
	if (!err)
		err = plm_check_records(k);
	return err;
}

enum plm_err plm_check(const u8 *data, u32 len, u32 max_len,
		       struct plm_content *out_content,
		       struct plm_fault *out_fault)
{
	struct plm_checker k = { .c = { .data = data, .len = len } };
	enum plm_err err;

	k.fault.rule = PLM_NO_RULE;
	*out_content = (struct plm_content){ 0 };
	*out_fault = (struct plm_fault){ 0, PLM_NO_RULE };
	err = plm_check_file(&k, max_len);
	if (err)
		*out_fault = k.fault;
	else
		*out_content = k.c;
	return err;
}
