// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_automaton.h"

#include "plm_cursor.h"

static u32 plm_word_at(const u8 *words, u32 index)
{
	return plm_le32(words + (size_t)index * 4);
}

bool plm_tables_locate(const struct plm_content *c,
		       const struct plm_automaton *a, struct plm_tables *out)
{
	const struct plm_section_ref *section =
		&c->section[PLM_SECTION_TABLES - 1];
	struct plm_cursor words = plm_cursor(section->count);
	const u8 *base = c->data + section->off;
	u32 map, cells, starts, fails, edges, outs, outputs, end, skipped;
	struct plm_tables t = { 0 };

	*out = t;
	if (a->num_hot > a->num_dense || a->num_dense > a->num_states ||
	    a->num_states > PLM_MAX_STATES || a->num_classes < 2)
		return false;
	plm_take(&words, a->tables_off, &skipped);
	plm_take(&words, PLM_CLASS_MAP_WORDS, &map);
	plm_take_array(&words, a->num_dense, a->num_classes, &cells);
	plm_take(&words, a->num_states - a->num_dense + 1, &starts);
	plm_take(&words, a->num_states - a->num_dense, &fails);
	plm_take(&words, a->num_edges, &edges);
	plm_take(&words, a->num_states - a->num_hot + 1, &outs);
	plm_take(&words, a->num_outputs, &outputs);
	if (!plm_take(&words, 0, &end) || end - a->tables_off != a->tables_len)
		return false;

	t.class_map = base + (size_t)map * 4;
	t.cells = base + (size_t)cells * 4;
	t.edge_starts = base + (size_t)starts * 4;
	t.failures = base + (size_t)fails * 4;
	t.edges = base + (size_t)edges * 4;
	t.output_starts = base + (size_t)outs * 4;
	t.outputs = base + (size_t)outputs * 4;
	t.num_classes = a->num_classes;
	t.num_states = a->num_states;
	t.num_hot = a->num_hot;
	t.num_dense = a->num_dense;
	t.num_sparse = a->num_states - a->num_dense;
	t.num_edges = a->num_edges;
	t.num_outputs = a->num_outputs;
	t.start = a->start;
	*out = t;
	return true;
}

u32 plm_step(const struct plm_tables *t, u32 state, u32 cls)
{
	u32 hops, edge, end, word, sparse;

	for (hops = 0; hops <= PLM_MAX_HOPS; hops++) {
		if (state < t->num_dense && cls < t->num_classes)
			return plm_word_at(t->cells,
					   state * t->num_classes + cls);
		if (state < t->num_dense || state >= t->num_states)
			return 0;
		sparse = state - t->num_dense;
		end = plm_word_at(t->edge_starts, sparse + 1);
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

static enum plm_err plm_fail_at(struct plm_automaton_check *k, const u8 *place,
				enum plm_err err)
{
	k->off = (u32)(place - k->c->data);
	return err;
}

static enum plm_err plm_check_class_map(struct plm_automaton_check *k)
{
	const u8 *map = k->t->class_map;
	u32 byte;

	for (byte = 0; byte < 256; byte++) {
		if (map[byte] == PLM_END_CLASS ||
		    map[byte] >= k->t->num_classes)
			return plm_fail_at(k, map + byte, PLM_BAD_INDEX);
	}
	if (k->a->flags & PLM_FLAG_CASED)
		return PLM_OK;
	for (byte = 'A'; byte <= 'Z'; byte++)
		if (map[byte] != map[byte | 0x20])
			return plm_fail_at(k, map + byte, PLM_BAD_AUTOMATON);
	return PLM_OK;
}

/* Every one of @count words, once masked, is a state. */
static enum plm_err plm_check_states(struct plm_automaton_check *k,
				     const u8 *words, u32 count, u32 mask)
{
	u32 num_states = k->t->num_states;
	u32 i;

	for (i = 0; i < count; i++)
		if ((plm_word_at(words, i) & mask) >= num_states)
			return plm_fail_at(k, words + (size_t)i * 4,
					   PLM_BAD_INDEX);
	return PLM_OK;
}

/*
 * @count + 1 starts that run from 0 to @end and step by at most @max.  Steps
 * so small cannot wrap, so that the last one being @end bounds them all.
 */
static enum plm_err plm_check_starts(struct plm_automaton_check *k,
				     const u8 *starts, u32 count, u32 end,
				     u32 max)
{
	u32 last = plm_word_at(starts, 0);
	u32 i, next;

	if (last != 0)
		return plm_fail_at(k, starts, PLM_BAD_LAYOUT);
	for (i = 1; i <= count; i++) {
		next = plm_word_at(starts, i);
		if (next - last > max)
			return plm_fail_at(k, starts + (size_t)i * 4,
					   next < last ? PLM_BAD_INDEX :
							 PLM_LIMIT_EXCEEDED);
		last = next;
	}
	if (last != end)
		return plm_fail_at(k, starts + (size_t)count * 4,
				   PLM_COUNT_MISMATCH);
	return PLM_OK;
}

/* A state that is dense and not hot must have a reason not to be. */
static enum plm_err plm_check_not_hot(struct plm_automaton_check *k)
{
	const u8 *starts = k->t->output_starts;
	u32 i;

	for (i = 0; i < k->t->num_dense - k->t->num_hot; i++)
		if (plm_word_at(starts, i) == plm_word_at(starts, i + 1))
			return plm_fail_at(k, starts + ((size_t)i + 1) * 4,
					   PLM_EMPTY);
	return PLM_OK;
}

/* Failure links shrink: hops is one more than that of the state they name. */
static enum plm_err plm_check_failures(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	u32 i, word, state, hops;

	for (i = 0; i < t->num_sparse; i++) {
		word = plm_word_at(t->failures, i);
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
static enum plm_err plm_check_ascending(struct plm_automaton_check *k,
					const u8 *starts, u32 count,
					const u8 *words, u32 shift)
{
	u32 first, end = 0;
	u32 i;

	for (i = 1; i <= count; i++) {
		first = end;
		end = plm_word_at(starts, i);
		if (end - first < 2)
			continue;
		for (first++; first < end; first++)
			if (plm_word_at(words, first) >> shift <=
			    plm_word_at(words, first - 1) >> shift)
				return plm_fail_at(k, words + (size_t)first * 4,
						   PLM_NOT_SORTED);
	}
	return PLM_OK;
}

static enum plm_err plm_check_edges(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	u32 num_classes = t->num_classes;
	u32 num_states = t->num_states;
	u32 i, word;

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
static bool plm_output_fits(const struct plm_automaton_check *k, u32 index)
{
	struct plm_criterion_key key;

	return plm_get_criterion_key(k->c, index, &key) &&
	       plm_op_is_string(key.op) &&
	       key.template_index == k->a->template_index &&
	       key.input == k->a->input && key.flags == k->a->flags;
}

static enum plm_err plm_check_outputs(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	u32 i;

	for (i = 0; i < t->num_outputs; i++)
		if (!plm_output_fits(k, plm_word_at(t->outputs, i)))
			return plm_fail_at(k, t->outputs + (size_t)i * 4,
					   PLM_BAD_INDEX);
	return plm_check_ascending(k, t->output_starts,
				   t->num_states - t->num_hot, t->outputs, 0);
}

static enum plm_err plm_check_tables(struct plm_automaton_check *k)
{
	const struct plm_tables *t = k->t;
	enum plm_err err;

	err = plm_check_class_map(k);
	if (!err)
		err = plm_check_states(k, t->cells,
				       t->num_dense * t->num_classes,
				       0xffffffffu);
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
