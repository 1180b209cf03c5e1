// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a regular expression to its automaton: a nondeterministic one by
 * Thompson's construction, and the sets of its nodes that inputs lead to.
 * What an expression says about the place between two bytes is decided when
 * the second one is known, so that a state holds assertions still open and
 * what kind of byte came last.
 */
#include "content/dfa.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The nondeterministic automaton */

enum nfa_kind { NFA_SET, NFA_SPLIT, NFA_ASSERT, NFA_MATCH };

struct nfa_node {
	enum nfa_kind kind;
	enum regex_assert assert;
	const uint64_t *set;
	uint32_t next, other;		/* other: of NFA_SPLIT */
};

struct nfa {
	struct nfa_node *nodes;
	size_t num, cap;
	uint32_t start;
	bool uses_word, uses_lines;
};

static uint32_t put_node(struct nfa *nfa, struct nfa_node node)
{
	ARRAY_RESERVE(nfa->nodes, nfa->num, nfa->cap);
	nfa->nodes[nfa->num] = node;
	return (uint32_t)nfa->num++;
}

static uint32_t put_regex(struct nfa *nfa, const struct regex_node *node,
			  uint32_t next);

/* Copies that must be there come first, then those that may. */
static uint32_t put_repeat(struct nfa *nfa, const struct regex_node *node,
			   uint32_t next)
{
	const struct regex_node *child = node->children[0];
	uint32_t end = next, at = next, body;

	if (node->max == REGEX_NO_MAX) {
		at = put_node(nfa, (struct nfa_node){ .kind = NFA_SPLIT,
						      .other = end });
		body = put_regex(nfa, child, at);
		nfa->nodes[at].next = body;
	}
	for (uint32_t i = node->min; node->max != REGEX_NO_MAX &&
	     i < node->max && nfa->num <= DFA_MAX_NODES; i++) {
		at = put_regex(nfa, child, at);
		at = put_node(nfa, (struct nfa_node){ .kind = NFA_SPLIT,
						      .next = at,
						      .other = end });
	}
	for (uint32_t i = 0; i < node->min && nfa->num <= DFA_MAX_NODES; i++)
		at = put_regex(nfa, child, at);
	return at;
}

static uint32_t put_alt(struct nfa *nfa, const struct regex_node *node,
			uint32_t next)
{
	uint32_t at = put_regex(nfa, node->children[node->num_children - 1],
				next);

	for (size_t i = node->num_children - 1; i-- > 0;) {
		uint32_t branch = put_regex(nfa, node->children[i], next);

		at = put_node(nfa, (struct nfa_node){ .kind = NFA_SPLIT,
						      .next = branch,
						      .other = at });
	}
	return at;
}

/* The nodes of @node, built from behind: the one to begin with. */
static uint32_t put_regex(struct nfa *nfa, const struct regex_node *node,
			  uint32_t next)
{
	if (nfa->num > DFA_MAX_NODES)
		return next;
	switch (node->kind) {
	case REGEX_SET:
		return put_node(nfa, (struct nfa_node){ .kind = NFA_SET,
							.set = node->set,
							.next = next });
	case REGEX_ASSERT:
		nfa->uses_word |= node->assert == REGEX_WORD;
		nfa->uses_lines |= node->assert == REGEX_LINE_START ||
				   node->assert == REGEX_LINE_END;
		return put_node(nfa, (struct nfa_node){ .kind = NFA_ASSERT,
						.assert = node->assert,
						.next = next });
	case REGEX_CONCAT:
		for (size_t i = node->num_children; i-- > 0;)
			next = put_regex(nfa, node->children[i], next);
		return next;
	case REGEX_ALT:
		return put_alt(nfa, node, next);
	case REGEX_REPEAT:
		return put_repeat(nfa, node, next);
	default:
		return next;
	}
}

/* Classes of bytes */

static bool is_word(uint8_t byte)
{
	uint64_t set[4] = { 0 };

	set_add_named(set, 'w');
	return set_has(set, byte);
}

/* Tell bytes in @set from those that are not. */
static void refine(struct dfa *dfa, const uint64_t set[4])
{
	uint16_t inside[257] = { 0 };
	bool outside[257] = { false };

	for (unsigned int byte = 0; byte < 256; byte++)
		if (!set_has(set, (uint8_t)byte))
			outside[dfa->class_map[byte]] = true;
	for (unsigned int byte = 0; byte < 256; byte++) {
		uint8_t class = dfa->class_map[byte];

		if (!set_has(set, (uint8_t)byte) || !outside[class])
			continue;
		if (!inside[class])
			inside[class] = (uint16_t)dfa->num_classes++;
		dfa->class_map[byte] = (uint8_t)inside[class];
	}
}

