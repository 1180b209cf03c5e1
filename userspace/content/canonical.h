/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a checked file the one encoding of its rules?  Its automata, triggers and
 * layout follow from them; a file in which they are others says one thing to a
 * reviewer and another to the evaluator.
 */
#ifndef CONTENT_CANONICAL_H
#define CONTENT_CANONICAL_H

#include "content/model.h"

/*
 * In what a file is another one.  FORMAT.md says what the structural check
 * cannot see; CANONICAL_TWICE is what it should have seen.
 */
enum canonical {
	CANONICAL_SAME,		/* it is the one */
	CANONICAL_DERIVED,	/* automata, triggers or tables are others */
	CANONICAL_UNTESTED,	/* it has a criterion that no rule tests */
	CANONICAL_PATTERN,	/* a pattern that no compiler writes */
	CANONICAL_TWICE,	/* rules, criteria or texts are written otherwise */
};

struct canonical_result {
	enum canonical kind;
	size_t off;		/* of the first byte that differs */
	char why[256];		/* why it can't be encoded, or "" */
};

/* @model: what model_decode() made of @content. */
void canonical_check(const struct plm_content *content,
		     const struct model *model, struct canonical_result *out);

/*
 * The same where the encoding is known: @encoded, of @len bytes, is what the
 * rules of @content encode to.
 */
void canonical_compare(const struct plm_content *content,
		       const uint8_t *encoded, size_t len,
		       struct canonical_result *out);

/*
 * Do both files say the same: are header, templates, rules, programs, criteria
 * and texts the same bytes, but for what is derived?  Then they have one
 * encoding.
 */
bool canonical_alike(const struct plm_content *a, const struct plm_content *b);

#endif /* CONTENT_CANONICAL_H */
