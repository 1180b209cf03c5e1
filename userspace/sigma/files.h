/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIGMA_FILES_H
#define SIGMA_FILES_H

#include <stddef.h>

struct sigma_files {
	char **paths;
	size_t num, cap;
};

/*
 * Add a file, or every *.yml and *.yaml below a folder (links inside of it are
 * not followed).  0, or a negative errno.
 */
int sigma_files_add(struct sigma_files *files, const char *path);

/* Sort by path, and drop what is one file under several paths. */
void sigma_files_sort(struct sigma_files *files);
void sigma_files_free(struct sigma_files *files);

#endif /* SIGMA_FILES_H */
