// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The structural check: criteria and their triggers.
 *
 * Contracts spell out what plm_strings_ok(), plm_triggers_ok() and plm_text_ok()
 * say of the check: that a store elsewhere leaves a comparison of two fields
 * alone WP sees by itself, while a predicate has to be unfolded by a prover.
 */
#include "plm_checker.h"
#include "plm_text.h"

/* What else a criterion has, by its operator. */
struct plm_op_form {
	bool known;
	u8 type;	/* of its input; 0: any */
	u8 flags;	/* that may be set */
	bool text;
	bool number;
	bool pair;	/* the number is that of another input */
};

#define PLM_FORM_TEXT	\
	{ true, PLM_TYPE_STRING, PLM_FLAG_CASED, true, false, false }
#define PLM_FORM_NUMBER	{ true, PLM_TYPE_NUMBER, 0, false, true, false }
#define PLM_FORM_NONE	{ true, 0, 0, false, false, false }
#define PLM_FORM_PAIR(type)	{ true, type, PLM_FLAG_CASED, false, true, true }

static const struct plm_op_form plm_op_forms[PLM_OP_SAME_END + 1] = {
	[PLM_OP_EQUALS] = PLM_FORM_TEXT,
	[PLM_OP_CONTAINS] = PLM_FORM_TEXT,
	[PLM_OP_STARTSWITH] = PLM_FORM_TEXT,
	[PLM_OP_ENDSWITH] = PLM_FORM_TEXT,
	[PLM_OP_PATTERN] = PLM_FORM_TEXT,
	[PLM_OP_NUM_EQ] = PLM_FORM_NUMBER,
	[PLM_OP_NUM_LT] = PLM_FORM_NUMBER,
	[PLM_OP_NUM_LTE] = PLM_FORM_NUMBER,
	[PLM_OP_NUM_GT] = PLM_FORM_NUMBER,
	[PLM_OP_NUM_GTE] = PLM_FORM_NUMBER,
	[PLM_OP_EXISTS] = PLM_FORM_NONE,
	[PLM_OP_SAME] = PLM_FORM_PAIR(0),
	[PLM_OP_SAME_START] = PLM_FORM_PAIR(PLM_TYPE_STRING),
	[PLM_OP_SAME_END] = PLM_FORM_PAIR(PLM_TYPE_STRING),
};

/*@ assigns \nothing;
  @ ensures \valid_read(\result);
  @*/
static const struct plm_op_form *plm_form_of(u32 op)
{
	return &plm_op_forms[op <= PLM_OP_SAME_END ? op : 0];
}

/* The operator is known and fits the declared type of the input. */
/*@ requires \valid_read(k) && plm_known_ok(k) && \valid_read(key);
  @ requires key->template_index < PLM_MAX_TEMPLATES && \valid_read(form);
  @ requires key->input < k->stated_inputs[key->template_index];
  @ assigns \nothing;
  @*/
static bool plm_op_fits(const struct plm_checker *k,
			const struct plm_criterion_key *key,
			const struct plm_op_form *form)
{
	const struct plm_template *known = k->known[key->template_index];

	return form->known &&
	       (!form->type ||
		form->type == known->shape.inputs[key->input].type);
}

/*@ requires plm_checker_content_ok(k) && plm_known_ok(k);
  @ requires \valid_read(key) && \separated(k, key) && \valid_read(form);
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off;
  @ ensures \result == PLM_OK ==> key->template_index < PLM_MAX_TEMPLATES &&
  @	key->input < k->stated_inputs[key->template_index];
  @*/
