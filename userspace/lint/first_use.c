// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the baseline has never used.  A consumer runs code for it that no
 * content has made it run; so it is acknowledged by a person, by its name, and
 * some replay event makes it count.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/solve.h"
#include "event/synth.h"
#include "lint/checks.h"
#include "policy/feature.h"

static void always_rules(const struct plm_content *c, uint8_t *out)
{
	u32 num = c->section[PLM_SECTION_TRIGGERS - 1].count;

	for (u32 i = num - c->num_always; i < num; i++)
		out[plm_get_word(c, PLM_SECTION_TRIGGERS, i)] = 1;
}

static uint8_t *features_of(const struct subject *s)
{
	uint8_t *features = xcalloc(feature_count(), 1);

	for (size_t i = 0; i < s->model.num_rules; i++)
		feature_of_rule(&s->model, &s->model.rules[i], features);
	if (s->content->num_always)
		features[feature_trigger_none()] = 1;
	return features;
}

static bool is_acknowledged(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->num_acknowledged; i++)
		if (!strcmp(policy->acknowledged[i], name))
			return true;
	return false;
}

/*
 * A rule that matches, or is kept from it by what it excepts: everything about
 * the rule has been used, and of criteria those that hold.
 */
static void note_event(const struct model *m, const struct synth_event *e,
		       const uint8_t *always, uint8_t *tested)
{
	const struct model_rule *rule = &m->rules[e->rule];

	feature_of_condition(rule, tested);
	if (always[e->rule])
		tested[feature_trigger_none()] = 1;
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		if (PLM_WORD_OP(rule->program[i]) == PLM_WORD_TEST &&
		    solve_holds(m, arg, &e->event))
			feature_of_criterion(&m->criteria[arg], tested);
	}
}

/* The features that some replay event makes count. */
static uint8_t *tested_features(const struct subject *s)
{
	uint8_t *tested = xcalloc(feature_count(), 1);
	uint8_t *always = xcalloc(s->model.num_rules, 1);
	struct synth synth;

	always_rules(s->content, always);
	synth_make(&synth, &s->model);
	for (size_t i = 0; i < synth.num_events; i++)
		if (synth.events[i].kind != SYNTH_NEAR_MISS)
			note_event(&s->model, &synth.events[i], always, tested);
	synth_free(&synth);
	free(always);
	return tested;
}

static void judge(struct lint *lint, const char *name, bool tested)
{
	if (!is_acknowledged(lint->policy, name))
		lint_find(lint, POLICY_FIRST_USE, PLM_NO_RULE, name,
			  "the baseline does not use it, and the policy does "
			  "not acknowledge it");
	if (!tested)
		lint_find(lint, POLICY_FIRST_USE_UNTESTED, PLM_NO_RULE, name,
			  "the baseline does not use it, and no replay event "
			  "makes it count");
}

static void compare(struct lint *lint, const uint8_t *used, json_t *first)
{
	uint8_t *before = features_of(lint->baseline), *tested = NULL;

	for (uint32_t i = 0; i < feature_count(); i++) {
		char *name;

		if (!used[i] || before[i])
			continue;
		if (!tested)
			tested = tested_features(&lint->candidate);
		name = feature_name(i);
		judge(lint, name, tested[i]);
		json_array_append_new(first, json_string(name));
		free(name);
	}
	free(before);
	free(tested);
}

void lint_first_use(struct lint *lint)
{
	uint8_t *used = features_of(&lint->candidate);
	json_t *all = json_array(), *first = json_array();

	for (uint32_t i = 0; i < feature_count(); i++) {
		char *name = used[i] ? feature_name(i) : NULL;

		if (name)
			json_array_append_new(all, json_string(name));
		free(name);
	}
	if (lint->baseline)
		compare(lint, used, first);
	json_object_update_new(lint->stage->evidence, json_pack(
		"{so so}", "features", all, "first_use", first));
	free(used);
}
