// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_format.h"
#include "sigma/field.h"

/*
 * A backslash makes a wildcard or another backslash plain, and is itself plain
 * before anything else.
 */
static bool is_escape(const struct tree_node *value, size_t at)
{
	return value->text[at] == '\\' && at + 1 < value->len &&
	       memchr("*?\\", value->text[at + 1], 3);
}

static int inner_wildcard(const struct tree_node *value, size_t at,
			  struct sigma_error *error)
{
	struct position where = value->at;

	if (!value->block)
		where.column += at + !value->plain;
	return sigma_fail(error, where, SIGMA_WILDCARD,
			  "wildcard '%c' inside of '%.120s': a criterion is "
			  "one text that begins, ends, equals or stands in an "
			  "input, so '*' may only begin or end a value%s",
			  value->text[at], value->text,
			  value->text[at] == '?' ?
			  ", and '?' has no counterpart" : "");
}

int sigma_pattern(struct sigma_pattern *out, const struct tree_node *value,
		  struct sigma_error *out_error)
{
	size_t last_star = 0;

	memset(out, 0, sizeof(*out));
	out->text = xmalloc(value->len);
	for (size_t i = 0; i < value->len; i++) {
		char c = value->text[i];

		if (c == '?')
			return inner_wildcard(value, i, out_error);
		if (c == '*') {
			if (out->len)
				out->open_end = true;
			else
				out->open_start = true;
			last_star = i;
			continue;
		}
		if (out->open_end)
			return inner_wildcard(value, last_star, out_error);
		if (is_escape(value, i))
			c = value->text[++i];
		out->text[out->len++] = (uint8_t)c;
	}
	if (out->len > PLM_MAX_TEXT_LEN)
		return sigma_fail(out_error, value->at, SIGMA_BAD_VALUE,
				  "value is longer than %u bytes",
				  PLM_MAX_TEXT_LEN);
	return 0;
}