static enum plm_err plm_check_key(struct plm_checker *k, u32 off,
				  const struct plm_criterion_key *key,
				  const struct plm_op_form *form)
{
	if (key->template_index >= plm_num_templates(&k->c) ||
	    key->template_index >= PLM_MAX_TEMPLATES)
		return plm_fail(k, off + PLM_CRI_TEMPLATE, PLM_BAD_INDEX);
	if (key->input >= k->stated_inputs[key->template_index])
		return plm_fail(k, off + PLM_CRI_INPUT, PLM_BAD_INDEX);
	if (!plm_op_fits(k, key, form))
		return plm_fail(k, off + PLM_CRI_OP, PLM_BAD_TYPE);
	if (key->flags & ~(u32)form->flags)
		return plm_fail(k, off + PLM_CRI_FLAGS, PLM_RESERVED_SET);
	if (plm_le16(k->c.data + off + PLM_CRI_RESERVED))
		return plm_fail(k, off + PLM_CRI_RESERVED, PLM_RESERVED_SET);
	return PLM_OK;
}

/* Keys in the order of their fields. */
/*@ requires \valid_read(key);
  @ assigns \nothing;
  @*/
static u64 plm_key_order(const struct plm_criterion_key *key)
{
	return (u64)key->template_index << 32 | (u64)key->input << 16 |
	       (u64)key->op << 8 | key->flags;
}

/* What the next criterion's key must come behind. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires \valid_read(key) && \separated(k, key);
  @ requires key->template_index < PLM_MAX_TEMPLATES;
  @ requires key->input < k->stated_inputs[key->template_index];
  @ requires \valid_read(form);
  @ assigns k->key.template_index, k->key.input, k->key.op, k->key.flags,
  @	k->form;
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_known_ok(k);
  @ ensures k->strings.pos <= k->strings.len;
  @ ensures k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures plm_key_ok(k);
  @*/
static void plm_keep_key(struct plm_checker *k,
			 const struct plm_criterion_key *key,
			 const struct plm_op_form *form)
{
	k->key.template_index = key->template_index;
	k->key.input = key->input;
	k->key.op = key->op;
	k->key.flags = key->flags;
	k->form = form;
}

/* Criteria have been seen to look at the inputs up to @input. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires plm_key_ok(k);
  @ requires input < PLM_MAX_INPUTS;
  @ assigns k->num_inputs[k->key.template_index];
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_known_ok(k);
  @ ensures k->strings.pos <= k->strings.len;
  @ ensures k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures plm_key_ok(k);
  @*/
static void plm_note_input(struct plm_checker *k, u32 input)
{
	u32 index = k->key.template_index;

	if (k->num_inputs[index] <= input)
		k->num_inputs[index] = input + 1;
}

/* The first of the criteria that have a key in common. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off, k->key.template_index, k->key.input, k->key.op,
  @	k->key.flags, k->form, k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> k->strings.pos <= k->strings.len;
  @ ensures \result == PLM_OK ==> k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @*/
static enum plm_err plm_check_first(struct plm_checker *k, u32 off, u32 index)
{
	u64 last = plm_key_order(&k->key);
	const struct plm_op_form *form;
	struct plm_criterion_key key;
	enum plm_err err;

	plm_get_criterion_key(&k->c, index, &key);
	form = plm_form_of(key.op);
	err = plm_check_key(k, off, &key, form);
	if (err)
		return err;
	if (index && last >= plm_key_order(&key))
		return plm_fail(k, off, PLM_NOT_SORTED);
	//@ assert plm_checker_content_ok(k);
	//@ assert plm_known_ok(k);
	plm_keep_key(k, &key, form);
	plm_note_input(k, k->key.input);
	return PLM_OK;
}

/*
 * The other input of a pair is supplied, another one, and of the same type.  It
 * makes no difference which of two is said to be the same as the other: the
 * first one is.
 */
/*@ requires plm_checker_content_ok(k) && plm_known_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires plm_key_ok(k) && off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off, k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> k->strings.pos <= k->strings.len;
  @ ensures \result == PLM_OK ==> k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @*/
static enum plm_err plm_check_pair(struct plm_checker *k, u32 off, u64 other)
{
	u32 index = k->key.template_index;
	const struct plm_input *inputs = k->known[index]->shape.inputs;
	u32 input = k->key.input;

