// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only what stands in the file itself is touched: where an expression is that of
 * a macro, the macro's use is one thing, and what is inside it is left alone.
 */
#include "tests/mutants/finder.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Places */

size_t offset_of(CXSourceLocation location, CXFile *out_file)
{
	unsigned int offset;

	clang_getExpansionLocation(location, out_file, NULL, NULL, &offset);
	return offset;
}

const struct range *macro_at(const struct finder *f, size_t off)
{
	for (size_t i = 0; i < f->num_macros; i++)
		if (f->macros[i].start <= off && off < f->macros[i].end)
			return &f->macros[i];
	return NULL;
}

struct range range_of(const struct finder *f, CXCursor cursor)
{
	CXSourceRange extent = clang_getCursorExtent(cursor);
	const struct range *macro;
	CXFile file;
	struct range range;

	range.start = offset_of(clang_getRangeStart(extent), &file);
	range.end = offset_of(clang_getRangeEnd(extent), &file);
	macro = range.end ? macro_at(f, range.end) : NULL;
	if (macro && (macro->start < range.end || macro->start == range.start))
		range.end = macro->end;
	return range;
}

char *text_of(const struct finder *f, CXCursor cursor)
{
	return source_line(f->source, range_of(f, cursor));
}

bool starts_with(const struct finder *f, CXCursor cursor, const char *word)
{
	return !strncmp(f->source->text + range_of(f, cursor).start, word,
			strlen(word));
}

/* Children */

static enum CXChildVisitResult add_child(CXCursor cursor, CXCursor parent,
					 CXClientData data)
{
	struct children *children = data;

	(void)parent;
	ARRAY_RESERVE(children->list, children->num, children->cap);
	children->list[children->num++] = cursor;
	return CXChildVisit_Continue;
}

struct children children_of(CXCursor cursor)
{
	struct children children = { 0 };

	clang_visitChildren(cursor, add_child, &children);
	return children;
}

/* Names of mutants */

/*
 * A line of the table.  What it is known by says where and what, not the line;
 * those that have it in common are counted.
 */
unsigned int mutant_named(struct finder *f, CXCursor cursor, const char *what,
			  const char *how)
{
	struct register_ *reg = f->reg;
	char *key = xasprintf("%s\t%s\t%s\t%s => %s", f->source->path,
			      f->function, f->context, what, how);
	unsigned int line, same = 1;

	for (size_t i = 0; i < reg->num_keys; i++)
		same += !strcmp(reg->keys[i], key);
	ARRAY_RESERVE(reg->keys, reg->num_keys, reg->cap_keys);
	reg->keys[reg->num_keys++] = key;
	clang_getExpansionLocation(clang_getCursorLocation(cursor), NULL, &line,
				   NULL, NULL);
	fprintf(reg->table, "%u\t%u\t%s", ++reg->last, line, key);
	if (same > 1)
		fprintf(reg->table, " (%u)", same);
	fputc('\n', reg->table);
	return reg->last;
}

unsigned int mutant_of(struct finder *f, CXCursor cursor, const char *how)
{
	char *text = text_of(f, cursor);
	unsigned int id = mutant_named(f, cursor, text, how);

	free(text);
	return id;
}

void mutant_wrap(struct finder *f, struct range range, unsigned int id,
		 const char *macro, const char *rest)
{
	char *open = xasprintf("%s(%u, %s", macro, id, rest);

	source_wrap(f->source, range, open, ")");
	free(open);
}

/* A statement is told from its like by the condition that it stands under. */
char *set_context(struct finder *f, CXCursor cursor)
{
	char *before = f->context;
	char *text = text_of(f, cursor);

	f->context = f->under ? xasprintf("if (%s) %s", f->under, text) :
				xstrdup(text);
	free(text);
	return before;
}

void reset_context(struct finder *f, char *before)
{
	free(f->context);
	f->context = before;
}

/* Types and constants */

CXType type_of(CXCursor cursor)
{
	return clang_getCanonicalType(clang_getCursorType(cursor));
}

bool is_pointer(CXCursor cursor)
{
	enum CXTypeKind kind = type_of(cursor).kind;

	return kind == CXType_Pointer || kind == CXType_ConstantArray;
}

CXCursor inner_of(const struct finder *f, CXCursor cursor)
{
	struct range range = range_of(f, cursor);

	while (clang_getCursorKind(cursor) == CXCursor_UnexposedExpr) {
		struct children children = children_of(cursor);
		CXCursor child = cursor;

		if (children.num == 1)
			child = children.list[0];
		free(children.list);
		if (clang_equalCursors(child, cursor) ||
		    range_of(f, child).start != range.start ||
		    range_of(f, child).end != range.end)
			break;
		cursor = child;
	}
	return cursor;
}

/* The constant of an enumeration that @cursor names, or a null cursor. */
static CXCursor enumerator(const struct finder *f, CXCursor cursor)
{
	CXCursor named;

	cursor = inner_of(f, cursor);
	if (clang_getCursorKind(cursor) != CXCursor_DeclRefExpr)
		return clang_getNullCursor();
	named = clang_getCursorReferenced(cursor);
	if (clang_getCursorKind(named) != CXCursor_EnumConstantDecl)
		return clang_getNullCursor();
	return named;
}

bool is_error(const struct finder *f, CXCursor cursor)
{
	CXCursor named = enumerator(f, cursor);
	CXString string;
	bool is;

	if (clang_Cursor_isNull(named))
		return false;
	string = clang_getCursorSpelling(clang_getCursorSemanticParent(named));
	is = !strcmp(clang_getCString(string), "plm_err");
	clang_disposeString(string);
	return is;
}

static bool is_macro(const struct finder *f, CXCursor cursor)
{
	struct range range = range_of(f, cursor);
	const struct range *macro = macro_at(f, range.start);

	return macro && macro->start == range.start && macro->end == range.end;
}

bool is_constant(const struct finder *f, CXCursor cursor, long long *out_value)
{
	CXCursor in = inner_of(f, cursor);
	enum CXCursorKind kind = clang_getCursorKind(in);
	CXEvalResult result;
	bool is = false;
	char *text;

	if (kind != CXCursor_IntegerLiteral && kind != CXCursor_CharacterLiteral &&
	    clang_Cursor_isNull(enumerator(f, in)) && !is_macro(f, in))
		return false;
	text = text_of(f, in);
	result = is_pointer(in) || !strcmp(text, "NULL") ||
		 !strcmp(text, "true") || !strcmp(text, "false") ?
		 NULL : clang_Cursor_Evaluate(in);
	free(text);
	if (result && clang_EvalResult_getKind(result) == CXEval_Int) {
		*out_value = clang_EvalResult_getAsLongLong(result);
		is = true;
	}
	if (result)
		clang_EvalResult_dispose(result);
	return is;
}
