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
	u32 num_sparse;
	u32 num_edges;
	u32 num_outputs;
	u32 start;
};

/*
 * Locate the tables.  False where the numbers of @a do not add up to exactly
 * its tables_len words inside the tables section; then @out is zeroed.
 */
bool plm_tables_locate(const struct plm_content *c,
		       const struct plm_automaton *a, struct plm_tables *out);

/*
 * Check everything that a walk relies on.  PLM_BAD_AUTOMATON, PLM_BAD_INDEX,
 * PLM_NOT_SORTED, PLM_LIMIT_EXCEEDED, PLM_WALK_UNBOUNDED, PLM_BAD_TYPE;
 * *@out_off is the offset in the file.
 */
enum plm_err plm_check_automaton(const struct plm_content *c, u32 index,
				 u32 *out_off);

/* The state after @state on a byte of @cls; terminates for any tables. */
u32 plm_step(const struct plm_tables *t, u32 state, u32 cls);

/*
 * The outputs of @state: *@out_first is the index of the first, the result
 * their number; both bounded by num_outputs.
 */
u32 plm_outputs(const struct plm_tables *t, u32 state, u32 *out_first);

#endif /* PLM_AUTOMATON_H */
