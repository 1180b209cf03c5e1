// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "base/mem.h"
#include "fuzz/in_kernel.h"
#include "vm/interrupt.h"

#define BATCH 64		/* inputs for one VM */
#define MAX_CRASHES 8		/* no more VMs after as many ends */

/* The file that was given comes first: it is the base of a module of ours. */
static size_t take_some(const struct kernel_explore *explore,
			struct fuzz_list *out)
{
	const struct kernel_corpus *corpus = explore->corpus;
	const struct kernel_input *input = &corpus->inputs[corpus->first];
	size_t at = explore->num_replayed;

	fuzz_list_add(out, input->data, input->len, FUZZ_WAY_DIRECT);
	for (; at < corpus->num && out->num <= BATCH; at++) {
		input = &corpus->inputs[at];
		if (!fuzz_list_add(out, input->data, input->len,
				   FUZZ_WAY_DIRECT | FUZZ_WAY_USE))
			break;
	}
	return at - explore->num_replayed;
}

static void lost(struct kernel_explore *explore, const char *why)
{
	if (interrupted())
		return;
	explore->num_lost++;
	if (!explore->why_lost)
		explore->why_lost = xstrdup(why);
}

/* How many of the list were tried: one that was fatal is the last of them. */
static size_t tried_of(const struct fuzz_outcome *outcome)
{
	switch (outcome->ending) {
	case FUZZ_ENDED:
		return outcome->counts.num_tried;
	case FUZZ_CRASHED:
		return outcome->counts.num_tried + 1;
	default:
		return 0;
	}
}

static size_t try_some(struct kernel_explore *explore,
		       const struct fuzz_list *inputs)
{
	struct fuzz_job job = {
		.mode = FUZZ_TRY, .inputs = inputs, .keep = true,
	};
	struct fuzz_vm *vm = fuzz_vm_make(explore->lab, &job);
	struct fuzz_outcome outcome;
	size_t tried;

	if (!vm) {
		lost(explore, "no memory for a VM");
		return 0;
	}
	fuzz_vm_run(vm, &outcome);
	explore->num_vms++;
	tried = tried_of(&outcome);
	if (outcome.ending == FUZZ_LOST)
		lost(explore, outcome.text);
	else if (outcome.ending == FUZZ_CRASHED)
		kernel_crashes_add(&explore->crashes, vm, &outcome,
				   explore->counts.num_executions +
					   explore->num_replayed + tried,
				   kernel_explore_now(explore));
	fuzz_outcome_free(&outcome);
	fuzz_vm_free(vm);
	return tried;
}

void kernel_explore_replay(struct kernel_explore *explore)
{
	size_t crashes = 0, tried = 2;

	/* Where nothing comes after the base, nothing would the next time. */
	while (explore->num_replayed < explore->corpus->num && tried > 1 &&
	       crashes < MAX_CRASHES && !kernel_explore_has_enough(explore) &&
	       !interrupted()) {
		struct fuzz_list some = { 0 };
		size_t num = take_some(explore, &some);

		tried = try_some(explore, &some);
		if (tried > 1)
			explore->num_replayed += tried - 1 < num ? tried - 1 :
								   num;
		crashes += tried <= num;
		fuzz_list_free(&some);
	}
}
