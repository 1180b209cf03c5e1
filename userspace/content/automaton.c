// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/automaton.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/trie.h"
#include "plm_format.h"

/* Words of rows given to states only because walks come through them often. */
#define HOT_CELLS	524288u
/*
 * Ordinary text visits few of a large automaton's states that walks come
 * through: there, those that lead to so many others.
 */
#define LARGE_TRIE	65536u	/* nodes */
#define MANY_BELOW	12u
/* Bytes of all texts over one input: some fifty bytes of memory for each. */
#define MAX_TEXT_BYTES	(1u << 23)

struct builder {
	const struct automaton_text *texts;
	size_t num_texts;
	bool cased;
	uint8_t class_map[256];
	uint32_t num_classes;
	uint8_t *symbols;
	struct trie trie;
	uint32_t *outputs;	/* lists of all nodes, one after the other */
	uint32_t *output_first;	/* num_nodes + 1 */
	size_t cap_outputs;
	bool *dense;
	uint32_t *link;		/* failure links that skip useless states */
	uint8_t *hops;
	uint32_t *state;	/* number of each node in the tables */
	uint32_t *node_of;	/* and back */
	uint32_t culprit;
};

/* Bytes that occur in no text cannot be told apart and share a class. */
static bool make_classes(struct builder *b)
{
	bool used[256] = { false };
	uint32_t other = 0, next = 1;

	for (size_t i = 0; i < b->num_texts; i++)
		for (uint32_t j = 0; j < b->texts[i].len; j++)
			used[b->texts[i].text[j]] = true;
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t folded = byte;

		if (!b->cased && byte >= 'A' && byte <= 'Z')
			folded += 'a' - 'A';
		if (used[folded] && folded != byte)
			continue;
		if (used[folded]) {
			b->class_map[byte] = (uint8_t)next++;
			continue;
		}
		if (!other)
			other = next++;
		b->class_map[byte] = (uint8_t)other;
	}
	for (uint32_t byte = 'A'; byte <= 'Z' && !b->cased; byte++)
		b->class_map[byte] = b->class_map[byte | 0x20];
	b->num_classes = next;
	return next <= PLM_MAX_CLASSES;
}

static bool make_trie(struct builder *b)
{
	struct trie_key *keys = xcalloc(b->num_texts, sizeof(*keys));
	size_t len = 0;
	uint8_t *at;

	for (size_t i = 0; i < b->num_texts; i++)
		len += b->texts[i].len + 1;
	if (len > MAX_TEXT_BYTES) {
		free(keys);
		return false;
	}
	b->symbols = at = xmalloc(len);
	for (size_t i = 0; i < b->num_texts; i++) {
		const struct automaton_text *text = &b->texts[i];
		bool equals = text->op == PLM_OP_EQUALS;

		keys[i].symbols = at;
		keys[i].len = text->len;
		keys[i].output = text->output;
		keys[i].anchored = equals || text->op == PLM_OP_STARTSWITH;
		for (uint32_t j = 0; j < text->len; j++)
			*at++ = b->class_map[text->text[j]];
		if (equals || text->op == PLM_OP_ENDSWITH) {
			*at++ = PLM_END_CLASS;
			keys[i].len++;
		}
	}
	trie_build(&b->trie, keys, b->num_texts);
	free(keys);
	return b->trie.num_nodes <= PLM_MAX_STATES;
}

static void push_output(struct builder *b, size_t *count, uint32_t output)
{
	ARRAY_RESERVE(b->outputs, *count, b->cap_outputs);
	b->outputs[(*count)++] = output;
}

/* A node reports what it ends itself and all that its failures report. */
static bool make_outputs(struct builder *b)
{
	const struct trie *t = &b->trie;
	size_t count = 0;

	b->output_first = xcalloc((size_t)t->num_nodes + 1,
				  sizeof(*b->output_first));
	for (uint32_t n = 0; n < t->num_nodes; n++) {
		uint32_t own = t->own[n], fail = t->fail[n];
		uint32_t from, end;

		b->output_first[n] = (uint32_t)count;
		from = n == fail ? 0 : b->output_first[fail];
		end = n == fail ? 0 : b->output_first[fail + 1];
		for (; from < end; from++) {
			uint32_t output = b->outputs[from];

			if (own < output) {
				push_output(b, &count, own);
				own = TRIE_NONE;
			}
			push_output(b, &count, output);
		}
		if (own != TRIE_NONE)
			push_output(b, &count, own);
		if (count - b->output_first[n] > PLM_MAX_OUTPUTS) {
			b->culprit = t->own[n];
			return false;
		}
		b->output_first[n + 1] = (uint32_t)count;
	}
	return true;
}

static uint32_t num_outputs(const struct builder *b, uint32_t node)
{
	return b->output_first[node + 1] - b->output_first[node];
}

