// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_automaton.h"

/*@ requires index <= PLM_MAX_FILE_LEN;
  @ requires \valid_read(words + (4 * index .. 4 * index + 3));
  @ assigns \nothing;
  @ ensures \result == plm_word(words, index);
  @*/
static u32 plm_word_at(const u8 *words, size_t index)
{
	return plm_le32(words + index * 4);
}

/* The words of all tables of @a; 64 bits are enough for sums of these. */
/*@ requires \valid_read(a);
  @ requires a->num_hot <= a->num_dense <= a->num_states <= PLM_MAX_STATES;
  @ requires a->num_classes <= PLM_MAX_CLASSES;
  @ assigns \nothing;
  @ ensures \result == PLM_CLASS_MAP_WORDS + a->num_dense * a->num_classes +
  @	2 * (a->num_states - a->num_dense) + 1 + a->num_edges +
  @	a->num_states - a->num_hot + 1 + a->num_outputs;
  @*/
static u64 plm_tables_words(const struct plm_automaton *a)
{
	u64 num_sparse = a->num_states - a->num_dense;

	/*@ assert a->num_dense * a->num_classes <=
	  @	PLM_MAX_STATES * PLM_MAX_CLASSES;
	  @*/
	return PLM_CLASS_MAP_WORDS + (u64)a->num_dense * a->num_classes +
	       num_sparse + 1 + num_sparse + a->num_edges +
	       (a->num_states - a->num_hot) + 1 + a->num_outputs;
}

/* The tables of @a, which begin at @first. */
/*@ requires \valid_read(a);
  @ requires a->num_hot <= a->num_dense <= a->num_states <= PLM_MAX_STATES;
  @ requires a->num_classes <= PLM_MAX_CLASSES;
  @ requires a->tables_len <= PLM_MAX_FILE_LEN / 4;
  @ requires a->tables_len == PLM_CLASS_MAP_WORDS +
  @	a->num_dense * a->num_classes + 2 * (a->num_states - a->num_dense) +
  @	1 + a->num_edges + a->num_states - a->num_hot + 1 + a->num_outputs;
  @ requires \valid_read(first + (0 .. 4 * a->tables_len - 1));
  @ assigns \nothing;
  @ ensures plm_tables_ok(\result);
  @*/
static struct plm_tables plm_tables_at(const u8 *first,
				       const struct plm_automaton *a)
{
	struct plm_tables t = { 0 };
	u32 num_cells;

	//@ assert 0 <= a->num_dense * a->num_classes;
	num_cells = a->num_dense * a->num_classes;
	t.num_classes = a->num_classes;
	t.num_states = a->num_states;
	t.num_hot = a->num_hot;
	t.num_dense = a->num_dense;
	t.num_cells = num_cells;
	t.num_sparse = a->num_states - a->num_dense;
	t.num_edges = a->num_edges;
	t.num_outputs = a->num_outputs;
	t.start = a->start;
	t.class_map = first;
	t.cells = t.class_map + PLM_CLASS_MAP_WORDS * 4;
	t.edge_starts = t.cells + (size_t)num_cells * 4;
	t.failures = t.edge_starts + ((size_t)t.num_sparse + 1) * 4;
	t.edges = t.failures + (size_t)t.num_sparse * 4;
	t.output_starts = t.edges + (size_t)t.num_edges * 4;
	t.outputs = t.output_starts +
		    ((size_t)t.num_states - t.num_hot + 1) * 4;
	return t;
}

bool plm_tables_locate(const struct plm_content *c,
		       const struct plm_automaton *a, struct plm_tables *out)
{
	const struct plm_section_ref *section =
		&c->section[PLM_SECTION_TABLES - 1];
	bool fits = a->num_hot <= a->num_dense &&
		    a->num_dense <= a->num_states &&
		    a->num_states <= PLM_MAX_STATES &&
		    a->num_classes >= 2 && a->num_classes <= PLM_MAX_CLASSES &&
		    a->tables_off <= section->count &&
		    a->tables_len <= section->count - a->tables_off &&
		    plm_tables_words(a) == a->tables_len;
	struct plm_tables t = { 0 };

	if (fits)
		t = plm_tables_at(c->data + section->off +
				  (size_t)a->tables_off * 4, a);
	*out = t;
	return fits;
}

/*@ requires plm_tables_fit(t);
  @ assigns \nothing;
  @*/
static u32 plm_cell(const struct plm_tables *t, u32 state, u32 cls)
{
	u32 cell = state * t->num_classes + cls;

	return cell < t->num_cells ? plm_word_at(t->cells, cell) : 0;
}

