/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Read the whole of a regular file or pipe of at most @max_len bytes.  Returns
 * 0 and an allocated buffer (the caller frees it), or a negative errno: -EFBIG
 * for a larger one, -EISDIR for a folder.  A file that is held (base/held.h) is
 * not read again.
 */
int file_read(const char *path, size_t max_len, uint8_t **out_data,
	      size_t *out_len);

/*
 * Write a file so that at every moment the path holds the old bytes or all of
 * the new ones: temporary file beside it, fsync, rename, fsync of the folder.
 * Returns 0 or a negative errno, and then nothing is left behind.  What is there
 * under this name, be it a link, is replaced and never followed.
 */
int file_write(const char *path, const void *data, size_t len);

/*
 * The same to where a person has named: a link to a file stays one, and leads to
 * the new bytes; a device or a pipe is written to.
 */
int file_write_to(const char *path, const void *data, size_t len);

/* Create a folder and its parents.  0 or a negative errno. */
int file_mkdirs(const char *path);

/*
 * The path of a part of the product: ("guest/init").  Looked for beside the
 * running command (the build tree), in ../lib/plimsoll from there, and then in
 * the folder that was named when it was built.
 * The caller frees it.  It need not exist.
 */
char *file_part(const char *name);

/* $XDG_CACHE_HOME/plimsoll or ~/.cache/plimsoll; the caller frees it. */
char *file_cache_dir(void);

#endif /* BASE_FILE_H */
