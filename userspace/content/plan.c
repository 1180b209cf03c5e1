// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/validate.h"

int model_fail(struct model_error *error, size_t rule, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(error->text, sizeof(error->text), format, ap);
	va_end(ap);
	error->rule = rule;
	return -1;
}

const struct model_rule *plan_rule(const struct plan *plan, uint32_t index)
{
	return &plan->model->rules[plan->rules[index]];
}

const struct model_criterion *plan_criterion(const struct plan *plan,
					     uint32_t index)
{
	return &plan->model->criteria[plan->criteria[index]];
}

uint32_t plan_template_index(const struct plan *plan,
			     const struct plm_template *template)
{
	uint32_t i = 0;

	while (plan->templates[i].template != template)
		i++;
	return i;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_texts(const struct model_text *a,
			 const struct model_text *b)
{
	uint32_t len = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->data, b->data, len);

	return order ? order : compare_u64(a->len, b->len);
}

static int compare_rules(const void *a, const void *b, void *model)
{
	const struct model_rule *rules = ((const struct model *)model)->rules;

	return compare_texts(&rules[*(const uint32_t *)a].id,
			     &rules[*(const uint32_t *)b].id);
}

static int compare_criteria(const void *a, const void *b, void *model)
{
	const struct model_criterion *all =
		((const struct model *)model)->criteria;
	const struct model_criterion *x = &all[*(const uint32_t *)a];
	const struct model_criterion *y = &all[*(const uint32_t *)b];
	uint64_t keys[][2] = {
		{ x->template->shape.template_id,
		  y->template->shape.template_id },
		{ x->input, y->input },
		{ x->op, y->op },
		{ x->flags, y->flags },
		{ x->number, y->number },
	};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i][0] != keys[i][1])
			return compare_u64(keys[i][0], keys[i][1]);
	return compare_texts(&x->text, &y->text);
}

static int order_rules(struct plan *plan, struct model_error *error)
{
	const struct model *model = plan->model;

	plan->num_rules = (uint32_t)model->num_rules;
	plan->rules = xcalloc(plan->num_rules, sizeof(*plan->rules));
	for (uint32_t i = 0; i < plan->num_rules; i++)
		plan->rules[i] = i;
	qsort_r(plan->rules, plan->num_rules, sizeof(*plan->rules),
		compare_rules, (void *)model);
	for (uint32_t i = 1; i < plan->num_rules; i++)
		if (!compare_rules(&plan->rules[i - 1], &plan->rules[i],
				   (void *)model))
			return model_fail(error, plan->rules[i],
					  "two rules have this id");
	return 0;
}

/* Which criteria some rule tests, and the first rule that does. */
static void find_testers(const struct model *model, uint32_t *tester)
{
	memset(tester, 0xff, model->num_criteria * sizeof(*tester));
	for (size_t i = 0; i < model->num_rules; i++) {
		const struct model_rule *rule = &model->rules[i];

		for (uint32_t j = 0; j < rule->program_len; j++) {
			uint32_t word = rule->program[j];

			if (PLM_WORD_OP(word) == PLM_WORD_TEST &&
			    tester[PLM_WORD_ARG(word)] == PLAN_UNUSED)
				tester[PLM_WORD_ARG(word)] = (uint32_t)i;
		}
	}
}

/* Equal criteria (of a model not made by model_criterion) become one. */
static void order_criteria(struct plan *plan, const uint32_t *tester)
{
	const struct model *model = plan->model;
	uint32_t *order = xcalloc(model->num_criteria, sizeof(*order));
	uint32_t num = 0, kept = 0;

	for (size_t i = 0; i < model->num_criteria; i++)
		if (tester[i] != PLAN_UNUSED)
			order[num++] = (uint32_t)i;
	qsort_r(order, num, sizeof(*order), compare_criteria, (void *)model);
	plan->first_rule = xcalloc(num, sizeof(*plan->first_rule));
	plan->criterion_of = xcalloc(model->num_criteria,
				     sizeof(*plan->criterion_of));
	memset(plan->criterion_of, 0xff,
	       model->num_criteria * sizeof(*plan->criterion_of));
	for (uint32_t i = 0; i < num; i++) {
		uint32_t index = order[i];

		if (!kept || compare_criteria(&order[kept - 1], &index,
					      (void *)model)) {
			order[kept] = index;
			plan->first_rule[kept++] = tester[index];
		}
		plan->criterion_of[index] = kept - 1;
	}
	plan->criteria = order;
	plan->num_criteria = kept;
}

static int compare_templates(const void *a, const void *b)
{
	const struct plan_template *x = a, *y = b;

	return compare_u64(x->template->shape.template_id,
			   y->template->shape.template_id);
}

static int find_templates(struct plan *plan, struct model_error *error)
{
	const struct model *model = plan->model;
	struct plan_template *t;

	for (size_t i = 0; i < model->num_rules; i++) {
		for (t = plan->templates;
		     t < plan->templates + plan->num_templates; t++)
			if (t->template == model->rules[i].template)
				break;
		if (t == plan->templates + PLM_MAX_TEMPLATES)
			return model_fail(error, i, "too many templates");
		if (t == plan->templates + plan->num_templates) {
			t->template = model->rules[i].template;
			plan->num_templates++;
		}
		t->num_rules++;
	}
	qsort(plan->templates, plan->num_templates, sizeof(*plan->templates),
	      compare_templates);
	for (uint32_t i = 0; i < plan->num_criteria; i++) {
		const struct model_criterion *c = plan_criterion(plan, i);

		t = &plan->templates[plan_template_index(plan, c->template)];
		if (t->num_inputs < last_input(c) + 1)
			t->num_inputs = last_input(c) + 1;
	}
	return 0;
}

int plan_make(struct plan *plan, const struct model *model,
	      struct model_error *out_error)
{
	uint32_t *tester;

	memset(plan, 0, sizeof(*plan));
	plan->model = model;
	if (validate_model(model, out_error) || order_rules(plan, out_error))
		return -1;
	tester = xcalloc(model->num_criteria, sizeof(*tester));
	find_testers(model, tester);
	order_criteria(plan, tester);
	free(tester);
	if (plan->num_criteria > PLM_MAX_CRITERIA)
		return model_fail(out_error, SIZE_MAX,
				  "more than %u criteria", PLM_MAX_CRITERIA);
	return find_templates(plan, out_error);
}

void plan_free(struct plan *plan)
{
	free(plan->rules);
	free(plan->criteria);
	free(plan->criterion_of);
	free(plan->first_rule);
}
