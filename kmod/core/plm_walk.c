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
 * Claim criterion @criterion for walk @index, unless another one has it, and
 * count it where it triggers rules.  False where a filter of texts cannot speak
 * for it then: it is a pattern or another's.
 */
/*@ requires plm_content_fits(c) && \valid(size) && \valid(late);
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, size) && \separated(c, late);
  @ requires \separated(c, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(size, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ assigns *late, *size,
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @ ensures plm_content_fits(c);
  @ ensures c->section[PLM_SECTION_CRITERIA - 1].count ==
  @	\old(c->section[PLM_SECTION_CRITERIA - 1].count);
  @*/
static bool plm_claim(const struct plm_content *c, u32 index, u32 criterion,
		      u32 *owners, struct plm_filter_size *size, bool *late)
{
	struct plm_criterion r;
	bool speaks = true;

	if (criterion >= plm_num_criteria(c) || owners[criterion] == index)
		return true;
	if (plm_has_triggers(c, criterion)) {
		plm_get_criterion(c, criterion, &r);
		speaks = owners[criterion] == PLM_NO_WALK &&
			 r.op != PLM_OP_PATTERN;
		plm_filter_count(size, r.op, r.text.len);
		*late = false;
	}
	if (owners[criterion] == PLM_NO_WALK)
		owners[criterion] = index;
	return speaks;
}

/*
 * Claim what walk @index reports, at @outputs, and count it.  False where a
 * filter cannot speak for all; *@late where nothing triggers rules.
 */
/*@ requires plm_content_fits(c) && \valid(size) && \valid(late);
  @ requires 0 <= num && plm_words_fit(outputs, num);
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, size) && \separated(c, late);
  @ requires \separated(c, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(size, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ assigns *late, *size,
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @*/
static bool plm_claim_all(const struct plm_content *c, u32 index,
			  const u8 *outputs, u32 num, u32 *owners,
			  struct plm_filter_size *size, bool *late)
{
	bool speaks = true;
	u32 i;

	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_content_fits(c);
	  @ loop invariant c->section[PLM_SECTION_CRITERIA - 1].count ==
	  @	\at(c->section[PLM_SECTION_CRITERIA - 1].count, Pre);
	  @ loop assigns i, speaks, *late, *size,
	  @	owners[0 .. \at(c->section[PLM_SECTION_CRITERIA - 1].count,
	  @			Pre) - 1];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++) {
		//@ assert \valid_read(outputs + (4 * i .. 4 * i + 3));
		speaks &= plm_claim(c, index, plm_le32(outputs + (size_t)i * 4),
				    owners, size, late);
	}
	return speaks;
}

/*@ predicate plm_bits_within(struct plm_bits *bits, u32 *words, integer len) =
  @	\subset(bits->words + (0 .. bits->mask / 32), words + (0 .. len - 1));
  @*/

/*
 * Let through what criterion @index asks for, where it triggers rules.  The
 * sets are in @words, @len of them.
 */
/*@ requires plm_content_fits(c) && plm_filter_fits(filter);
  @ requires \valid(filter) && plm_sets_in(filter, words, len);
  @ assigns filter->open, filter->num_bytes,
  @	filter->bytes[0 .. PLM_FILTER_BYTES - 1], filter->far_lens,
  @	filter->first_lens, filter->last_lens, words[0 .. len - 1];
  @ ensures plm_filter_fits(filter);
  @ ensures plm_sets_in(filter, words, len);
  @*/
static void plm_walk_add(struct plm_filter *filter, const struct plm_content *c,
			 u32 index, const u32 *words, u32 len)
{
	struct plm_criterion criterion;

	(void)words;	/* the contract needs them */
	(void)len;
	//@ assert plm_bits_within(&filter->near, words, len);
	//@ assert plm_bits_within(&filter->wide, words, len);
	//@ assert plm_bits_within(&filter->far, words, len);
	//@ assert plm_bits_within(&filter->tiny, words, len);
	//@ assert plm_bits_within(&filter->first, words, len);
	//@ assert plm_bits_within(&filter->last, words, len);
	if (plm_has_triggers(c, index) &&
	    plm_get_criterion(c, index, &criterion))
		plm_filter_add(filter, criterion.op, criterion.text);
}