static uint32_t num_children(const struct trie *t, uint32_t node)
{
	return t->first[node + 1] - t->first[node];
}

struct visit {
	uint32_t node;
	uint32_t count;		/* by ordinary texts */
	uint32_t below;		/* nodes that are reached through it */
};

static int compare_u32(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare_visits(const void *a, const void *b)
{
	const struct visit *x = a, *y = b;

	if (x->count != y->count)
		return compare_u32(y->count, x->count);
	if (x->below != y->below)
		return compare_u32(y->below, x->below);
	return compare_u32(x->node, y->node);
}

static void count_visits(const struct builder *b, struct visit *visits)
{
	const struct trie *t = &b->trie;
	const char *text;

	for (size_t i = 0; (text = ordinary_text(i)); i++) {
		uint32_t node = t->start;

		for (; *text; text++) {
			node = trie_next(t, node,
					 b->class_map[(uint8_t)*text]);
			visits[node].count++;
		}
	}
	/* Children have higher numbers. */
	for (uint32_t n = t->num_nodes; n-- > 0;)
		for (uint32_t c = t->first[n]; c < t->first[n + 1]; c++)
			visits[n].below += visits[c].below + 1;
}

/*
 * Give a row to the states that ordinary text visits most, then, in a large
 * automaton, to those that most texts go through.
 */
static void choose_hot(struct builder *b)
{
	uint32_t num = b->trie.num_nodes;
	struct visit *visits = xcalloc(num, sizeof(*visits));
	uint32_t budget = HOT_CELLS / b->num_classes;

	for (uint32_t n = 0; n < num; n++)
		visits[n].node = n;
	count_visits(b, visits);
	qsort(visits, num, sizeof(*visits), compare_visits);
	for (uint32_t i = 0; i < num && i < budget; i++)
		if (visits[i].count ||
		    (num > LARGE_TRIE && visits[i].below >= MANY_BELOW))
			b->dense[visits[i].node] = true;
	free(visits);
}

/* Every edge of @sub is one of @node too: failing to @sub can't help. */
static bool edges_within(const struct trie *t, uint32_t sub, uint32_t node)
{
	for (uint32_t c = t->first[sub]; c < t->first[sub + 1]; c++)
		if (trie_child(t, node, t->symbol[c]) == TRIE_NONE)
			return false;
	return true;
}

/*
 * Which states get a row: the root and its children, begin, those with more
 * edges than a sparse state may have, the hot ones, and those where too many
 * failures would follow one another.
 */
static void choose_dense(struct builder *b)
{
	const struct trie *t = &b->trie;

	b->dense = xcalloc(t->num_nodes, sizeof(*b->dense));
	b->link = xcalloc(t->num_nodes, sizeof(*b->link));
	b->hops = xcalloc(t->num_nodes, sizeof(*b->hops));
	choose_hot(b);
	for (uint32_t n = 0; n < t->first[1]; n++)
		b->dense[n] = true;
	b->dense[t->start] = true;
	for (uint32_t n = 0; n < t->num_nodes; n++) {
		uint32_t fail = t->fail[n];

		if (n > t->start && t->symbol[n] == PLM_END_CLASS)
			fail = TRIE_ROOT;	/* the walk ends here */
		while (!b->dense[fail] && edges_within(t, fail, n))
			fail = b->link[fail];
		b->link[n] = fail;
		b->hops[n] = b->dense[fail] ? 0 : b->hops[fail] + 1;
		if (num_children(t, n) > PLM_MAX_EDGES ||
		    b->hops[n] >= PLM_MAX_HOPS)
			b->dense[n] = true;
	}
}

/* Three groups, each in the trie's order: hot, dense with outputs, sparse. */
static void number_states(struct builder *b, struct automaton *out)
{
	uint32_t num_nodes = b->trie.num_nodes, next = 0;
	uint32_t *ends[] = { &out->num_hot, &out->num_dense, &out->num_states };

	b->state = xcalloc(num_nodes, sizeof(*b->state));
	b->node_of = xcalloc(num_nodes, sizeof(*b->node_of));
	for (uint32_t group = 0; group < 3; group++) {
		for (uint32_t n = 0; n < num_nodes; n++) {
			uint32_t of = !b->dense[n] ? 2 : num_outputs(b, n) > 0;

			if (of != group)
				continue;
			b->state[n] = next;
			b->node_of[next++] = n;
		}
		*ends[group] = next;
	}
	out->num_classes = b->num_classes;
	out->start = b->state[b->trie.start];
	for (uint32_t s = out->num_dense; s < num_nodes; s++)
		out->num_edges += num_children(&b->trie, b->node_of[s]);
	for (uint32_t s = out->num_hot; s < num_nodes; s++)
		out->num_outputs += num_outputs(b, b->node_of[s]);
}

/*
 * The row of a dense state: that of the next dense state along its failures,
 * and over it the edges of every state on the way, farthest first.
 */
static void put_row(const struct builder *b, uint32_t *cells, uint32_t node)
{
	const struct trie *t = &b->trie;
	uint32_t width = b->num_classes;
	uint32_t *row = cells + (size_t)b->state[node] * width;
	uint32_t fail = t->fail[node];

	if (node == TRIE_ROOT)
		for (uint32_t i = 0; i < width; i++)
			row[i] = b->state[TRIE_ROOT];
	else if (b->dense[fail])
		memcpy(row, cells + (size_t)b->state[fail] * width,
		       width * sizeof(*row));
	else
		for (uint32_t i = 0; i < width; i++)
			row[i] = b->state[trie_next(t, fail, (uint8_t)i)];
	for (uint32_t c = t->first[node]; c < t->first[node + 1]; c++)
		row[t->symbol[c]] = b->state[c];
}

static uint32_t *put_class_map(const struct builder *b, uint32_t *at)
{
	for (uint32_t i = 0; i < PLM_CLASS_MAP_WORDS; i++)
		*at++ = plm_le32(&b->class_map[4 * i]);
	return at;
}

static uint32_t *put_sparse(const struct builder *b,
			    const struct automaton *a, uint32_t *at)
{
	const struct trie *t = &b->trie;
	uint32_t edges = 0;

	for (uint32_t s = a->num_dense; s < a->num_states; s++) {
		*at++ = edges;
		edges += num_children(t, b->node_of[s]);
	}
	*at++ = edges;
	for (uint32_t s = a->num_dense; s < a->num_states; s++) {
		uint32_t node = b->node_of[s];

		*at++ = (uint32_t)b->hops[node] << PLM_STATE_SHIFT |
			b->state[b->link[node]];
	}
	for (uint32_t s = a->num_dense; s < a->num_states; s++) {
		uint32_t node = b->node_of[s];

		for (uint32_t c = t->first[node]; c < t->first[node + 1]; c++)
			*at++ = (uint32_t)t->symbol[c] << PLM_STATE_SHIFT |
				b->state[c];
	}
	return at;
}

static uint32_t *put_outputs(const struct builder *b,
			     const struct automaton *a, uint32_t *at)
{
	uint32_t outputs = 0;

	for (uint32_t s = a->num_hot; s < a->num_states; s++) {
		*at++ = outputs;
		outputs += num_outputs(b, b->node_of[s]);
	}
	*at++ = outputs;
	for (uint32_t s = a->num_hot; s < a->num_states; s++) {
		uint32_t node = b->node_of[s];

		for (uint32_t i = b->output_first[node];
		     i < b->output_first[node + 1]; i++)
			*at++ = b->outputs[i];
	}
	return at;
}

static void put_tables(const struct builder *b, struct automaton *out)
{
	size_t num_sparse = out->num_states - out->num_dense;
	size_t cells = (size_t)out->num_dense * out->num_classes;
	uint32_t *at;

	out->num_words = PLM_CLASS_MAP_WORDS + cells + 2 * num_sparse + 1 +
			 out->num_edges + out->num_states - out->num_hot + 1 +
			 out->num_outputs;
	at = out->words = xcalloc(out->num_words, sizeof(*out->words));
	at = put_class_map(b, at);
	for (uint32_t n = 0; n < b->trie.num_nodes; n++)
		if (b->dense[n])
			put_row(b, at, n);
	at = put_sparse(b, out, at + cells);
	put_outputs(b, out, at);
}

static const char *build(struct builder *b, struct automaton *out)
{
	b->culprit = b->texts[b->num_texts - 1].output;
	if (!make_classes(b))
		return "texts of one input hold every byte value";
	if (!make_trie(b))
		return "texts of one input are too many and too long";
	if (!make_outputs(b))
		return "too many texts of one input end in one another";
	choose_dense(b);
	number_states(b, out);
	put_tables(b, out);
	return NULL;
}

const char *automaton_build(struct automaton *out,
			    const struct automaton_text *texts,
			    size_t num_texts, bool cased,
			    uint32_t *out_culprit)
{
	struct builder b = {
		.texts = texts, .num_texts = num_texts, .cased = cased,
	};
	const char *why;

	memset(out, 0, sizeof(*out));
	why = build(&b, out);
	*out_culprit = b.culprit;
	free(b.symbols);
	trie_free(&b.trie);
	free(b.outputs);
	free(b.output_first);
	free(b.dense);
	free(b.link);
	free(b.hops);
	free(b.state);
	free(b.node_of);
	return why;
}

void automaton_free(struct automaton *automaton)
{
	free(automaton->words);
}
