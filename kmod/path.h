/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths as text, without sleeping.  A path is told from the root of the
 * process that is current, as that process would spell it.
 */
#ifndef PLM_PATH_H
#define PLM_PATH_H

#include <linux/fs.h>

#include "plm_eval.h"

#define PLM_PATH_LEN 4096	/* bytes of buffer for one path */

/*
 * Make *@out the path of @file in @buf[PLM_PATH_LEN].  The mark that d_path
 * puts behind a deleted file is taken off, so that deleting a file does not
 * hide it from a rule; a memfd stays "/memfd:NAME (deleted)".
 * A path longer than the buffer is told by its last four names, and false is
 * returned.
 */
bool plm_path_of_file(const struct file *file, char *buf,
		      struct plm_value *out);

/* The same for @name, there or not yet, in @folder, which is locked. */
bool plm_path_of_child(const struct path *folder, const struct dentry *name,
		       char *buf, struct plm_value *out);

/* The same for the working directory of current. */
bool plm_path_of_pwd(char *buf, struct plm_value *out);

#endif /* PLM_PATH_H */
