// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bytes that a target writes down: hexadecimal texts, the structure that an
 * ioctl takes, the attributes of a netlink message.  The guest gets them as
 * "WORD VALUE", checked here.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/target_read.h"

#define MAX_ZEROS 65536

static int check_hex(struct target_reader *reader, const struct tree_node *node,
		     const char *text)
{
	size_t len = strlen(text);

	if (!len || len % 2 || strspn(text, "0123456789abcdefABCDEF") != len)
		return target_fail(reader, node,
				   "'%.80s' is not pairs of hexadecimal digits",
				   text);
	return 0;
}

int target_read_hex(struct target_reader *reader, const struct tree_node *node,
		    const char **out)
{
	if (target_read_text(reader, node, out))
		return -1;
	return check_hex(reader, node, *out);
}

/* What one part of a structure may be. */
static const struct part {
	const char *word;
	bool has_number;
	uint64_t max;
} parts[] = {
	{ "address", false, 0 },
	{ "size32", false, 0 },
	{ "size64", false, 0 },
	{ "u8", true, UINT8_MAX },
	{ "u16", true, UINT16_MAX },
	{ "u32", true, UINT32_MAX },
	{ "u64", true, UINT64_MAX },
	{ "zeros", true, MAX_ZEROS },
};

/* A map of one key: "u32: 7"; or a word alone. */
static int split(struct target_reader *reader, const struct tree_node *node,
		 const char **out_word, const struct tree_node **out_value)
{
	*out_value = NULL;
	if (node->kind == TREE_TEXT)
		return target_read_text(reader, node, out_word);
	if (node->kind != TREE_MAP || node->num_items != 2)
		return target_fail(reader, node,
				   "must be a word, or one word with its value");
	*out_value = node->items[1];
	return target_read_text(reader, node->items[0], out_word);
}

static int read_bytes(struct target_reader *reader, const char *word,
		      const struct tree_node *value, char **out)
{
	const char *text;

	if (target_read_text(reader, value, &text) ||
	    (!strcmp(word, "hex") && check_hex(reader, value, text)))
		return -1;
	*out = xasprintf("%s %s", word, text);
	return 0;
}

int target_read_argument(struct target_reader *reader,
			 const struct tree_node *node, char **out)
{
	const struct tree_node *value;
	const char *word;
	uint64_t number;

	if (split(reader, node, &word, &value))
		return -1;
	if (value && (!strcmp(word, "text") || !strcmp(word, "hex")))
		return read_bytes(reader, word, value, out);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (strcmp(parts[i].word, word) ||
		    parts[i].has_number != (value != NULL))
			continue;
		if (!value) {
			*out = xstrdup(word);
			return 0;
		}
		if (target_read_number(reader, value, parts[i].max, &number))
			return -1;
		*out = xasprintf("%s %llu", word, (unsigned long long)number);
		return 0;
	}
	return target_fail(reader, node,
			   "'%.80s'%s is no part of a structure", word,
			   value ? " with a value" : "");
}

/* "id: 33" and one value: { id: 33, text: DE }. */
int target_read_attribute(struct target_reader *reader,
			  const struct tree_node *node, char **out)
{
	static const char *const keys[] = { "id", "u8", "u16", "u32", "u64",
					    "text", "hex", "flag", NULL };
	const struct tree_node *id, *one;
	struct tree_node value;
	uint64_t number;
	bool flag;
	char *rest = NULL;

	if (target_check_keys(reader, node, "an attribute", keys))
		return -1;
	id = tree_get(node, "id");
	if (!id || node->num_items != 4)
		return target_fail(reader, node,
				   "an attribute has an id and one value");
	if (target_read_number(reader, id, 0x3fff, &number))
		return -1;
	one = node->items[0] == id || tree_is(node->items[0], "id") ?
		node->items[2] : node->items[0];
	if (tree_is(one, "flag")) {
		if (target_read_flag(reader, tree_get(node, "flag"), &flag))
			return -1;
		rest = xstrdup("flag");
	} else {
		struct tree_node *pair[2] = { (struct tree_node *)one, NULL };

		pair[1] = (struct tree_node *)tree_get(node, one->text);
		value = (struct tree_node){ .kind = TREE_MAP, .at = one->at,
					    .items = pair, .num_items = 2 };
		if (target_read_argument(reader, &value, &rest))
			return -1;
	}
	*out = xasprintf("%llu %s", (unsigned long long)number, rest);
	free(rest);
	return 0;
}
