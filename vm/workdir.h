/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder of our own, for the time of a command.  What a command that was
 * killed has left is removed by the next one that makes a folder there.
 */
#ifndef VM_WORKDIR_H
#define VM_WORKDIR_H

/* A new folder's path below $TMPDIR or @base, or NULL with errno set. */
char *workdir_make(void);
char *workdir_make_in(const char *base);
/* Remove it with all that is in it, and free the path; NULL is fine. */
void workdir_remove(char *path);
/*
 * It becomes @to, which is not there or empty, and is nobody's then.  0, or -errno
 * and it is removed; the path is freed.
 */
int workdir_keep(char *path, const char *to);

#endif /* VM_WORKDIR_H */