u32 plm_step(const struct plm_tables *t, u32 state, u32 cls)
{
	u32 hops, edge, end, word, sparse;

	/*@ loop invariant 0 <= hops <= PLM_MAX_HOPS + 1;
	  @ loop assigns hops, edge, end, word, sparse, state;
	  @ loop variant PLM_MAX_HOPS + 1 - hops;
	  @*/
	for (hops = 0; hops <= PLM_MAX_HOPS; hops++) {
		if (state < t->num_dense && cls < t->num_classes)
			return plm_cell(t, state, cls);
		if (state < t->num_dense || state >= t->num_states)
			return 0;
		sparse = state - t->num_dense;
		end = plm_word_at(t->edge_starts, sparse + 1);
		/*@ loop assigns edge, word;
		  @ loop variant t->num_edges - edge;
		  @*/
		for (edge = plm_word_at(t->edge_starts, sparse);
		     edge < end && edge < t->num_edges; edge++) {
			word = plm_word_at(t->edges, edge);
			if (word >> PLM_STATE_SHIFT == cls)
				return word & PLM_STATE_MASK;
		}
		state = plm_word_at(t->failures, sparse) & PLM_STATE_MASK;
	}
	return 0;
}

u32 plm_outputs(const struct plm_tables *t, u32 state, u32 *out_first)
{
	u32 first, end;

	*out_first = 0;
	if (state < t->num_hot || state >= t->num_states)
		return 0;
	first = plm_word_at(t->output_starts, state - t->num_hot);
	end = plm_word_at(t->output_starts, state - t->num_hot + 1);
	if (first > end || end > t->num_outputs)
		return 0;
	*out_first = first;
	return end - first;
}

/* A check in progress. */
struct plm_automaton_check {
	const struct plm_content *c;
	const struct plm_automaton *a;
	const struct plm_tables *t;
	u32 off;	/* where it is at fault */
};

/*@ predicate plm_check_fits(struct plm_automaton_check *k) =
  @	\valid(k) && plm_content_fits(k->c) && \valid_read(k->a) &&
  @	plm_tables_fit(k->t) && \separated(k, k->c) &&
  @	\separated(k, k->a) && \separated(k, k->t);
  @
  @ predicate plm_states_fit(u8 *words, integer count, integer num_states) =
  @	\forall integer i; 0 <= i < count ==>
  @		(plm_word(words, i) & PLM_STATE_MASK) < num_states;
  @
  @ predicate plm_starts_fit(u8 *starts, integer count, integer end) =
  @	\forall integer i; 0 <= i < count ==> plm_word(starts, i) <= end;
  @
  @ predicate plm_lists_fit(u8 *starts, integer count, u8 *words) =
  @	\forall integer i; 0 <= i < count ==>
  @		plm_words_fit(words, plm_word(starts, i));
  @*/

/*@ requires plm_check_fits(k) && \object_pointer(place);
  @ assigns k->off;
  @ ensures \result == err;
  @*/
static enum plm_err plm_fail_at(struct plm_automaton_check *k, const u8 *place,
				enum plm_err err)
{
	k->off = (u32)(place - k->c->data);
	return err;
}

/*@ requires plm_check_fits(k);
  @ assigns k->off;
  @*/
static enum plm_err plm_check_class_map(struct plm_automaton_check *k)
{
	const u8 *map = k->t->class_map;
	u32 byte;

	//@ assert \valid_read(map + (0 .. 255));
	/*@ loop invariant 0 <= byte <= 256;
	  @ loop assigns byte;
	  @ loop variant 256 - byte;
	  @*/
	for (byte = 0; byte < 256; byte++) {
		if (map[byte] == PLM_END_CLASS ||
		    map[byte] >= k->t->num_classes)
			return plm_fail_at(k, map + byte, PLM_BAD_INDEX);
	}
	if (k->a->flags & PLM_FLAG_CASED)
		return PLM_OK;
	/*@ loop invariant 'A' <= byte <= 'Z' + 1;
	  @ loop assigns byte;
	  @ loop variant 'Z' + 1 - byte;
	  @*/
	for (byte = 'A'; byte <= 'Z'; byte++)
		if (map[byte] != map[byte + ('a' - 'A')])
			return plm_fail_at(k, map + byte, PLM_BAD_AUTOMATON);
	return PLM_OK;
}

/*
 * The largest of @count words once they are masked.  It has no exit before the
 * end, so that a compiler may take several words at a time.
 */
