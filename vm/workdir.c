// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/workdir.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define MAX_FDS 16

char *workdir_make(void)
{
	const char *base = getenv("TMPDIR");
	char *path = xasprintf("%s/plimsoll-XXXXXX",
			       base && base[0] == '/' ? base : "/tmp");

	if (mkdtemp(path))
		return path;
	free(path);
	return NULL;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	/* What can't be removed is left; there is nobody to tell. */
	remove(path);
	return 0;
}

void workdir_remove(char *path)
{
	if (!path)
		return;
	nftw(path, remove_one, MAX_FDS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(path);
}