/*
 * In order of their first bytes.  256 classes of bytes would leave no number
 * for the end; then there is no automaton.
 */
static bool make_classes(struct dfa *dfa, const struct nfa *nfa)
{
	uint64_t set[4] = { 0 };
	uint8_t order[256] = { 0 };
	uint32_t num = 1;

	/* Up to 256 classes, counted from 0 while they are being told apart. */
	memset(dfa->class_map, 0, sizeof(dfa->class_map));
	dfa->num_classes = 1;
	for (size_t i = 0; i < nfa->num; i++)
		if (nfa->nodes[i].kind == NFA_SET)
			refine(dfa, nfa->nodes[i].set);
	set_add_named(set, 'w');
	if (nfa->uses_word)
		refine(dfa, set);
	memset(set, 0, sizeof(set));
	set_add(set, '\n');
	if (nfa->uses_lines)
		refine(dfa, set);
	if (dfa->num_classes > 255)
		return false;
	for (unsigned int byte = 0; byte < 256; byte++) {
		uint8_t *place = &order[dfa->class_map[byte]];

		if (!*place)
			*place = (uint8_t)num++;
		dfa->class_map[byte] = *place;
	}
	dfa->num_classes = num;
	return true;
}

/* Sets of nodes */

#define PREV_START	1u
#define PREV_LINE	2u	/* the input's start or a line feed */
#define PREV_WORD	4u
#define PREV_MATCHED	8u	/* a match was certain with the last byte */

/* States that every automaton has first. */
#define STATE_DEAD	0u	/* nothing more will be reported */
#define STATE_DONE	1u	/* reports, and then is dead */
#define STATE_START	2u

struct subset {
	const struct nfa *nfa;
	struct dfa *dfa;
	bool sticky;		/* report once only */
	uint8_t byte_of[257];	/* one byte of each class */
	uint32_t *pool;		/* keys of all states: kind, nodes */
	size_t pool_len, pool_cap;
	size_t *key_first;	/* of each state; num_states + 1 */
	size_t key_cap;
	uint32_t *table;	/* hash table of states, + 1 */
	uint32_t table_len;
	uint8_t *accepts;
	size_t accepts_cap, next_cap;
	uint32_t *mark, round;	/* nodes taken into the set at hand */
	uint32_t *set, *stack;	/* the set at hand */
	uint32_t set_len;
	uint64_t steps, max_steps;
};

static void begin_set(struct subset *s)
{
	s->set_len = 0;
	s->round++;
}

/* Take in a node, and all that it leads to without a byte or assertion. */
static void take_in(struct subset *s, uint32_t node)
{
	uint32_t depth = 0;

	s->stack[depth++] = node;
	while (depth) {
		const struct nfa_node *n;

		node = s->stack[--depth];
		s->steps++;
		if (s->mark[node] == s->round)
			continue;
		s->mark[node] = s->round;
		n = &s->nfa->nodes[node];
		if (n->kind != NFA_SPLIT) {
			s->set[s->set_len++] = node;
			continue;
		}
		s->stack[depth++] = n->other;
		s->stack[depth++] = n->next;
	}
}

/* Does the assertion hold between what was before and @class? */
static bool holds(const struct subset *s, enum regex_assert assert,
		  uint32_t prev, uint32_t class)
{
	uint8_t byte = s->byte_of[class];

	switch (assert) {
	case REGEX_START:
		return prev & PREV_START;
	case REGEX_END:
		return !class;
	case REGEX_LINE_START:
		return prev & PREV_LINE;
	case REGEX_LINE_END:
		return !class || byte == '\n';
	default:
		return !!(prev & PREV_WORD) != (class && is_word(byte));
	}
}

static uint32_t prev_of(const struct subset *s, uint32_t class)
{
	uint8_t byte = s->byte_of[class];
	uint32_t prev = 0;

	if (s->nfa->uses_word && is_word(byte))
		prev |= PREV_WORD;
	if (s->nfa->uses_lines && byte == '\n')
		prev |= PREV_LINE;
	return prev;
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t hash_key(const uint32_t *key, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ key[i]) * 0x100000001b3u;
	return (uint32_t)(hash ^ hash >> 32);
}

static void rehash(struct subset *s)
{
	if (s->table_len >= 2 * (s->dfa->num_states + 1))
		return;
	free(s->table);
	s->table_len = s->table_len ? 2 * s->table_len : 256;
	s->table = xcalloc(s->table_len, sizeof(*s->table));
	for (uint32_t i = STATE_START; i < s->dfa->num_states; i++) {
		const uint32_t *key = s->pool + s->key_first[i];
		size_t len = s->key_first[i + 1] - s->key_first[i];
		uint32_t at = hash_key(key, len);

		while (s->table[at & (s->table_len - 1)])
			at++;
		s->table[at & (s->table_len - 1)] = i + 1;
	}
}