/*@ requires plm_words_fit(words, count) && count <= PLM_MAX_FILE_LEN;
  @ assigns \nothing;
  @ ensures \forall integer i; 0 <= i < count ==>
  @	(plm_word(words, i) & mask) <= \result;
  @*/
static u32 plm_largest(const u8 *words, u32 count, u32 mask)
{
	u32 i, word, largest = 0;

	/*@ loop invariant 0 <= i <= count;
	  @ loop invariant \forall integer j; 0 <= j < i ==>
	  @	(plm_word(words, j) & mask) <= largest;
	  @ loop assigns i, word, largest;
	  @ loop variant count - i;
	  @*/
	for (i = 0; i < count; i++) {
		word = plm_word_at(words, i) & mask;
		largest = word > largest ? word : largest;
	}
	return largest;
}

/* Every one of @count words, once masked, is a state. */
/*@ requires plm_check_fits(k) && plm_words_fit(words, count);
  @ requires count <= PLM_MAX_FILE_LEN;
  @ assigns k->off;
  @ ensures \result == PLM_OK && mask == PLM_STATE_MASK ==>
  @	plm_states_fit(words, count, \old(k->t->num_states));
  @*/
static enum plm_err plm_check_states(struct plm_automaton_check *k,
				     const u8 *words, u32 count, u32 mask)
{
	u32 num_states = k->t->num_states;
	u32 i = 0;

	if (count == 0 || plm_largest(words, count, mask) < num_states)
		return PLM_OK;
	/*@ loop invariant 0 <= i <= count - 1;
	  @ loop assigns i;
	  @ loop variant count - 1 - i;
	  @*/
	while (i < count - 1 && (plm_word_at(words, i) & mask) < num_states)
		i++;
	return plm_fail_at(k, words + (size_t)i * 4, PLM_BAD_INDEX);
}

/* Of the starts behind the first: that below its neighbour, or too far above. */
/*@ requires plm_words_fit(starts, count + 1);
  @ requires count <= PLM_MAX_STATES;
  @ assigns \nothing;
  @ ensures 1 <= \result <= count + 1;
  @ ensures plm_starts_fit(starts, \result,
  @			 plm_word(starts, \result - 1));
  @*/
static size_t plm_find_bad_start(const u8 *starts, u32 count, u32 max)
{
	u32 next, last = plm_word_at(starts, 0);
	size_t i;

	/*@ loop invariant 1 <= i <= count + 1;
	  @ loop invariant plm_starts_fit(starts, i, last);
	  @ loop invariant last == plm_word(starts, i - 1);
	  @ loop assigns i, last, next;
	  @ loop variant count + 1 - i;
	  @*/
	for (i = 1; i <= count; i++) {
		next = plm_word_at(starts, i);
		if (next < last || next - last > max)
			break;
		last = next;
	}
	return i;
}

/* @count + 1 starts that ascend from 0 to @end, each step by at most @max. */
/*@ requires plm_check_fits(k) && plm_words_fit(starts, count + 1);
  @ requires count <= PLM_MAX_STATES;
  @ assigns k->off;
  @ ensures \result == PLM_OK ==> plm_starts_fit(starts, count + 1, end);
  @*/
static enum plm_err plm_check_starts(struct plm_automaton_check *k,
				     const u8 *starts, u32 count, u32 end,
				     u32 max)
{
	size_t bad;

	if (plm_word_at(starts, 0) != 0)
		return plm_fail_at(k, starts, PLM_BAD_LAYOUT);
	bad = plm_find_bad_start(starts, count, max);
	if (bad <= count)
		return plm_fail_at(k, starts + bad * 4,
				   plm_word_at(starts, bad) <
				   plm_word_at(starts, bad - 1) ?
				   PLM_BAD_INDEX : PLM_LIMIT_EXCEEDED);
	if (plm_word_at(starts, count) != end)
		return plm_fail_at(k, starts + (size_t)count * 4,
				   PLM_COUNT_MISMATCH);
	return PLM_OK;
}

/* A state that is dense and not hot must have a reason not to be. */
/*@ requires plm_check_fits(k);
  @ assigns k->off;
  @*/
static enum plm_err plm_check_not_hot(struct plm_automaton_check *k)
{
	const u8 *starts = k->t->output_starts;
	u32 i;

