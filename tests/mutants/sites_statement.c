// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be bent in a statement, or left out. */
#include "tests/mutants/finder.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void find_return(struct finder *f, CXCursor cursor)
{
	static const char *const none = "0";
	struct children children = children_of(cursor);
	enum CXTypeKind kind = f->result.kind;
	CXCursor value;
	unsigned int id;
	char *text, *before;

	if (!children.num) {
		free(children.list);
		return;
	}
	before = set_context(f, cursor);
	value = children.list[0];
	text = text_of(f, value);
	if (kind == CXType_Bool) {
		if (!strcmp(text, "true") || !strcmp(text, "false")) {
			const char *other = *text == 't' ? "false" : "true";

			id = mutant_named(f, cursor, text, other);
			mutant_wrap(f, range_of(f, value), id, "M_RET1",
				    *text == 't' ? "0, " : "1, ");
		} else {
			id = mutant_named(f, cursor, "return", "true");
			mutant_named(f, cursor, "return", "false");
			mutant_wrap(f, range_of(f, value), id, "M_RET2",
				    "1, 0, ");
		}
	} else if (kind != CXType_Record && strcmp(text, none) &&
		   strcmp(text, "NULL") && strcmp(text, "PLM_OK")) {
		bool error = kind == CXType_Enum;

		id = mutant_named(f, cursor, "return",
				  error ? "PLM_OK" :
				  kind == CXType_Pointer ? "NULL" : none);
		mutant_wrap(f, range_of(f, value), id, "M_RET1",
			    kind == CXType_Pointer ? "(void *)0, " : "0, ");
	}
	find_expression(f, value);
	free(text);
	free(children.list);
	reset_context(f, before);
}

static void find_under(struct finder *f, const CXCursor *condition,
		       CXCursor statement)
{
	char *before = f->under;

	f->under = condition ? text_of(f, *condition) : NULL;
	find_statement(f, statement);
	free(f->under);
	f->under = before;
}

/* while (a), if (a), switch (a): the first child is asked, the rest are done. */
static void find_asking(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);
	bool ours = starts_with(f, cursor, "if") ||
		    starts_with(f, cursor, "while") ||
		    starts_with(f, cursor, "switch");

	for (size_t i = 0; i < children.num; i++)
		if (i)
			find_under(f, ours && i == 1 && starts_with(f, cursor, "if") ?
				&children.list[0] : NULL, children.list[i]);
		else if (ours && starts_with(f, cursor, "switch"))
			find_expression(f, children.list[0]);
		else if (ours)
			find_condition(f, children.list[0]);
	free(children.list);
}

static void find_do(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);

	if (children.num == 2 && starts_with(f, cursor, "do")) {
		find_statement(f, children.list[0]);
		find_condition(f, children.list[1]);
	}
	free(children.list);
}

/* Where a loop begins, and how it goes on. */
static void find_part(struct finder *f, CXCursor cursor)
{
	char *before = set_context(f, cursor);

	find_expression(f, cursor);
	reset_context(f, before);
}

/* Any of the three parts may be missing. */
static void find_for(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);
	struct range range = range_of(f, cursor);
	size_t first, second, open;

	if (!starts_with(f, cursor, "for ") && children.num) {
		find_statement(f, children.list[children.num - 1]);
		free(children.list);
		return;
	}
	open = source_find(f->source, range.start, range.end, '(');
	first = source_find(f->source, open + 1, range.end, ';');
	second = source_find(f->source, first + 1, range.end, ';');
	for (size_t i = 0; i < children.num; i++) {
		size_t start = range_of(f, children.list[i]).start;

		if (i + 1 == children.num)
			find_statement(f, children.list[i]);
		else if (start > first && start < second)
			find_condition(f, children.list[i]);
		else
			find_part(f, children.list[i]);
	}
	free(children.list);
}

static void find_block(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);

	for (size_t i = 0; i < children.num; i++)
		find_statement(f, children.list[i]);
	free(children.list);
}

/* The last child of a label is a statement, what is before it a constant. */
static void find_label(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);

	if (children.num)
		find_statement(f, children.list[children.num - 1]);
	free(children.list);
}

static void find_variable(struct finder *f, CXCursor cursor)
{
	CXCursor value = clang_Cursor_getVarDeclInitializer(cursor);
	char *before;

	if (clang_Cursor_isNull(value) ||
	    clang_Cursor_getStorageClass(cursor) == CX_SC_Static)
		return;
	before = set_context(f, cursor);
	find_expression(f, value);
	reset_context(f, before);
}

static void find_nothing(struct finder *f, CXCursor cursor)
{
	(void)f;
	(void)cursor;
}

static const struct {
	enum CXCursorKind kind;
	void (*find)(struct finder *f, CXCursor cursor);
} kinds[] = {
	{ CXCursor_CompoundStmt, find_block },
	{ CXCursor_IfStmt, find_asking },
	{ CXCursor_WhileStmt, find_asking },
	{ CXCursor_SwitchStmt, find_asking },
	{ CXCursor_DoStmt, find_do },
	{ CXCursor_ForStmt, find_for },
	{ CXCursor_CaseStmt, find_label },
	{ CXCursor_DefaultStmt, find_label },
	{ CXCursor_LabelStmt, find_label },
	{ CXCursor_ReturnStmt, find_return },
	{ CXCursor_VarDecl, find_variable },
	{ CXCursor_BinaryOperator, find_binary },
	{ CXCursor_CompoundAssignOperator, find_compound_assign },
	{ CXCursor_ConditionalOperator, find_choice },
	{ CXCursor_InitListExpr, find_list },
	{ CXCursor_UnaryExpr, find_nothing },	/* sizeof */
};

void find_expression(struct finder *f, CXCursor cursor)
{
	const struct range *macro = macro_at(f, range_of(f, cursor).start);
	enum CXCursorKind kind = clang_getCursorKind(cursor);

	if (find_constant(f, cursor))
		return;
	if (macro && range_of(f, cursor).end <= macro->end)
		return;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].kind == kind) {
			kinds[i].find(f, cursor);
			return;
		}
	find_children(f, cursor);
}

/* Does it do something that a program could do without? */
static bool is_effect(const struct finder *f, CXCursor cursor)
{
	struct range range = range_of(f, cursor);
	enum CXCursorKind kind = clang_getCursorKind(cursor);

	if (kind == CXCursor_CallExpr ||
	    kind == CXCursor_CompoundAssignOperator)
		return true;
	if (kind == CXCursor_BinaryOperator)
		return is_assignment(f, cursor);
	return kind == CXCursor_UnaryOperator &&
	       (!memcmp(f->source->text + range.end - 2, "++", 2) ||
		!memcmp(f->source->text + range.end - 2, "--", 2));
}

void find_statement(struct finder *f, CXCursor cursor)
{
	const struct range *macro = macro_at(f, range_of(f, cursor).start);
	char *before;

	if (!clang_isExpression(clang_getCursorKind(cursor)) ||
	    (macro && range_of(f, cursor).end <= macro->end)) {
		find_expression(f, cursor);
		return;
	}
	before = set_context(f, cursor);
	cursor = inner_of(f, cursor);
	if (is_effect(f, cursor))
		mutant_wrap(f, range_of(f, cursor),
			    mutant_named(f, cursor, "statement", "none"),
			    "M_STMT", "");
	find_expression(f, cursor);
	reset_context(f, before);
}
