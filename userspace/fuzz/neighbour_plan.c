// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of a neighbourhood's files a budget is spent on. */
#include "fuzz/neighbourhood.h"

/* Half of the budget, if it takes so many; what is left of it. */
static uint64_t share_head(struct neighbour_plan *plan, uint64_t budget)
{
	uint64_t left = budget;

	for (size_t i = 0; i < neighbourhood_num_families(); i++) {
		uint64_t share = plan->n->counts[i];

		if (!neighbourhood_is_head(i) || !share)
			continue;
		if (share > budget / 2)
			share = budget / 2;
		plan->shares[i] = share;
		left -= share;
	}
	return left;
}

/* Those that want no more than an equal share get what they want. */
static void share_out(struct neighbour_plan *plan, uint64_t left)
{
	const uint64_t *counts = plan->n->counts;
	bool open[NEIGHBOURHOOD_MAX_FAMILIES], again = true;
	size_t num_families = neighbourhood_num_families();
	uint64_t num = 0;

	for (size_t i = 0; i < num_families; i++) {
		open[i] = counts[i] && !neighbourhood_is_head(i);
		num += open[i];
	}
	while (again) {
		again = false;
		for (size_t i = 0; i < num_families; i++) {
			if (!open[i] || counts[i] > left / num)
				continue;
			plan->shares[i] = counts[i];
			left -= counts[i];
			open[i] = false;
			again = true;
			num--;
		}
	}
	for (size_t i = 0; i < num_families; i++) {
		if (!open[i])
			continue;
		plan->shares[i] = left / num;
		left -= plan->shares[i];
		num--;
	}
}

void neighbour_plan_make(struct neighbour_plan *plan,
			 const struct neighbourhood *n, uint64_t budget)
{
	size_t num_families = neighbourhood_num_families();

	*plan = (struct neighbour_plan){ .n = n };
	plan->num = n->num_finite ? budget : 0;
	if (budget < n->num_finite) {
		share_out(plan, share_head(plan, budget));
		return;
	}
	for (size_t i = 0; i < num_families; i++)
		plan->shares[i] = n->counts[i];
}

uint64_t neighbour_plan_get(const struct neighbour_plan *plan, uint64_t index)
{
	const struct neighbourhood *n = plan->n;
	size_t num_families = neighbourhood_num_families();
	uint64_t before = 0;

	for (size_t i = 0; i < num_families; i++) {
		uint64_t share = plan->shares[i];

		/* Both factors are below 2^32: the product fits. */
		if (index < share)
			return before + index * n->counts[i] / share;
		index -= share;
		before += n->counts[i];
	}
	return before + index;
}
