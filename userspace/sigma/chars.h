/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a YAML file as characters, and where each stands, counted as
 * libyaml does: UTF-8, or UTF-16 behind a byte order mark, which is no
 * character.  Nothing is validated: of what is malformed each byte that can't
 * begin a character is one, and libyaml then refuses the file.
 */
#ifndef SIGMA_CHARS_H
#define SIGMA_CHARS_H

#include <stdbool.h>
#include <stdint.h>

#include "sigma/error.h"

struct chars {
	const uint8_t *data;
	size_t len;
	size_t off;		/* of the next character, in bytes */
	size_t index;		/* characters before it */
	struct position at;	/* its line and column */
	bool wide, little;	/* UTF-16, and its order */
};

void chars_begin(struct chars *chars, const uint8_t *data, size_t len);

/* How many bytes the next character has; 0 at the end. */
size_t chars_width(const struct chars *chars);
/* The next character; of one beyond U+FFFF some other number beyond it. */
uint32_t chars_peek(const struct chars *chars);
void chars_step(struct chars *chars);

#endif /* SIGMA_CHARS_H */
