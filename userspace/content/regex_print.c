// SPDX-License-Identifier: GPL-2.0-or-later
/* The canonical notation of regular expressions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/bytes.h"
#include "content/regex.h"

/* Runs of a set that are this long are written as a range. */
#define MIN_RANGE 3u

struct printer {
	struct bytes out;
	bool folded;
};

static void put(struct printer *p, const char *text)
{
	bytes_put(&p->out, text, strlen(text));
}

static void put_byte(struct printer *p, uint8_t byte, const char *special)
{
	static const char named[] = "\tt\nn\rr";
	char text[5] = { '\\', 0 };

	for (size_t i = 0; named[i]; i += 2) {
		if ((uint8_t)named[i] == byte) {
			text[1] = named[i + 1];
			put(p, text);
			return;
		}
	}
	if (byte < 0x20 || byte >= 0x7f) {
		snprintf(text, sizeof(text), "\\x%02x", byte);
		put(p, text);
		return;
	}
	text[1] = (char)byte;
	put(p, strchr(special, byte) ? text : text + 1);
}

/* In folded text capital letters go without saying. */
static bool is_shown(const struct printer *p, const uint64_t set[4],
		     unsigned int byte)
{
	return byte < 256 && set_has(set, (uint8_t)byte) &&
	       !(p->folded && byte >= 'A' && byte <= 'Z');
}

static void put_members(struct printer *p, const uint64_t set[4])
{
	static const char special[] = "\\[]^-";
	unsigned int byte = 0, end;

	while (byte < 256) {
		if (!is_shown(p, set, byte)) {
			byte++;
			continue;
		}
		for (end = byte + 1; is_shown(p, set, end); end++)
			;
		if (end - byte >= MIN_RANGE) {
			put_byte(p, (uint8_t)byte, special);
			put(p, "-");
			byte = end - 1;
		}
		put_byte(p, (uint8_t)byte++, special);
	}
}

static bool put_named(struct printer *p, const uint64_t set[4])
{
	static const char names[] = "dsw";

	for (const char *name = names; *name; name++) {
		uint64_t other[4] = { 0 };
		char text[3] = { '\\', *name, 0 };

		set_add_named(other, *name);
		if (memcmp(other, set, sizeof(other)))
			continue;
		put(p, text);
		return true;
	}
	return false;
}

/* A set that one byte stands for: itself, or a letter in both its cases. */
static bool put_single(struct printer *p, const uint64_t set[4])
{
	unsigned int byte = 0;
	uint64_t other[4] = { 0 };

	if (set_count(set) > 2 || !set_count(set))
		return false;
	while (byte < 256 && !is_shown(p, set, byte))
		byte++;
	/* Of capital letters alone, in a text that is to be folded: none is. */
	if (byte == 256)
		return false;
	set_add(other, (uint8_t)byte);
	if (p->folded)
		set_close_case(other);
	if (memcmp(other, set, sizeof(other)))
		return false;
	put_byte(p, (uint8_t)byte, "\\^$.[]|()?*+{}");
	return true;
}

static void put_set(struct printer *p, const uint64_t set[4])
{
	uint64_t other[4];

	if (set_count(set) == 256) {
		put(p, ".");
		return;
	}
	if (put_single(p, set) || put_named(p, set))
		return;
	for (int i = 0; i < 4; i++)
		other[i] = ~set[i];
	if (set_count(set) > 128 || !set_count(set)) {
		put(p, "[^");
		put_members(p, other);
	} else {
		put(p, "[");
		put_members(p, set);
	}
	put(p, "]");
}

static void put_count(struct printer *p, uint32_t min, uint32_t max)
{
	char text[32];

	if (min <= 1 && max == REGEX_NO_MAX)
		put(p, min ? "+" : "*");
	else if (!min && max == 1)
		put(p, "?");
	else if (max == REGEX_NO_MAX)
		snprintf(text, sizeof(text), "{%u,}", min);
	else if (min == max)
		snprintf(text, sizeof(text), "{%u}", min);
	else
		snprintf(text, sizeof(text), "{%u,%u}", min, max);
	if (max == REGEX_NO_MAX ? min > 1 : min || max != 1)
		put(p, text);
}

static void put_node(struct printer *p, const struct regex_node *node);

static void put_group(struct printer *p, const struct regex_node *node,
		      bool group)
{
	put(p, group ? "(" : "");
	put_node(p, node);
	put(p, group ? ")" : "");
}

static void put_node(struct printer *p, const struct regex_node *node)
{
	static const char *const assertions[] = {
		[REGEX_START] = "^", [REGEX_END] = "$",
		[REGEX_LINE_START] = "(?m:^)", [REGEX_LINE_END] = "(?m:$)",
		[REGEX_WORD] = "\\b",
	};

	switch (node->kind) {
	case REGEX_EMPTY:
		break;
	case REGEX_SET:
		put_set(p, node->set);
		break;
	case REGEX_ASSERT:
		put(p, assertions[node->assert]);
		break;
	case REGEX_CONCAT:
		for (size_t i = 0; i < node->num_children; i++)
			put_group(p, node->children[i],
				  node->children[i]->kind == REGEX_ALT);
		break;
	case REGEX_ALT:
		for (size_t i = 0; i < node->num_children; i++) {
			put(p, i ? "|" : "");
			put_node(p, node->children[i]);
		}
		break;
	case REGEX_REPEAT:
		put_group(p, node->children[0],
			  node->children[0]->kind != REGEX_SET);
		put_count(p, node->min, node->max);
	}
}

uint8_t *regex_print(const struct regex *regex, bool folded, size_t *out_len)
{
	struct printer p = { .folded = folded };

	put_node(&p, regex->root);
	*out_len = p.out.len;
	bytes_put(&p.out, "", 1);
	return p.out.data;
}

bool regex_of_criterion(struct regex *out, const uint8_t *text, size_t len,
			bool cased)
{
	unsigned int flags = REGEX_DOTALL | (cased ? 0 : REGEX_ICASE);
	struct regex_error error;
	uint8_t *again;
	size_t again_len;
	bool same;

	if (regex_parse(out, text, len, flags, &error))
		return false;
	regex_trim(out);
	again = regex_print(out, !cased, &again_len);
	same = again_len == len && !memcmp(again, text, len);
	free(again);
	return same;
}

bool regex_is_canonical(const uint8_t *text, size_t len, bool cased)
{
	struct regex regex;
	bool canonical = regex_of_criterion(&regex, text, len, cased);

	regex_free(&regex);
	return canonical;
}
