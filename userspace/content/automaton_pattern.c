// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of automata that decide patterns. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/automaton.h"
#include "content/dfa.h"
#include "plm_format.h"

/*
 * Cells of an automaton of several patterns: a walk less is worth as much
 * memory as stays in a second-level cache.
 */
#define MERGED_CELLS	262144u
/* Up to so many, every state has a row. */
#define DENSE_CELLS	8192u
/* States that others may fail to. */
#define NUM_DEFAULTS	4u

struct layout {
	const struct dfa *dfa;
	uint32_t *visits;	/* by ordinary texts */
	uint32_t *fail;		/* of a sparse state; itself: dense */
	uint32_t *state;	/* number of each state in the tables */
	uint32_t *of;		/* and back */
};

static const uint32_t *row_of(const struct dfa *dfa, uint32_t state)
{
	return dfa->next + (size_t)state * dfa->num_classes;
}

static void count_visits(struct layout *l)
{
	const struct dfa *dfa = l->dfa;
	const char *text;

	for (size_t i = 0; (text = ordinary_text(i)); i++) {
		uint32_t state = dfa->start;

		l->visits[state]++;
		for (; *text; text++) {
			state = row_of(dfa, state)
				[dfa->class_map[(uint8_t)*text]];
			l->visits[state]++;
		}
	}
}

/* In how many classes two states lead elsewhere. */
static uint32_t num_edges(const struct dfa *dfa, uint32_t state, uint32_t fail)
{
	const uint32_t *row = row_of(dfa, state), *other = row_of(dfa, fail);
	uint32_t num = 0;

	for (uint32_t c = 0; c < dfa->num_classes; c++)
		num += row[c] != other[c];
	return num;
}

/* The most visited state not yet taken as a default. */
static uint32_t next_default(const struct layout *l, const uint32_t *taken,
			     uint32_t num)
{
	uint32_t best = UINT32_MAX;

	for (uint32_t s = 0; s < l->dfa->num_states; s++) {
		uint32_t i = 0;

		while (i < num && taken[i] != s)
			i++;
		if (i == num && (best == UINT32_MAX ||
				 l->visits[s] > l->visits[best]))
			best = s;
	}
	return best;
}

/*
 * A large automaton has rows only for states that ordinary text visits, and
 * for those that are like none of a few.
 */
static void choose_sparse(struct layout *l)
{
	const struct dfa *dfa = l->dfa;
	uint32_t defaults[NUM_DEFAULTS], num = 0;

	for (uint32_t s = 0; s < dfa->num_states; s++)
		l->fail[s] = s;
	if ((uint64_t)dfa->num_states * dfa->num_classes <= DENSE_CELLS)
		return;
	while (num < NUM_DEFAULTS) {
		defaults[num] = next_default(l, defaults, num);
		num++;
	}
	for (uint32_t s = 0; s < dfa->num_states; s++) {
		uint32_t least = PLM_MAX_EDGES + 1;

		for (uint32_t i = 0; i < num && !l->visits[s]; i++) {
			uint32_t edges = num_edges(dfa, s, defaults[i]);

			if (defaults[i] == s)
				break;
			if (edges < least) {
				least = edges;
				l->fail[s] = defaults[i];
			}
		}
	}
	for (uint32_t i = 0; i < num; i++)
		l->fail[defaults[i]] = defaults[i];
}

/* Hot states first, then dense ones with outputs, then sparse ones. */
static void number_states(struct layout *l, struct automaton *out)
{
	const struct dfa *dfa = l->dfa;
	uint32_t *ends[] = { &out->num_hot, &out->num_dense, &out->num_states };
	uint32_t next = 0;

	for (uint32_t group = 0; group < 3; group++) {
		for (uint32_t s = 0; s < dfa->num_states; s++) {
			uint32_t of = l->fail[s] != s ? 2 :
				      dfa_num_outs(dfa, s) > 0;

			if (of != group)
				continue;
			l->state[s] = next;
			l->of[next++] = s;
		}
		*ends[group] = next;
	}
	out->num_classes = dfa->num_classes;
	out->start = l->state[dfa->start];
	out->num_outputs = dfa->out_first[dfa->num_states];
	for (uint32_t s = 0; s < dfa->num_states; s++)
		out->num_edges += num_edges(dfa, s, l->fail[s]);
}

static uint32_t *put_rows(const struct layout *l, const struct automaton *a,
			  uint32_t *at)
{
	const struct dfa *dfa = l->dfa;

	for (uint32_t i = 0; i < PLM_CLASS_MAP_WORDS; i++)
		*at++ = plm_le32(&dfa->class_map[4 * i]);
	for (uint32_t i = 0; i < a->num_dense; i++)
		for (uint32_t c = 0; c < dfa->num_classes; c++)
			*at++ = l->state[row_of(dfa, l->of[i])[c]];
	return at;
}

static uint32_t *put_sparse(const struct layout *l, const struct automaton *a,
			    uint32_t *at)
{
	const struct dfa *dfa = l->dfa;
	uint32_t edges = 0;

	*at++ = 0;
	for (uint32_t i = a->num_dense; i < a->num_states; i++) {
		edges += num_edges(dfa, l->of[i], l->fail[l->of[i]]);
		*at++ = edges;
	}
	/* What they fail to is dense: no more hops. */
	for (uint32_t i = a->num_dense; i < a->num_states; i++)
		*at++ = l->state[l->fail[l->of[i]]];
	for (uint32_t i = a->num_dense; i < a->num_states; i++) {
		const uint32_t *row = row_of(dfa, l->of[i]);
		const uint32_t *other = row_of(dfa, l->fail[l->of[i]]);

		for (uint32_t c = 0; c < dfa->num_classes; c++)
			if (row[c] != other[c])
				*at++ = c << PLM_STATE_SHIFT | l->state[row[c]];
	}
	return at;
}

