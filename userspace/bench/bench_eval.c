// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an event that matches none of the rules made up here costs, by their
 * number, over a mix of ordinary events; and beside it what Hyperscan takes for
 * the same texts.  Ours is the whole evaluation: texts, patterns, numbers,
 * conditions.  All subjects take turns, a batch of each in every round, so that
 * what disturbs one disturbs all.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/yardstick.h"
#include "content/load.h"
#include "content/machine.h"

#define ROUNDS 60
#define REPEATS 8	/* of the mix in a batch: one is short for a clock */
#define MAX_SUBJECTS 5

/* One content file under measurement. */
struct subject {
	struct plm_content content;
	uint8_t *data;		/* owned */
	size_t len;
	double encode_s;	/* negative: was not encoded here */
	struct machine machine;
	struct yardstick *yardstick;
	const char *no_yardstick;	/* why there is none */
	double ns[ROUNDS], yardstick_ns[ROUNDS], ratio[ROUNDS];
	size_t num_evaluated, num_matched;	/* of all events, once */
};

struct mix {
	struct event *owned;
	size_t num_owned;
	struct plm_event *events;	/* those that no rule made up matches */
	size_t num;
};

/* A piece of work for counting. */
struct work {
	struct subject *subject;
	const struct mix *mix;
};

static void mix_init(struct mix *mix)
{
	mix->num_owned = num_bench_events;
	mix->num = num_bench_events;
	mix->owned = xcalloc(mix->num, sizeof(*mix->owned));
	mix->events = xcalloc(mix->num, sizeof(*mix->events));
	for (size_t i = 0; i < mix->num; i++) {
		struct event *event = &mix->owned[i];

		bench_event(event, i);
		mix->events[i] = (struct plm_event){
			event->template->shape.template_id,
			event->template->shape.num_inputs, event->values,
		};
	}
}

static void mix_free(struct mix *mix)
{
	for (size_t i = 0; i < mix->num_owned; i++)
		event_free(&mix->owned[i]);
	free(mix->owned);
	free(mix->events);
}

static json_t *describe_mix(const struct mix *mix)
{
	double bytes = 0;

	for (size_t i = 0; i < mix->num; i++)
		for (size_t k = 0; k < mix->events[i].num_values; k++)
			bytes += mix->events[i].values[k].len;
	return json_pack("{sI sI sf}", "number", (json_int_t)mix->num,
			 "matching", (json_int_t)(mix->num_owned - mix->num),
			 "bytes_per_event", bytes / (double)mix->num);
}

static void evaluate(struct subject *s, const struct plm_event *event)
{
	struct plm_scratch *scratch = &s->machine.scratch;
	u32 budget = EVALUATOR_BUDGET;
	bool matched;
	u32 rule;

	plm_eval_begin(&s->content, event, scratch, &budget, &rule);
	while (plm_eval_next(scratch, &rule)) {
		plm_eval_rule(&s->content, event, scratch, rule, &budget,
			      &matched);
		s->num_evaluated++;
		s->num_matched += matched;
	}
	plm_eval_end(scratch);
}

static void evaluate_mix(void *arg)
{
	const struct work *work = arg;

	for (size_t i = 0; i < work->mix->num; i++)
		evaluate(work->subject, &work->mix->events[i]);
}

static void scan_mix(void *arg)
{
	const struct work *work = arg;

	for (size_t i = 0; i < work->mix->num; i++)
		yardstick_scan(work->subject->yardstick,
			       &work->mix->events[i]);
}

/* Nanoseconds an event. */
static double time_mix(bench_work *work, struct work *arg)
{
	double began = bench_now();

	for (int i = 0; i < REPEATS; i++)
		work(arg);
	return (bench_now() - began) * 1e9 / REPEATS / (double)arg->mix->num;
}

/* Leave only those that match nothing in @s. */
static void mix_drop_matching(struct mix *mix, struct subject *s)
{
	size_t num = 0;

	for (size_t i = 0; i < mix->num; i++) {
		size_t before = s->num_matched;

		evaluate(s, &mix->events[i]);
		if (s->num_matched == before)
			mix->events[num++] = mix->events[i];
	}
	mix->num = num;
}

