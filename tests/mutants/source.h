/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One source file that is being mutated: its text, and what is to be put into
 * it.  Nothing is taken out but single operators, and no line is added, so
 * that places in the copy are those of the original.
 */
#ifndef MUTANTS_SOURCE_H
#define MUTANTS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes from the file's start; the end is not part of it. */
struct range {
	size_t start, end;
};

struct edit {
	size_t off;
	size_t len;	/* of what is replaced */
	bool closes;	/* ends what one before it has begun */
	size_t order;	/* of its making */
	char *text;
};

struct source {
	char *path;
	char *text;
	size_t len;
	struct edit *edits;
	size_t num_edits, cap_edits;
	char *tail;	/* goes behind the end; NULL or owned */
	size_t tail_len;
};

/* Read @path; ends the program where it cannot. */
void source_read(struct source *source, const char *path);
void source_free(struct source *source);

/*
 * Put @open before @range and @close behind it.  What is wrapped later is
 * either inside what was wrapped before or apart from it.
 */
void source_wrap(struct source *source, struct range range, const char *open,
		 const char *close);

/* Put @text in the place of @range, which nothing is wrapped around. */
void source_replace(struct source *source, struct range range,
		    const char *text);

/* Add to what goes behind the file's end. */
void source_append(struct source *source, const char *text);

/* Write the edited text to @path; ends the program where it cannot. */
void source_write(struct source *source, const char *path);

/* @range as one line: white space is one blank, comments are none.  Owned. */
char *source_line(const struct source *source, struct range range);

/*
 * The next of @what behind @off and before @end that is neither in parentheses
 * opened since, nor in a comment or literal; or @end.
 */
size_t source_find(const struct source *source, size_t off, size_t end,
		   char what);

#endif /* MUTANTS_SOURCE_H */
