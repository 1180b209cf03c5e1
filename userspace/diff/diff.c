// SPDX-License-Identifier: GPL-2.0-or-later
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/model.h"
#include "dump/dump.h"
#include "report/document.h"

/* A list of texts, sorted, each once. */
struct texts {
	char **items;
	size_t num, cap;
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void texts_add(struct texts *texts, char *text)
{
	ARRAY_RESERVE(texts->items, texts->num, texts->cap);
	texts->items[texts->num++] = text;
}

static void texts_sort(struct texts *texts)
{
	size_t kept = 0;

	if (texts->num)
		qsort(texts->items, texts->num, sizeof(*texts->items),
		      compare_texts);
	for (size_t i = 0; i < texts->num; i++) {
		if (kept && !strcmp(texts->items[kept - 1], texts->items[i]))
			free(texts->items[i]);
		else
			texts->items[kept++] = texts->items[i];
	}
	texts->num = kept;
}

static void texts_free(struct texts *texts)
{
	for (size_t i = 0; i < texts->num; i++)
		free(texts->items[i]);
	free(texts->items);
}

/* What is in @a and not in @b. */
static json_t *texts_without(const struct texts *a, const struct texts *b)
{
	json_t *out = json_array();
	size_t k = 0;

	for (size_t i = 0; i < a->num; i++) {
		while (k < b->num && strcmp(b->items[k], a->items[i]) < 0)
			k++;
		if (k == b->num || strcmp(b->items[k], a->items[i]))
			json_array_append_new(out, document_text(a->items[i]));
	}
	return out;
}

static struct texts criteria_of(const struct model *model,
				const struct model_rule *rule)
{
	bool *seen = xcalloc(model->num_criteria, sizeof(*seen));
	struct texts out = { 0 };

	/* One that is tested often is not to stand here as often. */
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		if (PLM_WORD_OP(rule->program[i]) != PLM_WORD_TEST ||
		    seen[arg])
			continue;
		seen[arg] = true;
		texts_add(&out, dump_criterion(&model->criteria[arg]));
	}
	free(seen);
	texts_sort(&out);
	return out;
}

/* "process_creation: Image endswith cased" */
static struct texts uses_of(const struct model *model)
{
	struct texts out = { 0 };

	for (size_t i = 0; i < model->num_criteria; i++) {
		const struct model_criterion *c = &model->criteria[i];

		texts_add(&out, xasprintf("%s: %s %s%s", c->template->name,
			c->template->shape.inputs[c->input].name,
			dump_op(c->op),
			c->flags & PLM_FLAG_CASED ? " cased" : ""));
	}
	texts_sort(&out);
	return out;
}

/* One rule of a side, or of neither where rule is NULL. */
struct side {
	const struct model *model;
	const struct model_rule *rule;
	size_t max_condition;	/* the same on both sides */
};

static char *quoted(const struct model_text *text)
{
	return dump_quote(text->data, text->len);
}

static char *condition_of(const struct side *s)
{
	char *text = dump_condition(s->model, s->rule, s->max_condition);

	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = ' ';
	return text;
}

#define TITLE 2

static char *field_of(const struct side *s, int field)
{
	switch (field) {
	case 0:
		return xstrdup(dump_action(s->rule->action));
	case 1:
		return xstrdup(dump_level(s->rule->level));
	case TITLE:
		return quoted(&s->rule->title);
	case 3:
		return quoted(&s->rule->tags);
	case 4:
		return xstrdup(s->rule->template->name);
	default:
		return condition_of(s);
	}
}

static const char *const fields[] = {
	"action", "level", "title_text", "tags", "template", "condition",
};

/* Put [old, new] of a field that differs, or of one side that is alone. */
static bool put_field(json_t *out, const struct side *old,
		      const struct side *new, int field)
{
	char *before = old->rule ? field_of(old, field) : NULL;
	char *after = new->rule ? field_of(new, field) : NULL;
	bool differs = !before || !after || strcmp(before, after);
	json_t *values;

	if (differs) {
		values = json_array();
		if (before)
			json_array_append_new(values, document_text(before));
		if (after)
			json_array_append_new(values, document_text(after));
		json_object_set_new(out, fields[field], values);
	}
	free(before);
	free(after);
	return differs;
}

