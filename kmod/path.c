// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths as text.
 */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "compat.h"
#include "path.h"
#include "value.h"

/*
 * Whether the file is unlinked is asked after d_path has said so in the text,
 * for a file's own name may end that way, too.
 */
static size_t undeleted_len(const struct path *path, const char *text)
{
	static const char mark[] = " (deleted)";
	size_t mark_len = sizeof(mark) - 1;
	size_t len = strlen(text);

	if (len > mark_len && d_unlinked(path->dentry) &&
	    !strcmp(text + len - mark_len, mark))
		len -= mark_len;
	return len;
}

static bool tell(const struct path *path, char *buf, struct plm_value *out)
{
	char *text = d_path(path, buf, PLM_PATH_LEN);

	if (IS_ERR(text)) {
		plm_value_text(out, buf,
			       scnprintf(buf, PLM_PATH_LEN, "%pd4",
					 path->dentry));
		return false;
	}
	plm_value_text(out, text, undeleted_len(path, text));
	return true;
}

bool plm_path_of_file(const struct file *file, char *buf,
		      struct plm_value *out)
{
	return tell(&file->f_path, buf, out);
}

/* A folder that ends in a slash is a root. */
bool plm_path_of_child(const struct path *folder, const struct dentry *name,
		       char *buf, struct plm_value *out)
{
	u32 name_len = name->d_name.len;
	bool whole = tell(folder, buf, out);
	u32 len = out->len;

	if (len && out->data[len - 1] == '/')
		len--;
	if (!whole || len + 1 + name_len > PLM_PATH_LEN) {
		plm_value_text(out, buf,
			       scnprintf(buf, PLM_PATH_LEN, "%pd4", name));
		return false;
	}
	memmove(buf, out->data, len);
	buf[len] = '/';
	memcpy(buf + len + 1, name->d_name.name, name_len);
	plm_value_text(out, buf, len + 1 + name_len);
	return true;
}

bool plm_path_of_pwd(char *buf, struct plm_value *out)
{
	struct fs_struct *fs = current->fs;
	bool whole;

	if (!fs)
		return true;
	/*
	 * A reference of our own would have to be dropped, which may sleep:
	 * hold the owner's instead.
	 */
	plm_hold_pwd(fs);
	whole = tell(&fs->pwd, buf, out);
	plm_release_pwd(fs);
	return whole;
}
