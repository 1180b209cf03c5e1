// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/lib/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/lib/vector.h"

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The quoted word at @s, decoded in place; NULL or what follows it. */
static char *take_quoted(struct word *w, char *s)
{
	char *out = s;

	w->text = s;
	w->quoted = true;
	for (; *s != '"'; s++) {
		if (!*s)
			return NULL;
		if (*s == '\\' && s[1] == 'x' && hex_digit(s[2]) >= 0 &&
		    hex_digit(s[3]) >= 0) {
			*out++ = (char)(hex_digit(s[2]) * 16 + hex_digit(s[3]));
			s += 3;
		} else {
			*out++ = *s;
		}
	}
	w->len = (size_t)(out - w->text);
	s++;
	*out = 0;
	return s;
}

static char *take_plain(struct word *w, char *s)
{
	w->text = s;
	w->quoted = false;
	w->len = strcspn(s, " \t\n");
	s += w->len;
	if (*s)
		*s++ = 0;
	return s;
}

const char *words_split(char *line, struct word words[MAX_WORDS],
			size_t *out_num)
{
	char *s = line;

	*out_num = 0;
	for (;;) {
		s += strspn(s, " \t\n");
		if (!*s || *s == '#')
			return NULL;
		if (*out_num == MAX_WORDS)
			return "too many words";
		if (*s == '"')
			s = take_quoted(&words[*out_num], s + 1);
		else
			s = take_plain(&words[*out_num], s);
		if (!s)
			return "a quote is not closed";
		++*out_num;
	}
}

static bool take_part(const char **s, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(*s, &end, 0);
	if (end == *s || errno || **s == '-')
		return false;
	*s = end;
	return true;
}

bool word_number(const struct word *word, uint64_t *out_number)
{
	const char *s = word->text;
	bool hash = *s == '@';
	uint64_t part[3] = { 0 };
	int num = 0;

	*out_number = 0;
	if (word->quoted)
		return false;
	s += hash;
	do {
		if (num == 3 || !take_part(&s, &part[num++]))
			return false;
	} while (*s == '/' && *s++);
	if (*s || (hash && num != 2))
		return false;
	if (hash)
		*out_number = vector_shape((uint32_t)part[0],
					   (uint32_t)part[1]);
	else if (num == 1)
		*out_number = part[0];
	else if (num == 2)
		*out_number = part[0] << 24 | part[1];
	else
		*out_number = part[0] << 24 | part[1] << 8 | part[2];
	return true;
}
