// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only what stands in the file itself is touched: where an expression is that of
 * a macro, the macro's use is one thing, and what is inside it is left alone.
 */
#include "tests/mutants/sites.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

struct children {
	CXCursor *list;
	size_t num, cap;
};

static void find(struct finder *f, CXCursor cursor);
static void find_statement(struct finder *f, CXCursor cursor);

/* Places */

static size_t offset_of(CXSourceLocation location, CXFile *out_file)
{
	unsigned int offset;

	clang_getExpansionLocation(location, out_file, NULL, NULL, &offset);
	return offset;
}

/* The use of a macro that @off is inside of, or NULL. */
static const struct range *macro_at(const struct finder *f, size_t off)
{
	for (size_t i = 0; i < f->num_macros; i++)
		if (f->macros[i].start <= off && off < f->macros[i].end)
			return &f->macros[i];
	return NULL;
}

static struct range range_of(const struct finder *f, CXCursor cursor)
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

static char *text_of(const struct finder *f, CXCursor cursor)
{
	return source_line(f->source, range_of(f, cursor));
}

static bool starts_with(const struct finder *f, CXCursor cursor,
			const char *word)
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

static struct children children_of(CXCursor cursor)
{
	struct children children = { 0 };

	clang_visitChildren(cursor, add_child, &children);
	return children;
}

static void find_children(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);

	for (size_t i = 0; i < children.num; i++)
		find(f, children.list[i]);
	free(children.list);
}

/* Names of mutants */

/*
 * A line of the table.  What it is known by says where and what, not the line;
 * those that have it in common are counted.
 */
static unsigned int name(struct finder *f, CXCursor cursor, const char *what,
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

/* The name of what stands at @cursor. */
static unsigned int name_text(struct finder *f, CXCursor cursor,
			      const char *how)
{
	char *text = text_of(f, cursor);
	unsigned int id = name(f, cursor, text, how);

	free(text);
	return id;
}

/* MACRO(id, rest ... ) around it. */
static void wrap(struct finder *f, struct range range, unsigned int id,
		 const char *macro, const char *rest)
{
	char *open = xasprintf("%s(%u, %s", macro, id, rest);

	source_wrap(f->source, range, open, ")");
	free(open);
}

/* A statement is told from its like by the condition that it stands under. */
static char *set_context(struct finder *f, CXCursor cursor)
{
	char *before = f->context;
	char *text = text_of(f, cursor);

	f->context = f->under ? xasprintf("if (%s) %s", f->under, text) :
				xstrdup(text);
	free(text);
	return before;
}

static void reset_context(struct finder *f, char *before)
{
	free(f->context);
	f->context = before;
}

/* Types and constants */

static CXType type_of(CXCursor cursor)
{
	return clang_getCanonicalType(clang_getCursorType(cursor));
}

static bool is_pointer(CXCursor cursor)
{
	enum CXTypeKind kind = type_of(cursor).kind;

	return kind == CXType_Pointer || kind == CXType_ConstantArray;
}

/* What an implicit conversion or parentheses are around. */
static CXCursor inner(const struct finder *f, CXCursor cursor)
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

	cursor = inner(f, cursor);
	if (clang_getCursorKind(cursor) != CXCursor_DeclRefExpr)
		return clang_getNullCursor();
	named = clang_getCursorReferenced(cursor);
	if (clang_getCursorKind(named) != CXCursor_EnumConstantDecl)
		return clang_getNullCursor();
	return named;
}

static bool is_error(const struct finder *f, CXCursor cursor)
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

