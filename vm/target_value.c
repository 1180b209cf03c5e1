// SPDX-License-Identifier: GPL-2.0-or-later
/* The values of target files: each of a kind that can do no harm here. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/target_read.h"

#define MAX_TEXT 1000
#define GUEST_PROGRAM "guest:"

int target_read_text(struct target_reader *reader, const struct tree_node *node,
		     const char **out)
{
	if (node->kind != TREE_TEXT)
		return target_fail(reader, node, "must be a text, is %s",
				   tree_kind_name(node));
	if (!node->len)
		return target_fail(reader, node, "is empty");
	if (node->len > MAX_TEXT)
		return target_fail(reader, node, "is longer than %d bytes",
				   MAX_TEXT);
	for (size_t i = 0; i < node->len; i++)
		if ((unsigned char)node->text[i] < ' ' || node->text[i] == 127)
			return target_fail(reader, node,
					   "holds a control character");
	*out = node->text;
	return 0;
}

static bool is_word(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-_", *text))
			return false;
	return true;
}

int target_read_word(struct target_reader *reader, const struct tree_node *node,
		     const char **out)
{
	if (target_read_text(reader, node, out))
		return -1;
	if (!is_word(*out) || **out == '-')
		return target_fail(reader, node,
				   "'%.80s' is no name of letters, digits, - and _",
				   *out);
	return 0;
}

/* Folders that are "", "." or "..". */
static bool has_dots(const char *path)
{
	while (*path) {
		size_t len = strcspn(path, "/");

		if (!len || (len == 1 && *path == '.') ||
		    (len == 2 && !memcmp(path, "..", 2)))
			return true;
		path += len;
		if (*path == '/' && !*++path)
			return true;
	}
	return false;
}

int target_read_guest_path(struct target_reader *reader,
			   const struct tree_node *node, const char **out)
{
	if (target_read_text(reader, node, out))
		return -1;
	if (!strncmp(*out, "@candidate@", 11))
		return 0;
	if (**out != '/')
		return target_fail(reader, node,
				   "'%.80s' is no absolute path in the guest",
				   *out);
	if (!(*out)[1] || has_dots(*out + 1))
		return target_fail(reader, node,
				   "the path '%.80s' has an empty part, '.' or '..'",
				   *out);
	return 0;
}

/* Links may lead anywhere; what they lead to must be below the folder. */
static int check_inside(struct target_reader *reader,
			const struct tree_node *node, const char *path)
{
	char *real = realpath(path, NULL);
	size_t len = strlen(reader->folder);
	bool inside;

	if (!real)
		return target_fail(reader, node, "'%.200s': %s", node->text,
				   strerror(errno));
	inside = !strncmp(real, reader->folder, len) &&
		 (real[len] == '/' || reader->folder[len - 1] == '/');
	free(real);
	return inside ? 0 :
		target_fail(reader, node,
			    "'%.80s' leads out of the target's folder",
			    node->text);
}

int target_read_host_path(struct target_reader *reader,
			  const struct tree_node *node, char **out)
{
	const char *text;
	int status;

	if (target_read_text(reader, node, &text))
		return -1;
	if (!strncmp(text, GUEST_PROGRAM, sizeof(GUEST_PROGRAM) - 1)) {
		text += sizeof(GUEST_PROGRAM) - 1;
		if (!*text || !is_word(text))
			return target_fail(reader, node,
					   "'%.80s' is no program for guests",
					   text);
		char *name = xasprintf("guest/%s", text);

		free(*out);
		*out = file_part(name);
		free(name);
		return 0;
	}
	if (*text == '/' || has_dots(text))
		return target_fail(reader, node,
				   "'%.80s' is no path below the target's folder",
				   text);
	free(*out);
	*out = xasprintf("%s/%s", reader->folder, text);
	status = check_inside(reader, node, *out);
	return status;
}

int target_read_number(struct target_reader *reader,
		       const struct tree_node *node, uint64_t max,
		       uint64_t *out)
{
	const char *text;
	char *end;

	if (target_read_text(reader, node, &text))
		return -1;
	errno = 0;
	*out = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)*text) || *end || errno || *out > max)
		return target_fail(reader, node,
				   "'%.80s' is no number from 0 to %llu", text,
				   (unsigned long long)max);
	return 0;
}

int target_read_flag(struct target_reader *reader, const struct tree_node *node,
		     bool *out)
{
	*out = tree_is(node, "yes") || tree_is(node, "true");
	if (*out || tree_is(node, "no") || tree_is(node, "false"))
		return 0;
	return target_fail(reader, node, "must be yes or no");
}

int target_read_module(struct target_reader *reader,
		       const struct tree_node *node,
		       struct target_module *out)
{
	const char *text;
	size_t len;

	if (target_read_text(reader, node, &text))
		return -1;
	len = strlen(text);
	if (len > 3 && !strcmp(text + len - 3, ".ko")) {
		out->source = TARGET_FILE;
		return target_read_host_path(reader, node, &out->name);
	}
	if (target_read_word(reader, node, &text))
		return -1;
	out->source = strcmp(text, "consumer") ? TARGET_STOCK : TARGET_CONSUMER;
	out->name = xstrdup(text);
	return 0;
}

int target_check_keys(struct target_reader *reader,
		      const struct tree_node *node, const char *what,
		      const char *const *keys)
{
	if (node->kind != TREE_MAP)
		return target_fail(reader, node, "%s must be a map, is %s",
				   what, tree_kind_name(node));
	for (size_t i = 0; i < node->num_items; i += 2) {
		const char *const *key = keys;

		while (*key && !tree_is(node->items[i], *key))
			key++;
		if (!*key)
			return target_fail(reader, node->items[i],
					   "%s has no key '%.80s'", what,
					   node->items[i]->text);
	}
	return 0;
}
