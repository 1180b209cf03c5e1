// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations whose allocations were made to fail, one after the other. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/judge.h"

static const char *operation_of(const struct vm_result *head)
{
	switch (head->op) {
	case VM_STEP_FAIL_LOAD:
		return "loading";
	case VM_STEP_FAIL_REPLACE:
		return "replacing";
	default:
		return "executing";
	}
}

char *judge_failing(const struct judge *judge)
{
	const struct results *results = &judge->outcome->results;

	for (size_t i = results->num; i-- > 0;) {
		const struct vm_result *head = &results->list[i].head;

		if (head->type == VM_RESULT_FAILURES)
			return NULL;
		if (head->type == VM_RESULT_FAILING)
			return xasprintf(" (after allocation %d of %s had failed)",
					 head->value, operation_of(head));
	}
	return NULL;
}

/*
 * What is refused is refused for want of memory, and says so.  An execution
 * may die of it in many ways, and loading passes through much of the kernel;
 * whether they end well shows afterwards.
 */
static void judge_one(struct judge *judge, const char *operation,
		      const struct vm_failures *sums)
{
	if (!sums->num_failed)
		judge_finding(judge, SEVERITY_UNKNOWN, "NOTHING_FAILED", NULL,
			      "no allocation of %s could be made to fail",
			      operation);
	else if (sums->num_tried >= VM_FAILURES_MAX)
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_ENDED", NULL,
			      "after %u allocations %s still has more",
			      sums->num_failed, operation);
	else if (sums->num_other)
		judge_finding(judge, SEVERITY_FAIL, "NOT_NO_MEMORY", NULL,
			      "%s was refused %u times with another error than want of memory (%s)",
			      operation, sums->num_other,
			      strerror(sums->error));
}

void judge_failures(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;
	json_t *list = json_array();

	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];
		const char *operation = operation_of(&result->head);
		struct vm_failures sums;
		const void *data;

		if (result->head.type != VM_RESULT_FAILURES)
			continue;
		data = result_data(results, result, sizeof(sums));
		if (!data)
			continue;
		memcpy(&sums, data, sizeof(sums));
		json_array_append_new(list, json_pack(
			"{ss si si si}", "operation", operation,
			"failed_allocations", (int)sums.num_failed,
			"refused", (int)sums.num_refused,
			"passed_over", (int)sums.num_passed));
		judge_one(judge, operation, &sums);
	}
	if (judge->boot->fails)
		json_object_set(judge->evidence, "failures", list);
	if (judge->boot->fails && !json_array_size(list))
		judge_finding(judge, SEVERITY_UNKNOWN, "NOTHING_FAILED", NULL,
			      "no allocation was made to fail");
	json_decref(list);
}
