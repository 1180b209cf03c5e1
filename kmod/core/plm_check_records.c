// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The structural check: strings, automata, and all records in order. */
#include "plm_automaton.h"
#include "plm_checker.h"

/* Strings: stored in the order in which they are referred to, without gaps. */

enum plm_err plm_check_string(struct plm_checker *k, u32 ref, u32 max_len,
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
	if (len == 0)
		return PLM_OK;
	off += plm_section_off(k, PLM_SECTION_STRINGS);
	span = plm_text_span(k->c.data + off, len, set);
	return span < len ? plm_fail(k, off + span, PLM_BAD_TEXT) : PLM_OK;
}

/* Automata */

/*@ requires \valid_read(a);
  @ assigns \nothing;
  @*/
static u64 plm_automaton_key(const struct plm_automaton *a)
{
	return (u64)a->template_index << 48 | (u64)a->input << 32 |
	       (u64)a->flags << 16 | a->part;
}

/* Sorted by input and flags; those that agree are parts, counted from 0. */
/*@ requires plm_checker_content_ok(k);
  @ requires \valid_read(a) && \separated(k, a);
  @ assigns k->fault.off;
  @*/
static enum plm_err plm_check_automaton_order(struct plm_checker *k, u32 index,
					      const struct plm_automaton *a,
					      u32 off)
{
	u64 key = plm_automaton_key(a);
	struct plm_automaton last;
	u32 part = 0;

	if (index && plm_get_automaton(&k->c, index - 1, &last)) {
		if (plm_automaton_key(&last) >= key)
			return plm_fail(k, off, PLM_NOT_SORTED);
		if ((plm_automaton_key(&last) ^ key) >> 16 == 0)
			part = last.part + 1;
	}
	if (a->part != part)
		return plm_fail(k, off + PLM_AUT_PART, PLM_BAD_INDEX);
	return PLM_OK;
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_cursor_fits(tables) && \separated(k, tables);
  @ requires index < k->c.section[PLM_SECTION_AUTOMATA - 1].count;
  @ assigns k->fault.off, tables->pos, tables->failed;
  @ ensures \result == PLM_OK ==> plm_cursor_fits(tables);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_automaton_record(struct plm_checker *k, u32 index,
					       struct plm_cursor *tables)
{
	u32 off = plm_section_off(k, PLM_SECTION_AUTOMATA) +
		  index * PLM_AUTOMATON_LEN;
	struct plm_automaton a;
	struct plm_template_ref t;
	enum plm_err err;
	u32 taken;

	//@ assert off + PLM_AUTOMATON_LEN <= k->c.len;
	if (!plm_get_automaton(&k->c, index, &a))
		return plm_fail(k, off, PLM_BAD_INDEX);
	if (!plm_get_template(&k->c, a.template_index, &t))
		return plm_fail(k, off + PLM_AUT_TEMPLATE, PLM_BAD_INDEX);
	if (a.input >= t.num_inputs)
		return plm_fail(k, off + PLM_AUT_INPUT, PLM_BAD_INDEX);
	if (a.flags & ~PLM_FLAG_CASED)
		return plm_fail(k, off + PLM_AUT_FLAGS, PLM_RESERVED_SET);
	err = plm_check_automaton_order(k, index, &a, off);
	if (err)
		return err;
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
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_automata(struct plm_checker *k)
{
	struct plm_cursor tables =
		plm_cursor(k->c.section[PLM_SECTION_TABLES - 1].count);
	enum plm_err err = PLM_OK;
	u32 i, off;

	/*@ loop invariant 0 <= i <= k->c.section[PLM_SECTION_AUTOMATA - 1].count;
	  @ loop invariant tables.pos <= tables.len;
	  @ loop invariant plm_checker_content_ok(k);
	  @ loop assigns i, err, off, tables.pos, tables.failed, k->fault.off;
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

/* Strings and programs from their starts, for what refers to them. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires k->last_text.len == 0 && k->last_id.len == 0;
  @ assigns k->strings.len, k->strings.pos, k->strings.failed,
  @	k->programs.len, k->programs.pos, k->programs.failed;
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_known_ok(k);
  @ ensures plm_strings_ok(k);
  @ ensures plm_programs_ok(k);
  @ ensures k->last_text.len == 0 && k->last_id.len == 0;
  @*/
static void plm_open_strings(struct plm_checker *k)
{
	plm_open_cursor(&k->strings,
			k->c.section[PLM_SECTION_STRINGS - 1].count);
	//@ assert plm_checker_content_ok(k);
	plm_open_cursor(&k->programs,
			k->c.section[PLM_SECTION_PROGRAMS - 1].count);
}

/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires plm_strings_ok(k);
  @ requires k->last_text.len == 0;
  @ assigns k->triggers.len, k->triggers.pos, k->triggers.failed;
  @ ensures plm_checker_content_ok(k);
  @ ensures plm_known_ok(k);
  @ ensures plm_strings_ok(k);
  @ ensures plm_triggers_ok(k);
  @ ensures k->last_text.len == 0;
  @*/
static void plm_open_triggers(struct plm_checker *k)
{
	plm_open_cursor(&k->triggers,
			k->c.section[PLM_SECTION_TRIGGERS - 1].count);
}

/* Templates, rules and criteria, each of which needs those before it. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_known_ok(k);
  @ requires plm_strings_ok(k);
  @ requires plm_programs_ok(k);
  @ requires k->last_text.len == 0 && k->last_id.len == 0;
  @ assigns k->fault.off, k->fault.rule, k->known[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->stated_inputs[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->num_inputs[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->num_rules[0 .. PLM_MAX_TEMPLATES - 1],
  @	k->strings.pos, k->strings.failed, k->programs.pos,
  @	k->programs.failed, k->triggers.len, k->triggers.pos,
  @	k->triggers.failed, k->last_id.data, k->last_id.len, k->key, k->form,
  @	k->head, k->last_number, k->last_text.data, k->last_text.len;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @ ensures \result == PLM_OK ==> plm_triggers_ok(k);
  @*/
static enum plm_err plm_check_parts(struct plm_checker *k)
{
	enum plm_err err;

	err = plm_check_templates(k);
	if (err)
		return err;
	//@ assert plm_strings_ok(k);
	//@ assert plm_programs_ok(k);
	//@ assert k->last_text.len == 0 && k->last_id.len == 0;
	err = plm_check_rules(k);
	if (err)
		return err;
	//@ assert plm_known_ok(k);
	//@ assert k->last_text.len == 0;
	plm_open_triggers(k);
	return plm_check_criteria(k);
}

/* What can be said only when all of those are known. */
/*@ requires plm_checker_content_ok(k);
  @ requires plm_triggers_ok(k);
  @ assigns k->fault.off, k->fault.rule, k->c.num_always;
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_whole(struct plm_checker *k)
{
	enum plm_err err;

	err = plm_check_ends(k);
	if (err)
		return err;
	//@ assert plm_checker_content_ok(k);
	//@ assert plm_triggers_ok(k);
	err = plm_check_always(k);
	if (!err)
		err = plm_check_conditions(k);
	if (!err)
		err = plm_check_template_counts(k);
	if (!err)
		err = plm_check_automata(k);
	return err;
}

enum plm_err plm_check_records(struct plm_checker *k)
{
	enum plm_err err;

	if (plm_num_rules(&k->c) == 0)
		return plm_fail(k, PLM_HEADER_LEN + (PLM_SECTION_RULES - 1) *
				PLM_SECTION_ENTRY_LEN + PLM_SEC_COUNT,
				PLM_EMPTY);
	plm_open_strings(k);
	err = plm_check_parts(k);
	return err ? err : plm_check_whole(k);
}
