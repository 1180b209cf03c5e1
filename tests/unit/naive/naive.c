// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/naive/naive.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <iconv.h>
#include <openssl/evp.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct naive {
	const struct tree_node *detection;
	const struct plm_template *template;
	const struct plm_value *values;
};

/* More than this reading can do; a rule that compiles may well be. */
_Noreturn static void beyond(const char *what, const char *text)
{
	fprintf(stderr, "the naive reading has no %s: %s\n", what, text);
	abort();
}

/* Values */

/* The modifiers of a key, each asked for by name. */
static bool has(const char *key, const char *modifier)
{
	size_t len = strlen(modifier);

	for (key = strchr(key, '|'); key; key = strchr(key, '|')) {
		key++;
		if (!strncmp(key, modifier, len) &&
		    (!key[len] || key[len] == '|'))
			return true;
	}
	return false;
}

/* How a value is compared. */
struct how {
	bool cased, windash, open_end;
};

static bool same(const struct how *how, char a, char b)
{
	return a == b || (!how->cased && tolower((unsigned char)a) ==
					 tolower((unsigned char)b));
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Of a character in UTF-8, any byte but the first. */
static bool is_later_byte(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static bool glob(const struct how *how, const char *value, size_t len,
		 size_t at, const char *text, size_t text_len);

/* A dash of the value may be any other in the text. */
static bool glob_dash(const struct how *how, const char *value, size_t len,
		      size_t at, const char *text, size_t text_len)
{
	static const char *const dashes[] = { "-", "/", "\xe2\x80\x93",
					      "\xe2\x80\x94", "\xe2\x80\x95" };

	for (int i = 0; i < 5; i++) {
		size_t n = strlen(dashes[i]);

		if (text_len >= n && !memcmp(text, dashes[i], n) &&
		    glob(how, value, len, at + 1, text + n, text_len - n))
			return true;
	}
	return false;
}

/* A question mark: the text loses one character, which may be several bytes. */
static bool glob_character(const struct how *how, const char *value, size_t len,
			   size_t at, const char *text, size_t text_len)
{
	size_t n = 1;

	if (!text_len || is_later_byte(*text))
		return false;
	for (; n <= text_len; n++) {
		if (glob(how, value, len, at + 1, text + n, text_len - n))
			return true;
		if (n == text_len || !is_later_byte(text[n]))
			break;
	}
	return false;
}

/* The value from @at on, with its wildcards, against the text. */
static bool glob(const struct how *how, const char *value, size_t len,
		 size_t at, const char *text, size_t text_len)
{
	bool plain = false;
	char c;

	if (at == len)
		return how->open_end || !text_len;
	c = value[at];
	if (c == '*') {
		for (size_t i = 0; i <= text_len; i++)
			if (glob(how, value, len, at + 1, text + i,
				 text_len - i))
				return true;
		return false;
	}
	if (how->windash && (c == '-' || c == '/') && at + 1 < len &&
	    in_word(value[at + 1]) && (!at || !in_word(value[at - 1])))
		return glob_dash(how, value, len, at, text, text_len);
	if (c == '\\' && at + 1 < len && strchr("*?\\", value[at + 1]) &&
	    value[at + 1]) {
		c = value[++at];
		plain = true;
	}
	if (!plain && c == '?')
		return glob_character(how, value, len, at, text, text_len);
	if (!text_len || !same(how, c, *text))
		return false;
	return glob(how, value, len, at + 1, text + 1, text_len - 1);
}

/* What has no field is a keyword, and stands where it likes. */
static bool anywhere(const char *key)
{
	return has(key, "contains") ||
	       ((!*key || *key == '|') && !has(key, "startswith") &&
		!has(key, "endswith"));
}

/* Somewhere, or only at the beginning. */
static bool glob_at(const struct how *how, const char *key, const char *value,
		    size_t len, const struct plm_value *text)
{
	const char *data = (const char *)text->data;
	struct how mine = *how;
	size_t last = 0;

	mine.open_end = anywhere(key) || has(key, "startswith");
	if (anywhere(key) || has(key, "endswith"))
		last = text->len;
	for (size_t i = 0; i <= last; i++)
		if (glob(&mine, value, len, 0, data + i, text->len - i))
			return true;
	return false;
}

/* The same of bytes that were encoded, and so have no wildcards. */
static bool plain_at(const struct how *how, const char *key, const char *bytes,
		     size_t len, const struct plm_value *text)
{
	bool start = anywhere(key) || has(key, "endswith");
	bool end = anywhere(key) || has(key, "startswith");

	for (size_t i = 0; i + len <= text->len; i++) {
		size_t k = 0;

		while (k < len && same(how, bytes[k],
				       (const char)text->data[i + k]))
			k++;
		if (k == len && (start || !i) && (end || i + len == text->len))
			return true;
	}
	return false;
}

/*
 * With the C library, and its words for what it has other ones for; its dot is
 * no zero byte.
 */
static bool regex_holds(const char *key, const char *source,
			const struct plm_value *text)
{
	char ere[1024];
	size_t len = 0;
	bool in_class = false;
	regex_t regex;
	regmatch_t match = { 0, (regoff_t)text->len };
	bool holds;

	for (; *source; source++) {
		const char *word = NULL;

		if (!strncmp(source, "\\d", 2)) {
			word = "[0-9]";
			source++;
		} else if (*source == '.' && !in_class) {
			word = has(key, "s") ? "([^a]|a)" : "[^\n]";
		}
		if (*source == '\\' && !word)
			ere[len++] = *source++;
		in_class = *source == '[' || (in_class && *source != ']');
		len = (size_t)(stpcpy(ere + len, word ? word : "") - ere);
		if (!word)
			ere[len++] = *source;
	}
	ere[len] = 0;
	if (regcomp(&regex, ere, REG_EXTENDED |
		    (has(key, "i") ? REG_ICASE : 0)))
		beyond("such expression", ere);
	/* Inputs may hold zero bytes. */
	holds = !regexec(&regex, (const char *)text->data, 1, &match,
			 REG_STARTEND);
	regfree(&regex);
	return holds;
}

static size_t utf16(const char *key, const char *value, size_t len, char *out,
		    size_t cap)
{
	bool le = has(key, "utf16le") || has(key, "wide");
	iconv_t cd = iconv_open(le || has(key, "utf16") ? "UTF-16LE" :
				"UTF-16BE", "UTF-8");
	char *in = (char *)value, *to = out;

	if (has(key, "utf16")) {
		*to++ = '\xff';
		*to++ = '\xfe';
		cap -= 2;
	}
	if (iconv(cd, &in, &len, &to, &cap) == (size_t)-1)
		beyond("UTF-16 for this", value);
	iconv_close(cd);
	return (size_t)(to - out);
}

/*
 * Encoded inside of something else: of two encodings with all bits around the
 * value different, the part that is the same.
 */
static bool offset_holds(const struct how *how, const char *key,
			 const char *bytes, size_t len,
			 const struct plm_value *text)
{
	for (size_t before = 0; before < 3; before++) {
		size_t after = (3 - (before + len) % 3) % 3, first = 0, end;
		unsigned char raw[2][600], out[2][900];

		for (int i = 0; i < 2; i++) {
			memset(raw[i], i ? 0xff : 0, sizeof(raw[i]));
			memcpy(raw[i] + before, bytes, len);
			end = (size_t)EVP_EncodeBlock(out[i], raw[i],
				(int)(before + len + after));
		}
		while (out[0][first] != out[1][first])
			first++;
		while (out[0][end - 1] != out[1][end - 1])
			end--;
		if (plain_at(how, key, (char *)out[0] + first, end - first,
			     text))
			return true;
	}
	return false;
}

/*
 * An address in a network, both read by the C library.  IPv6 addresses with
 * an IPv4 one at their end are none here.
 */
static bool cidr_holds(const char *network, const struct plm_value *text)
{
	unsigned char want[16], got[16];
	char address[64], copy[64];
	bool six = strchr(network, ':');
	int bits = six ? 128 : 32;

	if (text->len >= sizeof(copy) || memchr(text->data, 0, text->len))
		return false;
	memcpy(copy, text->data, text->len);
	copy[text->len] = 0;
	sscanf(network, "%63[^/]/%d", address, &bits);
	if (inet_pton(six ? AF_INET6 : AF_INET, address, want) != 1)
		beyond("such network", network);
	if ((six && strchr(copy, '.')) ||
	    inet_pton(six ? AF_INET6 : AF_INET, copy, got) != 1)
		return false;
	for (int i = 0; i < bits; i++)
		if ((want[i / 8] ^ got[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static bool text_holds(const char *key, const struct tree_node *value,
		       const struct plm_value *text)
{
	struct how how = { .cased = has(key, "cased"),
			   .windash = has(key, "windash") };
	unsigned char encoded[900];
	const char *bytes = value->text;
	size_t len = value->len;
	bool wide = has(key, "utf16") || has(key, "utf16le") ||
		    has(key, "utf16be") || has(key, "wide");
	char buffer[600];

	if (text->kind != PLM_VALUE_STRING)
		return false;
	if (has(key, "re"))
		return regex_holds(key, bytes, text);
	if (has(key, "cidr"))
		return cidr_holds(bytes, text);
	if (wide) {
		len = utf16(key, bytes, len, buffer, sizeof(buffer));
		bytes = buffer;
	}
	if (has(key, "base64offset"))
		return offset_holds(&how, key, bytes, len, text);
	if (has(key, "base64")) {
		len = (size_t)EVP_EncodeBlock(encoded,
					      (const unsigned char *)bytes,
					      (int)len);
		return plain_at(&how, key, (char *)encoded, len, text);
	}
	if (wide)
		return plain_at(&how, key, bytes, len, text);
	return glob_at(&how, key, bytes, len, text);
}

static bool number_holds(const char *key, const struct tree_node *value,
			 const struct plm_value *number)
{
	uint64_t operand = strtoull(value->text, NULL,
				    strstr(value->text, "0x") ? 16 : 10);

	if (number->kind != PLM_VALUE_NUMBER)
		return false;
	if (has(key, "lt"))
		return number->number < operand;
	if (has(key, "lte"))
		return number->number <= operand;
	if (has(key, "gt"))
		return number->number > operand;
	if (has(key, "gte"))
		return number->number >= operand;
	return number->number == operand;
}

/* Entries, selections */

static uint32_t input_of(const struct naive *n, const char *key)
{
	size_t len = strcspn(key, "|");

	for (uint32_t i = 0; i < n->template->shape.num_inputs; i++) {
		const char *name = n->template->shape.inputs[i].name;

		if (strlen(name) == len && !strncmp(name, key, len))
			return i;
	}
	beyond("such field in its template", key);
}

/* The value names another field, with which the first one is compared. */
static bool fieldref_holds(const struct naive *n, const char *key,
			   const struct plm_value *given,
			   const struct tree_node *value)
{
	const struct plm_value *other = &n->values[input_of(n, value->text)];
	struct how how = { .cased = has(key, "cased") };

	if (given->kind != other->kind || given->kind == PLM_VALUE_ABSENT)
		return false;
	if (given->kind == PLM_VALUE_NUMBER)
		return given->number == other->number;
	return plain_at(&how, key, (const char *)other->data, other->len,
			given);
}

static bool input_holds(const struct naive *n, const char *key,
			uint32_t input, const struct tree_node *value)
{
	const struct plm_value *given = &n->values[input];

	if (has(key, "exists"))
		return (given->kind != PLM_VALUE_ABSENT) ==
		       !strcasecmp(value->text, "true");
	if (has(key, "fieldref"))
		return fieldref_holds(n, key, given, value);
	if (tree_is_null(value))
		return given->kind == PLM_VALUE_ABSENT;
	/* What is nothing but a wildcard does not even want the field. */
	if (!has(key, "re") && strspn(value->text, "*") == value->len &&
	    (value->len || anywhere(key) || has(key, "startswith") ||
	     has(key, "endswith")))
		return true;
	if (n->template->shape.inputs[input].type == PLM_TYPE_NUMBER)
		return number_holds(key, value, given);
	return text_holds(key, value, given);
}

/* A keyword is looked for in every text of the event. */
static bool value_holds(const struct naive *n, const char *key,
			const struct tree_node *value)
{
	const struct plm_supply *shape = &n->template->shape;

	if (*key && *key != '|')
		return input_holds(n, key, input_of(n, key), value);
	for (uint32_t i = 0; i < shape->num_inputs; i++)
		if (shape->inputs[i].type == PLM_TYPE_STRING &&
		    input_holds(n, key, i, value))
			return true;
	return false;
}

static bool entry_holds(const struct naive *n, const char *key,
			const struct tree_node *value)
{
	bool all = has(key, "all"), holds = all;

	if (value->kind != TREE_LIST)
		return value_holds(n, key, value) != has(key, "neq");
	for (size_t i = 0; i < value->num_items && holds == all; i++)
		holds = value_holds(n, key, value->items[i]);
	return holds != has(key, "neq");
}

static bool selection_holds(const struct naive *n,
			    const struct tree_node *selection)
{
	if (selection->kind == TREE_TEXT)
		return value_holds(n, "", selection);
	if (selection->kind == TREE_LIST) {
		for (size_t i = 0; i < selection->num_items; i++)
			if (selection_holds(n, selection->items[i]))
				return true;
		return false;
	}
	for (size_t i = 0; i < selection->num_items; i += 2)
		if (!entry_holds(n, selection->items[i]->text,
				 selection->items[i + 1]))
			return false;
	return true;
}

/* Conditions: every part is asked only if the answer matters (@live). */

static bool or_holds(const struct naive *n, const char **at, bool live);

static void word_of(const char **at, char *out)
{
	size_t len = 0;

	while (isspace((unsigned char)**at))
		++*at;
	if (**at == '(' || **at == ')')
		out[len++] = *(*at)++;
	while (!len || (out[0] != '(' && out[0] != ')')) {
		if (!**at || isspace((unsigned char)**at) ||
		    strchr("()", **at))
			break;
		out[len++] = *(*at)++;
	}
	out[len] = 0;
}

static bool next_is(const char **at, const char *word)
{
	const char *probe = *at;
	char found[300];

	word_of(&probe, found);
	if (strcasecmp(found, word))
		return false;
	*at = probe;
	return true;
}

static bool name_fits(const char *pattern, const char *name)
{
	if (*pattern == '*')
		return name_fits(pattern + 1, name) ||
		       (*name && name_fits(pattern, name + 1));
	return *pattern == *name && (!*name || name_fits(pattern + 1,
							 name + 1));
}

/* "2 of filter_*" */
static bool count_holds(const struct naive *n, const char *count,
			const char *pattern, bool live)
{
	size_t num = 0, held = 0;

	for (size_t i = 0; live && i < n->detection->num_items; i += 2) {
		const char *name = n->detection->items[i]->text;

		if (!strcmp(name, "condition") ||
		    (*name == '_' && *pattern != '_') ||
		    (strcasecmp(pattern, "them") && !name_fits(pattern, name)))
			continue;
		num++;
		held += selection_holds(n, n->detection->items[i + 1]);
	}
	if (!strcasecmp(count, "all"))
		return held == num;
	if (!strcasecmp(count, "any"))
		return held > 0;
	return held >= strtoull(count, NULL, 10);
}

static bool not_holds(const struct naive *n, const char **at, bool live)
{
	char word[300], pattern[300];
	bool holds;

	if (next_is(at, "not"))
		return !not_holds(n, at, live);
	if (next_is(at, "(")) {
		holds = or_holds(n, at, live);
		if (!next_is(at, ")"))
			beyond("such condition", *at);
		return holds;
	}
	word_of(at, word);
	if (next_is(at, "of")) {
		word_of(at, pattern);
		return count_holds(n, word, pattern, live);
	}
	return live && selection_holds(n, tree_get(n->detection, word));
}

static bool and_holds(const struct naive *n, const char **at, bool live)
{
	bool holds = not_holds(n, at, live);

	while (next_is(at, "and"))
		holds = not_holds(n, at, live && holds) && holds;
	return holds;
}

static bool or_holds(const struct naive *n, const char **at, bool live)
{
	bool holds = and_holds(n, at, live);

	while (next_is(at, "or"))
		holds = and_holds(n, at, live && !holds) || holds;
	return holds;
}

bool naive_matches(const struct tree_node *document,
		   const struct plm_template *template,
		   const struct plm_value *values)
{
	struct naive n = { tree_get(document, "detection"), template, values };
	const struct tree_node *condition = tree_get(n.detection, "condition");
	const char *at;

	if (condition->kind == TREE_TEXT) {
		at = condition->text;
		return or_holds(&n, &at, true);
	}
	for (size_t i = 0; i < condition->num_items; i++) {
		at = condition->items[i]->text;
		if (or_holds(&n, &at, true))
			return true;
	}
	return false;
}