	if (other >= k->stated_inputs[index] || other == input ||
	    (k->key.op == PLM_OP_SAME && other < input))
		return plm_fail(k, off + PLM_CRI_NUMBER, PLM_BAD_INDEX);
	if (inputs[(u32)other].type != inputs[input].type)
		return plm_fail(k, off + PLM_CRI_NUMBER, PLM_BAD_TYPE);
	if (k->key.flags && inputs[input].type != PLM_TYPE_STRING)
		return plm_fail(k, off + PLM_CRI_FLAGS, PLM_RESERVED_SET);
	plm_note_input(k, (u32)other);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k) && plm_known_ok(k);
  @ requires plm_key_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off, k->strings.pos, k->strings.failed;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> k->strings.pos <= k->strings.len;
  @ ensures \result == PLM_OK ==> k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @*/
static enum plm_err plm_check_text(struct plm_checker *k, u32 off)
{
	bool text = k->form->text;
	enum plm_err err;

	err = plm_check_string(k, off + PLM_CRI_TEXT,
			       text ? PLM_MAX_TEXT_LEN : 0,
			       k->key.flags & PLM_FLAG_CASED ?
			       PLM_BYTES_ANY : PLM_BYTES_FOLDED);
	if (!err && text && plm_le32(k->c.data + off + PLM_CRI_TEXT + 4) == 0)
		return plm_fail(k, off + PLM_CRI_TEXT + 4, PLM_EMPTY);
	return err;
}

/*@ requires plm_checker_content_ok(k) && plm_known_ok(k);
  @ requires plm_key_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off, k->strings.pos, k->strings.failed,
  @	k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1];
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> k->strings.pos <= k->strings.len;
  @ ensures \result == PLM_OK ==> k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @*/
static enum plm_err plm_check_operands(struct plm_checker *k, u32 off)
{
	u64 number = plm_le64(k->c.data + off + PLM_CRI_NUMBER);
	enum plm_err err;

	if (!k->form->number && number)
		return plm_fail(k, off + PLM_CRI_NUMBER, PLM_RESERVED_SET);
	if (k->form->pair) {
		err = plm_check_pair(k, off, number);
		if (err)
			return err;
	}
	return plm_check_text(k, off);
}

/* Criteria that have a key in common ascend by number, then by text. */
/*@ requires \valid_read(k) && plm_text_ok(k->last_text) && plm_text_ok(text);
  @ assigns \nothing;
  @*/
static bool plm_ascends(const struct plm_checker *k, u64 number,
			struct plm_text text)
{
	if (k->last_number != number)
		return k->last_number < number;
	return plm_text_compare(k->last_text, text) < 0;
}

/*
 * @count words of the triggers section from @first on: ascending rules, all of
 * @template_index unless that is PLM_MAX_TEMPLATES.
 */
/*@ requires plm_checker_content_ok(k);
  @ requires count <= k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ assigns k->fault.off;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_trigger_list(struct plm_checker *k, u32 first,
					   u32 count, u32 template_index)
{
	u32 off = plm_section_off(k, PLM_SECTION_TRIGGERS) + first * 4;
	u32 i, value, rule_template, least = 0;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant plm_checker_content_ok(k);
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

/* Take a criterion's triggers: *@out_num of them, from *@out_first on. */
/*@ requires plm_checker_content_ok(k) && plm_known_ok(k) && plm_key_ok(k);
  @ requires k->triggers.pos <= k->triggers.len;
  @ requires k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ requires \valid(out_first) && \valid(out_num);
  @ requires \separated(k, out_first, out_num);
  @ assigns k->fault.off, k->triggers.pos, k->triggers.failed, *out_first,
  @	*out_num;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @ ensures \result == PLM_OK ==> k->triggers.pos <= k->triggers.len;
  @ ensures \result == PLM_OK ==> k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ ensures \result == PLM_OK ==>
  @	*out_num <= k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @*/
