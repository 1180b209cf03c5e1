// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mutants/source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

#define MAX_LEN ((size_t)4 << 20)

void source_read(struct source *source, const char *path)
{
	uint8_t *data;
	size_t len;

	*source = (struct source){ .path = xstrdup(path) };
	if (file_read(path, MAX_LEN, &data, &len))
		exit(3);
	source->text = xstrndup((const char *)data, len);
	source->len = len;
	free(data);
}

void source_free(struct source *source)
{
	for (size_t i = 0; i < source->num_edits; i++)
		free(source->edits[i].text);
	free(source->edits);
	free(source->path);
	free(source->text);
	free(source->tail);
}

static void add_edit(struct source *source, struct edit edit, const char *text)
{
	ARRAY_RESERVE(source->edits, source->num_edits, source->cap_edits);
	edit.order = source->num_edits;
	edit.text = xstrdup(text);
	source->edits[source->num_edits++] = edit;
}

void source_wrap(struct source *source, struct range range, const char *open,
		 const char *close)
{
	add_edit(source, (struct edit){ .off = range.start }, open);
	add_edit(source, (struct edit){ .off = range.end, .closes = true },
		 close);
}

void source_replace(struct source *source, struct range range, const char *text)
{
	add_edit(source, (struct edit){ .off = range.start,
					.len = range.end - range.start }, text);
}

void source_append(struct source *source, const char *text)
{
	size_t len = strlen(text);

	source->tail = xrealloc(source->tail, source->tail_len + len + 1);
	memcpy(source->tail + source->tail_len, text, len + 1);
	source->tail_len += len;
}

/* At one place what ends there comes first, the inner of two before the outer. */
static int compare_edits(const void *left, const void *right)
{
	const struct edit *a = left, *b = right;

	if (a->off != b->off)
		return a->off < b->off ? -1 : 1;
	if (a->closes != b->closes)
		return a->closes ? -1 : 1;
	if (a->closes)
		return a->order > b->order ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

void source_write(struct source *source, const char *path)
{
	FILE *file = fopen(path, "w");
	size_t off = 0;

	if (!file) {
		perror(path);
		exit(3);
	}
	qsort(source->edits, source->num_edits, sizeof(*source->edits),
	      compare_edits);
	for (size_t i = 0; i < source->num_edits; i++) {
		const struct edit *edit = &source->edits[i];

		fwrite(source->text + off, 1, edit->off - off, file);
		fputs(edit->text, file);
		off = edit->off + edit->len;
	}
	fwrite(source->text + off, 1, source->len - off, file);
	if (source->tail)
		fputs(source->tail, file);
	if (fclose(file)) {
		perror(path);
		exit(3);
	}
}

/* What at @off is no code: the length of a comment or literal, else 0. */
static size_t skip(const struct source *source, size_t off)
{
	const char *at = source->text + off, *end;

	if (!strncmp(at, "//", 2))
		return strcspn(at, "\n");
	if (!strncmp(at, "/*", 2)) {
		end = strstr(at + 2, "*/");
		return end ? (size_t)(end - at) + 2 : 2;
	}
	if (*at != '"' && *at != '\'')
		return 0;
	for (end = at + 1; *end && *end != *at; end++)
		if (*end == '\\' && end[1])
			end++;
	return (size_t)(end - at) + 1;
}

size_t source_find(const struct source *source, size_t off, size_t end,
		   char what)
{
	size_t depth = 0, len;

	for (; off < end; off += len ? len : 1) {
		char c = source->text[off];

		len = skip(source, off);
		if (len)
			continue;
		if (!depth && c == what)
			return off;
		if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
	}
	return end;
}

char *source_line(const struct source *source, struct range range)
{
	char *line = xmalloc(range.end - range.start + 1);
	size_t num = 0;
	bool blank = false;

	for (size_t off = range.start; off < range.end; off++) {
		char c = source->text[off];

		if (c == '/' && skip(source, off)) {
			off += skip(source, off) - 1;
			blank = true;
		} else if (isspace((unsigned char)c)) {
			blank = true;
		} else {
			if (blank && num)
				line[num++] = ' ';
			line[num++] = c;
			blank = false;
		}
	}
	line[num] = 0;
	return line;
}
