/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of strangers on a terminal or in a log: a file's name, a rule's title, a
 * kernel's word.  It must not end the line that it stands in, nor move a cursor.
 */
#ifndef BASE_SHOWN_H
#define BASE_SHOWN_H

#include <stdio.h>

/*
 * Print @text as it is, but for control bytes, what is no UTF-8, and characters
 * that only steer (C1, and U+2000 to U+206F, which turn the direction of
 * writing): these as \xNN, byte by byte.
 */
void shown_print(FILE *stream, const char *text);

#endif /* BASE_SHOWN_H */
