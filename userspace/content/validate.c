// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/validate.h"

#include <stdlib.h>

#include "base/mem.h"
#include "content/plan.h"
#include "content/regex.h"

static bool text_within(const struct model_text *text, uint8_t low,
			uint8_t high, bool beyond_ascii)
{
	for (uint32_t i = 0; i < text->len; i++) {
		uint8_t byte = text->data[i];

		if (byte < low || (byte > high && !beyond_ascii) ||
		    byte == 0x7f)
			return false;
	}
	return true;
}

static int validate_texts(const struct model_rule *rule, size_t index,
			  struct model_error *error)
{
	if (rule->id.len < 1 || rule->id.len > PLM_MAX_RULE_ID_LEN)
		return model_fail(error, index, "id needs 1 to %u bytes",
				  PLM_MAX_RULE_ID_LEN);
	if (!text_within(&rule->id, 0x21, 0x7e, false))
		return model_fail(error, index,
				  "id has a byte that is not printable ASCII");
	if (rule->title.len > PLM_MAX_TEXT_LEN ||
	    rule->tags.len > PLM_MAX_TEXT_LEN)
		return model_fail(error, index,
				  "title or tags exceed %u bytes",
				  PLM_MAX_TEXT_LEN);
	if (!text_within(&rule->title, 0x20, 0x7e, true) ||
	    !text_within(&rule->tags, 0x20, 0x7e, true))
		return model_fail(error, index,
				  "title or tags hold a control character");
	return 0;
}

/* Two inputs of one type; of two that are the same, the first is named first. */
static const char *pair_fault(const struct model_criterion *c)
{
	const struct plm_supply *shape = &c->template->shape;
	uint32_t type = shape->inputs[c->input].type;

	if (c->number >= shape->num_inputs || c->number == c->input ||
	    (c->op == PLM_OP_SAME && c->number < c->input))
		return "another input that is none, or not the later one";
	if (shape->inputs[c->number].type != type)
		return "inputs of two types";
	if (type != PLM_TYPE_STRING && (c->flags || c->op != PLM_OP_SAME))
		return "numbers as if they were texts";
	return NULL;
}

static int validate_criterion(const struct model_criterion *c, size_t rule,
			      struct model_error *error)
{
	const struct plm_supply *shape = &c->template->shape;
	bool string = op_is_string(c->op), number = op_is_number(c->op);
	bool pair = plm_op_is_pair(c->op);

	if (c->input >= shape->num_inputs)
		return model_fail(error, rule, "input %u is not in template %s",
				  c->input, c->template->name);
	if (!string && !number && !pair && c->op != PLM_OP_EXISTS)
		return model_fail(error, rule, "operator %u is unknown", c->op);
	if ((string && shape->inputs[c->input].type != PLM_TYPE_STRING) ||
	    (number && shape->inputs[c->input].type != PLM_TYPE_NUMBER))
		return model_fail(error, rule,
				  "operator does not fit the type of input %s",
				  shape->inputs[c->input].name);
	if (pair && pair_fault(c))
		return model_fail(error, rule, "operator compares %s",
				  pair_fault(c));
	if ((c->flags & ~PLM_FLAG_CASED) || (c->flags && !string && !pair))
		return model_fail(error, rule, "flag does not fit operator");
	if (string && (c->text.len < 1 || c->text.len > PLM_MAX_TEXT_LEN))
		return model_fail(error, rule, "a text needs 1 to %u bytes",
				  PLM_MAX_TEXT_LEN);
	if (c->op == PLM_OP_PATTERN &&
	    !regex_is_canonical(c->text.data, c->text.len,
				c->flags & PLM_FLAG_CASED))
		return model_fail(error, rule,
				  "a pattern is not in the canonical notation");
	if ((!string && c->text.len) || (!number && !pair && c->number))
		return model_fail(error, rule,
				  "operand does not fit operator");
	if (string && !c->flags)
		for (uint32_t i = 0; i < c->text.len; i++)
			if (c->text.data[i] >= 'A' && c->text.data[i] <= 'Z')
				return model_fail(error, rule,
						  "text is not folded");
	return 0;
}

