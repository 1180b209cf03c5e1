// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Making a fatal input shorter.  A VM is given all inputs that lack one part,
 * and tries them in order: those that it survives cost next to nothing, and the
 * one that it dies of is the next to be shortened.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz/in_kernel.h"
#include "plm_format.h"
#include "vm/damage.h"
#include "vm/interrupt.h"

#define MAX_VMS 24
#define MAX_TRIES 2048		/* inputs for one VM */

bool kernel_crash_try(struct kernel_crash *crash, struct fuzz_lab *lab,
		      const struct fuzz_list *inputs, bool cold,
		      size_t *out_index)
{
	struct fuzz_job job = {
		.mode = FUZZ_TRY, .inputs = inputs, .cold = cold,
		.repeat = crash->times,
	};
	struct fuzz_vm *vm = interrupted() ? NULL : fuzz_vm_make(lab, &job);
	struct fuzz_outcome outcome;
	bool same;

	if (!vm) {
		crash->lost = true;
		return false;
	}
	crash->num_vms++;
	fuzz_vm_run(vm, &outcome);
	same = kernel_crash_is(crash, &outcome);
	crash->lost |= outcome.ending == FUZZ_LOST;
	/* What came only when all had been tried is the last one's. */
	*out_index = outcome.counts.num_tried < inputs->num ?
			     outcome.counts.num_tried : inputs->num - 1;
	fuzz_outcome_free(&outcome);
	fuzz_vm_free(vm);
	return same;
}

/* An input that is being made shorter. */
struct shorter {
	struct kernel_crash *crash;
	struct fuzz_lab *lab;
	bool ours;
	uint8_t *data;
	size_t len;
	uint32_t ways;
};

/* Content of ours is read no further than its size and sum, if they are wrong. */
static void repair(const struct shorter *s, uint8_t *data, size_t len)
{
	if (!s->ours || len < PLM_HEADER_LEN)
		return;
	damage_put(data + PLM_HDR_TOTAL_LEN, (uint32_t)len);
	damage_seal(data, len);
}

/* All that lack @part bytes, from @from on. */
static void without_parts(const struct shorter *s, size_t from, size_t part,
			  struct fuzz_list *out)
{
	uint8_t *data = xmalloc(s->len);

	for (size_t at = from; at < s->len && out->num < MAX_TRIES;
	     at += part) {
		size_t lacks = s->len - at < part ? s->len - at : part;

		memcpy(data, s->data, at);
		memcpy(data + at, s->data + at + lacks, s->len - at - lacks);
		repair(s, data, s->len - lacks);
		if (!fuzz_list_add(out, data, s->len - lacks, s->ways))
			break;
	}
	free(data);
}

static void adopt(struct shorter *s, const uint8_t *data, size_t len)
{
	memcpy(s->data, data, len);
	s->len = len;
}

/* With parts of one size; false where there is no VM left to be had. */
static bool shorten(struct shorter *s, size_t part)
{
	size_t from = 0, at;

	while (from < s->len) {
		struct fuzz_list tries = { 0 };
		struct fuzz_entry entry;
		const uint8_t *data;
		bool fatal;

		if (s->crash->num_vms >= MAX_VMS)
			return false;
		without_parts(s, from, part, &tries);
		fatal = tries.num &&
			kernel_crash_try(s->crash, s->lab, &tries, false, &at);
		data = fatal ? fuzz_list_at(&tries, at, &entry) : NULL;
		if (data)
			adopt(s, data, entry.len);
		fuzz_list_free(&tries);
		if (!data)
			return true;
		from += at * part;
	}
	return true;
}

void kernel_crash_minimise(struct kernel_crash *crash, struct fuzz_lab *lab,
			   bool ours)
{
	struct shorter s = { .crash = crash, .lab = lab, .ours = ours };
	struct fuzz_entry entry;
	const uint8_t *data = fuzz_list_at(&crash->inputs, 0, &entry);

	if (!data)
		return;
	s.data = xmalloc(entry.len + 1);
	s.ways = entry.ways;
	adopt(&s, data, entry.len);
	for (size_t part = s.len / 2; part && shorten(&s, part);)
		part = part > s.len ? s.len : part / 2;
	fuzz_list_free(&crash->inputs);
	fuzz_list_add(&crash->inputs, s.data, s.len, s.ways);
	free(s.data);
}