/* An integer that is known here and now, and is one thing in the text. */
static bool is_constant(const struct finder *f, CXCursor cursor,
			long long *out_value)
{
	CXCursor in = inner(f, cursor);
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

/* Sites */

static void mutate_error(struct finder *f, CXCursor cursor)
{
	char *text = text_of(f, cursor);

	if (strcmp(text, "PLM_OK"))
		wrap(f, range_of(f, cursor),
		     name(f, cursor, text, "another error"), "M_ERR", "");
	free(text);
}

static void mutate_constant(struct finder *f, CXCursor cursor, bool more,
			    bool less)
{
	unsigned int id = 0;

	if (more)
		id = name_text(f, cursor, "+ 1");
	if (less) {
		unsigned int other = name_text(f, cursor, "- 1");

		id = id ? id : other;
	}
	if (id)
		wrap(f, range_of(f, cursor), id,
		     more && less ? "M_CONST" : more ? "M_MORE" : "M_LESS", "");
}

/* True if @cursor is a constant, which then has been seen to. */
static bool find_constant(struct finder *f, CXCursor cursor)
{
	long long value;

	if (is_error(f, cursor)) {
		mutate_error(f, cursor);
		return true;
	}
	if (!is_constant(f, cursor, &value))
		return false;
	if (value || !f->in_list)
		mutate_constant(f, cursor, true, value != 0);
	return true;
}

static void find_condition(struct finder *f, CXCursor cursor)
{
	char *before = set_context(f, cursor);
	struct range range = range_of(f, cursor);
	unsigned int id;

	id = name_text(f, cursor, "true");
	name_text(f, cursor, "false");
	wrap(f, range, id, "M_COND", "");
	find(f, cursor);
	reset_context(f, before);
}

/* Binary operators */

struct binary {
	CXCursor cursor, left, right;
	struct range op;
};

/* What an operator is bent into. */
static const struct relation {
	const char *op, *one, *two;
} relations[] = {
	{ "<", "<=", NULL },	{ "<=", "<", NULL },   { ">", ">=", NULL },
	{ ">=", ">", NULL },	{ "==", "<=", ">=" },  { "!=", "<", ">" },
};

static const char *const opposites[][2] = { { "==", "!=" }, { "!=", "==" } };

static bool operator_is(const struct finder *f, const struct binary *b,
			const char *op)
{
	size_t len = b->op.end - b->op.start;

	return strlen(op) == len &&
	       !memcmp(f->source->text + b->op.start, op, len);
}

static char *operator_of(const struct finder *f, const struct binary *b)
{
	return xstrndup(f->source->text + b->op.start, b->op.end - b->op.start);
}

/* MACRO(id, rest, left, right): the operator becomes a comma. */
static void wrap_binary(struct finder *f, const struct binary *b,
			unsigned int id, const char *macro, const char *rest)
{
	wrap(f, range_of(f, b->cursor), id, macro, rest);
	source_replace(f->source, b->op, ",");
}

static bool has_order(const struct finder *f, const struct binary *b)
{
	long long value;

	if (is_pointer(b->left) || is_pointer(b->right))
		return false;
	if (type_of(inner(f, b->left)).kind == CXType_Enum ||
	    type_of(inner(f, b->left)).kind == CXType_Bool)
		return false;
	return !is_constant(f, b->right, &value) || value;
}

static void mutate_equality(struct finder *f, const struct binary *b,
			    const struct relation *relation)
{
	unsigned int id;
	char *rest;

	if (has_order(f, b)) {
		id = name_text(f, b->cursor, relation->one);
		name_text(f, b->cursor, relation->two);
		rest = xasprintf("%s, %s, %s, ", relation->op, relation->one,
				 relation->two);
		wrap_binary(f, b, id, "M_REL2", rest);
	} else {
		const char *opposite = opposites[relation->op[0] == '!'][1];

		rest = xasprintf("%s, %s, ", relation->op, opposite);
		wrap_binary(f, b, name_text(f, b->cursor, opposite), "M_REL1",
			    rest);
	}
	free(rest);
	find(f, b->left);
	find(f, b->right);
}

/*
 * x < N as x <= N is x < N + 1, so the constant is only bent the other way.
 */
static void mutate_order(struct finder *f, const struct binary *b,
			 const struct relation *relation)
{
	bool strict = !relation->op[1], less = relation->op[0] == '<';
	char *rest = xasprintf("%s, %s, ", relation->op, relation->one);
	long long value;

	wrap_binary(f, b, name_text(f, b->cursor, relation->one), "M_REL1",
		    rest);
	free(rest);
	find(f, b->left);
	if (is_constant(f, b->right, &value))
		mutate_constant(f, b->right, strict != less, strict == less);
	else
		find(f, b->right);
}

static void mutate_logic(struct finder *f, const struct binary *b, bool and)
{
	unsigned int id = name_text(f, b->cursor, "without the left");

	name_text(f, b->cursor, "without the right");
	name_text(f, b->cursor, and ? "||" : "&&");
	wrap_binary(f, b, id, and ? "M_AND" : "M_OR", "");
	find(f, b->left);
	find(f, b->right);
}

static void mutate_arithmetic(struct finder *f, const struct binary *b)
{
	char *op = operator_of(f, b), *rest;
	bool plus = !strcmp(op, "+"), minus = !strcmp(op, "-");
	long long value;

	if (is_constant(f, b->right, &value) && !value) {
		rest = NULL;	/* no operator makes anything of it */
	} else if ((plus || minus) && !is_pointer(b->right)) {
		rest = xasprintf("%s, %s, ", op, plus ? "-" : "+");
		wrap_binary(f, b, name_text(f, b->cursor, plus ? "-" : "+"),
			    "M_SIGN", rest);
	} else if (is_pointer(b->right)) {
		rest = NULL;
	} else {
		rest = xasprintf("%s, ", op);
		wrap_binary(f, b,
			    name_text(f, b->cursor, "the left operand alone"),
			    "M_LEFT", rest);
	}
	free(rest);
	free(op);
	find(f, b->left);
	find(f, b->right);
}

static bool split(const struct finder *f, CXCursor cursor, struct binary *out)
{
	struct children children = children_of(cursor);
	struct range left, right;
	const char *at;

	if (children.num != 2) {
		free(children.list);
		return false;
	}
	out->cursor = cursor;
	out->left = children.list[0];
	out->right = children.list[1];
	free(children.list);
	left = range_of(f, out->left);
	right = range_of(f, out->right);
	at = f->source->text + left.end;
	at += strspn(at, " \t\n");
	out->op.start = (size_t)(at - f->source->text);
	out->op.end = out->op.start + strspn(at, "+-*/%&|^<>=!");
	if (out->op.end > right.start)
		out->op.end = right.start;
	return out->op.start < out->op.end;
}

static void find_binary(struct finder *f, CXCursor cursor)
{
	struct binary b;

	if (!split(f, cursor, &b))
		return;
	for (size_t i = 0; i < ARRAY_LEN(relations); i++)
		if (operator_is(f, &b, relations[i].op)) {
			(relations[i].two ? mutate_equality : mutate_order)(
				f, &b, &relations[i]);
			return;
		}
	if (operator_is(f, &b, "&&") || operator_is(f, &b, "||"))
		mutate_logic(f, &b, operator_is(f, &b, "&&"));
	else if (operator_is(f, &b, "="))
		find_children(f, cursor);
	else
		mutate_arithmetic(f, &b);
}

static void find_compound_assign(struct finder *f, CXCursor cursor)
{
	struct binary b;

	if (!split(f, cursor, &b))
		return;
	find(f, b.left);
	if (operator_is(f, &b, "+=") || operator_is(f, &b, "-="))
		wrap(f, range_of(f, b.right),
		     name_text(f, cursor, "the other sign"), "M_NEGATE", "");
	find(f, b.right);
}

static void find_choice(struct finder *f, CXCursor cursor)
{
	struct children children = children_of(cursor);

	if (children.num == 3) {
		find_condition(f, children.list[0]);
		find(f, children.list[1]);
		find(f, children.list[2]);
	}
	free(children.list);
}

static void find_list(struct finder *f, CXCursor cursor)
{
	bool before = f->in_list;

	f->in_list = true;
	find_children(f, cursor);
	f->in_list = before;
}

/* Statements */

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

			id = name(f, cursor, text, other);
			wrap(f, range_of(f, value), id, "M_RET1",
			     *text == 't' ? "0, " : "1, ");
		} else {
			id = name(f, cursor, "return", "true");
			name(f, cursor, "return", "false");
			wrap(f, range_of(f, value), id, "M_RET2", "1, 0, ");
		}
	} else if (kind != CXType_Record && strcmp(text, none) &&
		   strcmp(text, "NULL") && strcmp(text, "PLM_OK")) {
		bool error = kind == CXType_Enum;

		id = name(f, cursor, "return",
			  error ? "PLM_OK" :
			  kind == CXType_Pointer ? "NULL" : none);
		wrap(f, range_of(f, value), id, "M_RET1",
		     kind == CXType_Pointer ? "(void *)0, " : "0, ");
	}
	find(f, value);
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
			find(f, children.list[0]);
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

	find(f, cursor);
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
	find(f, value);
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

