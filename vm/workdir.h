/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of our own below $TMPDIR, for the time of a command. */
#ifndef VM_WORKDIR_H
#define VM_WORKDIR_H

/* A new folder's path, or NULL with errno set. */
char *workdir_make(void);
/* Remove it with all that is in it, and free the path; NULL is fine. */
void workdir_remove(char *path);

#endif /* VM_WORKDIR_H */
