// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/shell_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(const char *word)
{
	for (const char *p = word; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_./:+=,@%", *p))
			return false;
	return *word;
}

/* Within single quotes a shell takes everything as it is but their end. */
static void add_quoted(struct vm_bytes *line, const char *word)
{
	vm_bytes_add(line, "'", 1);
	for (const char *p = word; *p; p++)
		if (*p == '\'')
			vm_bytes_add(line, "'\\''", 4);
		else
			vm_bytes_add(line, p, 1);
	vm_bytes_add(line, "'", 1);
}

/* Bytes that no report can show: printf makes them again. */
static void add_printed(struct vm_bytes *line, const char *word)
{
	char octal[8];

	vm_bytes_add(line, "\"$(printf '", 11);
	for (const char *p = word; *p; p++) {
		snprintf(octal, sizeof(octal), "\\%03o", (unsigned char)*p);
		if (isalnum((unsigned char)*p))
			vm_bytes_add(line, p, 1);
		else
			vm_bytes_add(line, octal, strlen(octal));
	}
	vm_bytes_add(line, "')\"", 3);
}

void shell_word_add(struct vm_bytes *line, const char *word)
{
	bool shown = true;

	if (line->len)
		vm_bytes_add(line, " ", 1);
	for (const char *p = word; *p; p++)
		shown &= *p >= ' ' && *p < 0x7f;
	if (is_plain(word))
		vm_bytes_add(line, word, strlen(word));
	else if (shown)
		add_quoted(line, word);
	else
		add_printed(line, word);
}

void shell_option_add(struct vm_bytes *line, const char *option,
		      const char *value)
{
	if (!value)
		return;
	shell_word_add(line, option);
	shell_word_add(line, value);
}