static enum plm_err plm_take_triggers(struct plm_checker *k, u32 off,
				      u32 *out_first, u32 *out_num)
{
	const u8 *p = k->c.data + off;
	u32 num = plm_le32(p + PLM_CRI_NUM_TRIGGERS);

	*out_num = num;
	if (plm_le32(p + PLM_CRI_TRIGGER_OFF) != k->triggers.pos)
		return plm_fail(k, off + PLM_CRI_TRIGGER_OFF, PLM_BAD_LAYOUT);
	if (!plm_take(&k->triggers, num, out_first))
		return plm_fail(k, off + PLM_CRI_NUM_TRIGGERS, PLM_TRUNCATED);
	if (num && !plm_op_is_string(k->key.op) &&
	    !plm_op_is_number(k->key.op))
		return plm_fail(k, off + PLM_CRI_NUM_TRIGGERS, PLM_BAD_TYPE);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k) && plm_known_ok(k) && plm_key_ok(k);
  @ requires k->triggers.pos <= k->triggers.len;
  @ requires k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off, k->triggers.pos, k->triggers.failed;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @ ensures \result == PLM_OK ==> k->triggers.pos <= k->triggers.len;
  @ ensures \result == PLM_OK ==> k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @*/
static enum plm_err plm_check_triggers(struct plm_checker *k, u32 off)
{
	u32 first, num;
	enum plm_err err;

	err = plm_take_triggers(k, off, &first, &num);
	if (err)
		return err;
	return plm_check_trigger_list(k, first, num, k->key.template_index);
}

/* All but triggers; @first says whether the key differs from the one before. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires k->triggers.pos <= k->triggers.len;
  @ requires k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ requires k->last_text.len == 0 ||
  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ requires !first ==> plm_key_ok(k);
  @ assigns k->fault.off, k->strings.pos, k->strings.failed,
  @	k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->key.template_index, k->key.input, k->key.op, k->key.flags, k->form;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> k->strings.pos <= k->strings.len;
  @ ensures \result == PLM_OK ==> k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures \result == PLM_OK ==>
  @	k->triggers.pos <= k->triggers.len;
  @ ensures \result == PLM_OK ==> k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ ensures \result == PLM_OK ==> k->last_text.len == 0 ||
  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @*/
static enum plm_err plm_check_fields(struct plm_checker *k, u32 off, u32 index,
				     bool first)
{
	enum plm_err err;

	if (first) {
		err = plm_check_first(k, off, index);
		if (err)
			return err;
	}
	//@ assert plm_key_ok(k);
	return plm_check_operands(k, off);
}

/* What the next criterion's number and text must come behind. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires plm_key_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires k->triggers.pos <= k->triggers.len;
  @ requires k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ requires plm_text_ok(text);
  @ assigns k->last_number, k->last_text.data, k->last_text.len;
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_known_ok(k);
  @ ensures plm_key_ok(k);
  @ ensures k->strings.pos <= k->strings.len;
  @ ensures k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures k->triggers.pos <= k->triggers.len;
  @ ensures k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ ensures k->last_text.len == 0 ||
  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
  @*/
static void plm_keep_text(struct plm_checker *k, u64 number,
			  struct plm_text text)
{
	k->last_number = number;
	k->last_text.data = text.data;
	k->last_text.len = text.len;
}

/* The number and text stand behind those of the criterion before. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires plm_key_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires k->triggers.pos <= k->triggers.len;
  @ requires k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ requires k->last_text.len == 0 ||
  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
  @ requires off + PLM_CRITERION_LEN <= k->c.len;
  @ assigns k->fault.off, k->last_number, k->last_text.data,
  @	k->last_text.len;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @ ensures \result == PLM_OK ==> k->strings.pos <= k->strings.len;
  @ ensures \result == PLM_OK ==> k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures \result == PLM_OK ==> k->triggers.pos <= k->triggers.len;
  @ ensures \result == PLM_OK ==> k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ ensures \result == PLM_OK ==> k->last_text.len == 0 ||
  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
  @*/
