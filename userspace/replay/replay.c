// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/canonical.h"
#include "content/load.h"
#include "event/solve.h"
#include "replay/expect.h"
#include "replay/goodware.h"
#include "replay/sanitized.h"

/* Of one kind; what the rest says is the same. */
#define MAX_FINDINGS 20

/* One event may spend this part of the steps that the module gives it. */
#define AMPLIFIED_WORDS (EVALUATOR_BUDGET / 4)

/*
 * Steps, as solve_cost() counts them, that the reference may take over what the
 * evaluator says of events that it was not asked about: some seconds.
 */
#define MAX_COST (1ull << 29)

struct replay {
	const char *path;
	const struct plm_content *content;
	struct stage *stage;
	struct model model;
	struct synth synth;
	struct corpus corpus;
	uint32_t num_mismatches;
	uint32_t num_faults;
	uint64_t steps_left;	/* of MAX_COST */
	uint64_t num_unasked;	/* answers that nothing was compared with */
	uint64_t max_words;
};

static void find(struct replay *r, enum severity severity, const char *code,
		 uint32_t rule, const char *text)
{
	char *id = content_rule_id(r->content, rule);
	struct place place = { r->path, FINDING_NO_OFFSET, id };

	stage_finding(r->stage, severity, code, place, "%s", text);
	free(id);
}

static void find_offset(struct replay *r, size_t off, const char *text)
{
	struct place place = { r->path, off, NULL };

	stage_finding(r->stage, SEVERITY_FAIL, "NOT_CANONICAL", place, "%s",
		      text);
}

static void check_canonical(struct replay *r)
{
	struct canonical_result result;

	canonical_check(r->content, &r->model, &result);
	if (result.kind != CANONICAL_SAME)
		find_offset(r, result.off, *result.why ? result.why :
			    "is not what its rules encode to");
}

static void mismatch(struct replay *r, size_t index, uint32_t rule,
		     bool matched)
{
	const struct synth_event *e = &r->synth.events[index];
	char *made_from, *event, *text;
	json_t *json;

	if (r->num_mismatches++ >= MAX_FINDINGS)
		return;
	json = event_to_json_exact(&e->event);
	event = json_dumps(json, JSON_COMPACT);
	made_from = content_rule_id(r->content, e->rule);
	text = xasprintf("the evaluator says %s, the reference says %s of "
			 "event %zu (%s, made from %s): %.1000s",
			 matched ? "match" : "no match",
			 matched ? "no match" : "match", index + 1,
			 synth_kind_name(e->kind), made_from ? made_from : "?",
			 event ? event : "?");
	find(r, SEVERITY_FAIL, "MISMATCH", rule, text);
	free(text);
	free(made_from);
	free(event);
	json_decref(json);
}

/* Of a sampled event only its own rule is known; the reference is asked now. */
static bool is_refuted(struct replay *r, const struct event *event,
		       uint32_t rule)
{
	uint64_t cost = solve_rule_weight(&r->model, rule) * solve_cost(event);

	if (cost > r->steps_left) {
		r->num_unasked++;
		return false;
	}
	r->steps_left -= cost;
	return !solve_matches(&r->model, rule, event);
}

/* Both lists ascend: what stands in one of them only is a difference. */
static void compare_answer(struct replay *r, size_t index,
			   const struct expected *expected,
			   const struct answer *answer)
{
	const struct event *event = &r->synth.events[index].event;
	const uint32_t *wanted = expected->rules, *got = answer->rules;
	size_t w = 0, g = 0;

	while (w < expected->num_rules || g < answer->num_rules) {
		if (g == answer->num_rules ||
		    (w < expected->num_rules && wanted[w] < got[g])) {
			mismatch(r, index, wanted[w++], false);
		} else if (w == expected->num_rules || got[g] < wanted[w]) {
			if (expected->all_rules ||
			    is_refuted(r, event, got[g]))
				mismatch(r, index, got[g], true);
			g++;
		} else {
			w++;
			g++;
		}
	}
}

static void note_faults(struct replay *r, size_t index,
			const struct answer *answer)
{
	for (size_t i = 0; i < answer->num_faults; i++) {
		char *text;

		if (r->num_faults++ >= MAX_FINDINGS)
			continue;
		text = xasprintf("the rule faulted at event %zu: %s",
				 index + 1, answer->faults[i].code);
		find(r, SEVERITY_FAIL, "FAULT", answer->faults[i].rule, text);
		free(text);
	}
}

/* Where the steps are spent an event ends: rules behind it are not asked. */
static bool ended_early(const struct answer *answer)
{
	for (size_t i = 0; i < answer->num_faults; i++)
		if (!strcmp(answer->faults[i].code,
			    plm_error_name(PLM_BUDGET_SPENT)))
			return true;
	return false;
}

static void judge_whole(struct replay *r, enum severity severity,
			const char *code, char *text)
{
	find(r, severity, code, PLM_NO_RULE, text);
	free(text);
}

