// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_walk.h"

/* Of those, what filters and skips may take. */
/*@ requires plm_content_fits(content);
  @ assigns \nothing;
  @ ensures \result == plm_walks_len(content) -
  @	content->section[PLM_SECTION_CRITERIA - 1].count;
  @*/
static u32 plm_looks_words(const struct plm_content *content)
{
	u32 num = plm_num_automata(content);

	return PLM_FILTER_WORDS(num, plm_num_criteria(content)) +
	       PLM_SKIP_WORDS * num;
}

u32 plm_walks_words(const struct plm_content *content)
{
	return plm_num_criteria(content) + plm_looks_words(content);
}

/* Does criterion @index trigger rules? */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @*/
static bool plm_has_triggers(const struct plm_content *c, u32 index)
{
	u32 first, num;

	plm_get_criterion_triggers(c, index, &first, &num);
	return num > 0;
}

/*
 * Claim the criteria that walk @index reports and that no other one has, and
 * count those among them that trigger rules.  False where a filter of texts
 * cannot speak for it: one that triggers rules is a pattern or another's.
 */
/*@ requires plm_content_fits(c) && \valid(w) && \separated(c, w);
  @ requires plm_tables_ok(w->t) && \valid(size);
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, w, size, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ assigns w->late, *size,
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @*/
static bool plm_walk_claim(struct plm_walk *w, const struct plm_content *c,
			   u32 index, u32 *owners, struct plm_filter_size *size)
{
	struct plm_criterion criterion;
	bool texts = true;
	u32 i, output;

	*size = (struct plm_filter_size){ 0 };
	w->late = true;
	/*@ loop invariant 0 <= i <= w->t.num_outputs;
	  @ loop assigns i, output, criterion, texts, w->late, *size,
	  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
	  @ loop variant w->t.num_outputs - i;
	  @*/
	for (i = 0; i < w->t.num_outputs; i++) {
		//@ assert \valid_read(w->t.outputs + (4 * i .. 4 * i + 3));
		output = plm_le32(w->t.outputs + (size_t)i * 4);
		if (output >= plm_num_criteria(c) || owners[output] == index)
			continue;
		if (plm_has_triggers(c, output)) {
			plm_get_criterion(c, output, &criterion);
			plm_filter_count(size, criterion.op,
					 criterion.text.len);
			texts &= owners[output] == PLM_NO_WALK &&
				 criterion.op != PLM_OP_PATTERN;
			w->late = false;
		}
		if (owners[output] == PLM_NO_WALK)
			owners[output] = index;
	}
	return texts;
}

/* Let through what criterion @index asks for, where it triggers rules. */
/*@ requires plm_content_fits(c) && plm_filter_fits(filter);
  @ requires \valid(filter);
  @ assigns filter->open, filter->num_bytes,
  @	filter->bytes[0 .. PLM_FILTER_BYTES - 1], filter->far_lens,
  @	filter->first_lens, filter->last_lens,
  @	filter->near.words[0 .. filter->near.mask / 32],
  @	filter->far.words[0 .. filter->far.mask / 32],
  @	filter->tiny.words[0 .. filter->tiny.mask / 32],
  @	filter->first.words[0 .. filter->first.mask / 32],
  @	filter->last.words[0 .. filter->last.mask / 32];
  @ ensures plm_filter_fits(filter);
  @*/
static void plm_walk_add(struct plm_filter *filter, const struct plm_content *c,
			 u32 index)
{
	struct plm_criterion criterion;

	if (plm_has_triggers(c, index) &&
	    plm_get_criterion(c, index, &criterion))
		plm_filter_add(filter, criterion.op, criterion.text);
}

/*
 * A filter of the criteria that trigger rules, @size of them; all are texts.
 * @cursor runs over @words.
 */
/*@ requires plm_content_fits(c) && \valid(w) && plm_tables_fit(&w->t);
  @ requires \valid_read(size) && plm_cursor_fits(cursor);
  @ requires \valid(words + (0 .. cursor->len - 1));
  @ requires \separated(&w->filter, size, cursor,
  @		     words + (0 .. cursor->len - 1));
  @ requires \separated(c, &w->filter) && \separated(c, cursor);
  @ requires \separated(c, words + (0 .. cursor->len - 1));
  @ assigns w->filter, cursor->pos, cursor->failed, words[0 .. cursor->len - 1];
  @ ensures plm_filter_fits(&w->filter);
  @ ensures plm_cursor_fits(cursor) && cursor->len == \old(cursor->len);
  @*/
