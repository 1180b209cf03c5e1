// SPDX-License-Identifier: GPL-2.0-or-later
/* The model's memory, and the table that finds a criterion again. */
#include "content/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MIN_INDEX_LEN 64

void model_init(struct model *model, uint32_t channel, uint64_t version)
{
	memset(model, 0, sizeof(*model));
	model->channel = channel;
	model->version = version;
}

void model_free(struct model *model)
{
	for (size_t i = 0; i < model->num_rules; i++) {
		struct model_rule *rule = &model->rules[i];

		free(rule->id.data);
		free(rule->title.data);
		free(rule->tags.data);
		free(rule->program);
	}
	for (size_t i = 0; i < model->num_criteria; i++)
		free(model->criteria[i].text.data);
	free(model->rules);
	free(model->criteria);
	free(model->index);
	model_init(model, 0, 0);
}

struct model_rule *model_rule_add(struct model *model)
{
	struct model_rule *rule;

	ARRAY_RESERVE(model->rules, model->num_rules, model->cap_rules);
	rule = &model->rules[model->num_rules++];
	memset(rule, 0, sizeof(*rule));
	return rule;
}

void model_text_set(struct model_text *text, const void *data, size_t len)
{
	uint8_t *copy = xmemdup(data, len);

	free(text->data);
	text->data = copy;
	text->len = (uint32_t)len;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t criterion_hash(const struct model_criterion *c)
{
	uint64_t key[] = {
		c->template->shape.template_id, c->input, c->op, c->flags,
		c->number,
	};
	uint64_t hash = hash_bytes(0xcbf29ce484222325u, key, sizeof(key));

	hash = hash_bytes(hash, c->text.data, c->text.len);
	return hash ^ hash >> 32;
}

static bool criterion_same(const struct model_criterion *a,
			   const struct model_criterion *b)
{
	return a->template == b->template && a->input == b->input &&
	       a->op == b->op && a->flags == b->flags &&
	       a->number == b->number && a->text.len == b->text.len &&
	       !memcmp(a->text.data, b->text.data, a->text.len);
}

/* The place of this criterion, or the free one where it belongs. */
static uint32_t *index_place(struct model *model,
			     const struct model_criterion *criterion)
{
	size_t mask = model->index_len - 1;
	size_t i = criterion_hash(criterion) & mask;

	while (model->index[i] &&
	       !criterion_same(&model->criteria[model->index[i] - 1],
			       criterion))
		i = (i + 1) & mask;
	return &model->index[i];
}

/* At most half full, so that a search always ends and ends soon. */
static void index_reserve(struct model *model)
{
	if (model->index_len >= 2 * (model->num_criteria + 1))
		return;
	free(model->index);
	model->index_len = model->index_len ? model->index_len * 2 :
					      MIN_INDEX_LEN;
	model->index = xcalloc(model->index_len, sizeof(*model->index));
	for (size_t i = 0; i < model->num_criteria; i++)
		*index_place(model, &model->criteria[i]) = (uint32_t)i + 1;
}

static void fold(struct model_text *text)
{
	for (uint32_t i = 0; i < text->len; i++)
		if (text->data[i] >= 'A' && text->data[i] <= 'Z')
			text->data[i] += 'a' - 'A';
}

uint32_t model_criterion(struct model *model, const struct plm_template *t,
			 uint32_t input, uint32_t op, uint32_t flags,
			 const void *text, uint32_t text_len, uint64_t number)
{
	struct model_criterion criterion = {
		.template = t, .input = input, .op = op, .flags = flags,
		.number = number,
		.text = { xmemdup(text, text_len), text_len },
	};
	uint32_t *place;

	if (!(flags & PLM_FLAG_CASED))
		fold(&criterion.text);
	index_reserve(model);
	place = index_place(model, &criterion);
	if (*place) {
		free(criterion.text.data);
		return *place - 1;
	}
	ARRAY_RESERVE(model->criteria, model->num_criteria,
		      model->cap_criteria);
	model->criteria[model->num_criteria++] = criterion;
	*place = (uint32_t)model->num_criteria;
	return *place - 1;
}