/* A state with the key at the pool's end, which is taken off again if known. */
static uint32_t state_of_key(struct subset *s, size_t from, bool accepts)
{
	struct dfa *dfa = s->dfa;
	uint32_t *key = s->pool + from;
	size_t len = s->pool_len - from;
	uint32_t at, state;

	rehash(s);
	at = hash_key(key, len);
	for (; (state = s->table[at & (s->table_len - 1)]); at++) {
		size_t first = s->key_first[--state];

		if (s->key_first[state + 1] - first == len &&
		    !memcmp(s->pool + first, key, len * sizeof(*key))) {
			s->pool_len = from;
			return state;
		}
	}
	state = dfa->num_states++;
	s->table[at & (s->table_len - 1)] = state + 1;
	if (dfa->num_states + 1 >= s->key_cap) {
		s->key_cap = 2 * s->key_cap + 64;
		s->key_first = xreallocarray(s->key_first, s->key_cap,
					     sizeof(*s->key_first));
		s->accepts = xrealloc(s->accepts, s->key_cap);
		dfa->next = xreallocarray(dfa->next, s->key_cap *
					  dfa->num_classes,
					  sizeof(*dfa->next));
	}
	s->key_first[state] = from;
	s->key_first[state + 1] = s->pool_len;
	s->accepts[state] = accepts;
	return state;
}

static void put_key(struct subset *s, uint32_t word)
{
	ARRAY_RESERVE(s->pool, s->pool_len, s->pool_cap);
	s->pool[s->pool_len++] = word;
}

/* The state of the set at hand. */
static uint32_t state_of_set(struct subset *s, uint32_t prev)
{
	size_t from = s->pool_len;
	bool accepts = prev & PREV_MATCHED;

	qsort(s->set, s->set_len, sizeof(*s->set), compare_u32);
	put_key(s, prev);
	for (uint32_t i = 0; i < s->set_len; i++) {
		const struct nfa_node *n = &s->nfa->nodes[s->set[i]];

		/* Those only hold before the first byte. */
		if (n->kind == NFA_ASSERT && n->assert == REGEX_START &&
		    !(prev & PREV_START))
			continue;
		accepts |= n->kind == NFA_MATCH && !(prev & PREV_START);
		put_key(s, s->set[i]);
	}
	if (accepts && s->sticky) {
		s->pool_len = from;
		return STATE_DONE;
	}
	return state_of_key(s, from, accepts);
}

/*
 * Open the assertions of @state that hold before @class; the set at hand is
 * then all nodes that wait for a byte.  True where that makes a match certain.
 */
static bool settle(struct subset *s, uint32_t state, uint32_t class)
{
	size_t first = s->key_first[state], end = s->key_first[state + 1];
	uint32_t prev = s->pool[first];
	bool matched = false;

	begin_set(s);
	for (size_t i = first + 1; i < end; i++)
		take_in(s, s->pool[i]);
	for (uint32_t i = 0; i < s->set_len; i++) {
		const struct nfa_node *n = &s->nfa->nodes[s->set[i]];

		if (n->kind == NFA_ASSERT && holds(s, n->assert, prev, class))
			take_in(s, n->next);
		/* One that no assertion led to has been reported before. */
		if (n->kind == NFA_MATCH)
			matched |= i >= end - first - 1 || prev & PREV_START;
	}
	return matched;
}

static uint32_t step(struct subset *s, uint32_t state, uint32_t class)
{
	bool matched = settle(s, state, class);
	uint32_t prev, num, *waiting;

	if (!class || (matched && s->sticky))
		return matched ? STATE_DONE : STATE_DEAD;
	num = s->set_len;
	waiting = xmemdup(s->set, num * sizeof(*waiting));
	begin_set(s);
	for (uint32_t i = 0; i < num; i++) {
		const struct nfa_node *n = &s->nfa->nodes[waiting[i]];

		if (n->kind == NFA_SET && set_has(n->set, s->byte_of[class]))
			take_in(s, n->next);
	}
	free(waiting);
	take_in(s, s->nfa->start);	/* a match may begin anywhere */
	prev = prev_of(s, class) | (matched ? PREV_MATCHED : 0);
	return state_of_set(s, prev);
}

static void put_fixed_states(struct subset *s)
{
	struct dfa *dfa = s->dfa;

	s->key_cap = 64;
	s->key_first = xcalloc(s->key_cap, sizeof(*s->key_first));
	s->accepts = xcalloc(s->key_cap, 1);
	dfa->next = xcalloc((size_t)s->key_cap * dfa->num_classes,
			    sizeof(*dfa->next));
	dfa->num_states = STATE_START;
	s->accepts[STATE_DONE] = true;
	for (uint32_t i = 0; i < 2 * dfa->num_classes; i++)
		dfa->next[i] = STATE_DEAD;
}

