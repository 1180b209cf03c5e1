/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are read once, however many stages ask for them.
 *
 * A verdict is about bytes, not about a name: what a name leads to may be
 * replaced while the stages run, and a pipe can be read only once.  A verb
 * holds what it was given before it begins; file_read() then gives every stage
 * the same bytes.
 */
#ifndef BASE_HELD_H
#define BASE_HELD_H

#include <stddef.h>
#include <stdint.h>

#include "base/words.h"

struct held {
	struct held *next;
	char *path;
	uint8_t *data;
	size_t len;
	int err;	/* of reading it, a negative errno */
};

/*
 * Read this file now, of at most @max_len bytes, for every later file_read()
 * of the same path; nothing is done if @path is NULL or held already.  What
 * can't be read is held as well: later reads fail as this one did.
 *
 * Not while other threads read files.
 */
void held_add(const char *path, size_t max_len);
void held_add_all(const struct words *paths, size_t max_len);

/* The file of this path, or NULL where it isn't held. */
const struct held *held_find(const char *path);

/* Let go of all of them. */
void held_free(void);

#endif /* BASE_HELD_H */
