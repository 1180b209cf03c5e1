/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about conditions, decided by a SAT solver: is there an assignment
 * of true and false to criteria that does this?  Criteria over one input are
 * not free: of each two the solver is told what event/literal.h knows (one
 * holds whenever the other does, or never together with it).  So "no" is
 * certain; "yes" may be wrong where three criteria conspire, or a pattern.
 */
#ifndef LINT_DECIDE_H
#define LINT_DECIDE_H

#include "event/expr.h"

enum answer {
	ANSWER_NO,		/* proven: there is none */
	ANSWER_YES,
	ANSWER_OPEN,		/* the steps were spent */
};

/* A rule's condition, its nodes as literals of the solver. */
struct decided {
	struct expr expr;
	int *literals;		/* by node, negation included */
};

struct decider;

/* Takes from *@steps, the caller's, which stays in place. */
struct decider *decider_new(const struct model *model, uint64_t *steps);
void decider_free(struct decider *decider);

/*
 * Tell it of a rule.  False: malformed, or the steps are spent.
 * decided_free() in either case.
 */
bool decider_add(struct decider *decider, uint32_t rule, struct decided *out);
void decided_free(struct decided *decided);

/* The literal of the rule's whole condition. */
static inline int decided_root(const struct decided *decided)
{
	return decided->literals[decided->expr.root];
}

/* A literal that holds where at least @least of @literals do. */
int decider_at_least(struct decider *decider, const int *literals,
		     uint32_t num, uint32_t least);

/* Can all of @literals hold together? */
enum answer decider_ask(struct decider *decider, const int *literals,
			size_t num);

/*
 * Is every criterion tested once and free of the others?  Then any condition
 * can hold, can fail to, and depends on all of its parts.
 */
bool decider_is_plain(const struct decider *decider);

#endif /* LINT_DECIDE_H */