/* False where the budget does not do. */
static bool explore(struct subset *s)
{
	struct dfa *dfa = s->dfa;

	put_fixed_states(s);
	begin_set(s);
	take_in(s, s->nfa->start);
	dfa->start = state_of_set(s, PREV_START | PREV_LINE);
	for (uint32_t state = STATE_START; state < dfa->num_states; state++) {
		for (uint32_t class = 0; class < dfa->num_classes; class++) {
			uint32_t next = step(s, state, class);

			dfa->next[(size_t)state * dfa->num_classes + class] =
				next;
			if (s->steps > s->max_steps)
				return false;
		}
		if (dfa->num_states > DFA_MAX_STATES)
			return false;
	}
	return true;
}

static void put_outputs(struct dfa *dfa, const uint8_t *accepts,
			uint32_t output)
{
	uint32_t num = 0;

	dfa->out_first = xcalloc((size_t)dfa->num_states + 1,
				 sizeof(*dfa->out_first));
	dfa->outs = xcalloc(dfa->num_states, sizeof(*dfa->outs));
	for (uint32_t i = 0; i < dfa->num_states; i++) {
		dfa->out_first[i] = num;
		if (accepts[i])
			dfa->outs[num++] = output;
	}
	dfa->out_first[dfa->num_states] = num;
}

static bool determinise(struct dfa *dfa, const struct nfa *nfa, bool sticky,
			uint32_t output, uint64_t max_steps)
{
	struct subset s = { .nfa = nfa, .dfa = dfa, .sticky = sticky,
			    .max_steps = max_steps };
	uint64_t steps;
	bool done;

	memset(dfa, 0, sizeof(*dfa));
	if (!make_classes(dfa, nfa))
		return false;
	for (unsigned int byte = 0; byte < 256; byte++)
		s.byte_of[dfa->class_map[byte]] = (uint8_t)byte;
	s.mark = xcalloc(nfa->num, sizeof(*s.mark));
	s.set = xcalloc(nfa->num, sizeof(*s.set));
	s.stack = xcalloc(2 * nfa->num + 2, sizeof(*s.stack));
	done = explore(&s);
	/* A step for each cell as well, which is filled and minimised. */
	steps = s.steps + (uint64_t)dfa->num_states * dfa->num_classes;
	if (done) {
		put_outputs(dfa, s.accepts, output);
		dfa_minimise(dfa);
	}
	dfa->steps = steps;
	free(s.pool);
	free(s.key_first);
	free(s.table);
	free(s.accepts);
	free(s.mark);
	free(s.set);
	free(s.stack);
	return done;
}

/*
 * Reporting every match keeps automata additive when they are merged;
 * reporting the first one only can be very much smaller.
 */
static const char *choose(struct dfa *out, const struct nfa *nfa,
			  uint32_t output, uint64_t max_steps)
{
	struct dfa every, once;
	bool has_every = determinise(&every, nfa, false, output, max_steps);
	bool has_once = determinise(&once, nfa, true, output, max_steps);
	bool wants_once = has_once && (!has_every ||
			  every.num_states > 2 * once.num_states + 16);
	uint64_t steps = every.steps + once.steps;

	*out = wants_once ? once : every;
	dfa_free(wants_once ? &every : &once);
	if (!has_once && !has_every)
		dfa_free(out);
	out->steps = steps;
	if (has_once || has_every)
		return NULL;
	return "needs an automaton of more than 8192 states, or more than 254 "
	       "classes of bytes";
}

const char *dfa_of_regex(struct dfa *out, const struct regex *regex,
			 uint32_t output, uint64_t max_steps)
{
	struct nfa nfa = { 0 };
	const char *why = NULL;

	memset(out, 0, sizeof(*out));
	put_node(&nfa, (struct nfa_node){ .kind = NFA_MATCH });
	nfa.start = put_regex(&nfa, regex->root, 0);
	if (nfa.num > DFA_MAX_NODES)
		why = "stands for more than 16384 bytes and branches once its "
		      "counts are written out";
	else
		why = choose(out, &nfa, output,
			     max_steps < DFA_MAX_STEPS ? max_steps :
							 DFA_MAX_STEPS);
	free(nfa.nodes);
	return why;
}

void dfa_free(struct dfa *dfa)
{
	free(dfa->next);
	free(dfa->out_first);
	free(dfa->outs);
	memset(dfa, 0, sizeof(*dfa));
}
