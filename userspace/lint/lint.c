// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/machine.h"
#include "lint/checks.h"
#include "report/document.h"

/* Exemptions come last: what they were needed for is known by then. */
static const struct check {
	const char *name;
	void (*run)(struct lint *lint);
} checks[] = {
	{ "budgets", lint_budgets },
	{ "ordinary events", lint_ordinary },
	{ "growth", lint_growth },
	{ "first use", lint_first_use },
	{ "patterns", lint_patterns },
	{ "conditions", lint_conditions },
	{ "duplicates", lint_duplicates },
	{ "supply", lint_supply },
	{ "exemptions", lint_exemptions },
};

char *lint_input_name(const struct plm_template *template, uint32_t input)
{
	return xasprintf("%s.%s", template->name,
			 template->shape.inputs[input].name);
}

uint64_t lint_memory(const struct plm_content *content)
{
	return (uint64_t)content->len +
	       machine_shared_len(content) + machine_scratch_len(content);
}

uint64_t lint_steps_begin(const struct lint *lint)
{
	return lint->steps < LINT_MAX_STEPS_RULE ? lint->steps :
						   LINT_MAX_STEPS_RULE;
}

void lint_steps_end(struct lint *lint, uint64_t before, uint64_t after)
{
	lint->steps -= before - after;
}

static struct subject *subject_new(const struct plm_content *content)
{
	struct subject *subject = xcalloc(1, sizeof(*subject));

	subject->content = content;
	model_decode(&subject->model, content);
	return subject;
}

static void subject_free(struct subject *subject)
{
	if (!subject)
		return;
	model_free(&subject->model);
	free(subject);
}

static void describe(struct lint *lint, bool date_given)
{
	const struct policy *p = lint->policy;
	json_t *names = json_array();

	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		json_array_append_new(names, json_string(checks[i].name));
	json_object_update_new(lint->stage->evidence, json_pack(
		"{s{so ss?} so so}", "policy", "path",
		document_text(p->path ? p->path : "built in"), "digest",
		p->digest, "today", document_text(lint->today), "checks",
		names));
	if (date_given)
		lint_find(lint, POLICY_DATE_GIVEN, PLM_NO_RULE, LINT_FILE,
			  "the day was given by PLIMSOLL_TODAY: %s",
			  lint->today);
}

static void summarise(struct lint *lint)
{
	size_t counts[SEVERITY_FAIL + 1] = { 0 };

	for (size_t i = 0; i < lint->stage->num_findings; i++)
		counts[lint->stage->findings[i].severity]++;
	stage_summary(lint->stage, "%zu checks, %zu failed, %zu warnings",
		      ARRAY_LEN(checks), counts[SEVERITY_FAIL],
		      counts[SEVERITY_WARNING]);
}

static void run_checks(struct lint *lint)
{
	bool given;

	if (!date_today(lint->today, &given)) {
		stage_finding(lint->stage, SEVERITY_UNKNOWN, "NO_DATE", NOWHERE,
			      "no day to hold exemptions against: %s",
			      given ? "PLIMSOLL_TODAY is no date" :
				      "the clock tells none");
		return;
	}
	describe(lint, given);
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		checks[i].run(lint);
	json_object_set_new(lint->stage->evidence, "steps", json_integer(
		(json_int_t)(LINT_MAX_STEPS - lint->steps)));
	summarise(lint);
	stage_pass(lint->stage);
}

void lint_run(const struct lint_options *options, const char *path,
	      const struct plm_content *content, struct stage *stage)
{
	struct lint lint = { .options = options, .policy = options->policy,
			     .path = path, .stage = stage,
			     .steps = LINT_MAX_STEPS };
	struct loaded baseline = { 0 };

	stage_begin(stage);
	lint.candidate.content = content;
	model_decode(&lint.candidate.model, content);
	lint.used = xcalloc(options->policy->num_exemptions, 1);
	lint.constant = xcalloc(lint.candidate.model.num_rules, 1);
	if (options->baseline && content_load(&baseline, options->baseline,
					      stage) == VERDICT_PASS)
		lint.baseline = subject_new(&baseline.content);
	run_checks(&lint);
	subject_free(lint.baseline);
	content_unload(&baseline);
	model_free(&lint.candidate.model);
	free(lint.constant);
	free(lint.used);
	stage_end(stage);
}
