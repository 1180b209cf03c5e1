// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/imply.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/regex_texts.h"
#include "content/triggers.h"

/*
 * A rule that texts can trigger anyway does not demand more than a few: all of
 * what it waits for is evaluated.
 */
#define FEW_TEXTS	4u

/* A condition that is being rewritten. */
struct program {
	uint32_t *words;	/* owned */
	size_t count, cap;
	uint32_t depth, most;	/* of its stack: now, and so far */
};

static void put(struct program *p, uint32_t op, uint32_t arg)
{
	ARRAY_RESERVE(p->words, p->count, p->cap);
	p->words[p->count++] = PLM_WORD(op, arg);
	if (op == PLM_WORD_TEST)
		p->depth++;
	if (op == PLM_WORD_AT_LEAST)
		p->depth -= (arg & 0xff) - 1;
	if (p->most < p->depth)
		p->most = p->depth;
}

/* What a pattern implies, found once however often it is tested. */
struct implied {
	bool known;
	uint32_t num;
	struct regex_text *texts;	/* owned */
};

static void find_texts(const struct model_criterion *c, struct implied *out)
{
	struct regex_text *texts = xcalloc(REGEX_TEXTS, sizeof(*texts));
	bool cased = c->flags & PLM_FLAG_CASED;
	struct regex regex;

	if (regex_of_criterion(&regex, c->text.data, c->text.len, cased))
		out->num = (uint32_t)regex_texts(&regex, !cased, texts);
	regex_free(&regex);
	if (out->num)
		out->texts = xmemdup(texts, out->num * sizeof(*texts));
	out->known = true;
	free(texts);
}

/* Test pattern @index, and with it the texts that it implies: @most of them. */
static void put_pattern(struct program *p, struct model *model, uint32_t index,
			struct implied *implied, uint32_t most)
{
	struct model_criterion c = model->criteria[index];
	uint32_t num;

	if (!implied->known)
		find_texts(&c, implied);
	num = implied->num > most ? 0 : implied->num;
	for (uint32_t i = 0; i < num; i++)
		put(p, PLM_WORD_TEST,
		    model_criterion(model, c.template, c.input,
				    PLM_OP_CONTAINS, c.flags,
				    implied->texts[i].bytes,
				    implied->texts[i].len, 0));
	if (num > 1)
		put(p, PLM_WORD_AT_LEAST, 1 << 8 | num);
	put(p, PLM_WORD_TEST, index);
	if (num)
		put(p, PLM_WORD_AT_LEAST, 2 << 8 | 2);
}

static bool is_pattern(const struct model *model, uint32_t word)
{
	return PLM_WORD_OP(word) == PLM_WORD_TEST &&
	       model->criteria[PLM_WORD_ARG(word)].op == PLM_OP_PATTERN;
}

/* Have @rule demand what its patterns imply, if it waits for rarer texts then. */
static void demand(struct model *model, struct implied *implied,
		   struct model_rule *rule)
{
	uint32_t most = triggers_are_texts(model, rule) ? FEW_TEXTS :
							  REGEX_TEXTS;
	struct model_rule other = *rule;
	struct program p = { 0 };

	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t word = rule->program[i];

		if (is_pattern(model, word))
			put_pattern(&p, model, PLM_WORD_ARG(word),
				    &implied[PLM_WORD_ARG(word)], most);
		else
			put(&p, PLM_WORD_OP(word), PLM_WORD_ARG(word));
	}
	other.program = p.words;
	other.program_len = (uint32_t)p.count;
	if (p.count > rule->program_len && p.count <= PLM_MAX_PROGRAM_LEN &&
	    p.most <= PLM_MAX_STACK && triggers_better(model, &other, rule)) {
		free(rule->program);
		*rule = other;
	} else {
		free(p.words);
	}
}

static bool has_pattern(const struct model *model, const struct model_rule *rule)
{
	for (uint32_t i = 0; i < rule->program_len; i++)
		if (is_pattern(model, rule->program[i]))
			return true;
	return false;
}

void model_imply(struct model *model)
{
	/* Criteria that come with what is implied are no patterns. */
	size_t num = model->num_criteria;
	struct implied *implied = xcalloc(num + 1, sizeof(*implied));

	for (size_t i = 0; i < model->num_rules; i++)
		if (has_pattern(model, &model->rules[i]))
			demand(model, implied, &model->rules[i]);
	for (size_t i = 0; i < num; i++)
		free(implied[i].texts);
	free(implied);
}