static enum plm_err plm_check_order(struct plm_checker *k, u32 off, bool first)
{
	u64 number = plm_le64(k->c.data + off + PLM_CRI_NUMBER);
	struct plm_text text =
		plm_string(&k->c, k->c.data + off + PLM_CRI_TEXT);

	if (!first && !plm_ascends(k, number, text))
		return plm_fail(k, off, PLM_NOT_SORTED);
	plm_keep_text(k, number, text);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires k->strings.pos <= k->strings.len;
  @ requires k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ requires k->triggers.pos <= k->triggers.len;
  @ requires k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ requires k->last_text.len == 0 ||
  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
  @ requires index < k->c.section[PLM_SECTION_CRITERIA - 1].count;
  @ requires index > 0 ==> plm_key_ok(k);
  @ assigns k->fault.off, k->strings.pos, k->strings.failed, k->triggers.pos,
  @	k->triggers.failed, k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->key.template_index, k->key.input, k->key.op, k->key.flags,
  @	k->form, k->head, k->last_number, k->last_text.data,
  @	k->last_text.len;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_known_ok(k);
  @ ensures \result == PLM_OK ==> plm_key_ok(k);
  @ ensures \result == PLM_OK ==> k->strings.pos <= k->strings.len;
  @ ensures \result == PLM_OK ==> k->strings.len ==
  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
  @ ensures \result == PLM_OK ==> k->triggers.pos <= k->triggers.len;
  @ ensures \result == PLM_OK ==> k->triggers.len ==
  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
  @ ensures \result == PLM_OK ==> k->last_text.len == 0 ||
  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
  @*/
static enum plm_err plm_check_criterion(struct plm_checker *k, u32 index)
{
	u32 off = plm_section_off(k, PLM_SECTION_CRITERIA) +
		  index * PLM_CRITERION_LEN;
	u64 head = plm_le64(k->c.data + off);
	bool first = index == 0 || head != k->head;
	enum plm_err err;

	//@ assert off + PLM_CRITERION_LEN <= k->c.len;
	k->head = head;
	err = plm_check_fields(k, off, index, first);
	if (!err)
		err = plm_check_order(k, off, first);
	if (!err)
		err = plm_check_triggers(k, off);
	return err;
}

enum plm_err plm_check_always(struct plm_checker *k)
{
	k->c.num_always = k->triggers.len - k->triggers.pos;
	return plm_check_trigger_list(k, k->triggers.pos, k->c.num_always,
				      PLM_MAX_TEMPLATES);
}

enum plm_err plm_check_criteria(struct plm_checker *k)
{
	u32 count = plm_num_criteria(&k->c);
	enum plm_err err;
	u32 i;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant k->strings.pos <= k->strings.len;
	  @ loop invariant k->strings.len ==
	  @	k->c.section[PLM_SECTION_STRINGS - 1].len;
	  @ loop invariant k->triggers.pos <= k->triggers.len;
	  @ loop invariant k->triggers.len ==
	  @	k->c.section[PLM_SECTION_TRIGGERS - 1].count;
	  @ loop invariant k->last_text.len == 0 ||
	  @	\valid_read(k->last_text.data + (0 .. k->last_text.len - 1));
	  @ loop invariant count == k->c.section[PLM_SECTION_CRITERIA - 1].count;
	  @ loop invariant i > 0 ==> plm_key_ok(k);
	  @ loop invariant plm_checker_content_ok(k) && plm_known_ok(k);
	  @ loop assigns i, err, k->fault.off, k->strings.pos,
	  @	k->strings.failed, k->triggers.pos, k->triggers.failed,
	  @	k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
	  @	k->key.template_index, k->key.input, k->key.op, k->key.flags, k->form,
	  @	k->head, k->last_number, k->last_text.data, k->last_text.len;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		err = plm_check_criterion(k, i);
		if (err)
			return err;
	}
	return PLM_OK;
}
