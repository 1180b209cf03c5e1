// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/imply.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/regex.h"
#include "content/triggers.h"

/* Is there a set of texts one of which holds when this is true, or false? */
struct known {
	bool when_true, when_false;
};

static struct known known_of_test(const struct model *model, uint32_t index)
{
	uint32_t op = model->criteria[index].op;

	return (struct known){
		.when_true = plm_op_is_string(op) && op != PLM_OP_PATTERN,
	};
}

static struct known at_least(const struct known *values, uint32_t num,
			     uint32_t least)
{
	uint32_t when_true = 0, when_false = 0;

	for (uint32_t i = 0; i < num; i++) {
		when_true += values[i].when_true;
		when_false += values[i].when_false;
	}
	return (struct known){ when_true >= num - least + 1,
			       when_false >= least };
}

/* Would texts alone do to trigger the rule? */
static bool texts_do(const struct model *model, const struct model_rule *rule)
{
	struct known stack[PLM_MAX_STACK], last;
	uint32_t depth = 0;

	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		switch (PLM_WORD_OP(rule->program[i])) {
		case PLM_WORD_TEST:
			if (depth == PLM_MAX_STACK)
				return true;	/* is refused elsewhere */
			stack[depth++] = known_of_test(model, arg);
			break;
		case PLM_WORD_NOT:
			last = stack[depth - 1];
			stack[depth - 1] = (struct known){ last.when_false,
							   last.when_true };
			break;
		default:
			depth -= (arg & 0xff) - 1;
			stack[depth - 1] = at_least(&stack[depth - 1],
						    arg & 0xff, arg >> 8);
		}
	}
	return stack[0].when_true;
}

/* A text that is being found. */
struct text {
	uint8_t bytes[REGEX_MAX_LEN];
	uint32_t len;
};

/* The byte that a set stands for, both cases being one; -1: more than one. */
static int byte_of_set(const uint64_t set[4])
{
	int found = -1;

	for (int byte = 0; byte < 256; byte++) {
		int folded = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;

		if (!set_has(set, (uint8_t)byte))
			continue;
		if (found >= 0 && found != folded)
			return -1;
		found = folded;
	}
	return found;
}

static void keep_rarer(struct text *best, const struct text *text)
{
	if (text_rarity(PLM_OP_CONTAINS, text->bytes, text->len) >
	    text_rarity(PLM_OP_CONTAINS, best->bytes, best->len))
		*best = *text;
}

/* The rarest run of bytes that stand one behind the other in every match. */
static void find_text(const struct regex_node *root, struct text *best)
{
	struct text *run = xcalloc(1, sizeof(*run));

	best->len = 0;
	for (size_t i = 0; root->kind == REGEX_CONCAT &&
	     i < root->num_children; i++) {
		const struct regex_node *child = root->children[i];
		int byte = child->kind == REGEX_SET ? byte_of_set(child->set) :
						      -1;

		if (byte < 0 && child->kind != REGEX_ASSERT)
			run->len = 0;
		else if (byte >= 0 && run->len < sizeof(run->bytes))
			run->bytes[run->len++] = (uint8_t)byte;
		keep_rarer(best, run);
	}
	free(run);
}

/* The criterion that pattern @index implies, or @index itself. */
static uint32_t implied(struct model *model, uint32_t index)
{
	struct text *text = xcalloc(1, sizeof(*text));
	const struct model_criterion *c = &model->criteria[index];
	uint32_t out = index;
	struct regex regex;

	if (regex_of_criterion(&regex, c->text.data, c->text.len,
			       c->flags & PLM_FLAG_CASED))
		find_text(regex.root, text);
	regex_free(&regex);
	if (text_rarity(PLM_OP_CONTAINS, text->bytes, text->len) > TEXT_WILL_DO)
		out = model_criterion(model, c->template, c->input,
				      PLM_OP_CONTAINS, 0, text->bytes,
				      text->len, 0);
	free(text);
	return out;
}

/* How deep the stack of a condition becomes. */
static uint32_t depth_of(const uint32_t *program, uint32_t len)
{
	uint32_t depth = 0, most = 0;

	for (uint32_t i = 0; i < len; i++) {
		if (PLM_WORD_OP(program[i]) == PLM_WORD_TEST)
			depth++;
		if (PLM_WORD_OP(program[i]) == PLM_WORD_AT_LEAST)
			depth -= (PLM_WORD_ARG(program[i]) & 0xff) - 1;
		if (most < depth)
			most = depth;
	}
	return most;
}

/* Put before each pattern what it implies; nothing where there is no room. */
static void demand(struct model *model, struct model_rule *rule)
{
	uint32_t *program = xcalloc((size_t)rule->program_len * 3,
				    sizeof(*program));
	uint32_t len = 0;

	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t word = rule->program[i], index = PLM_WORD_ARG(word);
		bool pattern = PLM_WORD_OP(word) == PLM_WORD_TEST &&
			       model->criteria[index].op == PLM_OP_PATTERN;
		uint32_t text = pattern ? implied(model, index) : index;

		if (text != index)
			program[len++] = PLM_WORD(PLM_WORD_TEST, text);
		program[len++] = word;
		if (text != index)
			program[len++] = PLM_WORD(PLM_WORD_AT_LEAST, 2 << 8 | 2);
	}
	if (len <= PLM_MAX_PROGRAM_LEN &&
	    depth_of(program, len) <= PLM_MAX_STACK) {
		free(rule->program);
		rule->program = xmemdup(program, len * sizeof(*program));
		rule->program_len = len;
	}
	free(program);
}

void model_imply(struct model *model)
{
	for (size_t i = 0; i < model->num_rules; i++)
		if (!texts_do(model, &model->rules[i]))
			demand(model, &model->rules[i]);
}
