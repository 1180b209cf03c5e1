// SPDX-License-Identifier: GPL-2.0-or-later
/* From the text of a regular expression to its tree. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/regex.h"

struct parser {
	struct regex *regex;
	const uint8_t *text;
	size_t len, at;
	unsigned int flags;	/* of the group at hand */
	unsigned int depth;
	struct regex_error *error;
};

static struct regex_node *fail(struct parser *p, size_t at,
			       const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(p->error->text, sizeof(p->error->text), format, ap);
	va_end(ap);
	p->error->at = at;
	return NULL;
}

static int peek(const struct parser *p)
{
	return p->at < p->len ? p->text[p->at] : -1;
}

static bool take(struct parser *p, const char *text)
{
	size_t len = strlen(text);

	if (p->len - p->at < len || memcmp(p->text + p->at, text, len))
		return false;
	p->at += len;
	return true;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(int c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Escapes */

/* The byte of an escape that stands for one; -1 where it does not. */
static int control_escape(int c)
{
	static const char from[] = "tnrfae0", to[] = "\t\n\r\f\a\033";
	const char *found = c > 0 ? strchr(from, c) : NULL;

	return found ? (uint8_t)to[found - from] : -1;
}

/* Behind "\x": two digits, or some in braces.  -1 and an error. */
static int hex_escape(struct parser *p, size_t start)
{
	bool braces = take(p, "{");
	unsigned int value = 0, num = 0;

	while (hex_digit(peek(p)) >= 0 && num < (braces ? 8u : 2u)) {
		value = value * 16 + (unsigned int)hex_digit(peek(p));
		p->at++;
		num++;
	}
	if (!num || value > 0xff || (braces && !take(p, "}"))) {
		fail(p, start, "'\\x' needs one or two hexadecimal digits: it "
		     "stands for one byte");
		return -1;
	}
	return (int)value;
}

/* Escapes that the subset does not have, by name. */
static const struct {
	const char *letters, *what;
} refused_escapes[] = {
	{ "123456789gk", "back-references: they can't be matched in linear "
	  "time" },
	{ "pPX", "Unicode properties: inputs are bytes" },
	{ "B", "'\\B'" },
	{ "Z", "'\\Z': say '$' or '\\z'" },
	{ "K", "'\\K'" },
	{ "G", "'\\G'" },
	{ "QE", "'\\Q' and '\\E'" },
	{ "v", "'\\v': what it stands for differs" },
};

static struct regex_node *unknown_escape(struct parser *p, size_t start, int c)
{
	for (size_t i = 0; i < ARRAY_LEN(refused_escapes); i++)
		if (strchr(refused_escapes[i].letters, c))
			return fail(p, start, "the subset of regular "
				    "expressions has no %s",
				    refused_escapes[i].what);
	return fail(p, start, "the escape '\\%c' is not known", c);
}

/*
 * What stands behind a backslash as a set of bytes.  False and an error where
 * it is no such thing; @c has been taken.
 */
static bool escaped_set(struct parser *p, size_t start, int c, uint64_t set[4])
{
	bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
	int byte = control_escape(c);

	if (c == '0' && is_digit(peek(p))) {
		fail(p, start, "the subset of regular expressions has no octal "
		     "escapes: say '\\x1b' for '\\033'");
		return false;
	}
	if (c < 0) {
		fail(p, start, "a backslash at the end");
		return false;
	}
	if (c && strchr("dswDSW", c)) {
		set_add_named(set, (char)(c | 0x20));
		for (int i = 0; c < 'a' && i < 4; i++)
			set[i] = ~set[i];
		return true;
	}
	if (c == 'x') {
		byte = hex_escape(p, start);
		if (byte < 0)
			return false;
	} else if (byte < 0 && !letter && !is_digit(c)) {
		byte = c;
	}
	if (byte < 0) {
		unknown_escape(p, start, c);
		return false;
	}
	set_add(set, (uint8_t)byte);
	return true;
}

/* Classes */

static const struct {
	const char *name, *members;
	const char *named;
} posix_classes[] = {
	{ "[:digit:]", "", "d" }, { "[:space:]", "", "s" },
	{ "[:word:]", "", "w" },
	{ "[:alpha:]", "azAZ", "" }, { "[:alnum:]", "azAZ09", "" },
	{ "[:upper:]", "AZ", "" }, { "[:lower:]", "az", "" },
	{ "[:xdigit:]", "09afAF", "" }, { "[:print:]", " ~", "" },
	{ "[:graph:]", "!~", "" }, { "[:punct:]", "!/:@[`{~", "" },
	{ "[:blank:]", "\t\t  ", "" }, { "[:cntrl:]", "\1\37\177\177", "" },
};

static bool posix_class(struct parser *p, uint64_t set[4])
{
	for (size_t i = 0; i < ARRAY_LEN(posix_classes); i++) {
		const char *range = posix_classes[i].members;

		if (!take(p, posix_classes[i].name))
			continue;
		if (*posix_classes[i].named)
			set_add_named(set, *posix_classes[i].named);
		for (; *range; range += 2)
			for (int c = range[0]; c <= range[1]; c++)
				set_add(set, (uint8_t)c);
		return true;
	}
	return false;
}

/*
 * One member of a class: a set, and the byte that a range may begin with, or
 * -1 where it is no single byte.
 */
static bool class_member(struct parser *p, uint64_t set[4], int *out_byte)
{
	size_t start = p->at;
	int c = peek(p);

	*out_byte = -1;
	if (c == '[' && posix_class(p, set))
		return true;
	if (c == '[' && p->at + 1 < p->len &&
	    strchr(":.=", p->text[p->at + 1]) && p->text[p->at + 1])
		return fail(p, start, "this class in a class is not known");
	if (c >= 0x80)
		return fail(p, start, "a letter beyond ASCII in a class: inputs "
			    "are bytes, write (a|b)");
	p->at++;
	if (c != '\\') {
		set_add(set, (uint8_t)c);
		*out_byte = c;
		return true;
	}
	c = peek(p);
	p->at += c >= 0;
	if (c == 'b') {
		set_add(set, '\b');
		*out_byte = '\b';
		return true;
	}
	if (!escaped_set(p, start, c, set))
		return false;
	if (set_count(set) == 1)
		for (int byte = 0; byte < 256; byte++)
			if (set_has(set, (uint8_t)byte))
				*out_byte = byte;
	return true;
}

static bool class_range(struct parser *p, uint64_t set[4], int from)
{
	uint64_t last[4] = { 0 };
	size_t start = p->at;
	int to;

	if (!class_member(p, last, &to))
		return false;
	if (from < 0 || to < 0 || from > to) {
		fail(p, start, "a range in a class goes from one byte to a "
		     "later one");
		return false;
	}
	for (int c = from; c <= to; c++)
		set_add(set, (uint8_t)c);
	return true;
}

/* Behind "[". */
static struct regex_node *parse_class(struct parser *p)
{
	size_t start = p->at - 1, first;
	bool negated = take(p, "^");
	uint64_t set[4] = { 0 };

	for (first = p->at; peek(p) != ']' || p->at == first;) {
		uint64_t member[4] = { 0 };
		int byte;

		if (peek(p) < 0)
			return fail(p, start, "a class without its end");
		if (!class_member(p, member, &byte))
			return NULL;
		for (int i = 0; i < 4; i++)
			set[i] |= member[i];
		if (peek(p) == '-' && p->at + 1 < p->len &&
		    p->text[p->at + 1] != ']') {
			p->at++;
			if (!class_range(p, set, byte))
				return NULL;
		}
	}
	p->at++;
	if (p->flags & REGEX_ICASE)
		set_close_case(set);
	for (int i = 0; negated && i < 4; i++)
		set[i] = ~set[i];
	return regex_set(p->regex, set);
}

/* Groups */

static struct regex_node *parse_alt(struct parser *p);

/* What "(?" can begin that the subset does not have. */
static const struct {
	const char *begins, *what;
} refused_groups[] = {
	{ "(?=", "look-ahead" }, { "(?!", "look-ahead" },
	{ "(?<=", "look-behind" }, { "(?<!", "look-behind" },
	{ "(?>", "atomic groups" }, { "(?(", "conditionals" },
	{ "(?|", "branch resets" }, { "(?R", "recursion" },
	{ "(?&", "recursion" }, { "(?P>", "recursion" },
	{ "(?P=", "back-references" }, { "(?+", "recursion" },
	{ "(?C", "callouts" }, { "(*", "verbs" },
};

static bool is_refused_group(struct parser *p)
{
	size_t start = p->at;

	for (size_t i = 0; i < ARRAY_LEN(refused_groups); i++) {
		if (!take(p, refused_groups[i].begins))
			continue;
		fail(p, start, "the subset of regular expressions has no %s "
		     "('%s')", refused_groups[i].what,
		     refused_groups[i].begins);
		return true;
	}
	return false;
}

/* The letters of "(?im-s". */
static bool parse_flags(struct parser *p, size_t start)
{
	static const char letters[] = "ims";
	bool on = true;
	int c;

	for (;; p->at++) {
		const char *found;

		c = peek(p);
		if (c == '-' && on) {
			on = false;
			continue;
		}
		found = c > 0 ? strchr(letters, c) : NULL;
		if (!found)
			break;
		p->flags &= ~(1u << (found - letters));
		if (on)
			p->flags |= 1u << (found - letters);
	}
	if (c == ':' || c == ')')
		return true;
	if (is_digit(c) || c == '-')
		fail(p, start, "the subset of regular expressions has no "
		     "recursion");
	else
		fail(p, start, "a group begins with (, (?:, (?<name> or flags "
		     "of i, m and s");
	return false;
}

/* Behind "<" of "(?<name>". */
static bool skip_name(struct parser *p, size_t start)
{
	while (peek(p) == '_' || (peek(p) >= 0 && peek(p) < 0x80 &&
	       (is_digit(peek(p)) || ((peek(p) | 0x20) >= 'a' &&
				      (peek(p) | 0x20) <= 'z'))))
		p->at++;
	if (take(p, ">"))
		return true;
	fail(p, start, "a name of a group without its end");
	return false;
}

static struct regex_node *skip_comment(struct parser *p, size_t start)
{
	while (peek(p) >= 0 && peek(p) != ')')
		p->at++;
	if (!take(p, ")"))
		return fail(p, start, "a comment without its end");
	/* Elsewhere it counts what stands before the comment. */
	if (peek(p) > 0 && strchr("*+?{", peek(p)))
		return fail(p, start, "a comment before a count");
	return regex_list(p->regex, REGEX_EMPTY);
}

/*
 * What may not stand beside a place; of those, that no byte may is an end, and
 * that none but a line feed may is one of a line.
 */
static struct regex_node *parse_end_of_bytes(struct parser *p)
{
	bool any = p->flags & REGEX_DOTALL;

	if (take(p, "(?!.)"))
		return regex_assertion(p->regex, any ? REGEX_END :
						       REGEX_LINE_END);
	if (take(p, "(?<!.)"))
		return regex_assertion(p->regex, any ? REGEX_START :
						       REGEX_LINE_START);
	return NULL;
}

/* At "(". */
static struct regex_node *parse_group(struct parser *p)
{
	unsigned int flags = p->flags;
	size_t start = p->at;
	struct regex_node *node = parse_end_of_bytes(p);

	if (node)
		return node;
	if (is_refused_group(p))
		return NULL;
	p->at++;
	if (take(p, "?#"))
		return skip_comment(p, start);
	if (take(p, "?P<") || take(p, "?<")) {
		if (!skip_name(p, start))
			return NULL;
	} else if (take(p, "?")) {
		if (!parse_flags(p, start))
			return NULL;
		if (take(p, ")"))	/* for the rest of the group around */
			return regex_list(p->regex, REGEX_EMPTY);
		p->at++;
	}
	if (p->depth == REGEX_MAX_DEPTH)
		return fail(p, start, "more than %u groups in one another",
			    REGEX_MAX_DEPTH);
	p->depth++;
	node = parse_alt(p);
	p->depth--;
	p->flags = flags;
	if (node && !take(p, ")"))
		return fail(p, start, "a group without its end");
	return node;
}

/* Atoms */

/* A letter beyond ASCII is all its bytes, to whatever stands behind it. */
static struct regex_node *parse_letter(struct parser *p)
{
	struct regex_node *list = regex_list(p->regex, REGEX_CONCAT);

	do
		regex_add(list, regex_byte(p->regex, p->text[p->at++], false));
	while (peek(p) >= 0x80 && peek(p) < 0xc0);
	return regex_finish(p->regex, list);
}

static struct regex_node *parse_escape(struct parser *p)
{
	static const char anchors[] = "Azb";
	static const enum regex_assert asserts[] = {
		REGEX_START, REGEX_END, REGEX_WORD,
	};
	size_t start = p->at++;
	int c = peek(p);
	const char *anchor = c > 0 ? strchr(anchors, c) : NULL;
	uint64_t set[4] = { 0 };

	p->at += c >= 0;
	if (anchor)
		return regex_assertion(p->regex, asserts[anchor - anchors]);
	if (!escaped_set(p, start, c, set))
		return NULL;
	if (p->flags & REGEX_ICASE)
		set_close_case(set);
	return regex_set(p->regex, set);
}

static struct regex_node *parse_dot(struct parser *p)
{
	struct regex_node *node = regex_any(p->regex);

	p->at++;
	if (!(p->flags & REGEX_DOTALL))
		node->set[0] &= ~((uint64_t)1 << '\n');
	return node;
}

static struct regex_node *parse_anchor(struct parser *p, int c)
{
	bool lines = p->flags & REGEX_MULTILINE;

	p->at++;
	if (c == '^')
		return regex_assertion(p->regex, lines ? REGEX_LINE_START :
							 REGEX_START);
	return regex_assertion(p->regex, lines ? REGEX_LINE_END : REGEX_END);
}

/* Reads "{m}", "{m,}" or "{m,n}"; anything else is no count, but plain. */
static bool take_count(struct parser *p, uint32_t *min, uint32_t *max)
{
	size_t at = p->at + 1;
	uint32_t number[2] = { 0, REGEX_NO_MAX };
	int which = 0;
	bool digits = false;

	for (; at < p->len && p->text[at] != '}'; at++) {
		if (p->text[at] == ',' && !which && digits) {
			which = 1;
			continue;
		}
		if (!is_digit(p->text[at]))
			return false;
		if (number[which] == REGEX_NO_MAX)
			number[which] = 0;
		number[which] = number[which] * 10 + p->text[at] - '0';
		if (number[which] > REGEX_MAX_COUNT)
			number[which] = REGEX_MAX_COUNT + 1;
		digits = true;
	}
	if (at >= p->len || !digits)
		return false;
	*min = number[0];
	*max = which ? number[1] : number[0];
	p->at = at + 1;
	return true;
}

static bool is_quantifier(struct parser *p)
{
	struct parser probe = *p;
	uint32_t min, max;
	int c = peek(p);

	return c == '*' || c == '+' || c == '?' ||
	       (c == '{' && take_count(&probe, &min, &max));
}

static struct regex_node *parse_atom(struct parser *p)
{
	int c = peek(p);

	if (is_quantifier(p))
		return fail(p, p->at, "nothing stands before '%c'", c);
	switch (c) {
	case '(':
		return parse_group(p);
	case '[':
		p->at++;
		return parse_class(p);
	case '\\':
		return parse_escape(p);
	case '.':
		return parse_dot(p);
	case '^':
	case '$':
		return parse_anchor(p, c);
	default:
		if (c >= 0x80)
			return parse_letter(p);
		p->at++;
		return regex_byte(p->regex, (uint8_t)c,
				  p->flags & REGEX_ICASE);
	}
}

/* What may follow an atom: how often, and whether greedy, which is the same. */
static struct regex_node *parse_repeat(struct parser *p)
{
	size_t start = p->at;
	struct regex_node *node = parse_atom(p);
	uint32_t min, max;

	if (!node || !is_quantifier(p))
		return node;
	if (take(p, "*") || take(p, "+") || take(p, "?")) {
		int c = p->text[p->at - 1];

		min = c == '+';
		max = c == '?' ? 1 : REGEX_NO_MAX;
	} else {
		take_count(p, &min, &max);
	}
	if (min > REGEX_MAX_COUNT ||
	    (max > REGEX_MAX_COUNT && max != REGEX_NO_MAX))
		return fail(p, start, "a count above %u", REGEX_MAX_COUNT);
	if (min > max)
		return fail(p, start, "a count from %u to less", min);
	if (peek(p) == '+')
		return fail(p, p->at, "the subset of regular expressions has "
			    "no possessive quantifiers");
	take(p, "?");
	if (is_quantifier(p))
		return fail(p, p->at, "two quantifiers in a row");
	return regex_repeat(p->regex, node, min, max);
}

static struct regex_node *parse_concat(struct parser *p)
{
	struct regex_node *list = regex_list(p->regex, REGEX_CONCAT), *node;

	while (peek(p) >= 0 && peek(p) != '|' && peek(p) != ')') {
		node = parse_repeat(p);
		if (!node)
			return NULL;
		if (p->regex->num_nodes > REGEX_MAX_NODES)
			return fail(p, p->at, "expression has more than %u "
				    "parts", REGEX_MAX_NODES);
		regex_add(list, node);
	}
	return regex_finish(p->regex, list);
}

static struct regex_node *parse_alt(struct parser *p)
{
	struct regex_node *list = regex_list(p->regex, REGEX_ALT), *node;

	do {
		node = parse_concat(p);
		if (!node)
			return NULL;
		regex_add(list, node);
	} while (take(p, "|"));
	return regex_finish(p->regex, list);
}

int regex_parse(struct regex *out, const void *text, size_t len,
		unsigned int flags, struct regex_error *out_error)
{
	struct parser p = {
		.regex = out, .text = text, .len = len, .flags = flags,
		.error = out_error,
	};

	memset(out, 0, sizeof(*out));
	memset(out_error, 0, sizeof(*out_error));
	if (len > REGEX_MAX_LEN) {
		fail(&p, 0, "expression is longer than %u bytes",
		     REGEX_MAX_LEN);
		return -1;
	}
	out->root = parse_alt(&p);
	if (out->root && p.at < p.len)
		out->root = fail(&p, p.at, "')' without its beginning");
	return out->root ? 0 : -1;
}
