// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "report/document.h"
#include "vm/judge.h"

#define MAX_LISTED 100

static bool has_events(const struct boot_plan *boot)
{
	for (size_t i = 0; i < PLAN_MAX && boot->plans[i]; i++)
		if (plan_has_events(boot->plans[i]))
			return true;
	return false;
}

void judge_proof(struct judge *judge, const bool *proven)
{
	const struct candidate *candidate = judge->run->candidate;
	json_t *list = json_array();
	size_t num = 0;

	for (uint32_t r = 0; r < candidate->model.num_rules; r++) {
		char *rule;

		num += proven[r];
		if (proven[r] || json_array_size(list) >= MAX_LISTED)
			continue;
		rule = candidate_rule(candidate, r);
		json_array_append_new(list, document_text(rule));
		free(rule);
	}
	if (has_events(judge->boot)) {
		json_object_set_new(judge->evidence, "rules_proven",
				    json_integer((json_int_t)num));
		json_object_set(judge->evidence, "rules_not_proven", list);
	}
	json_decref(list);
}
