// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions and tables of a file. */
#include "tests/mutants/sites.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tests/mutants/finder.h"

static bool is_here(const struct finder *f, CXCursor cursor)
{
	CXFile file;

	offset_of(clang_getCursorLocation(cursor), &file);
	return file && clang_File_isEqual(file, f->file);
}

static void find_function(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);
	CXString string = clang_getCursorSpelling(cursor);
	CXType type = clang_getCursorResultType(cursor);

	f->function = xstrdup(clang_getCString(string));
	f->context = xstrdup("");
	f->result = clang_getCanonicalType(type);
	find_statement(f, children.list[children.num - 1]);
	free(f->context);
	free(f->function);
	free(children.list);
	clang_disposeString(string);
}

static void add_macro(struct finder *f, CXCursor cursor)
{
	CXSourceRange extent = clang_getCursorExtent(cursor);
	CXFile file;

	ARRAY_RESERVE(f->macros, f->num_macros, f->cap_macros);
	f->macros[f->num_macros++] = (struct range){
		offset_of(clang_getRangeStart(extent), &file),
		offset_of(clang_getRangeEnd(extent), &file),
	};
}

/* One that is used in an argument of another comes behind it. */
static int compare_macros(const void *left, const void *right)
{
	const struct range *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->end == b->end ? 0 : a->end > b->end ? -1 : 1;
}

void sites_find(struct register_ *reg, struct source *source,
		CXTranslationUnit unit, bool tables)
{
	struct finder f = { .reg = reg, .source = source, .unit = unit,
			    .tables = tables };
	CXCursor top = clang_getTranslationUnitCursor(unit);
	struct children children = children_of(top);

	f.file = clang_getFile(unit, source->path);
	for (size_t i = 0; i < children.num; i++)
		if (clang_getCursorKind(children.list[i]) ==
		    CXCursor_MacroExpansion && is_here(&f, children.list[i]))
			add_macro(&f, children.list[i]);
	if (f.num_macros)
		qsort(f.macros, f.num_macros, sizeof(*f.macros),
		      compare_macros);
	for (size_t i = 0; i < children.num; i++) {
		CXCursor cursor = children.list[i];
		enum CXCursorKind kind = clang_getCursorKind(cursor);

		if (!is_here(&f, cursor) ||
		    macro_at(&f, range_of(&f, cursor).start))
			continue;
		if (kind == CXCursor_FunctionDecl &&
		    clang_isCursorDefinition(cursor))
			find_function(&f, cursor);
		else if (kind == CXCursor_VarDecl && tables)
			find_table(&f, cursor);
	}
	free(children.list);
	free(f.macros);
	for (size_t i = 0; i < reg->num_keys; i++)
		free(reg->keys[i]);
	free(reg->keys);
	reg->keys = NULL;
	reg->num_keys = reg->cap_keys = 0;
}
