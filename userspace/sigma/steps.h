/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules may cost to compile. */
#ifndef SIGMA_STEPS_H
#define SIGMA_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "sigma/error.h"

/*
 * What all rules of one compilation may cost together: the steps of making
 * their automata and of looking for names of selections, and for what takes
 * memory some as well: each test, each term of a condition, each byte of a text
 * and each selection that a term means; of a count over many selections each
 * list that it is split into, with its children, and each word that comes of
 * it.  That is some seconds, and some hundred MiB.
 */
#define SIGMA_MAX_STEPS		(1u << 28)
#define SIGMA_TEXT_STEPS	256u	/* and what is no text but a test */
#define SIGMA_BYTE_STEPS	8u
#define SIGMA_TERM_STEPS	256u
#define SIGMA_CHILD_STEPS	32u

/*
 * Take @steps off *@left.  What is over the budget, or all that is left of it,
 * leaves nothing: false and *out_error, "@what costs ...".  That ends a
 * compilation soon.
 */
bool sigma_spend(uint64_t *left, uint64_t steps, const char *what,
		 struct position at, struct sigma_error *out_error);

#endif /* SIGMA_STEPS_H */