/* The same for all of @outputs. */
/*@ requires plm_content_fits(c) && plm_filter_fits(filter);
  @ requires \valid(filter) && plm_sets_in(filter, words, len);
  @ requires \separated(c, filter) && \separated(c, words + (0 .. len - 1));
  @ requires 0 <= num && plm_words_fit(outputs, num);
  @ assigns filter->open, filter->num_bytes,
  @	filter->bytes[0 .. PLM_FILTER_BYTES - 1], filter->far_lens,
  @	filter->first_lens, filter->last_lens, words[0 .. len - 1];
  @ ensures plm_filter_fits(filter);
  @*/
static void plm_walk_add_all(struct plm_filter *filter,
			     const struct plm_content *c, const u8 *outputs,
			     u32 num, const u32 *words, u32 len)
{
	u32 i;

	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_filter_fits(filter);
	  @ loop invariant plm_sets_in(filter, words, len);
	  @ loop invariant plm_content_fits(c);
	  @ loop assigns i, filter->open, filter->num_bytes,
	  @	filter->bytes[0 .. PLM_FILTER_BYTES - 1], filter->far_lens,
	  @	filter->first_lens, filter->last_lens, words[0 .. len - 1];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++) {
		//@ assert \valid_read(outputs + (4 * i .. 4 * i + 3));
		//@ assert \separated(c, &filter->far_lens);
		//@ assert \separated(c, &filter->first_lens);
		//@ assert \separated(c, &filter->last_lens);
		/*@ assert \separated(c, filter->bytes +
		  @	(0 .. PLM_FILTER_BYTES - 1));
		  @*/
		plm_walk_add(filter, c, plm_le32(outputs + (size_t)i * 4),
			     words, len);
	}
}

/*
 * A filter of the criteria of @outputs that trigger rules, @size of them; all
 * are texts.  @cursor runs over @words.
 */
/*@ requires plm_content_fits(c) && \valid(filter);
  @ requires 0 <= num && plm_words_fit(outputs, num);
  @ requires \valid_read(size) && plm_cursor_fits(cursor);
  @ requires \valid(words + (0 .. cursor->len - 1));
  @ requires \separated(filter, size, cursor, words + (0 .. cursor->len - 1));
  @ requires \separated(c, filter) && \separated(c, cursor);
  @ requires \separated(c, words + (0 .. cursor->len - 1));
  @ assigns *filter, cursor->pos, cursor->failed, words[0 .. cursor->len - 1];
  @ ensures plm_filter_fits(filter);
  @ ensures plm_cursor_fits(cursor) && cursor->len == \old(cursor->len);
  @*/
static void plm_walk_fill(struct plm_filter *filter,
			  const struct plm_content *c, const u8 *outputs,
			  u32 num, const struct plm_filter_size *size,
			  u32 *words, struct plm_cursor *cursor)
{
	plm_filter_init(filter, size, words, cursor);
	if (!filter->open)
		plm_walk_add_all(filter, c, outputs, num, words, cursor->len);
}

/* One without a filter or a skip, over no input. */
/*@ requires \valid(w);
  @ assigns *w;
  @ ensures w->input == PLM_NO_INPUT && w->filter.open;
  @ ensures w->skip.rest == PLM_NO_STATE;
  @*/
static void plm_walk_clear(struct plm_walk *w)
{
	*w = (struct plm_walk){ 0 };
	w->input = PLM_NO_INPUT;
	w->filter.open = true;
	w->skip.rest = PLM_NO_STATE;
}

/*
 * Claim what walk @index reports.  True where a filter of @size texts can speak
 * for it.
 */
/*@ requires plm_content_fits(c) && \valid(w) && \valid(size);
  @ requires plm_tables_fit(&w->t);
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, size) && \separated(c, w) && \separated(size, w);
  @ requires \separated(c, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(w, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(size, owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ assigns w->late, *size,
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @ ensures plm_content_fits(c);
  @ ensures plm_tables_fit(&w->t);
  @*/
