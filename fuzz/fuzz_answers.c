// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The answers of the sanitized evaluator, read back: it runs on the
 * candidate, so what it prints is not taken at its word.  Answers that are read
 * are of rules that there are, in order, and as many as were asked for.
 */
#include "fuzz/fuzz.h"
#include "replay/answers.h"

#define NUM_EVENTS 2

/* Rules are all that is asked of a model. */
static const struct model *two_rules(void)
{
	static struct model model;

	if (!model.num_rules) {
		model_init(&model, 1, 1);
		model_text_set(&model_rule_add(&model)->id, "a", 1);
		model_text_set(&model_rule_add(&model)->id, "bc", 2);
	}
	return &model;
}

static void hold(const struct answer *answer, size_t num_rules)
{
	for (size_t i = 0; i < answer->num_rules; i++)
		fuzz_must(answer->rules[i] < num_rules &&
			  (!i || answer->rules[i - 1] < answer->rules[i]));
	for (size_t i = 0; i < answer->num_faults; i++)
		fuzz_must(answer->faults[i].rule < num_rules &&
			  answer->faults[i].code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct model *model = two_rules();
	char error[ANSWERS_ERROR_LEN] = "";
	struct answers answers;

	if (answers_read(&answers, model, data, len, NUM_EVENTS, error)) {
		fuzz_must(error[0] && !answers.list);
		return 0;
	}
	fuzz_must(answers.num == NUM_EVENTS);
	for (size_t i = 0; i < answers.num; i++)
		hold(&answers.list[i], model->num_rules);
	answers_free(&answers);
	return 0;
}
