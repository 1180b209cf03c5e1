/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The builder of automata; their tables are described in plm_automaton.h. */
#ifndef CONTENT_AUTOMATON_H
#define CONTENT_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What all patterns of a file may cost, in steps as dfa.h counts them: as much
 * as a compiler lets them cost, and so only what no compiler made costs more.
 */
#define AUTOMATON_MAX_STEPS (1u << 28)

/* One string criterion that is no pattern. */
struct automaton_text {
	const uint8_t *text;
	uint32_t len;
	uint32_t op;		/* PLM_OP_EQUALS to PLM_OP_ENDSWITH */
	uint32_t output;	/* what to report: index of the criterion */
};

struct automaton {
	uint32_t num_classes, num_states, num_hot, num_dense;
	uint32_t start, num_edges, num_outputs;
	uint32_t *words;	/* the tables; owned */
	size_t num_words;
};

/*
 * Build the automaton of @texts, which come with ascending outputs.  NULL, or
 * why there can be none, and *@out_culprit is then the output at fault.
 */
const char *automaton_build(struct automaton *out,
			    const struct automaton_text *texts,
			    size_t num_texts, bool cased,
			    uint32_t *out_culprit);
void automaton_free(struct automaton *automaton);

/* One pattern criterion; its text is canonical (regex.h). */
struct automaton_pattern {
	const uint8_t *text;
	uint32_t len;
	uint32_t output;
	bool triggers;		/* some rule: it is walked for every event */
};

/*
 * Build the automata of @patterns, which come with ascending outputs: first of
 * those that trigger rules, then of the others, each as few as stay small.  The
 * steps that they cost, as dfa.h counts them, are taken off *@steps_left.  NULL
 * and *@out_num of them in *@out, owned; or why there can be none, and
 * *@out_culprit as above.
 */
const char *automaton_build_patterns(struct automaton **out, size_t *out_num,
				     const struct automaton_pattern *patterns,
				     size_t num_patterns, bool cased,
				     uint64_t *steps_left,
				     uint32_t *out_culprit);

/* Texts as inputs of ordinary events hold them; NULL past the last. */
const char *ordinary_text(size_t index);

#endif /* CONTENT_AUTOMATON_H */
