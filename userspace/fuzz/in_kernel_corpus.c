// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "content/model.h"
#include "fuzz/in_kernel.h"

#define MAX_RULES 64		/* of a file that become inputs of their own */
#define NAME_LEN 24		/* digits of a digest that name a file */

static bool has(const struct kernel_corpus *corpus, const char *digest)
{
	for (size_t i = 0; i < corpus->num; i++)
		if (!strcmp(corpus->inputs[i].digest, digest))
			return true;
	return false;
}

static void keep(const struct kernel_corpus *corpus,
		 const struct kernel_input *input)
{
	char *path = xasprintf("%s/%.*s", corpus->dir, NAME_LEN,
			       input->digest + strlen("sha256:"));
	int err = file_write(path, input->data, input->len);

	if (err)
		fprintf(stderr, "plimsoll: %s: %s\n", path, strerror(-err));
	free(path);
}

void kernel_corpus_add(struct kernel_corpus *corpus, const uint8_t *data,
		       size_t len, bool keeps)
{
	char *digest = digest_of(data, len);
	struct kernel_input *input;

	if (len > FUZZ_MAX_INPUT || has(corpus, digest)) {
		free(digest);
		return;
	}
	ARRAY_RESERVE(corpus->inputs, corpus->num, corpus->cap);
	input = &corpus->inputs[corpus->num++];
	*input = (struct kernel_input){ xmemdup(data, len), len, digest };
	if (!keeps)
		return;
	corpus->num_new++;
	keep(corpus, input);
}

static int by_len(const void *a, const void *b)
{
	const struct kernel_input *one = a, *other = b;

	if (one->len != other->len)
		return one->len < other->len ? -1 : 1;
	return strcmp(one->digest, other->digest);
}

static void read_one(struct kernel_corpus *corpus, const char *name)
{
	char *path = xasprintf("%s/%s", corpus->dir, name);
	uint8_t *data;
	size_t len;

	if (!file_read(path, FUZZ_MAX_INPUT, &data, &len)) {
		kernel_corpus_add(corpus, data, len, false);
		free(data);
	}
	free(path);
}

int kernel_corpus_open(struct kernel_corpus *corpus, const char *dir)
{
	struct dirent *entry;
	int err = file_mkdirs(dir);
	DIR *folder;

	*corpus = (struct kernel_corpus){ .dir = xstrdup(dir) };
	folder = err ? NULL : opendir(dir);
	if (!folder)
		return err ? err : -errno;
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			read_one(corpus, entry->d_name);
	closedir(folder);
	if (corpus->num)
		qsort(corpus->inputs, corpus->num, sizeof(*corpus->inputs),
		      by_len);
	return 0;
}

void kernel_corpus_free(struct kernel_corpus *corpus)
{
	for (size_t i = 0; i < corpus->num; i++) {
		free(corpus->inputs[i].data);
		free(corpus->inputs[i].digest);
	}
	free(corpus->inputs);
	free(corpus->dir);
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

static void add_rule(struct kernel_corpus *corpus,
		     const struct plm_content *content, size_t index)
{
	struct model_error error;
	struct model model;
	uint8_t *data;
	size_t len;

	model_decode(&model, content);
	only_rule(&model, index);
	if (!model_encode(&model, &data, &len, &error)) {
		kernel_corpus_add(corpus, data, len, false);
		free(data);
	}
	model_free(&model);
}

void kernel_corpus_seed(struct kernel_corpus *corpus, const uint8_t *data,
			size_t len, bool ours)
{
	struct plm_content content;
	struct plm_fault fault;
	char *digest = digest_of(data, len);
	size_t num, step;

	kernel_corpus_add(corpus, data, len, false);
	for (size_t i = 0; i < corpus->num; i++)
		if (!strcmp(corpus->inputs[i].digest, digest))
			corpus->first = i;
	free(digest);
	if (!ours || plm_check(data, (u32)len, 0, &content, &fault))
		return;
	num = plm_num_rules(&content);
	step = num / MAX_RULES + 1;
	for (size_t i = 0; num > 1 && i < num; i += step)
		add_rule(corpus, &content, i);
}

static void list_one(const struct kernel_corpus *corpus, size_t index,
		     struct fuzz_list *out)
{
	fuzz_list_add(out, corpus->inputs[index].data,
		      corpus->inputs[index].len, FUZZ_WAY_DIRECT);
}

void kernel_corpus_list(const struct kernel_corpus *corpus,
			struct fuzz_list *out)
{
	list_one(corpus, corpus->first, out);
	for (size_t i = 0; i < corpus->num; i++)
		if (i != corpus->first)
			list_one(corpus, i, out);
}
