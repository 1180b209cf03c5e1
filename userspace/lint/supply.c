// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fields that a consumer does not supply.  `check` refuses such content with
 * the first one; here each is named, with the rules that want it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "consumer/consumer.h"
#include "lint/checks.h"

#define MAX_NAMED 3	/* rules */

static const struct plm_supply *supply_of(const struct consumer *consumer,
					  const struct plm_template *template)
{
	for (u32 i = 0; i < consumer->num_supplies; i++)
		if (consumer->list[i]->template_id ==
		    template->shape.template_id)
			return consumer->list[i];
	return NULL;
}

static bool supplies(const struct plm_supply *supply,
		     const struct plm_template *template, uint32_t input)
{
	const struct plm_input *wanted = &template->shape.inputs[input];

	return supply && input < supply->num_inputs &&
	       supply->inputs[input].type == wanted->type &&
	       !strncmp(supply->inputs[input].name, wanted->name,
			PLM_INPUT_NAME_LEN);
}

static bool reads(const struct model_criterion *c,
		  const struct plm_template *template, uint32_t input)
{
	return c->template == template &&
	       (c->input == input ||
		(plm_op_is_pair(c->op) && c->number == input));
}

static bool rule_wants(const struct model *model,
		       const struct model_rule *rule,
		       const struct plm_template *template, uint32_t input)
{
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		if (PLM_WORD_OP(rule->program[i]) == PLM_WORD_TEST &&
		    reads(&model->criteria[arg], template, input))
			return true;
	}
	return false;
}

static void tell(struct lint *lint, const struct consumer *consumer,
		 const struct plm_template *template, uint32_t input)
{
	const struct model *m = &lint->candidate.model;
	char *name = lint_input_name(template, input);
	char *rules = xstrdup("");
	size_t num = 0;

	for (size_t i = 0; i < m->num_rules; i++) {
		char *more;

		if (!rule_wants(m, &m->rules[i], template, input) ||
		    num++ >= MAX_NAMED)
			continue;
		more = xasprintf("%s%s%.*s", rules, *rules ? ", " : "",
				 (int)m->rules[i].id.len,
				 (const char *)m->rules[i].id.data);
		free(rules);
		rules = more;
	}
	lint_find(lint, POLICY_UNSUPPLIED, PLM_NO_RULE, name,
		  "%s does not supply it; wanted by %zu rules: %s%s",
		  consumer->path, num, rules, num > MAX_NAMED ? ", ..." : "");
	free(rules);
	free(name);
}

static bool is_read(const struct model *model,
		    const struct plm_template *template, uint32_t input)
{
	for (size_t i = 0; i < model->num_criteria; i++)
		if (reads(&model->criteria[i], template, input))
			return true;
	return false;
}

/* What rules test, each input once, in the order of templates and inputs. */
static void compare(struct lint *lint, const struct consumer *consumer)
{
	const struct model *m = &lint->candidate.model;
	uint32_t t, i;

	for (t = 0; plm_template_at(t); t++) {
		const struct plm_template *template = plm_template_at(t);
		const struct plm_supply *supply = supply_of(consumer,
							    template);

		for (i = 0; i < template->shape.num_inputs; i++)
			if (is_read(m, template, i) &&
			    !supplies(supply, template, i))
				tell(lint, consumer, template, i);
	}
}

void lint_supply(struct lint *lint)
{
	const struct lint_options *o = lint->options;
	struct consumer consumer;
	char error[256];

	for (size_t i = 0; i < o->consumers.num; i++) {
		if (consumer_read(&consumer, o->consumers.items[i], error)) {
			stage_finding(lint->stage, SEVERITY_UNKNOWN,
				      "BAD_CONSUMER",
				      (struct place){ o->consumers.items[i],
						      FINDING_NO_OFFSET, NULL },
				      "%s", error);
			continue;
		}
		compare(lint, &consumer);
		consumer_free(&consumer);
	}
}