static void put_outputs(const struct layout *l, const struct automaton *a,
			uint32_t *at)
{
	const struct dfa *dfa = l->dfa;
	uint32_t num = 0;

	*at++ = 0;
	for (uint32_t i = a->num_hot; i < a->num_states; i++) {
		num += dfa_num_outs(dfa, l->of[i]);
		*at++ = num;
	}
	for (uint32_t i = a->num_hot; i < a->num_states; i++)
		for (uint32_t k = dfa->out_first[l->of[i]];
		     k < dfa->out_first[l->of[i] + 1]; k++)
			*at++ = dfa->outs[k];
}

static struct automaton tables_of(const struct dfa *dfa)
{
	uint32_t num = dfa->num_states;
	uint32_t *memory = xcalloc((size_t)num * 4, sizeof(*memory));
	struct layout l = {
		.dfa = dfa, .visits = memory, .fail = memory + num,
		.state = memory + 2 * num, .of = memory + 3 * num,
	};
	struct automaton out = { 0 };
	uint32_t *at;

	count_visits(&l);
	choose_sparse(&l);
	number_states(&l, &out);
	out.num_words = PLM_CLASS_MAP_WORDS +
			(size_t)out.num_dense * out.num_classes +
			2 * (size_t)(num - out.num_dense) + 1 + out.num_edges +
			num - out.num_hot + 1 + out.num_outputs;
	out.words = xcalloc(out.num_words, sizeof(*out.words));
	at = put_rows(&l, &out, out.words);
	at = put_sparse(&l, &out, at);
	put_outputs(&l, &out, at);
	free(memory);
	return out;
}

static const char *dfa_of_pattern(struct dfa *out,
				  const struct automaton_pattern *pattern,
				  bool cased, uint64_t *steps_left)
{
	struct regex regex;
	const char *why = "is no pattern in the canonical notation";

	*out = (struct dfa){ 0 };
	if (regex_of_criterion(&regex, pattern->text, pattern->len, cased))
		why = dfa_of_regex(out, &regex, pattern->output, *steps_left);
	regex_free(&regex);
	if (out->steps <= *steps_left) {
		*steps_left -= out->steps;
		return why;
	}
	*steps_left = 0;
	if (!why)
		dfa_free(out);
	return "patterns cost more steps than all of a file may";
}

/* The automata of a group's patterns while they are being made. */
struct parts {
	struct automaton *list;
	size_t num, num_words;
	struct dfa whole;	/* of the patterns that are in none yet */
	bool open;		/* there are such */
};

/* What no content file holds is noticed before it fills the memory. */
static const char *close_part(struct parts *parts)
{
	if (parts->open) {
		parts->list[parts->num] = tables_of(&parts->whole);
		parts->num_words += parts->list[parts->num++].num_words;
	}
	dfa_free(&parts->whole);
	parts->open = false;
	if (parts->num > PLM_MAX_AUTOMATA)
		return "patterns need more automata than a content file holds";
	return parts->num_words > PLM_MAX_FILE_LEN / 4 ?
	       "automata of patterns exceed a content file" : NULL;
}

/* A pattern joins the automaton before, or begins one where that grows. */
static const char *add_dfa(struct parts *parts, struct dfa *next)
{
	struct dfa merged;
	const char *why;

	if (parts->open && dfa_merge(&merged, &parts->whole, next, MERGED_CELLS,
				     PLM_MAX_OUTPUTS)) {
		dfa_free(next);
		dfa_free(&parts->whole);
		parts->whole = merged;
		return NULL;
	}
	why = close_part(parts);
	parts->whole = *next;
	parts->open = true;
	return why;
}

/* Those that trigger rules, or those that do not. */
static const char *add_patterns(struct parts *parts,
				const struct automaton_pattern *patterns,
				size_t num_patterns, bool triggers, bool cased,
				uint64_t *steps_left, uint32_t *out_culprit)
{
	struct dfa next;
	const char *why;

	for (size_t i = 0; i < num_patterns; i++) {
		if (patterns[i].triggers != triggers)
			continue;
		*out_culprit = patterns[i].output;
		why = dfa_of_pattern(&next, &patterns[i], cased, steps_left);
		if (!why)
			why = add_dfa(parts, &next);
		if (why)
			return why;
	}
	return close_part(parts);
}

const char *automaton_build_patterns(struct automaton **out, size_t *out_num,
				     const struct automaton_pattern *patterns,
				     size_t num_patterns, bool cased,
				     uint64_t *steps_left,
				     uint32_t *out_culprit)
{
	struct parts parts = {
		.list = xcalloc(num_patterns + 1, sizeof(*parts.list)),
	};
	const char *why;

	why = add_patterns(&parts, patterns, num_patterns, true, cased,
			   steps_left, out_culprit);
	if (!why)
		why = add_patterns(&parts, patterns, num_patterns, false,
				   cased, steps_left, out_culprit);
	dfa_free(&parts.whole);
	*out = parts.list;
	*out_num = parts.num;
	return why;
}
