// SPDX-License-Identifier: GPL-2.0-or-later
/* Nanoseconds an ordinary event costs, by the number of rules. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "plm_eval.h"

#define NUM_EVENTS 10
#define BATCHES 20
#define BATCH 500	/* events: one is too short for the clock */

static void evaluate(const struct plm_content *content,
		     struct plm_scratch *scratch, const struct event *event)
{
	struct plm_event e = { event->template->shape.template_id,
			       event->template->shape.num_inputs,
			       event->values };
	u32 budget = 1u << 20;
	bool matched;
	u32 rule;

	plm_eval_begin(content, &e, scratch);
	while (plm_eval_next(scratch, &rule))
		plm_eval_rule(content, &e, scratch, rule, &budget, &matched);
	plm_eval_end(scratch);
}

static json_t *time_events(const struct plm_content *content)
{
	u32 *words = xcalloc(plm_scratch_words(content), sizeof(*words));
	struct event events[NUM_EVENTS];
	struct plm_scratch scratch;
	double ns[BATCHES];

	for (size_t i = 0; i < NUM_EVENTS; i++)
		bench_event(&events[i], i);
	plm_scratch_init(&scratch, content, words);
	for (size_t batch = 0; batch < BATCHES; batch++) {
		double began = bench_now();

		for (size_t i = 0; i < BATCH; i++)
			evaluate(content, &scratch, &events[i % NUM_EVENTS]);
		ns[batch] = (bench_now() - began) * 1e9 / BATCH;
	}
	for (size_t i = 0; i < NUM_EVENTS; i++)
		event_free(&events[i]);
	free(words);
	return bench_spread(ns, BATCHES);
}

static json_t *measure(size_t num_rules)
{
	struct plm_content content;
	struct model_error error;
	struct plm_fault fault;
	struct model model;
	uint8_t *data;
	json_t *json;
	double began;
	size_t len;
	int err;

	model_init(&model, 1, 1);
	bench_rules(&model, num_rules);
	began = bench_now();
	err = model_encode(&model, &data, &len, &error);
	model_free(&model);
	if (err)
		return json_pack("{ss}", "error", error.text);
	began = bench_now() - began;
	if (plm_check(data, (u32)len, 0, &content, &fault))
		abort();
	json = json_pack("{sI sI sf so}", "rules", (json_int_t)num_rules,
			 "bytes", (json_int_t)len, "encode_s", began,
			 "ns_per_event", time_events(&content));
	free(data);
	return json;
}

json_t *bench_eval(void)
{
	static const size_t sizes[] = { 10, 100, 1000, 10000 };
	json_t *list = json_array();

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		json_array_append_new(list, measure(sizes[i]));
	return json_pack("{so}", "by_rules", list);
}
