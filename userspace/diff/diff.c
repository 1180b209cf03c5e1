// SPDX-License-Identifier: GPL-2.0-or-later
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/model.h"
#include "dump/bounded.h"
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

/*
 * The criteria of both sides by their texts: what reads the same has one rank.
 * A text may be long, and tested by many rules, so it is made once.
 */
struct criteria {
	char **texts;		/* by rank, which ascends with them */
	uint32_t num;
	uint32_t *ranks[2];	/* by side and criterion */
};

struct ranked {
	char *text;
	uint32_t *rank;
};

static int compare_ranked(const void *a, const void *b)
{
	return strcmp(((const struct ranked *)a)->text,
		      ((const struct ranked *)b)->text);
}

static void criteria_make(struct criteria *out, const struct model *sides[2])
{
	size_t num = sides[0]->num_criteria + sides[1]->num_criteria, at = 0;
	struct ranked *all = xcalloc(num + 1, sizeof(*all));

	*out = (struct criteria){
		.texts = xcalloc(num + 1, sizeof(*out->texts)),
	};
	for (int side = 0; side < 2; side++) {
		const struct model *m = sides[side];

		out->ranks[side] = xcalloc(m->num_criteria + 1,
					   sizeof(*out->ranks[side]));
		for (size_t i = 0; i < m->num_criteria; i++)
			all[at++] = (struct ranked){
				dump_criterion(&m->criteria[i]),
				&out->ranks[side][i],
			};
	}
	qsort(all, num, sizeof(*all), compare_ranked);
	for (size_t i = 0; i < num; i++) {
		if (out->num && !strcmp(out->texts[out->num - 1], all[i].text))
			free(all[i].text);
		else
			out->texts[out->num++] = all[i].text;
		*all[i].rank = out->num - 1;
	}
	free(all);
}

static void criteria_free(struct criteria *criteria)
{
	for (uint32_t i = 0; i < criteria->num; i++)
		free(criteria->texts[i]);
	free(criteria->texts);
	free(criteria->ranks[0]);
	free(criteria->ranks[1]);
}

/* The ranks of what a rule tests, ascending, each once. */
struct tested {
	uint32_t *ranks;
	size_t num;
};

static int compare_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static struct tested tested_by(const struct model_rule *rule,
			       const uint32_t *ranks)
{
	struct tested out = {
		xcalloc(rule->program_len + 1, sizeof(*out.ranks)), 0,
	};
	size_t num = 0;

	for (uint32_t i = 0; i < rule->program_len; i++)
		if (PLM_WORD_OP(rule->program[i]) == PLM_WORD_TEST)
			out.ranks[num++] =
				ranks[PLM_WORD_ARG(rule->program[i])];
	qsort(out.ranks, num, sizeof(*out.ranks), compare_u32);
	/* One that is tested often is not to stand here as often. */
	for (size_t i = 0; i < num; i++)
		if (!i || out.ranks[i] != out.ranks[i - 1])
			out.ranks[out.num++] = out.ranks[i];
	return out;
}

/*
 * What is in @a and not in @b: texts of @max bytes together, and at last how
 * much more there is.
 */
static json_t *tested_without(const struct criteria *criteria,
			      const struct tested *a, const struct tested *b,
			      size_t max)
{
	json_t *out = json_array();
	struct bounded rest;
	size_t k = 0;
	char *end;

	bounded_begin(&rest, 0);
	for (size_t i = 0; i < a->num; i++) {
		const char *text = criteria->texts[a->ranks[i]];

		while (k < b->num && b->ranks[k] < a->ranks[i])
			k++;
		if (k < b->num && b->ranks[k] == a->ranks[i])
			continue;
		if (!rest.len && strlen(text) <= max) {
			max -= strlen(text);
			json_array_append_new(out, document_text(text));
			continue;
		}
		bounded_put(&rest, text);
		bounded_put(&rest, "\n");
	}
	end = bounded_end(&rest);
	if (*end)
		json_array_append_new(out, document_text(end));
	free(end);
	return out;
}

/* One rule of a side, or of neither where rule is NULL. */
struct side {
	const struct model *model;
	const struct model_rule *rule;
	const uint32_t *ranks;	/* of the model's criteria */
	size_t max;		/* of its condition and of what came or went */
};

static char *quoted(const struct model_text *text)
{
	return dump_quote(text->data, text->len);
}

static char *condition_of(const struct side *s)
{
	char *text = dump_condition(s->model, s->rule, s->max);

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

static void put_criteria(json_t *out, const struct criteria *criteria,
			 const struct side *old, const struct side *new)
{
	struct tested before = tested_by(old->rule, old->ranks);
	struct tested after = tested_by(new->rule, new->ranks);
	size_t max = new->max;

	json_object_set_new(out, "criteria_removed",
			    tested_without(criteria, &before, &after, max));
	json_object_set_new(out, "criteria_added",
			    tested_without(criteria, &after, &before, max));
	free(before.ranks);
	free(after.ranks);
}

/* False where the rule is the same on both sides. */
static bool put_rule(json_t *rules, const struct criteria *criteria,
		     const struct side *old, const struct side *new)
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
		put_criteria(out, criteria, old, new);
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
static size_t put_rules(json_t *rules, const struct criteria *criteria,
			const struct model *old, const struct model *new)
{
	/* On either side there may be a condition and a list of criteria. */
	size_t max = dump_max_condition(2 * (old->num_rules + new->num_rules));
	size_t i = 0, k = 0, num_same = 0;

	while (i < old->num_rules || k < new->num_rules) {
		struct side before = { old, NULL, criteria->ranks[0], max };
		struct side after = { new, NULL, criteria->ranks[1], max };
		int order = i == old->num_rules ? 1 :
			    k == new->num_rules ? -1 :
			    compare_ids(&old->rules[i], &new->rules[k]);

		if (order <= 0)
			before.rule = &old->rules[i++];
		if (order >= 0)
			after.rule = &new->rules[k++];
		num_same += !put_rule(rules, criteria, &before, &after);
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
	const struct model *sides[] = { &before, &after };
	struct criteria criteria;
	struct texts used, uses;
	size_t num_same;

	model_decode(&before, &old->loaded->content);
	model_decode(&after, &new->loaded->content);
	used = uses_of(&before);
	uses = uses_of(&after);
	criteria_make(&criteria, sides);
	num_same = put_rules(rules, &criteria, &before, &after);
	document = json_pack("{so so sb sI so so so}",
			     "old", side_json(old), "new", side_json(new),
			     "same", !json_array_size(rules),
			     "num_same", (json_int_t)num_same,
			     "rules", rules,
			     "first_used", texts_without(&uses, &used),
			     "no_longer_used", texts_without(&used, &uses));
	criteria_free(&criteria);
	texts_free(&used);
	texts_free(&uses);
	model_free(&before);
	model_free(&after);
	return document;
}
