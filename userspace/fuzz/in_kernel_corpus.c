// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/in_kernel.h"

#define NAME_LEN 24		/* digits of a digest that name a file */

/* The index of an input, or as many as there are. */
static size_t find(const struct kernel_corpus *corpus, const char *digest)
{
	size_t i = 0;

	while (i < corpus->num && strcmp(corpus->inputs[i].digest, digest))
		i++;
	return i;
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

size_t kernel_corpus_add(struct kernel_corpus *corpus, const uint8_t *data,
			 size_t len, bool keeps)
{
	char *digest = digest_of(data, len);
	size_t at = find(corpus, digest);

	if (len > FUZZ_MAX_INPUT || at < corpus->num) {
		free(digest);
		return at;
	}
	ARRAY_RESERVE(corpus->inputs, corpus->num, corpus->cap);
	corpus->inputs[corpus->num++] = (struct kernel_input){
		xmemdup(data, len), len, digest };
	if (keeps) {
		corpus->num_new++;
		keep(corpus, &corpus->inputs[at]);
	}
	return at;
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

void kernel_corpus_list(const struct kernel_corpus *corpus, size_t max_len,
			struct fuzz_list *out)
{
	const struct kernel_input *first = &corpus->inputs[corpus->first];

	fuzz_list_add(out, first->data, first->len, FUZZ_WAY_DIRECT);
	for (size_t i = 0; i < corpus->num; i++) {
		const struct kernel_input *input = &corpus->inputs[i];

		if (input != first && input->len <= max_len)
			fuzz_list_add(out, input->data, input->len,
				      FUZZ_WAY_DIRECT);
	}
}