	//@ assert plm_words_fit(starts, k->t->num_states - k->t->num_hot + 1);
	/*@ assert k->t->num_hot <= k->t->num_dense <= k->t->num_states <=
	  @	PLM_MAX_STATES;
	  @*/
	/*@ loop invariant 0 <= i <= k->t->num_dense - k->t->num_hot;
	  @ loop assigns i;
	  @ loop variant k->t->num_dense - k->t->num_hot - i;
	  @*/
	for (i = 0; i < k->t->num_dense - k->t->num_hot; i++)
		if (plm_word_at(starts, i) == plm_word_at(starts, i + 1))
			return plm_fail_at(k, starts + ((size_t)i + 1) * 4,
					   PLM_EMPTY);
	return PLM_OK;
}

/* Failure links shrink: hops is one more than that of the state they name. */
/*@ requires plm_check_fits(k);
  @ requires plm_states_fit(k->t->failures, k->t->num_sparse,
  @			  k->t->num_states);
  @ assigns k->off;
  @*/
static enum plm_err plm_check_failures(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	u32 i, word, state, hops;

	//@ assert plm_words_fit(t->failures, t->num_sparse);
	//@ assert t->num_sparse == t->num_states - t->num_dense;
	/*@ loop invariant 0 <= i <= t->num_sparse;
	  @ loop assigns i, word, state, hops;
	  @ loop variant t->num_sparse - i;
	  @*/
	for (i = 0; i < t->num_sparse; i++) {
		word = plm_word_at(t->failures, i);
		if (word < t->num_dense)	/* no hops, and most are so */
			continue;
		state = word & PLM_STATE_MASK;
		hops = 0;
		if (state >= t->num_dense)
			hops = (plm_word_at(t->failures, state - t->num_dense)
				>> PLM_STATE_SHIFT) + 1;
		if (hops >= PLM_MAX_HOPS || word >> PLM_STATE_SHIFT != hops)
			return plm_fail_at(k, t->failures + (size_t)i * 4,
					   PLM_WALK_UNBOUNDED);
	}
	return PLM_OK;
}

/*
 * Lists of words lie one after the other, list i from starts[i] to starts[i+1];
 * within each, what is left of a word after the shift ascends.  Most lists have
 * one word or none, so those are told apart first.
 */
/*@ requires plm_check_fits(k);
  @ requires count <= PLM_MAX_STATES && plm_words_fit(starts, count + 1);
  @ requires plm_lists_fit(starts, count + 1, words);
  @ requires plm_starts_fit(starts, count + 1, PLM_MAX_FILE_LEN);
  @ requires shift < 32;
  @ assigns k->off;
  @*/
static enum plm_err plm_check_ascending(struct plm_automaton_check *k,
					const u8 *starts, u32 count,
					const u8 *words, u32 shift)
{
	size_t first, i;
	u32 end = 0;

	/*@ loop invariant 1 <= i <= count + 1;
	  @ loop invariant end <= PLM_MAX_FILE_LEN;
	  @ loop assigns i, first, end;
	  @ loop variant count + 1 - i;
	  @*/
	for (i = 1; i <= count; i++) {
		first = end;
		end = plm_word_at(starts, i);
		if (end - first < 2)
			continue;
		/*@ loop invariant 1 <= first;
		  @ loop assigns first;
		  @ loop variant end - first;
		  @*/
		for (first++; first < end; first++)
			if (plm_word_at(words, first) >> shift <=
			    plm_word_at(words, first - 1) >> shift)
				return plm_fail_at(k, words + first * 4,
						   PLM_NOT_SORTED);
	}
	return PLM_OK;
}

/*@ requires plm_check_fits(k);
  @ requires plm_starts_fit(k->t->edge_starts, k->t->num_sparse + 1,
  @			  k->t->num_edges);
  @ assigns k->off;
  @*/
static enum plm_err plm_check_edges(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	u32 num_classes = t->num_classes;
	u32 num_states = t->num_states;
	u32 i, word;

	//@ assert plm_words_fit(t->edges, t->num_edges);
	//@ assert t->num_edges <= PLM_MAX_FILE_LEN;
	//@ assert plm_words_fit(t->edge_starts, t->num_sparse + 1);
	//@ assert plm_lists_fit(t->edge_starts, t->num_sparse + 1, t->edges);
	/*@ loop invariant 0 <= i <= t->num_edges;
	  @ loop assigns i, word;
	  @ loop variant t->num_edges - i;
	  @*/
	for (i = 0; i < t->num_edges; i++) {
		word = plm_word_at(t->edges, i);
		if ((word & PLM_STATE_MASK) >= num_states ||
		    word >> PLM_STATE_SHIFT >= num_classes)
			return plm_fail_at(k, t->edges + (size_t)i * 4,
					   PLM_BAD_INDEX);
	}
	return plm_check_ascending(k, t->edge_starts, t->num_sparse, t->edges,
				   PLM_STATE_SHIFT);
}