static void find(struct finder *f, CXCursor cursor)
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
	struct binary b;

	if (kind == CXCursor_CallExpr ||
	    kind == CXCursor_CompoundAssignOperator)
		return true;
	if (kind == CXCursor_BinaryOperator)
		return split(f, cursor, &b) && operator_is(f, &b, "=");
	return kind == CXCursor_UnaryOperator &&
	       (!memcmp(f->source->text + range.end - 2, "++", 2) ||
		!memcmp(f->source->text + range.end - 2, "--", 2));
}

static void find_statement(struct finder *f, CXCursor cursor)
{
	const struct range *macro = macro_at(f, range_of(f, cursor).start);
	char *before;

	if (!clang_isExpression(clang_getCursorKind(cursor)) ||
	    (macro && range_of(f, cursor).end <= macro->end)) {
		find(f, cursor);
		return;
	}
	before = set_context(f, cursor);
	cursor = inner(f, cursor);
	if (is_effect(f, cursor))
		wrap(f, range_of(f, cursor),
		     name(f, cursor, "statement", "none"), "M_STMT", "");
	find(f, cursor);
	reset_context(f, before);
}

/* Static tables */

/* What there is to do to the element @lvalue, and in the place of what. */
static void mutate_element(struct finder *f, CXCursor cursor,
			   const char *lvalue, const char *before, bool scalar)
{
	char *text = text_of(f, cursor);
	char *code;

	if (scalar) {
		unsigned int id = name(f, cursor, text, "+ 1");

		name(f, cursor, text, "- 1");
		code = xasprintf("\tif (plm_mut(%u))\n\t\t%s++;\n"
				 "\tif (plm_mut(%u))\n\t\t%s--;\n",
				 id, lvalue, id + 1, lvalue);
	} else {
		code = xasprintf("\tif (plm_mut(%u))\n"
				 "\t\t%s = (__typeof__(%s)){ 0 };\n",
				 name(f, cursor, text, "nothing"), lvalue,
				 lvalue);
		source_append(f->source, code);
		free(code);
		code = before ? xasprintf("\tif (plm_mut(%u))\n\t\t%s = %s;\n",
					  name(f, cursor, text,
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
static void find_table(struct finder *f, CXCursor cursor)
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

/* The file */

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
