// SPDX-License-Identifier: GPL-2.0-or-later
/* How far content has grown over the baseline. */
#include "lint/checks.h"

static void hold(struct lint *lint, enum policy_code code, uint64_t was,
		 uint64_t is, uint64_t percent, const char *what)
{
	/* Neither is near 2^44, so that no product wraps. */
	if (is * 100 > was * percent)
		lint_find(lint, code, PLM_NO_RULE, LINT_FILE,
			  "%llu %s, the baseline has %llu: more than %llu%% "
			  "of that", (unsigned long long)is, what,
			  (unsigned long long)was,
			  (unsigned long long)percent);
}

void lint_growth(struct lint *lint)
{
	const struct policy *p = lint->policy;
	const struct plm_content *now = lint->candidate.content, *was;

	if (!lint->baseline) {
		lint_find(lint, POLICY_NO_BASELINE, PLM_NO_RULE, LINT_FILE,
			  "nothing to compare with: neither growth nor first "
			  "use was judged");
		return;
	}
	was = lint->baseline->content;
	hold(lint, POLICY_RULES_GREW, plm_num_rules(was), plm_num_rules(now),
	     p->growth_rules, "rules");
	hold(lint, POLICY_BYTES_GREW, was->len, now->len, p->growth_bytes,
	     "bytes");
	hold(lint, POLICY_MEMORY_GREW, lint_memory(was), lint_memory(now),
	     p->growth_memory, "bytes of memory");
	json_object_set_new(lint->stage->evidence, "baseline", json_pack(
		"{sI sI sI}", "rules", (json_int_t)plm_num_rules(was),
		"bytes", (json_int_t)was->len, "memory",
		(json_int_t)lint_memory(was)));
}
