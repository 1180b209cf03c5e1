// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The naive reference: what a rule means, said as plainly as possible.  It is
 * what the evaluator and its automata are compared with, so it uses neither.
 */
#include <string.h>

#include "content/model.h"
#include "content/plan.h"
#include "content/reference_pattern.h"

static uint8_t folded(uint8_t byte, uint32_t flags)
{
	bool upper = byte >= 'A' && byte <= 'Z';

	return upper && !(flags & PLM_FLAG_CASED) ? byte + 32 : byte;
}

/* The criterion's text stands at @at in the value. */
static bool text_at(const struct model_criterion *c,
		    const struct plm_value *value, uint32_t at)
{
	for (uint32_t i = 0; i < c->text.len; i++)
		if (folded(value->data[at + i], c->flags) !=
		    folded(c->text.data[i], c->flags))
			return false;
	return true;
}

static bool string_holds(const struct model_criterion *c,
			 const struct plm_value *value)
{
	uint32_t len = c->text.len, rest;

	if (value->kind != PLM_VALUE_STRING)
		return false;
	if (c->op == PLM_OP_PATTERN)
		return !c->unreadable &&
		       reference_pattern_holds(c->text.data, len, value->data,
					       value->len, c->flags &
					       PLM_FLAG_CASED);
	if (len > value->len)
		return false;
	rest = value->len - len;
	switch (c->op) {
	case PLM_OP_EQUALS:
		return rest == 0 && text_at(c, value, 0);
	case PLM_OP_STARTSWITH:
		return text_at(c, value, 0);
	case PLM_OP_ENDSWITH:
		return text_at(c, value, rest);
	default:
		for (uint32_t at = 0; at <= rest; at++)
			if (text_at(c, value, at))
				return true;
		return false;
	}
}

static bool number_holds(const struct model_criterion *c,
			 const struct plm_value *value)
{
	if (value->kind != PLM_VALUE_NUMBER)
		return false;
	switch (c->op) {
	case PLM_OP_NUM_EQ:
		return value->number == c->number;
	case PLM_OP_NUM_LT:
		return value->number < c->number;
	case PLM_OP_NUM_LTE:
		return value->number <= c->number;
	case PLM_OP_NUM_GT:
		return value->number > c->number;
	default:
		return value->number >= c->number;
	}
}

/* One value with another one: as with a text, where it is one. */
static bool pair_holds(const struct model_criterion *c,
		       const struct plm_value *value,
		       const struct plm_value *other)
{
	static const uint32_t as_text[] = {
		PLM_OP_EQUALS, PLM_OP_STARTSWITH, PLM_OP_ENDSWITH,
	};
	struct model_criterion with_text = *c;

	if (other->kind == PLM_VALUE_NUMBER)
		return value->kind == PLM_VALUE_NUMBER &&
		       value->number == other->number;
	if (other->kind != PLM_VALUE_STRING)
		return false;
	with_text.op = as_text[c->op - PLM_OP_SAME];
	with_text.text = (struct model_text){ (uint8_t *)other->data,
					      other->len };
	return string_holds(&with_text, value);
}

static bool criterion_holds(const struct model_criterion *c,
			    const struct plm_value *values)
{
	const struct plm_value *value = &values[c->input];

	if (plm_op_is_pair(c->op))
		return pair_holds(c, value, &values[c->number]);
	if (c->op == PLM_OP_EXISTS)
		return value->kind != PLM_VALUE_ABSENT;
	if (c->op >= PLM_OP_NUM_EQ)
		return number_holds(c, value);
	return string_holds(c, value);
}

int model_rule_matches(const struct model *model, size_t rule,
		       const struct plm_value *values, uint32_t num_values)
{
	const struct model_rule *r = &model->rules[rule];
	bool stack[PLM_MAX_STACK];
	uint32_t depth = 0;

	for (uint32_t i = 0; i < r->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(r->program[i]);
		const struct model_criterion *c;
		uint32_t count = 0;

		switch (PLM_WORD_OP(r->program[i])) {
		case PLM_WORD_TEST:
			c = &model->criteria[arg];
			if (last_input(c) >= num_values)
				return 0;
			stack[depth++] = criterion_holds(c, values);
			break;
		case PLM_WORD_NOT:
			stack[depth - 1] = !stack[depth - 1];
			break;
		default:
			for (uint32_t j = 0; j < (arg & 0xff); j++)
				count += stack[--depth];
			stack[depth++] = count >= arg >> 8;
		}
	}
	return stack[0];
}
