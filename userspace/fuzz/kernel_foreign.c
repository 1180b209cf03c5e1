// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Neighbours of content that is not ours: loaded by the target's steps, used
 * where the kernel takes them, undone.  A target tells whether a file is taken
 * and with which errno; where in the file, and why, nobody tells.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz/kernel.h"
#include "vm/run.h"
#include "vm/target_screen.h"

#define MEMORY_MIB	256u
#define MEMORY_TIMES	12u
#define AT_ONCE		200u	/* answers in one result */
#define VM_SECONDS	60	/* that one VM goes on, where nobody says */
#define GRACE_SECONDS	60	/* after that it is lost */

static struct template *open_foreign(struct fuzz_kernel *kernel,
				     char out_error[TEMPLATE_ERROR_MAX])
{
	unsigned int mib = MEMORY_MIB;

	while (mib < MEMORY_MIB + MEMORY_TIMES * (kernel->f->base.len >> 20))
		mib *= 2;
	return target_screen_open(kernel->target, kernel->machine,
				  kernel->module, mib, kernel->workdir,
				  out_error);
}

static void run_foreign(struct fuzz_batch *batch)
{
	const struct fuzz_kernel *kernel = batch->kernel;
	struct run run = {
		.candidate = kernel->candidate,
		.kernel = &kernel->machine->kernel,
		.accelerator = &kernel->machine->accelerator,
		.scenario = &target_scenarios[0], .target = kernel->target,
		.consumer_path = kernel->module->path,
		.consumer = kernel->module->speaks ?
			    &kernel->module->consumer : NULL,
		.label = kernel->label,
	};
	double patience = kernel->f->options->patience;
	double seconds = batch->seconds > 0 ? batch->seconds :
			 patience > 0 ? patience : VM_SECONDS;
	struct vm_bytes recipes = { 0 };
	struct target_neighbours neighbours = {
		.milliseconds = (uint32_t)(seconds * 1000),
		.at_once = batch->one_by_one ? 1 : AT_ONCE,
		.seconds = seconds + GRACE_SECONDS,
	};

	batch->seconds = seconds;
	fuzz_batch_recipes(batch, &recipes);
	neighbours.recipes = (struct mailbox_file){ recipes.data,
						     recipes.len };
	if (!target_screen_run(&run, kernel->template, &neighbours,
			       batch->token, &batch->outcome, &batch->err,
			       batch->error))
		batch->error[0] = 0;
	free(recipes.data);
}

static bool is_unchanged(const struct fuzz *f, uint64_t k)
{
	size_t len;
	uint8_t *data = fuzz_make(f, k, &len);
	bool same = len == f->base.len && !memcmp(data, f->base.data, len);

	free(data);
	return same;
}

static void judge_told(struct fuzz_kernel *kernel, size_t i,
		       const struct vm_told *told)
{
	bool again = kernel->answers[i].there;
	uint64_t k = kernel->numbers[i];

	kernel->answers[i] = (struct kernel_answer){
		.there = true, .told = (uint8_t)told->told,
		.error = told->error,
	};
	if (again)
		return;
	kernel->num_taken += told->told == TARGET_ACCEPTED;
	if (!kernel->target->refuses_damage)
		return;
	if (told->told == TARGET_CUT && fuzz_tell(&kernel->num_missed))
		fuzz_finding(kernel->f, SEVERITY_UNKNOWN, "ANSWER_CUT", k,
			     kernel->label,
			     "its answer was cut, and what is missing may have been a refusal or none");
	else if (told->told != TARGET_CUT && told->told != TARGET_ACCEPTED &&
		 told->told != TARGET_REJECTED && fuzz_tell(&kernel->num_missed))
		fuzz_finding(kernel->f, SEVERITY_UNKNOWN, "NOT_TOLD", k,
			     kernel->label,
			     "neither accepted nor rejected, where the target says that a damaged file must be refused");
	if (told->told == TARGET_ACCEPTED && !is_unchanged(kernel->f, k) &&
	    fuzz_tell(&kernel->num_disagree))
		fuzz_finding(kernel->f, SEVERITY_FAIL, "NOT_REFUSED", k,
			     kernel->label,
			     "accepted, where the target says that a damaged file must be refused");
}

static void judge_foreign(struct fuzz_batch *batch)
{
	const struct results *results = &batch->outcome.results;
	struct vm_told told;

	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];

		if (result->head.type != VM_RESULT_TOLD)
			continue;
		for (size_t j = 0; j < result->head.len / sizeof(told) &&
		     batch->from + batch->num_answered < batch->to; j++) {
			memcpy(&told, results->bytes.data + result->off +
			       j * sizeof(told), sizeof(told));
			judge_told(batch->kernel,
				   batch->from + batch->num_answered++, &told);
		}
	}
}

const struct fuzz_side fuzz_side_foreign = { open_foreign, run_foreign,
					     judge_foreign };
