/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIGMA_FILES_H
#define SIGMA_FILES_H

#include <stddef.h>

struct sigma_files {
	char **paths;
	size_t num, cap;
};

/*
 * Add a file, or every *.yml and *.yaml below a folder, also where that is a link
 * to a file; links to folders are not followed.  0, or a negative errno: -EINVAL
 * where a pipe or a device has such a name.
 */
int sigma_files_add(struct sigma_files *files, const char *path);

/* Sort by path, and drop what is one file under several paths. */
void sigma_files_sort(struct sigma_files *files);
void sigma_files_free(struct sigma_files *files);

#endif /* SIGMA_FILES_H */
