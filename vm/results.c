// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* One result, if all of it is there. */
static bool take_one(struct results *r, double seconds)
{
	size_t left = r->bytes.len - r->parsed;
	struct result one = { .seconds = seconds };

	if (r->malformed || left < sizeof(one.head))
		return false;
	memcpy(&one.head, r->bytes.data + r->parsed, sizeof(one.head));
	if (one.head.magic != VM_RESULT_MAGIC ||
	    one.head.len > VM_RESULT_MAX) {
		r->malformed = true;
		return false;
	}
	if (one.head.len > left - sizeof(one.head))
		return false;
	one.off = r->parsed + sizeof(one.head);
	r->parsed = one.off + one.head.len;
	r->num_ends += one.head.type == VM_RESULT_END;
	ARRAY_RESERVE(r->list, r->num, r->cap);
	r->list[r->num++] = one;
	return true;
}

void results_feed(struct results *results, const void *data, size_t len,
		  double seconds)
{
	vm_bytes_add(&results->bytes, data, len);
	while (take_one(results, seconds))
		;
}

void results_free(struct results *results)
{
	free(results->bytes.data);
	free(results->list);
	*results = (struct results){ 0 };
}

const char *results_fault(const struct results *results, const char *token)
{
	struct vm_end end;
	const struct result *last;

	if (results->malformed)
		return "bytes on the results' port are no result";
	if (!results->num_ends)
		return "the guest did not write the run's token";
	if (results->num_ends > 1)
		return "the guest ended more than once";
	last = &results->list[results->num - 1];
	if (last->head.type != VM_RESULT_END || last->head.len != sizeof(end) ||
	    results->parsed != results->bytes.len)
		return "results follow the end";
	memcpy(&end, results->bytes.data + last->off, sizeof(end));
	if (memcmp(end.token, token, VM_TOKEN_LEN))
		return "the token is not the run's";
	if (end.num_results != results->num - 1)
		return "results are missing";
	return NULL;
}

const void *result_data(const struct results *results,
			const struct result *result, size_t len)
{
	return result->head.len < len ? NULL :
		results->bytes.data + result->off;
}

const struct result *results_find(const struct results *results, size_t from,
				  enum vm_result_type type, uint32_t id)
{
	for (size_t i = from; i < results->num; i++)
		if (results->list[i].head.type == type &&
		    results->list[i].head.id == id)
			return &results->list[i];
	return NULL;
}

const char *results_step_name(uint32_t op)
{
#define STEP_NAME(name, text) [VM_STEP_##name] = #name,
	static const char *const names[VM_NUM_STEPS] = {
		VM_STEPS(STEP_NAME)
	};
#undef STEP_NAME

	return op < VM_NUM_STEPS ? names[op] : NULL;
}