static bool plm_walk_claim(struct plm_walk *w, const struct plm_content *c,
			   u32 index, u32 *owners, struct plm_filter_size *size)
{
	bool speaks;

	w->late = true;
	speaks = plm_claim_all(c, index, w->t.outputs, w->t.num_outputs, owners,
			       size, &w->late);
	return speaks && !w->late;
}

/*
 * What looks at inputs before a walk: a filter, or else as it walks: a skip.
 * @cursor runs over @words, which both are made in.
 */
/*@ requires plm_content_fits(c) && plm_cursor_fits(cursor);
  @ requires \valid(w) && \valid(words + (0 .. cursor->len - 1));
  @ requires \valid_read(size) && plm_tables_fit(&w->t) && w->filter.open;
  @ requires w->skip.rest == PLM_NO_STATE;
  @ requires \separated(c, w) && \separated(c, cursor);
  @ requires \separated(c, words + (0 .. cursor->len - 1));
  @ requires \separated(w, size, cursor, words + (0 .. cursor->len - 1));
  @ assigns w->filter, w->skip, cursor->pos, cursor->failed,
  @	words[0 .. cursor->len - 1];
  @ ensures plm_tables_fit(&w->t);
  @ ensures plm_filter_fits(&w->filter);
  @ ensures plm_skip_fits(&w->skip);
  @ ensures plm_cursor_fits(cursor) && cursor->len == \old(cursor->len);
  @*/
static void plm_walk_look(struct plm_walk *w, const struct plm_content *c,
			  bool filtered, const struct plm_filter_size *size,
			  u32 *words, struct plm_cursor *cursor)
{
	//@ assert \separated(&w->t, &w->filter);
	//@ assert \separated(&w->t, &w->skip);
	//@ assert \separated(&w->t, cursor);
	//@ assert \separated(&w->t, words + (0 .. cursor->len - 1));
	//@ assert \separated(&w->skip, &w->filter);
	//@ assert \separated(&w->skip, cursor);
	//@ assert \separated(&w->skip, words + (0 .. cursor->len - 1));
	if (filtered) {
		plm_walk_fill(&w->filter, c, w->t.outputs, w->t.num_outputs,
			      size, words, cursor);
		//@ assert plm_tables_fit(&w->t);
	} else {
		plm_skip_init(&w->skip, &w->t, words, cursor);
		//@ assert plm_tables_fit(&w->t);
	}
}

/*@ requires plm_content_fits(c) && plm_cursor_fits(cursor);
  @ requires index < c->section[PLM_SECTION_AUTOMATA - 1].count;
  @ requires \valid(w) && \valid(words + (0 .. cursor->len - 1));
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, w, cursor, words + (0 .. cursor->len - 1), owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ assigns *w, cursor->pos, cursor->failed, words[0 .. cursor->len - 1],
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @ ensures plm_walk_ok(w);
  @ ensures plm_cursor_fits(cursor) && cursor->len == \old(cursor->len);
  @*/
static void plm_walk_init(struct plm_walk *w, const struct plm_content *c,
			  u32 index, u32 *owners, u32 *words,
			  struct plm_cursor *cursor)
{
	struct plm_filter_size size = { 0 };
	struct plm_automaton a;
	bool filtered;

	plm_walk_clear(w);
	//@ assert plm_content_fits(c);
	//@ assert plm_cursor_fits(cursor);
	if (!plm_get_automaton(c, index, &a) ||
	    !plm_tables_locate(c, &a, &w->t))
		return;
	w->template_index = a.template_index;
	w->input = a.input;
	//@ assert plm_content_fits(c);
	//@ assert plm_tables_fit(&w->t);
	//@ assert plm_cursor_fits(cursor);
	//@ assert cursor->len == \at(cursor->len, Pre);
	/*@ assert c->section[PLM_SECTION_CRITERIA - 1].count ==
	  @	\at(c->section[PLM_SECTION_CRITERIA - 1].count, Pre);
	  @*/
	filtered = plm_walk_claim(w, c, index, owners, &size);
	//@ assert plm_cursor_fits(cursor);
	//@ assert cursor->len == \at(cursor->len, Pre);
	//@ assert w->skip.rest == PLM_NO_STATE;
	plm_walk_look(w, c, filtered, &size, words, cursor);
}