/* The stack's depth after @word, or -1. */
static int stack_after(int depth, uint32_t word)
{
	uint32_t pop = PLM_WORD_ARG(word) & 0xff;
	uint32_t least = PLM_WORD_ARG(word) >> 8;

	switch (PLM_WORD_OP(word)) {
	case PLM_WORD_TEST:
		return depth + 1;
	case PLM_WORD_NOT:
		return depth && !PLM_WORD_ARG(word) ? depth : -1;
	case PLM_WORD_AT_LEAST:
		if (pop < 1 || pop > (uint32_t)depth || least < 1 ||
		    least > pop)
			return -1;
		return depth - (int)pop + 1;
	default:
		return -1;
	}
}

/* @known: criteria that have been found good, each of which is read once. */
static int validate_program(const struct model *model, size_t index,
			    bool *known, struct model_error *error)
{
	const struct model_rule *rule = &model->rules[index];
	int depth = 0;

	if (rule->program_len < 1 || rule->program_len > PLM_MAX_PROGRAM_LEN)
		return model_fail(error, index,
				  "condition needs 1 to %u words, has %u",
				  PLM_MAX_PROGRAM_LEN, rule->program_len);
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t word = rule->program[i];
		uint32_t arg = PLM_WORD_ARG(word);

		if (PLM_WORD_OP(word) == PLM_WORD_TEST &&
		    (arg >= model->num_criteria ||
		     model->criteria[arg].template != rule->template))
			return model_fail(error, index,
					  "condition tests a criterion that "
					  "its template does not have");
		depth = stack_after(depth, word);
		if (depth < 0)
			return model_fail(error, index,
					  "condition is malformed at word %u",
					  i);
		if (depth > (int)PLM_MAX_STACK)
			return model_fail(error, index,
					  "condition needs a stack of more "
					  "than %u", PLM_MAX_STACK);
		if (PLM_WORD_OP(word) != PLM_WORD_TEST || known[arg])
			continue;
		if (validate_criterion(&model->criteria[arg], index, error))
			return -1;
		known[arg] = true;
	}
	if (depth != 1)
		return model_fail(error, index, "condition has no one result");
	return 0;
}

static int validate_rule(const struct model *model, size_t index, bool *known,
			 struct model_error *error)
{
	const struct model_rule *rule = &model->rules[index];

	if (!rule->template)
		return model_fail(error, index, "rule has no template");
	if (rule->action != PLM_ACTION_AUDIT && rule->action != PLM_ACTION_KILL)
		return model_fail(error, index, "action %u is unknown",
				  rule->action);
	if (rule->level < PLM_LEVEL_INFORMATIONAL ||
	    rule->level > PLM_LEVEL_CRITICAL)
		return model_fail(error, index, "level %u is unknown",
				  rule->level);
	if (validate_texts(rule, index, error))
		return -1;
	return validate_program(model, index, known, error);
}

static int validate_rules(const struct model *model, struct model_error *error)
{
	bool *known = xcalloc(model->num_criteria + 1, sizeof(*known));
	int status = 0;

	for (size_t i = 0; i < model->num_rules && !status; i++)
		status = validate_rule(model, i, known, error);
	free(known);
	return status;
}

int validate_model(const struct model *model, struct model_error *out_error)
{
	if (model->channel < 1 || model->channel > PLM_MAX_CHANNEL)
		return model_fail(out_error, SIZE_MAX,
				  "channel must be 1 to %u", PLM_MAX_CHANNEL);
	if (!model->version)
		return model_fail(out_error, SIZE_MAX,
				  "content version must not be zero");
	if (!model->num_rules)
		return model_fail(out_error, SIZE_MAX, "there is no rule");
	if (model->num_rules > PLM_MAX_RULES)
		return model_fail(out_error, SIZE_MAX, "more than %u rules",
				  PLM_MAX_RULES);
	return validate_rules(model, out_error);
}
