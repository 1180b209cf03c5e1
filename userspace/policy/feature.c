// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/feature.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dump/dump.h"

static const uint32_t ops[] = {
	PLM_OP_EQUALS, PLM_OP_CONTAINS, PLM_OP_STARTSWITH, PLM_OP_ENDSWITH,
	PLM_OP_PATTERN, PLM_OP_NUM_EQ, PLM_OP_NUM_LT, PLM_OP_NUM_LTE,
	PLM_OP_NUM_GT, PLM_OP_NUM_GTE, PLM_OP_EXISTS, PLM_OP_SAME,
	PLM_OP_SAME_START, PLM_OP_SAME_END,
};

enum { UNKNOWN_OP, CASED, NOT, COUNT, KILL, NO_TRIGGER, NUM_OTHERS };

static const char *const others[] = {
	[UNKNOWN_OP] = "operator unknown",
	[CASED] = "flag cased", [NOT] = "condition not",
	[COUNT] = "condition count", [KILL] = "action kill",
	[NO_TRIGGER] = "trigger none",
};

/* Templates with their inputs come first, then operators, then the others. */
static uint32_t num_shapes(void)
{
	uint32_t num = 0;

	for (uint32_t i = 0; plm_template_at(i); i++)
		num += 1 + plm_template_at(i)->shape.num_inputs;
	return num;
}

static uint32_t of_template(const struct plm_template *template)
{
	uint32_t num = 0;

	for (uint32_t i = 0; plm_template_at(i) != template; i++)
		num += 1 + plm_template_at(i)->shape.num_inputs;
	return num;
}

static uint32_t of_op(uint32_t op)
{
	uint32_t i = 0;

	/* One that is not listed is UNKNOWN_OP, which stands behind them. */
	while (i < ARRAY_LEN(ops) && ops[i] != op)
		i++;
	return num_shapes() + i;
}

static uint32_t of_other(uint32_t other)
{
	return num_shapes() + (uint32_t)ARRAY_LEN(ops) + other;
}

uint32_t feature_count(void)
{
	return of_other(NUM_OTHERS);
}

uint32_t feature_trigger_none(void)
{
	return of_other(NO_TRIGGER);
}

char *feature_name(uint32_t feature)
{
	for (uint32_t i = 0; plm_template_at(i); i++) {
		const struct plm_template *t = plm_template_at(i);

		if (!feature)
			return xasprintf("template %s", t->name);
		if (feature <= t->shape.num_inputs)
			return xasprintf("input %s.%s", t->name,
				t->shape.inputs[feature - 1].name);
		feature -= 1 + t->shape.num_inputs;
	}
	if (feature < ARRAY_LEN(ops))
		return xasprintf("operator %s", dump_op(ops[feature]));
	return xstrdup(others[feature - ARRAY_LEN(ops)]);
}

uint32_t feature_find(const char *name)
{
	uint32_t feature = 0;

	for (; feature < feature_count(); feature++) {
		char *known = feature_name(feature);
		bool same = !strcmp(known, name);

		free(known);
		if (same)
			break;
	}
	return feature;
}

void feature_of_criterion(const struct model_criterion *criterion,
			  uint8_t *out)
{
	uint32_t inputs = of_template(criterion->template) + 1;

	out[inputs + criterion->input] = 1;
	if (plm_op_is_pair(criterion->op))
		out[inputs + criterion->number] = 1;
	out[of_op(criterion->op)] = 1;
	if (criterion->flags & PLM_FLAG_CASED)
		out[of_other(CASED)] = 1;
}

void feature_of_condition(const struct model_rule *rule, uint8_t *out)
{
	out[of_template(rule->template)] = 1;
	if (rule->action == PLM_ACTION_KILL)
		out[of_other(KILL)] = 1;
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t op = PLM_WORD_OP(rule->program[i]);
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		if (op == PLM_WORD_NOT)
			out[of_other(NOT)] = 1;
		if (op == PLM_WORD_AT_LEAST && arg >> 8 > 1 &&
		    arg >> 8 < (arg & 0xff))
			out[of_other(COUNT)] = 1;
	}
}

void feature_of_rule(const struct model *model, const struct model_rule *rule,
		     uint8_t *out)
{
	feature_of_condition(rule, out);
	for (uint32_t i = 0; i < rule->program_len; i++)
		if (PLM_WORD_OP(rule->program[i]) == PLM_WORD_TEST)
			feature_of_criterion(&model->criteria[
				PLM_WORD_ARG(rule->program[i])], out);
}
