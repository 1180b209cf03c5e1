/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that a report gives, to be pasted into a shell. */
#ifndef VM_SHELL_WORD_H
#define VM_SHELL_WORD_H

#include "vm/bytes.h"

/*
 * Add @word to the line as one word of it, quoted where that is needed, so that
 * a shell takes it for exactly these bytes, and no line of it for a command.
 */
void shell_word_add(struct vm_bytes *line, const char *word);

/* The option and its value; nothing where the value is NULL. */
void shell_option_add(struct vm_bytes *line, const char *option,
		      const char *value);

#endif /* VM_SHELL_WORD_H */
