// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/condition.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sigma/place.h"

struct parser {
	const struct sigma_scope *scope;
	const struct sigma_selections *selections;
	const struct tree_node *node;
	size_t at, len;		/* the token: its place and length, 0 at end */
	unsigned int depth;
};

static struct logic *fail(struct parser *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct logic *fail(struct parser *p, const char *format, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	sigma_fail(p->scope->error, tree_place(p->node, p->at),
		   SIGMA_BAD_CONDITION, "%s", text);
	return NULL;
}

static bool spend(struct parser *p, uint64_t steps)
{
	if (sigma_spend(p->scope->steps_left, steps,
			"condition has a term that", p->node->at,
			p->scope->error))
		return true;
	/* Finding the place is too dear for each term that is paid for. */
	p->scope->error->at = tree_place(p->node, p->at);
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void next(struct parser *p)
{
	const char *text = p->node->text;
	size_t end = p->node->len;

	p->at += p->len;
	while (p->at < end && is_space(text[p->at]))
		p->at++;
	p->len = 0;
	if (p->at < end && strchr("()|", text[p->at])) {
		p->len = 1;
		return;
	}
	while (p->at + p->len < end && !is_space(text[p->at + p->len]) &&
	       !strchr("()|", text[p->at + p->len]))
		p->len++;
}

static const char *token(const struct parser *p)
{
	return p->node->text + p->at;
}

static bool is(const struct parser *p, const char *word)
{
	return p->len == strlen(word) && !strncasecmp(token(p), word, p->len);
}

static bool is_name(const struct parser *p)
{
	static const char *const words[] = { "and", "or", "not", "of", "them",
					     "(", ")", "|" };

	if (!p->len)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is(p, words[i]))
			return false;
	return true;
}

static int shown(const struct parser *p)
{
	return (int)(p->len < 80 ? p->len : 80);
}

static struct logic *unexpected(struct parser *p, const char *wanted)
{
	if (!p->len)
		return fail(p, "condition ends where %s should follow",
			    wanted);
	if (is(p, "|"))
		return fail(p, "condition counts over several events: a rule "
			    "sees one event");
	return fail(p, "'%.*s' stands where %s should", shown(p), token(p),
		    wanted);
}

/*
 * Does the name fit the pattern, in which "*" is any run of characters?  The
 * steps that it takes are added to *@steps: up to one's length times the other's.
 */
static bool fits(const char *name, const char *pattern, size_t len,
		 uint64_t *steps)
{
	const char *end = pattern + len, *retry = NULL, *star = NULL;

	while (*name) {
		++*steps;
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			retry = name;
		} else if (pattern < end && *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

/*
 * Names with an underscore in front are only meant where it is written.  False
 * where looking for them costs too much.
 */
static bool add_fitting(struct parser *p, struct logic *list)
{
	const struct sigma_selections *s = p->selections;
	bool them = is(p, "them"), hidden = *token(p) == '_';

	for (size_t i = 0; i < s->num; i++) {
		uint64_t steps = 1;
		bool fit = (hidden || s->names[i][0] != '_') &&
			   (them || fits(s->names[i], token(p), p->len,
					 &steps));

		if (fit)
			steps += SIGMA_CHILD_STEPS * logic_weight(s->logics[i]);
		if (!spend(p, steps))
			return false;
		if (fit)
			logic_add(list, s->logics[i]);
	}
	return true;
}

/* The number in front of "of"; 0 where it is none, or too large. */
static size_t number_of(const struct parser *p)
{
	size_t number = 0;

	for (size_t i = 0; i < p->len; i++) {
		if (token(p)[i] < '0' || token(p)[i] > '9' || number > 9999)
			return 0;
		number = number * 10 + (size_t)(token(p)[i] - '0');
	}
	return number;
}

static bool before_of(const struct parser *p)
{
	struct parser ahead = *p;

	next(&ahead);
	return is(&ahead, "of");
}

static struct logic *parse_of(struct parser *p)
{
	struct logic *list = logic_new(p->scope->pool, LOGIC_ANY);

	if (is(p, "all")) {
		list->kind = LOGIC_ALL;
	} else if (!is(p, "any")) {
		list->kind = LOGIC_SOME;
		list->least = number_of(p);
		if (!list->least)
			return fail(p, "'%.*s of': needs all, any or a number "
				    "from 1", shown(p), token(p));
	}
	next(p);
	next(p);
	if (!is(p, "them") && !is_name(p))
		return unexpected(p, "'them' or the name of selections");
	if (!add_fitting(p, list))
		return NULL;
	if (!list->num_children && is(p, "them"))
		return fail(p, "no selection is left for 'them', which leaves "
			    "out names that begin with '_'");
	if (!list->num_children)
		return fail(p, "no selection is named '%.*s'", shown(p),
			    token(p));
	if (list->kind == LOGIC_SOME && list->least > list->num_children)
		return fail(p, "%zu of '%.*s': there are only %zu",
			    list->least, shown(p), token(p),
			    list->num_children);
	next(p);
	return list;
}

static struct logic *parse_name(struct parser *p)
{
	const struct sigma_selections *s = p->selections;

	if (!is_name(p))
		return unexpected(p, "the name of a selection");
	for (size_t i = 0; i < s->num; i++) {
		size_t len = strlen(s->names[i]);

		if (!spend(p, 1 + len))
			return NULL;
		if (len != p->len || memcmp(s->names[i], token(p), len))
			continue;
		if (!spend(p, SIGMA_CHILD_STEPS * logic_weight(s->logics[i])))
			return NULL;
		next(p);
		return s->logics[i];
	}
	return fail(p, "no selection is named '%.*s'", shown(p), token(p));
}

static struct logic *parse_or(struct parser *p);

static struct logic *parse_not(struct parser *p)
{
	struct logic *logic;

	if (p->depth >= CONDITION_MAX_DEPTH)
		return fail(p, "condition is nested deeper than %u",
			    CONDITION_MAX_DEPTH);
	if (!spend(p, SIGMA_TERM_STEPS))
		return NULL;
	p->depth++;
	if (is(p, "not")) {
		next(p);
		logic = parse_not(p);
		logic = logic ? logic_not(p->scope->pool, logic) : NULL;
	} else if (is(p, "(")) {
		next(p);
		logic = parse_or(p);
		if (logic && !is(p, ")"))
			logic = unexpected(p, "')'");
		else
			next(p);
	} else if (before_of(p)) {
		logic = parse_of(p);
	} else {
		logic = parse_name(p);
	}
	p->depth--;
	return logic;
}

static struct logic *parse_list(struct parser *p, const char *word,
			       enum logic_kind kind,
			       struct logic *(*parse)(struct parser *))
{
	struct logic *first = parse(p), *list;

	if (!first || !is(p, word))
		return first;
	list = logic_new(p->scope->pool, kind);
	logic_add(list, first);
	while (is(p, word)) {
		next(p);
		first = parse(p);
		if (!first)
			return NULL;
		logic_add(list, first);
	}
	return list;
}

static struct logic *parse_and(struct parser *p)
{
	return parse_list(p, "and", LOGIC_ALL, parse_not);
}

static struct logic *parse_or(struct parser *p)
{
	return parse_list(p, "or", LOGIC_ANY, parse_and);
}

struct logic *sigma_condition(const struct sigma_scope *scope,
			     const struct sigma_selections *selections,
			     const struct tree_node *condition)
{
	struct parser p = {
		.scope = scope, .selections = selections, .node = condition,
	};
	struct logic *logic;

	if (condition->kind != TREE_TEXT)
		return fail(&p, "condition must be a text, is %s",
			    tree_kind_name(condition));
	if (condition->len > CONDITION_MAX_LEN)
		return fail(&p, "condition is longer than %u bytes",
			    CONDITION_MAX_LEN);
	if (memchr(condition->text, 0, condition->len))
		return fail(&p, "condition holds a zero byte");
	next(&p);
	logic = parse_or(&p);
	if (logic && p.len)
		return unexpected(&p, "'and', 'or' or the end");
	return logic;
}
