/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One source file while its sites are looked for: places in its text, names of
 * mutants, and what finds them in each kind of code.
 */
#ifndef MUTANTS_FINDER_H
#define MUTANTS_FINDER_H

#include <stdbool.h>

#include "tests/mutants/sites.h"

struct finder {
	struct register_ *reg;
	struct source *source;
	CXTranslationUnit unit;
	CXFile file;
	struct range *macros;	/* uses of macros, ascending */
	size_t num_macros, cap_macros;
	char *function;
	CXType result;		/* of the function */
	char *context;		/* the statement or condition around */
	char *under;		/* the condition that it stands under, or NULL */
	bool tables;
	bool in_list;		/* within an initialiser's braces */
};

/* The caller frees @list. */
struct children {
	CXCursor *list;
	size_t num, cap;
};

/* Places; texts are new strings. */
size_t offset_of(CXSourceLocation location, CXFile *out_file);
/* The use of a macro that @off is inside of, or NULL. */
const struct range *macro_at(const struct finder *f, size_t off);
struct range range_of(const struct finder *f, CXCursor cursor);
char *text_of(const struct finder *f, CXCursor cursor);
bool starts_with(const struct finder *f, CXCursor cursor, const char *word);
struct children children_of(CXCursor cursor);

/* A new mutant at @cursor: @what becomes @how; its number. */
unsigned int mutant_named(struct finder *f, CXCursor cursor, const char *what,
			  const char *how);
/* The same, of the text that stands there. */
unsigned int mutant_of(struct finder *f, CXCursor cursor, const char *how);
/* MACRO(id, rest ... ) around it. */
void mutant_wrap(struct finder *f, struct range range, unsigned int id,
		 const char *macro, const char *rest);
/* What mutants are in from here; reset_context() with what this returns. */
char *set_context(struct finder *f, CXCursor cursor);
void reset_context(struct finder *f, char *before);

/* Types and constants */
CXType type_of(CXCursor cursor);
bool is_pointer(CXCursor cursor);
/* What an implicit conversion or parentheses are around. */
CXCursor inner_of(const struct finder *f, CXCursor cursor);
bool is_error(const struct finder *f, CXCursor cursor);
/* An integer that is known here and now, and is one thing in the text. */
bool is_constant(const struct finder *f, CXCursor cursor, long long *out_value);

/* sites_expression.c */
void find_children(struct finder *f, CXCursor cursor);
/* True if @cursor is a constant, which then has been seen to. */
bool find_constant(struct finder *f, CXCursor cursor);
void find_condition(struct finder *f, CXCursor cursor);
bool is_assignment(const struct finder *f, CXCursor cursor);
void find_binary(struct finder *f, CXCursor cursor);
void find_compound_assign(struct finder *f, CXCursor cursor);
void find_choice(struct finder *f, CXCursor cursor);
void find_list(struct finder *f, CXCursor cursor);

/* sites_statement.c: anything, by what it is */
void find_expression(struct finder *f, CXCursor cursor);
void find_statement(struct finder *f, CXCursor cursor);

/* sites_table.c */
void find_table(struct finder *f, CXCursor cursor);

#endif /* MUTANTS_FINDER_H */
