// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/trie.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Nodes in the order in which sorted keys make them. */
struct draft {
	uint32_t *child;	/* first child */
	uint32_t *last;		/* last child */
	uint32_t *next;		/* next sibling */
	uint32_t *own;
	uint8_t *symbol;
	uint32_t num_nodes;
};

static int compare_keys(const void *a, const void *b)
{
	const struct trie_key *x = a, *y = b;
	uint32_t len = x->len < y->len ? x->len : y->len;
	int order;

	if (x->anchored != y->anchored)
		return x->anchored ? -1 : 1;
	order = memcmp(x->symbols, y->symbols, len);
	if (order)
		return order;
	return (x->len > y->len) - (x->len < y->len);
}

static uint32_t add_node(struct draft *d, uint32_t parent, uint8_t symbol)
{
	uint32_t node = d->num_nodes++;

	d->symbol[node] = symbol;
	d->child[node] = TRIE_NONE;
	d->next[node] = TRIE_NONE;
	d->own[node] = TRIE_NONE;
	if (parent == TRIE_NONE)
		return node;
	if (d->child[parent] == TRIE_NONE)
		d->child[parent] = node;
	else
		d->next[d->last[parent]] = node;
	d->last[parent] = node;
	return node;
}

/*
 * Keys come sorted: whatever a key shares with those before it, it shares with
 * the last one, and so always along last children.
 */
static void draft_keys(struct draft *d, const struct trie_key *keys,
		       size_t num_keys, uint32_t begin)
{
	for (size_t i = 0; i < num_keys; i++) {
		const struct trie_key *key = &keys[i];
		uint32_t node = key->anchored ? begin : TRIE_ROOT;
		uint32_t at = 0;

		while (at < key->len && d->child[node] != TRIE_NONE &&
		       d->symbol[d->last[node]] == key->symbols[at]) {
			node = d->last[node];
			at++;
		}
		for (; at < key->len; at++)
			node = add_node(d, node, key->symbols[at]);
		d->own[node] = key->output;
	}
}

static void draft_init(struct draft *d, size_t max_nodes)
{
	d->num_nodes = 0;
	d->child = xcalloc(max_nodes, sizeof(*d->child));
	d->last = xcalloc(max_nodes, sizeof(*d->last));
	d->next = xcalloc(max_nodes, sizeof(*d->next));
	d->own = xcalloc(max_nodes, sizeof(*d->own));
	d->symbol = xcalloc(max_nodes, sizeof(*d->symbol));
}

static void draft_free(struct draft *d)
{
	free(d->child);
	free(d->last);
	free(d->next);
	free(d->own);
	free(d->symbol);
}

/* Number the draft's nodes breadth first. */
static void spread(struct trie *t, const struct draft *d)
{
	uint32_t *draft_of = xcalloc(d->num_nodes, sizeof(*draft_of));
	uint32_t tail = t->start + 1;

	draft_of[t->start] = t->start;
	for (uint32_t n = 0; n < d->num_nodes; n++) {
		uint32_t from = draft_of[n];

		t->symbol[n] = d->symbol[from];
		t->own[n] = d->own[from];
		t->first[n] = tail;
		for (uint32_t c = d->child[from]; c != TRIE_NONE;
		     c = d->next[c])
			draft_of[tail++] = c;
	}
	t->first[d->num_nodes] = tail;
	free(draft_of);
}

uint32_t trie_child(const struct trie *trie, uint32_t node, uint8_t symbol)
{
	uint32_t low = trie->first[node], high = trie->first[node + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (trie->symbol[middle] == symbol)
			return middle;
		if (trie->symbol[middle] < symbol)
			low = middle + 1;
		else
			high = middle;
	}
	return TRIE_NONE;
}

uint32_t trie_next(const struct trie *trie, uint32_t node, uint8_t symbol)
{
	uint32_t child;

	for (;;) {
		child = trie_child(trie, node, symbol);
		if (child != TRIE_NONE)
			return child;
		if (node == TRIE_ROOT)
			return TRIE_ROOT;
		node = trie->fail[node];
	}
}

static void link_failures(struct trie *t)
{
	t->fail[TRIE_ROOT] = TRIE_ROOT;
	t->fail[t->start] = TRIE_ROOT;
	for (uint32_t n = 0; n < t->num_nodes; n++)
		for (uint32_t c = t->first[n]; c < t->first[n + 1]; c++)
			t->fail[c] = n == TRIE_ROOT ? TRIE_ROOT :
				     trie_next(t, t->fail[n], t->symbol[c]);
}

void trie_build(struct trie *trie, struct trie_key *keys, size_t num_keys)
{
	size_t max_nodes = 2;
	struct draft draft;

	qsort(keys, num_keys, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < num_keys; i++)
		max_nodes += keys[i].len;
	draft_init(&draft, max_nodes);
	add_node(&draft, TRIE_NONE, 0);
	trie->start = TRIE_ROOT;
	if (num_keys && keys[0].anchored)
		trie->start = add_node(&draft, TRIE_NONE, 0);
	draft_keys(&draft, keys, num_keys, trie->start);

	trie->num_nodes = draft.num_nodes;
	trie->first = xcalloc((size_t)trie->num_nodes + 1,
			      sizeof(*trie->first));
	trie->fail = xcalloc(trie->num_nodes, sizeof(*trie->fail));
	trie->own = xcalloc(trie->num_nodes, sizeof(*trie->own));
	trie->symbol = xcalloc(trie->num_nodes, sizeof(*trie->symbol));
	spread(trie, &draft);
	draft_free(&draft);
	link_failures(trie);
}

void trie_free(struct trie *trie)
{
	free(trie->first);
	free(trie->fail);
	free(trie->own);
	free(trie->symbol);
}
