/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * YAML as a tree that knows where each node stands.  What could make a small
 * file large or deep (aliases, nesting) is refused, so that work and memory
 * are linear in the file's size.
 */
#ifndef SIGMA_TREE_H
#define SIGMA_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "sigma/error.h"

#define TREE_MAX_LEN	(1u << 20)	/* bytes of a file */
#define TREE_MAX_DEPTH	32u
#define TREE_MAX_NODES	65536u		/* of a file */
#define TREE_MAX_KEYS	1024u		/* of one map */

enum tree_kind { TREE_TEXT, TREE_LIST, TREE_MAP };

struct tree_node {
	enum tree_kind kind;
	struct position at;
	bool plain;		/* scalar without quotes */
	bool block;		/* scalar introduced by | or > */
	char *text;		/* of a scalar; zero behind it, maybe inside */
	size_t len;
	char *raw;		/* as it stands in the file, with its quotes; */
	size_t raw_len;		/* NULL if that is the text: see place.h */
	struct tree_node **items;	/* of a map: key, value, key, value */
	size_t num_items, cap_items;
};

/* The documents of one file. */
struct tree_file {
	struct tree_node **documents;
	size_t num_documents, cap_documents;
};

/* 0, or -1 and *out_error; tree_free() in either case. */
int tree_load(struct tree_file *file, const uint8_t *data, size_t len,
	      struct sigma_error *out_error);
void tree_free(struct tree_file *file);

/* The value of a key of a map, or NULL. */
const struct tree_node *tree_get(const struct tree_node *map, const char *key);

/* Unquoted and empty, "~" or "null". */
bool tree_is_null(const struct tree_node *node);
/* A scalar with exactly this text. */
bool tree_is(const struct tree_node *node, const char *text);
/* "a text", "a list", "a map". */
const char *tree_kind_name(const struct tree_node *node);

#endif /* SIGMA_TREE_H */
