/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The logic of one rule: what its selections and its condition say, before it
 * becomes a program.  Expressions are shared, not copied, where a condition
 * names a selection more than once; a pool owns them all.
 */
#ifndef SIGMA_LOGIC_H
#define SIGMA_LOGIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum logic_kind {
	LOGIC_CONST,	/* value */
	LOGIC_TEST,	/* criterion */
	LOGIC_NOT,	/* of its one child */
	LOGIC_ALL,	/* of its children hold */
	LOGIC_ANY,	/* of its children holds */
	LOGIC_SOME,	/* at least "least" of its children hold */
};

/* What model_criterion() takes. */
struct logic_test {
	uint32_t input, op, flags;
	uint64_t number;
	uint8_t *text;		/* owned */
	uint32_t len;
};

struct logic {
	enum logic_kind kind;
	bool value;
	struct logic_test test;
	size_t least;
	struct logic **children;	/* the array is owned, not they */
	size_t num_children, cap_children;
	struct logic *simple;	/* what logic_simplify made of it */
	size_t mark;		/* of the last list that took it in */
	size_t not_mark;	/* of the last one that took its negation in */
	uint32_t need;		/* stack that its program needs; 0: not known */
};

struct logic_pool {
	struct logic **items;
	size_t num_items, cap_items;
	size_t num_marks;
};

struct logic *logic_new(struct logic_pool *pool, enum logic_kind kind);
struct logic *logic_const(struct logic_pool *pool, bool value);
struct logic *logic_not(struct logic_pool *pool, struct logic *child);
void logic_add(struct logic *parent, struct logic *child);
/* How many children a list grows by, at most, that takes this one in. */
size_t logic_weight(const struct logic *child);
void logic_pool_free(struct logic_pool *pool);

/*
 * The same logic with constants folded, nots in a row and lists of one taken
 * away, and lists inside lists of the same kind joined.  "x and not x" is a
 * constant as well, and "x or not x", where both are the same struct: what is
 * written twice is not compared.
 */
struct logic *logic_simplify(struct logic_pool *pool, struct logic *logic);

#endif /* SIGMA_LOGIC_H */
