// SPDX-License-Identifier: GPL-2.0-or-later
/* What the policy makes of a finding, and what becomes of exemptions. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lint/checks.h"

/* Of one code; what the rest says is the same. */
#define MAX_FINDINGS 20

static bool is_for(const struct exemption *e, enum policy_code code,
		   const char *place)
{
	return e->code == code && !strcmp(e->place, place);
}

/* The exemption of such a finding that has not run out, or NULL. */
static const struct exemption *exemption_of(struct lint *lint,
					    enum policy_code code,
					    const char *place)
{
	const struct policy *p = lint->policy;

	for (size_t i = 0; i < p->num_exemptions; i++) {
		if (!is_for(&p->exemptions[i], code, place))
			continue;
		if (lint->used)
			lint->used[i] = 1;
		return strcmp(lint->today, p->exemptions[i].until) <= 0 ?
		       &p->exemptions[i] : NULL;
	}
	return NULL;
}

static uint64_t rule_offset(const struct lint *lint, uint32_t rule)
{
	const struct plm_content *c = lint->candidate.content;

	return rule == PLM_NO_RULE ? FINDING_NO_OFFSET :
	       c->section[PLM_SECTION_RULES - 1].off +
	       (uint64_t)rule * PLM_RULE_LEN;
}

static void put(struct lint *lint, enum policy_code code, uint32_t rule,
		const char *where, const char *text)
{
	const struct exemption *e = exemption_of(lint, code, where);
	struct place place = { lint->path, rule_offset(lint, rule),
			       rule == PLM_NO_RULE ? NULL : where };
	const char *name = policy_code_name(code);

	if (e)
		stage_finding(lint->stage, SEVERITY_INFO, name, place,
			      "%s (exempt until %s: %s)", text, e->until,
			      e->reason);
	else if (lint->counts[code]++ < MAX_FINDINGS)
		stage_finding(lint->stage, lint->policy->severities[code],
			      name, place, "%s", text);
	else
		return;
	if (rule == PLM_NO_RULE)
		stage_place(lint->stage, where);
}

void lint_find(struct lint *lint, enum policy_code code, uint32_t rule,
	       const char *place, const char *format, ...)
{
	char *id = content_rule_id(lint->candidate.content, rule);
	char *text;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = xstrdup(policy_code_name(code));
	va_end(ap);
	put(lint, code, rule, id ? id : place, text);
	free(text);
	free(id);
}

/* What a replay is yet to be asked about is not known to be unused. */
static bool is_awaited(const struct lint *lint, const struct exemption *e)
{
	const struct model *m = &lint->candidate.model;

	for (size_t i = 0; e->code == POLICY_KILL_UNTESTED &&
	     i < m->num_rules; i++)
		if (m->rules[i].action == PLM_ACTION_KILL &&
		    strlen(e->place) == m->rules[i].id.len &&
		    !memcmp(e->place, m->rules[i].id.data, m->rules[i].id.len))
			return true;
	return false;
}

static void note_exemption(struct lint *lint, size_t index)
{
	const struct exemption *e = &lint->policy->exemptions[index];
	const char *name = policy_code_name(e->code);

	if (strcmp(lint->today, e->until) > 0)
		lint_find(lint, POLICY_EXEMPTION_EXPIRED, PLM_NO_RULE,
			  e->place, "the exemption from %s ran out on %s",
			  name, e->until);
	else if (!lint->used[index] && !is_awaited(lint, e))
		lint_find(lint, POLICY_EXEMPTION_UNUSED, PLM_NO_RULE, e->place,
			  "there is nothing to exempt from %s", name);
}

/* Findings that were left out are told as well, by their number. */
static void note_left_out(struct lint *lint)
{
	for (int i = 0; i < POLICY_NUM_CODES; i++)
		if (lint->counts[i] > MAX_FINDINGS)
			stage_finding(lint->stage, lint->policy->severities[i],
				      policy_code_name(i),
				      (struct place){ lint->path,
				      FINDING_NO_OFFSET, NULL },
				      "and %u more like these",
				      lint->counts[i] - MAX_FINDINGS);
}

static void note_counts(struct lint *lint)
{
	json_t *counts = json_object();

	for (int i = 0; i < POLICY_NUM_CODES; i++)
		if (lint->counts[i])
			json_object_set_new(counts, policy_code_name(i),
					    json_integer(lint->counts[i]));
	json_object_set_new(lint->stage->evidence, "findings", counts);
}

void lint_exemptions(struct lint *lint)
{
	for (size_t i = 0; i < lint->policy->num_exemptions; i++)
		note_exemption(lint, i);
	note_left_out(lint);
	note_counts(lint);
}

/* How many events of this rule's kind were replayed. */
static json_int_t replayed(const struct plm_content *content,
			   const struct plm_rule *rule,
			   const struct stage *stage)
{
	const json_t *templates = json_object_get(
		json_object_get(stage->evidence, "goodware"), "templates");
	struct plm_template_ref ref;
	const struct plm_template *t;

	if (!plm_get_template(content, rule->template_index, &ref))
		return 0;
	t = plm_template_find(ref.id);
	return t ? json_integer_value(json_object_get(templates, t->name)) : 0;
}

void lint_replay(const struct policy *policy, const char *path,
		 const struct plm_content *content, struct stage *stage)
{
	struct lint lint = { .policy = policy, .path = path, .stage = stage,
			     .candidate = { .content = content } };
	struct plm_rule rule;
	bool given;

	/* Without a date no exemption is known to hold. */
	if (!date_today(lint.today, &given))
		memset(lint.today, '9', DATE_LEN);
	for (u32 i = 0; plm_get_rule(content, i, &rule); i++) {
		json_int_t events = replayed(content, &rule, stage);

		if (rule.action == PLM_ACTION_KILL &&
		    events < (json_int_t)policy->kill_goodware_events)
			lint_find(&lint, POLICY_KILL_UNTESTED, i, NULL,
				  "kills, and %lld recorded everyday events of "
				  "its kind were replayed, not %llu",
				  (long long)events, (unsigned long long)
				  policy->kill_goodware_events);
	}
	note_left_out(&lint);
}
