// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/files.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

static void add(struct sigma_files *files, const char *path)
{
	ARRAY_RESERVE(files->paths, files->num, files->cap);
	files->paths[files->num++] = xstrdup(path);
}

static bool is_rule_file(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (!strcmp(dot, ".yml") || !strcmp(dot, ".yaml"));
}

/* What has a rule's name, is no folder, and must not be left out unsaid. */
static int add_entry(struct sigma_files *files, const FTSENT *entry)
{
	struct stat st;

	if (!is_rule_file(entry->fts_name) || entry->fts_info == FTS_D ||
	    entry->fts_info == FTS_DP)
		return 0;
	/* A link that leads nowhere is reported when it is read. */
	if (stat(entry->fts_accpath, &st) || S_ISREG(st.st_mode))
		add(files, entry->fts_path);
	else if (!S_ISDIR(st.st_mode))
		return -EINVAL;	/* to read it could take for ever */
	return 0;
}

static int add_folder(struct sigma_files *files, const char *path)
{
	char *const roots[] = { (char *)path, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW,
			    NULL);
	FTSENT *entry;
	int err = 0;

	if (!fts)
		return -errno;
	while (!err && (errno = 0, entry = fts_read(fts))) {
		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
		    entry->fts_info == FTS_NS)
			err = -entry->fts_errno;
		else
			err = add_entry(files, entry);
	}
	if (!err && errno)
		err = -errno;
	fts_close(fts);
	return err;
}

int sigma_files_add(struct sigma_files *files, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return add_folder(files, path);
	add(files, path);
	return 0;
}

struct named {
	char *path;
	dev_t dev;
	ino_t ino;
};

static int by_identity(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void sigma_files_sort(struct sigma_files *files)
{
	struct named *named = xcalloc(files->num, sizeof(*named));
	size_t kept = 0;

	for (size_t i = 0; i < files->num; i++) {
		struct stat st = { 0 };

		/* One that is gone stays, to be reported when it is read. */
		stat(files->paths[i], &st);
		named[i] = (struct named){ files->paths[i], st.st_dev,
					   st.st_ino };
	}
	qsort(named, files->num, sizeof(*named), by_identity);
	for (size_t i = 0; i < files->num; i++) {
		if (i && named[i].ino && named[i].ino == named[i - 1].ino &&
		    named[i].dev == named[i - 1].dev)
			free(named[i].path);
		else
			files->paths[kept++] = named[i].path;
	}
	files->num = kept;
	free(named);
	if (kept)
		qsort(files->paths, kept, sizeof(*files->paths), by_path);
}

void sigma_files_free(struct sigma_files *files)
{
	for (size_t i = 0; i < files->num; i++)
		free(files->paths[i]);
	free(files->paths);
	memset(files, 0, sizeof(*files));
}