/*
 * The two must say the same of every text, or neither is worth timing: of those
 * that trigger rules at once, of others when they are asked for.
 */
static bool yardstick_agrees(struct subject *s, const struct plm_event *event)
{
	const uint32_t *theirs = yardstick_scan(s->yardstick, event);
	struct plm_scratch *scratch = &s->machine.scratch;
	u32 budget = EVALUATOR_BUDGET, rule, first, num;
	struct plm_criterion_key key;
	bool agrees = true, early, held;

	plm_eval_begin(&s->content, event, scratch, &budget, &rule);
	for (uint32_t i = 0; plm_get_criterion_key(&s->content, i, &key); i++) {
		if (!plm_op_is_string(key.op) || key.op == PLM_OP_PATTERN)
			continue;
		held = theirs[i / 32] >> (i % 32) & 1;
		plm_get_criterion_triggers(&s->content, i, &first, &num);
		early = plm_is_hit(scratch, i);
		plm_touch_late(&s->content, event, i, scratch);
		agrees &= plm_is_hit(scratch, i) == held && (!num || early == held);
	}
	plm_eval_end(scratch);
	return agrees;
}

static void subject_init(struct subject *s, const struct mix *mix)
{
	struct plm_fault fault;

	if (plm_check(s->data, (u32)s->len, 0, &s->content, &fault))
		abort();
	machine_init(&s->machine, &s->content);
	s->yardstick = yardstick_new(&s->content, &s->no_yardstick);
	for (size_t i = 0; i < mix->num && s->yardstick; i++) {
		if (yardstick_agrees(s, &mix->events[i]))
			continue;
		s->no_yardstick = "Hyperscan does not agree with the automata";
		yardstick_free(s->yardstick);
		s->yardstick = NULL;
	}
}

static void subject_free(struct subject *s)
{
	yardstick_free(s->yardstick);
	machine_free(&s->machine);
	free(s->data);
}

static int generate(struct subject *s, size_t num_rules)
{
	struct model_error error;
	struct model model;
	double began;
	int err;

	model_init(&model, 1, 1);
	bench_rules(&model, num_rules);
	began = bench_now();
	err = model_encode(&model, &s->data, &s->len, &error);
	s->encode_s = bench_now() - began;
	model_free(&model);
	if (err)
		fprintf(stderr, "eval: %zu rules: %s\n", num_rules, error.text);
	return err;
}

static int load(struct subject *s, const char *path)
{
	struct loaded loaded;
	struct stage stage;
	enum verdict verdict;

	stage_init(&stage, "check");
	verdict = content_load(&loaded, path, &stage);
	if (verdict == VERDICT_PASS) {
		s->data = xmemdup(loaded.data, loaded.len);
		s->len = loaded.len;
		s->encode_s = -1;
	} else {
		fprintf(stderr, "eval: %s: no content that the core takes\n",
			path);
	}
	content_unload(&loaded);
	stage_free(&stage);
	return verdict == VERDICT_PASS ? 0 : -1;
}

static void time_round(struct subject *s, const struct mix *mix, int round)
{
	struct work work = { s, mix };

	s->ns[round] = time_mix(evaluate_mix, &work);
	if (!s->yardstick)
		return;
	s->yardstick_ns[round] = time_mix(scan_mix, &work);
	s->ratio[round] = s->ns[round] / s->yardstick_ns[round];
}

/* Instructions an event, or null. */
static json_t *count(bench_work *work, struct subject *subject,
		     const struct mix *mix, const char **out_how)
{
	struct work arg = { subject, mix };
	double sum = bench_instructions(work, &arg, out_how);

	return sum < 0 ? json_null() : json_real(sum / (double)mix->num);
}

static json_t *describe_yardstick(struct subject *s, const struct mix *mix)
{
	const char *how;

	if (!s->yardstick)
		return json_null();
	return json_pack("{sI so so so}", "bytes",
			 (json_int_t)yardstick_bytes(s->yardstick),
			 "ns_per_event", bench_spread(s->yardstick_ns, ROUNDS),
			 "instructions_per_event", count(scan_mix, s, mix, &how),
			 "ours_to_hyperscan", bench_spread(s->ratio, ROUNDS));
}

