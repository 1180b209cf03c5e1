// SPDX-License-Identifier: GPL-2.0-or-later
#include "lint/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dump/dump.h"

struct entry {
	const struct model_rule *rule;
	uint32_t index;
};

static int compare_words(const struct model_rule *a,
			 const struct model_rule *b)
{
	if (a->template != b->template)
		return a->template < b->template ? -1 : 1;
	if (a->program_len != b->program_len)
		return a->program_len < b->program_len ? -1 : 1;
	return memcmp(a->program, b->program,
		      a->program_len * sizeof(*a->program));
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_words(a->rule, b->rule);

	return order ? order : (a->index > b->index) - (a->index < b->index);
}

uint32_t *groups_of_words(const struct model *model)
{
	struct entry *entries = xcalloc(model->num_rules, sizeof(*entries));
	uint32_t *first = xcalloc(model->num_rules, sizeof(*first));

	for (uint32_t i = 0; i < model->num_rules; i++)
		entries[i] = (struct entry){ &model->rules[i], i };
	qsort(entries, model->num_rules, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < model->num_rules; i++)
		first[entries[i].index] =
			i && !compare_words(entries[i - 1].rule,
					    entries[i].rule) ?
			first[entries[i - 1].index] : entries[i].index;
	free(entries);
	return first;
}

/* Conditions in words, which mean the same in every file; sorted. */
static char **conditions_of(const struct model *model)
{
	char **texts = xcalloc(model->num_rules, sizeof(*texts));

	for (size_t i = 0; i < model->num_rules; i++) {
		char *condition = dump_condition(model, &model->rules[i]);

		texts[i] = xasprintf("%s: %s", model->rules[i].template->name,
				     condition);
		free(condition);
	}
	return texts;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_texts(char **texts, size_t num)
{
	for (size_t i = 0; i < num; i++)
		free(texts[i]);
	free(texts);
}

/* How many from @at on are like the first of them. */
static size_t run_of(char **texts, size_t num, size_t at)
{
	size_t end = at;

	while (end < num && !strcmp(texts[end], texts[at]))
		end++;
	return end - at;
}

static bool doubled(char **now, size_t num_now, char **was, size_t num_was)
{
	size_t k = 0, len, num_there = 0, num_all = 0;

	for (size_t i = 0; i < num_was; i += len) {
		size_t times;

		len = run_of(was, num_was, i);
		num_all++;
		while (k < num_now && strcmp(now[k], was[i]) < 0)
			k++;
		if (k == num_now || strcmp(now[k], was[i]))
			continue;
		times = run_of(now, num_now, k);
		if (times < 2 * len)
			return false;
		num_there++;
	}
	return num_there && 2 * num_there >= num_all;
}

bool groups_are_doubled(const struct model *now, const struct model *was)
{
	char **after, **before;
	bool result;

	if (now->num_rules < 2)
		return false;
	after = conditions_of(now);
	before = conditions_of(was);
	qsort(after, now->num_rules, sizeof(*after), compare_texts);
	qsort(before, was->num_rules, sizeof(*before), compare_texts);
	result = doubled(after, now->num_rules, before, was->num_rules);
	free_texts(after, now->num_rules);
	free_texts(before, was->num_rules);
	return result;
}
