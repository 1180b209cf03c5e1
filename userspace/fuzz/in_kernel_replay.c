// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "base/mem.h"
#include "fuzz/in_kernel.h"
#include "vm/interrupt.h"

#define BATCH 256		/* inputs for one VM */
#define MAX_CRASHES 8		/* and no more VMs after as many ends */

static size_t take_some(const struct fuzz_list *from, size_t first,
			struct fuzz_list *to)
{
	struct fuzz_entry entry;
	const uint8_t *data;

	for (size_t i = first; i < from->num && to->num < BATCH; i++) {
		data = fuzz_list_at(from, i, &entry);
		if (!fuzz_list_add(to, data, entry.len, entry.ways))
			break;
	}
	return to->num;
}

static void lost(struct kernel_explore *explore, const char *why)
{
	explore->num_lost++;
	if (!explore->why_lost)
		explore->why_lost = xstrdup(why);
}

/* How many of the inputs were tried: the one that was fatal is the last of them. */
static size_t try_some(struct kernel_explore *explore,
		       const struct fuzz_list *inputs)
{
	struct fuzz_job job = { .mode = FUZZ_TRY, .inputs = inputs };
	struct fuzz_vm *vm = fuzz_vm_make(explore->lab, &job);
	struct fuzz_outcome outcome;
	size_t num = 0;

	explore->num_vms++;
	if (!vm) {
		lost(explore, "no memory for a VM");
		return 0;
	}
	fuzz_vm_run(vm, &outcome);
	if (outcome.ending == FUZZ_LOST && !interrupted())
		lost(explore, outcome.text);
	else if (outcome.ending == FUZZ_CRASHED)
		kernel_crashes_add(&explore->crashes, vm, &outcome,
				   explore->counts.num_executions,
				   explore->took);
	if (outcome.ending != FUZZ_LOST)
		num = outcome.counts.num_tried +
		      (outcome.ending == FUZZ_CRASHED);
	fuzz_outcome_free(&outcome);
	fuzz_vm_free(vm);
	return num < inputs->num ? num : inputs->num;
}

static bool has_enough(const struct kernel_explore *explore)
{
	return explore->enough && explore->crashes.num >= explore->enough;
}

void kernel_explore_replay(struct kernel_explore *explore)
{
	size_t crashes = 0, tried = 1;
	struct fuzz_list all = { 0 };

	if (!fuzz_lab_is_hasty(explore->lab))
		return;
	kernel_corpus_list(explore->corpus, explore->long_len,
			   FUZZ_WAY_DIRECT | FUZZ_WAY_USE, &all);
	while (explore->num_replayed < all.num && tried &&
	       crashes < MAX_CRASHES && !has_enough(explore) &&
	       !interrupted()) {
		struct fuzz_list some = { 0 };
		size_t num = take_some(&all, explore->num_replayed, &some);

		tried = try_some(explore, &some);
		explore->num_replayed += tried;
		crashes += tried < num;
		fuzz_list_free(&some);
	}
	fuzz_list_free(&all);
}
