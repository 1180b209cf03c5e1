// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/expect.h"

#include <stdlib.h>

#include "base/mem.h"
#include "event/solve.h"

/* Steps, as solve_cost() counts them, that the reference may take. */
#define MAX_COST (1ull << 29)

static void add(struct expected *expected, uint32_t rule)
{
	ARRAY_RESERVE(expected->rules, expected->num_rules,
		      expected->cap_rules);
	expected->rules[expected->num_rules++] = rule;
}

static void ask_all(const struct model *model, const struct event *event,
		    struct expected *out)
{
	out->all_rules = true;
	for (uint32_t i = 0; i < model->num_rules; i++)
		if (solve_matches(model, i, event))
			add(out, i);
}

/* So many times solve_cost() is what it takes to ask all rules. */
static uint64_t weight_of(const struct model *model)
{
	uint64_t weight = 0;

	for (uint32_t i = 0; i < model->num_rules; i++)
		weight += solve_rule_weight(model, i);
	return weight;
}

/* Every how many events all rules can be asked. */
static uint64_t stride(const struct synth *synth, uint64_t weight)
{
	uint64_t cost = 0;

	/* Beyond so much it makes no difference. */
	for (size_t i = 0; i < synth->num_events && cost < 1ull << 60; i++)
		cost += weight * solve_cost(&synth->events[i].event);
	return 1 + cost / MAX_COST;
}

struct expected *expect_make(const struct model *model,
			     const struct synth *synth, uint64_t *out_pairs,
			     uint64_t *out_whole)
{
	struct expected *all = xcalloc(synth->num_events + 1, sizeof(*all));
	uint64_t weight = weight_of(model), left = MAX_COST;
	uint64_t every = stride(synth, weight);

	*out_pairs = 0;
	*out_whole = 0;
	for (size_t i = 0; i < synth->num_events; i++) {
		const struct synth_event *e = &synth->events[i];
		uint64_t cost = weight * solve_cost(&e->event);

		if (i % every == 0 && cost <= left) {
			left -= cost;
			ask_all(model, &e->event, &all[i]);
			*out_pairs += model->num_rules;
			++*out_whole;
			continue;
		}
		if (e->expect)
			add(&all[i], e->rule);
		*out_pairs += 1;
	}
	return all;
}

void expect_free(struct expected *expected, size_t num)
{
	for (size_t i = 0; i < num; i++)
		free(expected[i].rules);
	free(expected);
}
