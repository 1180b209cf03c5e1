/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The search for literals that make a condition come out as wanted: which
 * criteria are to hold and which are not.  Whether a value can do that is
 * asked of the caller at each complete choice; pairs of criteria that exclude
 * each other are noticed here, before.
 */
#ifndef EVENT_SEARCH_H
#define EVENT_SEARCH_H

#include "event/expr.h"

/* Criteria of one input that must, and that must not, hold. */
struct literals {
	uint32_t *wanted, *unwanted;
	size_t num_wanted, cap_wanted;
	size_t num_unwanted, cap_unwanted;
};

enum search_status {
	SEARCH_FOUND,
	SEARCH_IMPOSSIBLE,	/* proven: no event whatever does it */
	SEARCH_NOT_FOUND,	/* given up */
};

/* What to look for. */
struct search_goal {
	const struct expr *expr;
	bool want;		/* the condition's outcome */
	/*
	 * A test that is to hold and on whose branch the choices are to be
	 * made, or EXPR_NONE.
	 */
	uint32_t target;
	/*
	 * A negated node on the target's branch whose negation is ignored, so
	 * that what it forbids comes about, or EXPR_NONE.
	 */
	uint32_t violate;
};

struct search {
	const struct model *model;
	struct literals inputs[PLM_MAX_INPUTS];	/* the choice at hand */
	struct literals pairs;	/* likewise, of criteria over two inputs */
	uint64_t steps;		/* what remains to be spent; the caller's */
	/* Asked of a complete choice: can it be made into a value? */
	bool (*accept)(struct search *search, void *context);
	void *context;

	int8_t *wants;		/* by criterion: 1, -1, or 0 for open */
	uint32_t *trail;	/* criteria that are not open, in order */
	size_t num_trail, cap_trail;
	struct search_pending *pending;
	size_t num_pending, cap_pending;
	struct search_choice *choices;
	size_t num_choices, cap_choices;
	uint8_t *on_branch;	/* by node: leads to the target */
	uint32_t cap_branch;
};

void search_init(struct search *search, const struct model *model);
void search_free(struct search *search);

/*
 * Look until accept() takes a choice.  At most @max_asked are offered to it.
 * Spends steps, about one for each node and comparison; without any left the
 * search is given up.
 */
enum search_status search_run(struct search *search,
			      const struct search_goal *goal,
			      uint32_t max_asked);

/*
 * Spend steps of the caller's own work.  False where there are not that many:
 * such work is better left undone.
 */
bool search_spend(struct search *search, uint64_t steps);

#endif /* EVENT_SEARCH_H */