/* No criterion is claimed yet. */
/*@ requires 0 <= num && \valid(owners + (0 .. num - 1));
  @ assigns owners[0 .. num - 1];
  @*/
static void plm_claim_none(u32 *owners, u32 num)
{
	u32 i;

	/*@ loop invariant 0 <= i <= num;
	  @ loop assigns i, owners[0 .. num - 1];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		owners[i] = PLM_NO_WALK;
}

/* The next one of @list, behind @i of them. */
/*@ requires plm_content_fits(c) && plm_cursor_fits(cursor);
  @ requires 0 <= i < c->section[PLM_SECTION_AUTOMATA - 1].count;
  @ requires \valid(list + (0 .. i)) && \valid(words + (0 .. cursor->len - 1));
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, list + (0 .. i), cursor,
  @	words + (0 .. cursor->len - 1), owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \forall integer j; 0 <= j < i ==> plm_walk_ok(list + j);
  @ assigns list[i], cursor->pos, cursor->failed,
  @	words[0 .. cursor->len - 1],
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @ ensures old: \forall integer j; 0 <= j < i ==> plm_walk_ok(list + j);
  @ ensures new: plm_walk_ok(list + i);
  @ ensures plm_content_fits(c);
  @ ensures c->section[PLM_SECTION_CRITERIA - 1].count ==
  @	\old(c->section[PLM_SECTION_CRITERIA - 1].count);
  @ ensures c->section[PLM_SECTION_AUTOMATA - 1].count ==
  @	\old(c->section[PLM_SECTION_AUTOMATA - 1].count);
  @ ensures plm_cursor_fits(cursor) && cursor->len == \old(cursor->len);
  @*/
static void plm_walks_next(struct plm_walk *list, u32 i,
			   const struct plm_content *c, u32 *owners, u32 *words,
			   struct plm_cursor *cursor)
{
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(list + j, list + i);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(list + j, cursor);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(list + j, words + (0 .. cursor->len - 1));
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(list + j, owners + (0 ..
	  @	 c->section[PLM_SECTION_CRITERIA - 1].count - 1));
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(&list[j].t, list + i);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(&list[j].t, cursor);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(&list[j].t, words + (0 .. cursor->len - 1));
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\separated(&list[j].t, owners + (0 ..
	  @	 c->section[PLM_SECTION_CRITERIA - 1].count - 1));
	  @*/
	plm_walk_init(list + i, c, i, owners, words, cursor);
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	list[j].input == \at(list[j].input, Pre);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_tables_fit(&list[j].t), Pre) ==>
	  @	plm_tables_fit(&list[j].t);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_skip_fits(&list[j].skip), Pre) ==>
	  @	plm_skip_fits(&list[j].skip);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_bits_fit(&list[j].filter.near), Pre) ==>
	  @	plm_bits_fit(&list[j].filter.near);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_bits_fit(&list[j].filter.wide), Pre) ==>
	  @	plm_bits_fit(&list[j].filter.wide);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_bits_fit(&list[j].filter.far), Pre) ==>
	  @	plm_bits_fit(&list[j].filter.far);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_bits_fit(&list[j].filter.tiny), Pre) ==>
	  @	plm_bits_fit(&list[j].filter.tiny);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_bits_fit(&list[j].filter.first), Pre) ==>
	  @	plm_bits_fit(&list[j].filter.first);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_bits_fit(&list[j].filter.last), Pre) ==>
	  @	plm_bits_fit(&list[j].filter.last);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	list[j].filter.open == \at(list[j].filter.open, Pre) &&
	  @	list[j].filter.num_bytes ==
	  @	\at(list[j].filter.num_bytes, Pre);
	  @*/
	/*@ assert old: \forall integer j; 0 <= j < i ==>
	  @	\at(plm_filter_fits(&list[j].filter), Pre) ==>
	  @	plm_filter_fits(&list[j].filter);
	  @*/
}

