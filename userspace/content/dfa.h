/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deterministic automata of regular expressions: one for each, as small as can
 * be, and several merged into one.  Deterministic in the other sense too: the
 * same expressions give the same automaton, number by number.
 */
#ifndef CONTENT_DFA_H
#define CONTENT_DFA_H

#include "content/regex.h"

/* The budget of one expression. */
#define DFA_MAX_STATES	8192u
#define DFA_MAX_NODES	16384u		/* of its nondeterministic automaton */
#define DFA_MAX_STEPS	(1u << 25)	/* of making it */

struct dfa {
	uint8_t class_map[256];		/* from 1; 0 is the input's end */
	uint32_t num_classes;
	uint32_t num_states, start;
	uint32_t *next;			/* by state and class */
	uint32_t *out_first;		/* num_states + 1 */
	uint32_t *outs;			/* what states report, ascending */
	uint64_t steps;			/* that making it took */
};

/*
 * The automaton of one expression, which reports @output where a match ends
 * (or is certain).  NULL, or why it is over the budget: a sentence's end with
 * the cost in it; static.  The steps that it took are set in either case: more
 * than @max_steps where those (fewer than DFA_MAX_STEPS) were too few.
 */
const char *dfa_of_regex(struct dfa *out, const struct regex *regex,
			 uint32_t output, uint64_t max_steps);

/*
 * The automaton that walks both at once.  False where it would have more than
 * so many cells, or a state more than so many outputs.
 */
bool dfa_merge(struct dfa *out, const struct dfa *a, const struct dfa *b,
	       uint32_t max_cells, uint32_t max_outputs);

void dfa_free(struct dfa *dfa);

/* Does it report something for every input; for none whatever? */
bool dfa_always(const struct dfa *dfa);
bool dfa_never(const struct dfa *dfa);

/* Replace states by their classes of equivalence, and number them anew. */
void dfa_minimise(struct dfa *dfa);

static inline uint32_t dfa_num_outs(const struct dfa *dfa, uint32_t state)
{
	return dfa->out_first[state + 1] - dfa->out_first[state];
}

#endif /* CONTENT_DFA_H */
