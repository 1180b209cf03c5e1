/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses that begin or end as a criterion wants. */
#ifndef EVENT_GUESS_H
#define EVENT_GUESS_H

#include "content/model.h"

#define GUESS_LEN 64

/*
 * Guess @number for what @c wants; its length.  Not all guesses are addresses.
 * 0: there are no more.
 */
size_t guess_address(const struct model_criterion *c, size_t number,
		     char out_text[GUESS_LEN]);

#endif /* EVENT_GUESS_H */
