/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LINT_WITNESS_H
#define LINT_WITNESS_H

#include "event/event.h"
#include "content/model.h"

/*
 * An event that the rule matches.  False where none was found within *@steps,
 * from which it takes; @out is then empty.
 */
bool witness_make(const struct model *model, uint32_t rule, uint64_t *steps,
		  struct event *out);

#endif /* LINT_WITNESS_H */
