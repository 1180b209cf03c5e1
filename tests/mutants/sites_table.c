// SPDX-License-Identifier: GPL-2.0-or-later
/* Static tables, whose elements are bent one by one. */
#include "tests/mutants/finder.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What there is to do to the element @lvalue, and in the place of what. */
static void mutate_element(struct finder *f, CXCursor cursor,
			   const char *lvalue, const char *before, bool scalar)
{
	char *text = text_of(f, cursor);
	char *code;

	if (scalar) {
		unsigned int id = mutant_named(f, cursor, text, "+ 1");

		mutant_named(f, cursor, text, "- 1");
		code = xasprintf("\tif (plm_mut(%u))\n\t\t%s++;\n"
				 "\tif (plm_mut(%u))\n\t\t%s--;\n",
				 id, lvalue, id + 1, lvalue);
	} else {
		code = xasprintf("\tif (plm_mut(%u))\n"
				 "\t\t%s = (__typeof__(%s)){ 0 };\n",
				 mutant_named(f, cursor, text, "nothing"),
				 lvalue, lvalue);
		source_append(f->source, code);
		free(code);
		code = before ? xasprintf("\tif (plm_mut(%u))\n\t\t%s = %s;\n",
					  mutant_named(f, cursor, text,
						       "the one before"),
					  lvalue, before) : xstrdup("");
	}
	source_append(f->source, code);
	free(code);
	free(text);
}

static char *lvalue_of(const struct finder *f, const char *table,
		       CXCursor element, size_t index)
{
	struct range range = range_of(f, element);
	size_t close;
	char *designator, *lvalue;

	if (f->source->text[range.start] != '[')
		return xasprintf("%s[%zu]", table, index);
	close = source_find(f->source, range.start, range.end, ']');
	designator = xstrndup(f->source->text + range.start,
			      close + 1 - range.start);
	lvalue = xasprintf("%s%s", table, designator);
	free(designator);
	return lvalue;
}

/* What an element is, without its designator. */
static char *value_of(const struct finder *f, CXCursor element)
{
	struct range range = range_of(f, element);
	size_t equals = source_find(f->source, range.start, range.end, '=');

	if (equals < range.end)
		range.start = equals + 1;
	return source_line(f->source, range);
}

static void mutate_elements(struct finder *f, const char *table,
			    CXCursor list, bool scalar)
{
	struct children children = children_of(list);
	char *before = NULL, *value = NULL;

	for (size_t i = 0; i < children.num; i++) {
		struct range range = range_of(f, children.list[i]);
		const struct range *macro = macro_at(f, range.start);
		char *lvalue, *now;

		if (macro && macro->end < range.end)
			continue;
		lvalue = lvalue_of(f, table, children.list[i], i);
		now = value_of(f, children.list[i]);
		mutate_element(f, children.list[i], lvalue,
			       value && strcmp(value, now) ? before : NULL,
			       scalar);
		free(before);
		free(value);
		before = lvalue;
		value = now;
	}
	free(before);
	free(value);
	free(children.list);
}

/* The file's tables cease to be constant, and get a function that mutates them. */
void find_table(struct finder *f, CXCursor cursor)
{
	static const char *const constant = "static const ";
	CXCursor list = clang_Cursor_getVarDeclInitializer(cursor);
	struct range range = range_of(f, cursor);
	CXType element = clang_getArrayElementType(clang_getCursorType(cursor));
	CXString string;
	char *code;

	if (clang_Cursor_isNull(list) || !starts_with(f, cursor, constant) ||
	    clang_getCursorKind(list) != CXCursor_InitListExpr ||
	    macro_at(f, range_of(f, list).start + 4))
		return;
	range.end = range.start + strlen(constant);
	source_replace(f->source, range, "static ");
	string = clang_getCursorSpelling(cursor);
	f->function = xstrdup(clang_getCString(string));
	f->context = xstrdup("table");
	code = xasprintf("\nstatic void plm_mutate_%s(void)\n{\n", f->function);
	source_append(f->source, code);
	free(code);
	mutate_elements(f, f->function, list,
			clang_getCanonicalType(element).kind != CXType_Record);
	code = xasprintf(
		"}\n\n__attribute__((constructor(101)))\n"
		"static void plm_register_%s(void)\n{\n"
		"\tstatic struct plm_mutant_tables tables;\n\n"
		"\ttables.mutate = plm_mutate_%s;\n"
		"\ttables.next = plm_mutant_tables;\n"
		"\tplm_mutant_tables = &tables;\n}\n",
		f->function, f->function);
	source_append(f->source, code);
	free(code);
	free(f->function);
	free(f->context);
	clang_disposeString(string);
}