/* Each of @list. */
/*@ requires plm_content_fits(c) && plm_cursor_fits(cursor);
  @ requires num == c->section[PLM_SECTION_AUTOMATA - 1].count;
  @ requires 0 <= num && \valid(list + (0 .. num - 1));
  @ requires \valid(words + (0 .. cursor->len - 1));
  @ requires \valid(owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ requires \separated(c, list + (0 .. num - 1), cursor,
  @	words + (0 .. cursor->len - 1), owners +
  @	(0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1));
  @ assigns list[0 .. num - 1], cursor->pos, cursor->failed,
  @	words[0 .. cursor->len - 1],
  @	owners[0 .. c->section[PLM_SECTION_CRITERIA - 1].count - 1];
  @ ensures \forall integer i; 0 <= i < num ==> plm_walk_ok(list + i);
  @*/
static void plm_walks_each(struct plm_walk *list, u32 num,
			   const struct plm_content *c, u32 *owners, u32 *words,
			   struct plm_cursor *cursor)
{
	u32 i;

	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant plm_content_fits(c);
	  @ loop invariant c->section[PLM_SECTION_CRITERIA - 1].count ==
	  @	\at(c->section[PLM_SECTION_CRITERIA - 1].count, Pre);
	  @ loop invariant c->section[PLM_SECTION_AUTOMATA - 1].count == num;
	  @ loop invariant plm_cursor_fits(cursor);
	  @ loop invariant cursor->len == \at(cursor->len, Pre);
	  @ loop invariant \forall integer j; 0 <= j < i ==>
	  @	plm_walk_ok(list + j);
	  @ loop assigns i, list[0 .. num - 1], cursor->pos, cursor->failed,
	  @	words[0 .. \at(cursor->len, Pre) - 1],
	  @	owners[0 .. \at(c->section[PLM_SECTION_CRITERIA - 1].count,
	  @			Pre) - 1];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		plm_walks_next(list, i, c, owners, words, cursor);
}

void plm_walks_init(struct plm_walks *walks, const struct plm_content *content,
		    struct plm_walk *list, u32 *words)
{
	u32 num = plm_num_automata(content);
	u32 num_criteria = plm_num_criteria(content);
	u32 len = plm_looks_words(content);

	//@ assert \separated(walks, list + (0 .. num - 1));
	//@ assert \separated(walks, words + (0 .. num_criteria - 1));
	//@ assert \separated(walks, words + num_criteria + (0 .. len - 1));
	//@ assert \valid(words + num_criteria + (0 .. len - 1));
	walks->list = list;
	walks->owners = words;
	walks->num = num;
	walks->num_criteria = num_criteria;
	plm_open_cursor(&walks->looks, len);
	plm_numbers_init(&walks->numbers, content);
	//@ assert walks->num == num && walks->num_criteria == num_criteria;
	//@ assert plm_content_fits(content);
	/*@ assert content->section[PLM_SECTION_CRITERIA - 1].count ==
	  @	num_criteria;
	  @*/
	//@ assert content->section[PLM_SECTION_AUTOMATA - 1].count == num;
	plm_claim_none(words, num_criteria);
	//@ assert plm_content_fits(content);
	/*@ assert content->section[PLM_SECTION_CRITERIA - 1].count ==
	  @	num_criteria;
	  @*/
	//@ assert content->section[PLM_SECTION_AUTOMATA - 1].count == num;
	//@ assert walks->num == num;
	//@ assert walks->num_criteria == num_criteria;
	//@ assert plm_cursor_fits(&walks->looks) && walks->looks.len == len;
	plm_walks_each(list, num, content, words, words + num_criteria,
		       &walks->looks);
	//@ assert walks->list == list && walks->owners == words;
	//@ assert walks->num == num;
	//@ assert walks->num_criteria == num_criteria;
}
