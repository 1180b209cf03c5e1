// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inputs to begin with, of the file that was given.  An execution costs what there
 * is to check, and an engine finds what is near: so each rule is one of its own, and
 * each kind of criterion one that is as short as content can be; and so is a criterion
 * over each input of its templates, because the file may leave any of them alone.
 *
 * Of templates that it does not use there is none: the module would set and take away
 * the kernel's hooks with each, which takes as long as thousands of inputs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/model.h"
#include "fuzz/in_kernel.h"
#include "plm_template.h"

#define MAX_RULES	64	/* of a file that become inputs of their own */
#define MAX_TEXT	6	/* bytes of a text in the shortest ones */
#define MAX_KINDS	256	/* of criteria */

static void add_model(struct kernel_corpus *corpus, const struct model *model)
{
	struct model_error error;
	uint8_t *data;
	size_t len;

	if (model_encode(model, &data, &len, &error))
		return;
	kernel_corpus_add(corpus, data, len, false);
	free(data);
}

/* Only the rule at @index is left, in the place of the first. */
static void only_rule(struct model *model, size_t index)
{
	struct model_rule rule = model->rules[index];

	model->rules[index] = model->rules[0];
	model->rules[0] = rule;
	while (model->num_rules > 1) {
		struct model_rule *last = &model->rules[--model->num_rules];

		free(last->program);
		free(last->id.data);
		free(last->title.data);
		free(last->tags.data);
	}
}

static void add_rules(struct kernel_corpus *corpus,
		      const struct plm_content *content)
{
	size_t num = plm_num_rules(content);
	size_t step = num / MAX_RULES + 1;
	struct model model;

	for (size_t i = 0; num > 1 && i < num; i += step) {
		model_decode(&model, content);
		only_rule(&model, i);
		add_model(corpus, &model);
		model_free(&model);
	}
}

static uint32_t add_short(struct model *model, const struct model_criterion *c)
{
	uint32_t len = c->text.len < MAX_TEXT ? c->text.len : MAX_TEXT;

	return model_criterion(model, c->template, c->input, c->op, c->flags,
			       c->text.data, len, c->number);
}

/* One rule of @one alone or, if there is @other, "not one, and other". */
static void add_criteria(struct kernel_corpus *corpus, const struct model *from,
			 const struct model_criterion *one,
			 const struct model_criterion *other)
{
	struct model_rule *rule;
	struct model model;
	uint32_t words[4];
	uint32_t num = 0;

	model_init(&model, from->channel, from->version);
	rule = model_rule_add(&model);
	rule->template = one->template;
	rule->action = from->rules[0].action;
	rule->level = from->rules[0].level;
	model_text_set(&rule->id, from->rules[0].id.data,
		       from->rules[0].id.len);
	words[num++] = PLM_WORD(PLM_WORD_TEST, add_short(&model, one));
	if (other) {
		words[num++] = PLM_WORD(PLM_WORD_NOT, 0);
		words[num++] = PLM_WORD(PLM_WORD_TEST,
					add_short(&model, other));
		words[num++] = PLM_WORD(PLM_WORD_AT_LEAST, 2u << 8 | 2u);
	}
	rule->program = xmemdup(words, num * sizeof(*words));
	rule->program_len = num;
	add_model(corpus, &model);
	model_free(&model);
}

static bool same_kind(const struct model_criterion *a,
		      const struct model_criterion *b)
{
	return a->template == b->template && a->op == b->op &&
	       a->flags == b->flags;
}

/* The first of each kind, and with the next of its template that is another. */
static void add_kinds(struct kernel_corpus *corpus, const struct model *model)
{
	const struct model_criterion *kinds[MAX_KINDS];
	size_t num = 0, at;

	for (size_t i = 0; i < model->num_criteria && num < MAX_KINDS; i++) {
		const struct model_criterion *c = &model->criteria[i];

		for (at = 0; at < num && !same_kind(kinds[at], c); at++)
			;
		if (at < num)
			continue;
		kinds[num++] = c;
		add_criteria(corpus, model, c, NULL);
		if (num > 1 && kinds[num - 2]->template == c->template)
			add_criteria(corpus, model, kinds[num - 2], c);
	}
}

/* One that many events match, whatever the template. */
static void add_inputs(struct kernel_corpus *corpus, const struct model *model,
		       const struct plm_template *template)
{
	const struct plm_supply *shape = &template->shape;
	static uint8_t letter = 'o';

	for (uint32_t i = 0; i < shape->num_inputs; i++) {
		struct model_criterion c = {
			.template = template, .input = i,
			.op = PLM_OP_NUM_GTE, .number = 1,
		};

		if (shape->inputs[i].type == PLM_TYPE_STRING) {
			c.op = PLM_OP_CONTAINS;
			c.number = 0;
			c.text.data = &letter;
			c.text.len = 1;
		}
		add_criteria(corpus, model, &c, NULL);
	}
}

static bool uses(const struct model *model, const struct plm_template *template)
{
	size_t i = 0;

	while (i < model->num_rules && model->rules[i].template != template)
		i++;
	return i < model->num_rules;
}

static void add_criteria_alone(struct kernel_corpus *corpus,
			       const struct plm_content *content)
{
	const struct plm_template *template;
	struct model model;

	model_decode(&model, content);
	add_kinds(corpus, &model);
	for (uint32_t id = 1; id <= PLM_MAX_TEMPLATES; id++) {
		template = plm_template_find(id);
		if (template && uses(&model, template))
			add_inputs(corpus, &model, template);
	}
	model_free(&model);
}

bool kernel_corpus_seed(struct kernel_corpus *corpus, const uint8_t *data,
			size_t len, bool ours)
{
	struct plm_content content;
	struct plm_fault fault;

	corpus->first = kernel_corpus_add(corpus, data, len, false);
	if (!ours || plm_check(data, (u32)len, 0, &content, &fault))
		return false;
	add_rules(corpus, &content);
	if (plm_num_rules(&content))
		add_criteria_alone(corpus, &content);
	return true;
}
