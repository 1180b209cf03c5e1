/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Automata: the string criteria of one input, matched in one walk or in few:
 * all texts in one, patterns in further ones.
 *
 * The tables of an automaton, in words, one after the other:
 *
 *	class map	PLM_CLASS_MAP_WORDS: a byte for each byte value, its
 *			class, from 1; class 0 is "the input has ended"
 *	cells		num_dense rows of num_classes next states
 *	edge starts	num_sparse + 1 indices into the edges
 *	failures	num_sparse words: hops << 24 | state
 *	edges		num_edges words: class << 24 | next state
 *	output starts	num_states - num_hot + 1 indices into the outputs
 *	outputs		num_outputs criteria
 *
 * States below num_hot are dense and silent: the walk needs one load and one
 * comparison for a byte there.  Those up to num_dense are dense with outputs;
 * the rest are sparse: an edge with the class, or else the failure state tries.
 * hops is how many sparse states a failure can still lead through; it shrinks
 * along every failure link, so each byte costs at most PLM_MAX_HOPS states of
 * PLM_MAX_EDGES edges, whatever the file says.
 */
#ifndef PLM_AUTOMATON_H
#define PLM_AUTOMATON_H

#include "plm_content.h"

/* An automaton with its tables located: pointers into the content. */
struct plm_tables {
	const u8 *class_map;
	const u8 *cells;
	const u8 *edge_starts;
	const u8 *failures;
	const u8 *edges;
	const u8 *output_starts;
	const u8 *outputs;
	u32 num_classes;
	u32 num_states;
	u32 num_hot;
	u32 num_dense;
	u32 num_cells;	/* num_dense * num_classes */
	u32 num_sparse;
	u32 num_edges;
	u32 num_outputs;
	u32 start;
};

/*@ predicate plm_words_fit(u8 *words, integer count) =
  @	\object_pointer(words) &&
  @	\valid_read(words + (0 .. 4 * count - 1));
  @
  @ logic integer plm_word(u8 *words, integer index) =
  @	plm_u32(words + 4 * index);
  @
  @ predicate plm_tables_ok(struct plm_tables t) =
  @	t.num_hot <= t.num_dense <= t.num_states <= PLM_MAX_STATES &&
  @	t.num_sparse == t.num_states - t.num_dense &&
  @	t.num_cells <= PLM_MAX_FILE_LEN &&
  @	t.num_edges <= PLM_MAX_FILE_LEN &&
  @	t.num_outputs <= PLM_MAX_FILE_LEN &&
  @	\valid_read(t.class_map + (0 .. 255)) &&
  @	plm_words_fit(t.cells, t.num_cells) &&
  @	plm_words_fit(t.edge_starts, t.num_sparse + 1) &&
  @	plm_words_fit(t.failures, t.num_sparse) &&
  @	plm_words_fit(t.edges, t.num_edges) &&
  @	plm_words_fit(t.output_starts, t.num_states - t.num_hot + 1) &&
  @	plm_words_fit(t.outputs, t.num_outputs);
  @
  @ predicate plm_tables_fit(struct plm_tables *t) =
  @	\valid_read(t) && plm_tables_ok(*t);
  @*/

/*
 * Locate the tables.  False where the numbers of @a do not add up to exactly
 * its tables_len words inside the tables section; then @out is zeroed.
 */
/*@ requires plm_content_fits(c) && \valid_read(a) && \valid(out);
  @ requires \separated(c, out) && \separated(a, out);
  @ assigns *out;
  @ ensures \result ==> plm_tables_fit(out);
  @*/
bool plm_tables_locate(const struct plm_content *c,
		       const struct plm_automaton *a, struct plm_tables *out);

/*
 * Check everything that a walk relies on.  PLM_BAD_AUTOMATON, PLM_BAD_INDEX,
 * PLM_NOT_SORTED, PLM_LIMIT_EXCEEDED, PLM_WALK_UNBOUNDED, PLM_BAD_TYPE;
 * *@out_off is the offset in the file.
 */
/*@ requires plm_content_fits(c) && \valid(out_off) && \separated(c, out_off);
  @ assigns *out_off;
  @*/
enum plm_err plm_check_automaton(const struct plm_content *c, u32 index,
				 u32 *out_off);

/* The next state of a dense one; 0 where there is no such cell. */
/*@ requires plm_tables_fit(t);
  @ assigns \nothing;
  @*/
static inline u32 plm_next(const struct plm_tables *t, u32 state, u8 byte)
{
	u32 cell = state * t->num_classes + t->class_map[byte];

	return cell < t->num_cells ? plm_le32(t->cells + (size_t)cell * 4) : 0;
}

/* The state after @state on a byte of @cls; terminates for any tables. */
/*@ requires plm_tables_fit(t);
  @ assigns \nothing;
  @*/
u32 plm_step(const struct plm_tables *t, u32 state, u32 cls);

/*
 * The outputs of @state: *@out_first is the index of the first, the result
 * their number; both bounded by num_outputs.
 */
/*@ requires plm_tables_fit(t) && \valid(out_first) && \separated(t, out_first);
  @ assigns *out_first;
  @ ensures *out_first + \result <= \old(t->num_outputs);
  @*/
u32 plm_outputs(const struct plm_tables *t, u32 state, u32 *out_first);

#endif /* PLM_AUTOMATON_H */
