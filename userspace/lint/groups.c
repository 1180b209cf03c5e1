// SPDX-License-Identifier: GPL-2.0-or-later
#include "lint/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/bytes.h"
#include "report/stage.h"

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

/* A criterion by what it says: its place differs from file to file. */
static char *digest_of_criterion(const struct model_criterion *c)
{
	struct bytes b = { 0 };
	char *digest;

	bytes_put_int(&b, c->input, 4);
	bytes_put_int(&b, c->op, 4);
	bytes_put_int(&b, c->flags, 4);
	bytes_put_int(&b, c->number, 8);
	bytes_put(&b, c->text.data, c->text.len);
	digest = digest_of(b.data, b.len);
	bytes_free(&b);
	return digest;
}

/* @scratch is overwritten. */
static char *digest_of_condition(const struct model_rule *rule,
				 char *const *criteria, struct bytes *scratch)
{
	scratch->len = 0;
	bytes_put(scratch, rule->template->name,
		  strlen(rule->template->name) + 1);
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t word = rule->program[i];
		const char *text;

		if (PLM_WORD_OP(word) != PLM_WORD_TEST) {
			bytes_put_int(scratch, word, 4);
			continue;
		}
		bytes_put_int(scratch, PLM_WORD(PLM_WORD_TEST, 0), 4);
		text = criteria[PLM_WORD_ARG(word)];
		bytes_put(scratch, text, strlen(text));
	}
	return digest_of(scratch->data, scratch->len);
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

/*
 * Digests of conditions, which are the same in every file; sorted.  As texts
 * conditions would be far larger than the file, which has each criterion once.
 */
static char **conditions_of(const struct model *model)
{
	char **criteria = xcalloc(model->num_criteria, sizeof(*criteria));
	char **digests = xcalloc(model->num_rules, sizeof(*digests));
	struct bytes scratch = { 0 };

	for (size_t i = 0; i < model->num_criteria; i++)
		criteria[i] = digest_of_criterion(&model->criteria[i]);
	for (size_t i = 0; i < model->num_rules; i++)
		digests[i] = digest_of_condition(&model->rules[i], criteria,
						 &scratch);
	free_texts(criteria, model->num_criteria);
	bytes_free(&scratch);
	qsort(digests, model->num_rules, sizeof(*digests), compare_texts);
	return digests;
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
	result = doubled(after, now->num_rules, before, was->num_rules);
	free_texts(after, now->num_rules);
	free_texts(before, was->num_rules);
	return result;
}