/* An output is a string criterion over this automaton's input. */
/*@ requires plm_check_fits(k);
  @ assigns \nothing;
  @*/
static bool plm_output_fits(const struct plm_automaton_check *k, u32 index)
{
	struct plm_criterion_key key;

	return plm_get_criterion_key(k->c, index, &key) &&
	       plm_op_is_string(key.op) &&
	       key.template_index == k->a->template_index &&
	       key.input == k->a->input && key.flags == k->a->flags;
}

/*@ requires plm_check_fits(k);
  @ requires plm_starts_fit(k->t->output_starts,
  @			  k->t->num_states - k->t->num_hot + 1,
  @			  k->t->num_outputs);
  @ assigns k->off;
  @*/
static enum plm_err plm_check_outputs(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	u32 i;

	//@ assert plm_words_fit(t->output_starts, t->num_states - t->num_hot + 1);
	//@ assert t->num_hot <= t->num_dense <= t->num_states <= PLM_MAX_STATES;
	//@ assert plm_words_fit(t->outputs, t->num_outputs);
	//@ assert t->num_outputs <= PLM_MAX_FILE_LEN;
	/*@ loop invariant 0 <= i <= t->num_outputs;
	  @ loop assigns i;
	  @ loop variant t->num_outputs - i;
	  @*/
	for (i = 0; i < t->num_outputs; i++)
		if (!plm_output_fits(k, plm_word_at(t->outputs, i)))
			return plm_fail_at(k, t->outputs + (size_t)i * 4,
					   PLM_BAD_INDEX);
	return plm_check_ascending(k, t->output_starts,
				   t->num_states - t->num_hot, t->outputs, 0);
}

/*@ requires plm_check_fits(k);
  @ assigns k->off;
  @*/
static enum plm_err plm_check_tables(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	enum plm_err err;

	//@ assert plm_words_fit(t->output_starts, t->num_states - t->num_hot + 1);
	//@ assert t->num_hot <= t->num_dense <= t->num_states <= PLM_MAX_STATES;
	err = plm_check_class_map(k);
	if (!err)
		err = plm_check_states(k, t->cells, t->num_cells, 0xffffffffu);
	if (!err)
		err = plm_check_starts(k, t->edge_starts, t->num_sparse,
				       t->num_edges, PLM_MAX_EDGES);
	if (!err)
		err = plm_check_states(k, t->failures, t->num_sparse,
				       PLM_STATE_MASK);
	if (!err)
		err = plm_check_failures(k);
	if (!err)
		err = plm_check_edges(k);
	if (!err)
		err = plm_check_starts(k, t->output_starts,
				       t->num_states - t->num_hot,
				       t->num_outputs, PLM_MAX_OUTPUTS);
	if (!err)
		err = plm_check_not_hot(k);
	if (!err)
		err = plm_check_outputs(k);
	return err;
}

enum plm_err plm_check_automaton(const struct plm_content *c, u32 index,
				 u32 *out_off)
{
	u32 record = c->section[PLM_SECTION_AUTOMATA - 1].off +
		     index * PLM_AUTOMATON_LEN;
	struct plm_automaton a;
	struct plm_tables t;
	struct plm_automaton_check k = { c, &a, &t, record };
	enum plm_err err;

	*out_off = record;
	if (!plm_get_automaton(c, index, &a))
		return PLM_BAD_INDEX;
	if (a.num_classes < 2 || a.num_classes > PLM_MAX_CLASSES) {
		*out_off = record + PLM_AUT_NUM_CLASSES;
		return PLM_BAD_AUTOMATON;
	}
	if (a.num_states > PLM_MAX_STATES) {
		*out_off = record + PLM_AUT_NUM_STATES;
		return PLM_LIMIT_EXCEEDED;
	}
	if (a.num_dense > a.num_states) {
		*out_off = record + PLM_AUT_NUM_DENSE;
		return PLM_BAD_AUTOMATON;
	}
	if (a.num_hot > a.num_dense) {
		*out_off = record + PLM_AUT_NUM_HOT;
		return PLM_BAD_AUTOMATON;
	}
	if (a.start >= a.num_states) {
		*out_off = record + PLM_AUT_START;
		return PLM_BAD_INDEX;
	}
	if (!plm_tables_locate(c, &a, &t)) {
		*out_off = record + PLM_AUT_TABLES_LEN;
		return PLM_BAD_LAYOUT;
	}
	err = plm_check_tables(&k);
	*out_off = k.off;
	return err;
}
