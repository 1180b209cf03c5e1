/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where templates are kept: one folder each, below the user's cache folder. */
#ifndef VM_TEMPLATE_STORE_H
#define VM_TEMPLATE_STORE_H

#include <jansson.h>
#include <stdbool.h>

struct template_files {
	int ram, state;		/* descriptors; -1: not open */
	json_t *facts;		/* of template.json, or NULL */
};

/*
 * Open the template kept under @key ("sha256:...").  0; -ENOENT where there is
 * none; -EBADMSG where its bytes are not those that were kept; or another
 * negative errno.
 */
int template_store_open(const char *key, struct template_files *out);
void template_store_close(struct template_files *files);

/*
 * A new folder for one that is being made, with empty files "ram" and "state"
 * of which "ram" has @ram_len bytes; its path, or NULL with errno set.
 */
char *template_store_begin(size_t ram_len);

/*
 * Keep what is in @folder under @key with these @facts, to which the digests
 * are added; frees @folder, and the oldest templates beyond a number.  0 or a
 * negative errno, and then nothing is left.
 */
int template_store_keep(char *folder, const char *key, json_t *facts);

/* Remove @folder and free it; the template under @key, where there is one. */
void template_store_drop(char *folder);
void template_store_remove(const char *key);

#endif /* VM_TEMPLATE_STORE_H */
