/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regular expressions over bytes, as trees.  The text of a pattern criterion
 * is one of these in its canonical notation; README.md beside the Sigma
 * compiler says which expressions there are.
 */
#ifndef CONTENT_REGEX_H
#define CONTENT_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGEX_MAX_LEN	4096u	/* bytes of source or of canonical text */
#define REGEX_MAX_DEPTH	32u	/* groups in one another */
#define REGEX_MAX_NODES	16384u
#define REGEX_MAX_COUNT	1000u	/* in a {m,n} */
#define REGEX_NO_MAX	UINT32_MAX

/* How a source is to be read. */
#define REGEX_ICASE	1u	/* ASCII letters of both cases are equal */
#define REGEX_MULTILINE	2u	/* ^ and $ also stand at lines' ends */
#define REGEX_DOTALL	4u	/* . is any byte, line feeds too */

enum regex_kind {
	REGEX_EMPTY,	/* nothing; only ever a whole expression */
	REGEX_SET,	/* one byte of a set */
	REGEX_ASSERT,	/* something about the place between two bytes */
	REGEX_CONCAT,	/* its children, one after the other */
	REGEX_ALT,	/* one of its children */
	REGEX_REPEAT,	/* its one child, min to max times */
};

enum regex_assert {
	REGEX_START,		/* of the input */
	REGEX_END,
	REGEX_LINE_START,
	REGEX_LINE_END,
	REGEX_WORD,		/* beside a word: \b */
};

struct regex_node {
	enum regex_kind kind;
	enum regex_assert assert;
	uint64_t set[4];
	uint32_t min, max;
	struct regex_node **children;	/* the array is owned, not they */
	size_t num_children, cap_children;
};

struct regex {
	struct regex_node *root;
	struct regex_node **nodes;	/* all there ever were; owned */
	size_t num_nodes, cap_nodes;
};

struct regex_error {
	char text[200];
	size_t at;		/* offset in the source */
};

/*
 * Read a source.  0, or -1 and *out_error: what is not in the subset is named
 * there.  regex_free() in either case.  All of @flags that a set was read
 * under is in the set: the tree needs no flags any more.
 */
int regex_parse(struct regex *out, const void *text, size_t len,
		unsigned int flags, struct regex_error *out_error);
void regex_free(struct regex *regex);

/* To build one by hand; a list is finished once it has all its children. */
struct regex_node *regex_set(struct regex *regex, const uint64_t set[4]);
struct regex_node *regex_byte(struct regex *regex, uint8_t byte, bool icase);
struct regex_node *regex_any(struct regex *regex);
struct regex_node *regex_assertion(struct regex *regex, enum regex_assert what);
struct regex_node *regex_list(struct regex *regex, enum regex_kind kind);
void regex_add(struct regex_node *list, struct regex_node *child);
struct regex_node *regex_finish(struct regex *regex, struct regex_node *list);
struct regex_node *regex_repeat(struct regex *regex, struct regex_node *child,
				uint32_t min, uint32_t max);

/*
 * Take away what has no say in whether an input holds a match somewhere: an
 * end that may as well be missing.
 */
void regex_trim(struct regex *regex);

/*
 * Are both cases of a letter in every set that has one of them?  Such an
 * expression is written without capital letters.
 */
bool regex_is_caseless(const struct regex *regex);

/*
 * The canonical notation, zero behind it: what regex_parse with REGEX_DOTALL,
 * and REGEX_ICASE if @folded, reads as the same tree.
 */
uint8_t *regex_print(const struct regex *regex, bool folded, size_t *out_len);

/* The tree of a criterion's text; false unless that is canonical. */
bool regex_of_criterion(struct regex *out, const uint8_t *text, size_t len,
			bool cased);
/* The same where the tree is of no interest. */
bool regex_is_canonical(const uint8_t *text, size_t len, bool cased);

/*
 * The expression is nothing but a text, perhaps with a start or an end: then
 * the operator for it, and an owned *out_text; else 0.
 */
uint32_t regex_literal(const struct regex *regex, bool folded,
		       uint8_t **out_text, size_t *out_len);

/* Sets */

static inline bool set_has(const uint64_t set[4], uint8_t byte)
{
	return set[byte / 64] >> (byte % 64) & 1;
}

static inline void set_add(uint64_t set[4], uint8_t byte)
{
	set[byte / 64] |= (uint64_t)1 << (byte % 64);
}

unsigned int set_count(const uint64_t set[4]);
/* Add the other case of every letter in it. */
void set_close_case(uint64_t set[4]);
/* Digits, white space, bytes of words. */
void set_add_named(uint64_t set[4], char name);

#endif /* CONTENT_REGEX_H */
