/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trie of an automaton's texts with its failure links (Aho and Corasick),
 * over symbols: byte classes, and class 0 for "the input has ended".
 *
 * Nodes are numbered breadth first, so that a node's children are a range and
 * a failure link always leads to a smaller number.  Node 0 is the root.  Where
 * a text is anchored at the start of the input, node 1 is "begin", where walks
 * start; it is in no node's range.
 */
#ifndef CONTENT_TRIE_H
#define CONTENT_TRIE_H

#include <stddef.h>
#include <stdint.h>

#define TRIE_ROOT	0u
#define TRIE_NONE	UINT32_MAX

/* One text, as symbols. */
struct trie_key {
	const uint8_t *symbols;	/* a last one of 0 anchors it at the end */
	uint32_t len;
	uint32_t anchored;	/* at the start */
	uint32_t output;	/* what its last node reports */
};

struct trie {
	uint32_t num_nodes;
	uint32_t start;		/* begin, or the root */
	uint32_t *first;	/* num_nodes + 1: children of n are the nodes
				 * from first[n] to before first[n + 1] */
	uint32_t *fail;
	uint32_t *own;		/* output of the key that ends here, or NONE */
	uint8_t *symbol;	/* on the way from the parent */
};

/* @keys are reordered; no two of them may be equal. */
void trie_build(struct trie *trie, struct trie_key *keys, size_t num_keys);
void trie_free(struct trie *trie);

/* The child by @symbol, or TRIE_NONE. */
uint32_t trie_child(const struct trie *trie, uint32_t node, uint8_t symbol);

/* The node after @node on @symbol, failure links followed. */
uint32_t trie_next(const struct trie *trie, uint32_t node, uint8_t symbol);

#endif /* CONTENT_TRIE_H */