static void put_criteria(json_t *out, const struct side *old,
			 const struct side *new)
{
	struct texts before = criteria_of(old->model, old->rule);
	struct texts after = criteria_of(new->model, new->rule);

	json_object_set_new(out, "criteria_removed",
			    texts_without(&before, &after));
	json_object_set_new(out, "criteria_added",
			    texts_without(&after, &before));
	texts_free(&before);
	texts_free(&after);
}

/* False where the rule is the same on both sides. */
static bool put_rule(json_t *rules, const struct side *old,
		     const struct side *new)
{
	const struct model_rule *any = new->rule ? new->rule : old->rule;
	const char *change = !old->rule ? "added" : !new->rule ? "removed" :
			     "changed";
	char *id = xstrndup((char *)any->id.data, any->id.len);
	char *title = quoted(&any->title);
	json_t *out = json_pack("{so so ss}", "id", document_text(id),
				"title", document_text(title),
				"change", change);
	bool differs = false;

	/* The title of one that is not on both sides stands there already. */
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (i != TITLE || (old->rule && new->rule))
			differs |= put_field(out, old, new, (int)i);
	if (old->rule && new->rule && json_object_get(out, "condition"))
		put_criteria(out, old, new);
	if (differs)
		json_array_append(rules, out);
	json_decref(out);
	free(id);
	free(title);
	return differs;
}

static int compare_ids(const struct model_rule *a, const struct model_rule *b)
{
	uint32_t len = a->id.len < b->id.len ? a->id.len : b->id.len;
	int order = memcmp(a->id.data, b->id.data, len);

	return order ? order : (a->id.len > b->id.len) -
			       (a->id.len < b->id.len);
}

/* Rules of a file are sorted by id: a merge finds the pairs. */
static size_t put_rules(json_t *rules, const struct model *old,
			const struct model *new)
{
	size_t max = dump_max_condition(old->num_rules + new->num_rules);
	size_t i = 0, k = 0, num_same = 0;

	while (i < old->num_rules || k < new->num_rules) {
		struct side before = { old, NULL, max };
		struct side after = { new, NULL, max };
		int order = i == old->num_rules ? 1 :
			    k == new->num_rules ? -1 :
			    compare_ids(&old->rules[i], &new->rules[k]);

		if (order <= 0)
			before.rule = &old->rules[i++];
		if (order >= 0)
			after.rule = &new->rules[k++];
		num_same += !put_rule(rules, &before, &after);
	}
	return num_same;
}

static json_t *side_json(const struct diff_side *side)
{
	const struct plm_content *c = &side->loaded->content;

	return json_pack("{so sI sI so sI}", "file", document_text(side->path),
			 "bytes", (json_int_t)side->loaded->len,
			 "channel", (json_int_t)c->channel,
			 "version", document_number(c->version),
			 "num_rules", (json_int_t)plm_num_rules(c));
}

json_t *diff_json(const struct diff_side *old, const struct diff_side *new)
{
	json_t *rules = json_array(), *document;
	struct model before, after;
	struct texts used, uses;
	size_t num_same;

	model_decode(&before, &old->loaded->content);
	model_decode(&after, &new->loaded->content);
	used = uses_of(&before);
	uses = uses_of(&after);
	num_same = put_rules(rules, &before, &after);
	document = json_pack("{so so sb sI so so so}",
			     "old", side_json(old), "new", side_json(new),
			     "same", !json_array_size(rules),
			     "num_same", (json_int_t)num_same,
			     "rules", rules,
			     "first_used", texts_without(&uses, &used),
			     "no_longer_used", texts_without(&used, &uses));
	texts_free(&used);
	texts_free(&uses);
	model_free(&before);
	model_free(&after);
	return document;
}