static json_t *describe(struct subject *s, const struct mix *mix,
			const char **out_how)
{
	struct work work = { s, mix };
	size_t rules = plm_num_rules(&s->content);
	size_t tables = s->content.section[PLM_SECTION_TABLES - 1].len;
	json_t *json, *instructions = count(evaluate_mix, s, mix, out_how);

	s->num_evaluated = s->num_matched = 0;
	evaluate_mix(&work);
	json = json_pack("{sI sI sf sf sI so so so sf sf so}",
			 "rules", (json_int_t)rules,
			 "bytes", (json_int_t)s->len,
			 "bytes_per_rule", (double)s->len / (double)rules,
			 "tables_bytes_per_rule",
			 (double)tables / (double)rules,
			 "scratch_bytes",
			 (json_int_t)machine_scratch_len(&s->content),
			 "made_of", bench_makeup(&s->content),
			 "ns_per_event", bench_spread(s->ns, ROUNDS),
			 "instructions_per_event", instructions,
			 "rules_evaluated_per_event",
			 (double)s->num_evaluated / (double)mix->num,
			 "matches_per_event",
			 (double)s->num_matched / (double)mix->num,
			 "hyperscan", describe_yardstick(s, mix));
	if (s->no_yardstick)
		json_object_set_new(json, "no_hyperscan",
				    json_string(s->no_yardstick));
	if (s->encode_s >= 0)
		json_object_set_new(json, "encode_s", json_real(s->encode_s));
	return json;
}

/* How much more an event costs with the second subject's rules. */
static json_t *growth(const struct subject *from, const struct subject *to)
{
	double ratio[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		ratio[i] = to->ns[i] / from->ns[i];
	return bench_spread(ratio, ROUNDS);
}

/* The same in instructions, of two descriptions; null where they are not known. */
static json_t *growth_counted(const json_t *from, const json_t *to)
{
	static const char name[] = "instructions_per_event";
	double before = json_number_value(json_object_get(from, name));
	double after = json_number_value(json_object_get(to, name));

	return before > 0 && after > 0 ? json_real(after / before) :
					 json_null();
}

static json_t *measure(struct subject *subjects, size_t num,
		       const struct mix *mix)
{
	json_t *list = json_array(), *ratio;
	const char *how = NULL;

	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < num; i++)
			time_round(&subjects[i], mix, round);
	ratio = growth(&subjects[1], &subjects[3]);
	for (size_t i = 0; i < num; i++)
		json_array_append_new(list, describe(&subjects[i], mix, &how));
	return json_pack("{so ss so so so}", "events", describe_mix(mix),
			 "instructions_by", how, "by_rules", list,
			 "growth_100_to_10000", ratio,
			 "instructions_growth_100_to_10000",
			 growth_counted(json_array_get(list, 1),
					json_array_get(list, 3)));
}

json_t *bench_eval(const char *content_path)
{
	static const size_t sizes[] = { 10, 100, 1000, 10000 };
	struct subject *subjects = xcalloc(MAX_SUBJECTS, sizeof(*subjects));
	size_t num = ARRAY_LEN(sizes);
	json_t *json = NULL;
	struct mix mix;
	int err = 0;

	mix_init(&mix);
	for (size_t i = 0; i < num && !err; i++)
		err = generate(&subjects[i], sizes[i]);
	if (content_path && !err)
		err = load(&subjects[num++], content_path);
	for (size_t i = 0; i < num && !err; i++)
		subject_init(&subjects[i], &mix);
	/* Not those of a file given, which may match them all. */
	for (size_t i = 0; i < ARRAY_LEN(sizes) && !err; i++)
		mix_drop_matching(&mix, &subjects[i]);
	if (!err)
		json = measure(subjects, num, &mix);
	for (size_t i = 0; i < num; i++)
		subject_free(&subjects[i]);
	mix_free(&mix);
	free(subjects);
	return json;
}
