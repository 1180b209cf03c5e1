/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Categories of log sources: which template has their events, and which of
 * its events are theirs.
 */
#ifndef SIGMA_CATEGORY_H
#define SIGMA_CATEGORY_H

#include "plm_template.h"
#include "sigma/logic.h"
#include "sigma/tree.h"

struct sigma_category {
	const struct plm_template *template;
	const char *event_type;	/* only events of this EventType; or NULL */
};

/* False where no template has such events. */
bool sigma_category_find(const struct tree_node *name,
			 struct sigma_category *out);

/* @logic, for events of the category only. */
struct logic *sigma_category_logic(const struct sigma_category *category,
				   struct logic_pool *pool,
				   struct logic *logic);

#endif /* SIGMA_CATEGORY_H */