static void plm_walk_fill(struct plm_walk *w, const struct plm_content *c,
			  const struct plm_filter_size *size, u32 *words,
			  struct plm_cursor *cursor)
{
	const u8 *outputs = w->t.outputs;
	u32 num = w->t.num_outputs;
	u32 i;

	plm_filter_init(&w->filter, size, words, cursor);
	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_content_fits(c);
	  @ loop invariant plm_cursor_fits(cursor);
	  @ loop invariant cursor->len == \at(cursor->len, Pre);
	  @ loop invariant plm_filter_fits(&w->filter);
	  @ loop invariant plm_filter_in(&w->filter, words,
	  @				 \at(cursor->len, Pre));
	  @ loop assigns i, w->filter.open, w->filter.num_bytes,
	  @	w->filter.bytes[0 .. PLM_FILTER_BYTES - 1],
	  @	w->filter.far_lens, w->filter.first_lens, w->filter.last_lens,
	  @	words[0 .. \at(cursor->len, Pre) - 1];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++) {
		//@ assert \valid_read(outputs + (4 * i .. 4 * i + 3));
		plm_walk_add(&w->filter, c, plm_le32(outputs + (size_t)i * 4));
	}
}

/* @cursor runs over @words, which filters and skips are made in. */
/*@ requires plm_content_fits(c) && plm_cursor_fits(cursor);
  @ requires index < c->section[PLM_SECTION_AUTOMATA - 1].count;
  @ requires \valid(w) && \valid(words + (0 .. cursor->len - 1));
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, w, cursor, words + (0 .. cursor->len - 1), owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ assigns *w, cursor->pos, cursor->failed, words[0 .. cursor->len - 1],
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @ ensures plm_walk_ok(w) && plm_cursor_fits(cursor);
  @*/
static void plm_walk_init(struct plm_walk *w, const struct plm_content *c,
			  u32 index, u32 *owners, u32 *words,
			  struct plm_cursor *cursor)
{
	struct plm_filter_size size;
	struct plm_automaton a;
	bool speaks;

	*w = (struct plm_walk){ 0 };
	w->input = PLM_NO_INPUT;
	w->skip.rest = PLM_NO_STATE;
	if (!plm_get_automaton(c, index, &a) ||
	    !plm_tables_locate(c, &a, &w->t))
		return;
	w->template_index = a.template_index;
	w->input = a.input;
	w->filter.open = true;
	speaks = plm_walk_claim(w, c, index, owners, &size);
	if (w->late || !speaks) {
		plm_skip_init(&w->skip, &w->t, words, cursor);
		return;
	}
	plm_walk_fill(w, c, &size, words, cursor);
}

void plm_walks_init(struct plm_walks *walks, const struct plm_content *content,
		    struct plm_walk *list, u32 *words)
{
	u32 num = plm_num_automata(content);
	u32 num_criteria = plm_num_criteria(content);
	u32 *rest = words + num_criteria;
	struct plm_cursor cursor = plm_cursor(plm_looks_words(content));
	u32 i;

	/*@ loop invariant 0 <= i <= num_criteria;
	  @ loop assigns i, words[0 .. num_criteria - 1];
	  @ loop variant num_criteria - i;
	  @*/
	for (i = 0; i < num_criteria; i++)
		words[i] = PLM_NO_WALK;
	/*@ loop invariant 0 <= i <= num && plm_cursor_fits(&cursor);
	  @ loop invariant \forall integer j; 0 <= j < i ==>
	  @	plm_walk_ok(list + j);
	  @ loop assigns i, cursor, list[0 .. num - 1],
	  @	words[0 .. plm_walks_len(content) - 1];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		plm_walk_init(&list[i], content, i, words, rest, &cursor);
	walks->list = list;
	walks->owners = words;
	walks->num = num;
	walks->num_criteria = num_criteria;
	plm_numbers_init(&walks->numbers, content);
}