/* The reference has been asked about the events that come first. */
static void compare(struct replay *r, const struct expected *expected,
		    const struct answers *answers)
{
	for (size_t i = 0; i < answers->num; i++) {
		const struct answer *answer = &answers->list[i];

		if (i < r->synth.num_events && !ended_early(answer))
			compare_answer(r, i, &expected[i], answer);
		note_faults(r, i, answer);
		if (answer->num_words > r->max_words)
			r->max_words = answer->num_words;
	}
	if (r->max_words > AMPLIFIED_WORDS)
		judge_whole(r, SEVERITY_FAIL, "AMPLIFIED", xasprintf(
			"one event costs %" PRIu64 " condition words, %u are "
			"allowed", r->max_words, AMPLIFIED_WORDS));
	if (r->num_unasked)
		judge_whole(r, SEVERITY_UNKNOWN, "NOT_COMPARED", xasprintf(
			"%" PRIu64 " answers were compared with nothing: the "
			"reference would take too long", r->num_unasked));
}

static bool is_impossible(const struct synth *synth, uint32_t rule)
{
	for (size_t i = 0; i < synth->num_impossible; i++)
		if (synth->impossible[i] == rule)
			return true;
	return false;
}

/* What could not be tested, because there is no event to test it with. */
static void note_untested(struct replay *r)
{
	const struct synth *s = &r->synth;

	for (size_t i = 0; i < s->num_unsolved && i < MAX_FINDINGS; i++) {
		if (is_impossible(s, s->unsolved[i]))
			find(r, SEVERITY_FAIL, "UNREACHABLE", s->unsolved[i],
			     "contradicts itself: no event can match");
		else
			find(r, SEVERITY_UNKNOWN, "UNREACHABLE",
			     s->unsolved[i], "no matching event was found");
	}
	for (size_t i = 0; i < s->num_no_miss && i < MAX_FINDINGS; i++)
		find(r, SEVERITY_UNKNOWN, "NO_NEAR_MISS", s->no_miss[i],
		     "no event was found that it does not match");
	json_object_update_new(
		r->stage->evidence,
		json_pack("{sI sI}", "without_matching",
			  (json_int_t)s->num_unsolved, "without_near_miss",
			  (json_int_t)s->num_no_miss));
	if (s->num_covered < s->num_wanted) {
		char *text = xasprintf("%" PRIu64 " of %" PRIu64 " criteria "
				       "hold in no matching event",
				       s->num_wanted - s->num_covered,
				       s->num_wanted);

		find(r, SEVERITY_INFO, "NOT_COVERED", PLM_NO_RULE, text);
		free(text);
	}
}

static void describe(struct replay *r, uint64_t num_pairs)
{
	const struct synth *s = &r->synth;
	json_int_t counts[SYNTH_EXCEPTED + 1] = { 0 };

	for (size_t i = 0; i < s->num_events; i++)
		counts[s->events[i].kind]++;
	json_object_update_new(
		r->stage->evidence,
		json_pack("{sI sI s{sI sI sI} sI s{sI sI}}", "rules",
			  (json_int_t)r->model.num_rules, "events",
			  (json_int_t)s->num_events, "kinds", "matching",
			  counts[SYNTH_MATCHING], "near_miss",
			  counts[SYNTH_NEAR_MISS], "excepted",
			  counts[SYNTH_EXCEPTED], "pairs",
			  (json_int_t)num_pairs, "criteria", "wanted",
			  (json_int_t)s->num_wanted, "covered",
			  (json_int_t)s->num_covered));
	stage_summary(r->stage, "%zu rules, %zu events, %" PRIu64 " answers, "
		      "%zu of goodware", r->model.num_rules, s->num_events,
		      num_pairs, r->corpus.num_events);
}

/* While the evaluator runs, this process works out what it should say. */
static void run_events(struct replay *r)
{
	struct sanitized sanitized;
	struct expected *expected;
	struct answers answers;
	uint64_t num_pairs, num_whole;

	bool started = sanitized_start(&sanitized, r->content, &r->synth,
				       &r->corpus, r->stage);

	check_canonical(r);
	if (!started)
		return;
	expected = expect_make(&r->model, &r->synth, &num_pairs, &num_whole);
	if (sanitized_finish(&sanitized, r->path, &r->model,
			     r->synth.num_events + r->corpus.num_events,
			     &answers, r->stage)) {
		compare(r, expected, &answers);
		if (!num_whole && r->model.num_rules > 1)
			judge_whole(r, SEVERITY_UNKNOWN, "NOT_COMPARED", xstrdup(
				"of no event could all rules be asked: the "
				"reference would take too long"));
		if (r->corpus.num_events)
			goodware_judge(&r->corpus, r->path, &r->model, &r->synth,
				       answers.list + r->synth.num_events,
				       r->stage);
		describe(r, num_pairs);
		json_object_set_new(r->stage->evidence, "most_words",
				    json_integer((json_int_t)r->max_words));
		json_object_set_new(r->stage->evidence, "mismatches",
				    json_integer(r->num_mismatches));
		if (r->synth.num_events)
			stage_pass(r->stage);
	}
	answers_free(&answers);
	expect_free(expected, r->synth.num_events);
}

void replay_run(const char *path, const struct plm_content *content,
		struct stage *stage)
{
	struct replay r = {
		.path = path, .content = content, .stage = stage,
		.steps_left = MAX_COST,
	};

	stage_begin(stage);
	model_decode(&r.model, content);
	synth_make(&r.synth, &r.model);
	note_untested(&r);
	goodware_read(&r.corpus, stage);
	run_events(&r);
	corpus_free(&r.corpus);
	synth_free(&r.synth);
	model_free(&r.model);
	stage_end(stage);
}
