// SPDX-License-Identifier: GPL-2.0-or-later
/* One step of a target file, made into texts for the guest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/errno_name.h"
#include "vm/target_read.h"

#define MAX_SECONDS 600
#define MAX_KEYS 6

enum value {
	VALUE_NONE,
	VALUE_TEXT, VALUE_WORD, VALUE_PATH, VALUE_FLAG, VALUE_HEX,
	VALUE_NUMBER, VALUE_SECONDS, VALUE_COMMAND, VALUE_MODULE,
	VALUE_ARGUMENT, VALUE_ATTRIBUTES,
};

struct key {
	const char *name;
	enum value value;
	bool required;
};

/* What a step can be: the first key says the kind, the others belong to it. */
static const struct kind {
	struct key keys[MAX_KEYS];
} kinds[] = {
	{ { { "insmod", VALUE_MODULE, true },
	    { "options", VALUE_TEXT, false } } },
	{ { { "rmmod", VALUE_WORD, true } } },
	{ { { "mount", VALUE_WORD, true }, { "at", VALUE_PATH, true } } },
	{ { { "write", VALUE_PATH, true }, { "from", VALUE_PATH, false },
	    { "text", VALUE_TEXT, false }, { "hex", VALUE_HEX, false },
	    { "chunk", VALUE_NUMBER, false } } },
	{ { { "read", VALUE_PATH, true } } },
	{ { { "run", VALUE_COMMAND, true },
	    { "first-write", VALUE_PATH, false },
	    { "first-text", VALUE_TEXT, false } } },
	{ { { "ioctl", VALUE_PATH, true }, { "request", VALUE_NUMBER, true },
	    { "argument", VALUE_ARGUMENT, false } } },
	{ { { "netlink", VALUE_WORD, true },
	    { "command", VALUE_NUMBER, true },
	    { "attributes", VALUE_ATTRIBUTES, false } } },
	{ { { "listen", VALUE_SECONDS, true } } },
};

static void add_text(struct target_step *step, char *text)
{
	ARRAY_RESERVE(step->texts, step->num, step->cap);
	step->texts[step->num++] = text;
}

static void add_pair(struct target_step *step, const char *key,
		     const char *value)
{
	add_text(step, xasprintf("%s=%s", key, value));
}

/* Seconds, as milliseconds for the guest. */
static int read_seconds(struct target_reader *reader,
			const struct tree_node *node, const char *key,
			struct target_step *step)
{
	const char *text;
	double seconds;
	char *end;

	if (target_read_text(reader, node, &text))
		return -1;
	seconds = strtod(text, &end);
	if (strspn(text, "0123456789.") != strlen(text) || *end ||
	    seconds > MAX_SECONDS)
		return target_fail(reader, node,
				   "'%.80s' is no number of seconds up to %d",
				   text, MAX_SECONDS);
	add_text(step, xasprintf("%s=%d", key, (int)(seconds * 1000)));
	step->seconds += seconds;
	return 0;
}

/* A program and its arguments: a list, or a text split at spaces. */
static int read_command(struct target_reader *reader,
			const struct tree_node *node, const char *key,
			struct target_step *step)
{
	char *copy, *save = NULL;
	const char *text;

	if (node->kind != TREE_LIST) {
		if (target_read_text(reader, node, &text))
			return -1;
		copy = xstrdup(text);
		for (char *word = strtok_r(copy, " ", &save); word;
		     word = strtok_r(NULL, " ", &save))
			add_pair(step, key, word);
		free(copy);
	}
	for (size_t i = 0; i < node->num_items; i++) {
		if (target_read_text(reader, node->items[i], &text))
			return -1;
		add_pair(step, key, text);
	}
	if (!target_value((char *const[]){ step->texts[step->num - 1], NULL },
			  key))
		return target_fail(reader, node, "names no program");
	return 0;
}

typedef int (*read_item)(struct target_reader *reader,
			 const struct tree_node *node, char **out);

static int read_items(struct target_reader *reader,
		      const struct tree_node *node, const char *key,
		      struct target_step *step, read_item read)
{
	size_t num = node->kind == TREE_LIST ? node->num_items : 1;
	char *text;

	for (size_t i = 0; i < num; i++) {
		text = NULL;
		if (read(reader, node->kind == TREE_LIST ? node->items[i] :
							   node, &text))
			return -1;
		add_pair(step, key, text);
		free(text);
	}
	return 0;
}

static int read_number(struct target_reader *reader,
		       const struct tree_node *node, const char *key,
		       struct target_step *step)
{
	uint64_t number;

	if (target_read_number(reader, node, UINT32_MAX, &number))
		return -1;
	add_text(step, xasprintf("%s=%llu", key, (unsigned long long)number));
	return 0;
}

static int read_string(struct target_reader *reader,
		       const struct tree_node *node, const struct key *key,
		       struct target_step *step)
{
	const char *text;
	int status;

	if (key->value == VALUE_WORD)
		status = target_read_word(reader, node, &text);
	else if (key->value == VALUE_PATH)
		status = target_read_guest_path(reader, node, &text);
	else if (key->value == VALUE_HEX)
		status = target_read_hex(reader, node, &text);
	else
		status = target_read_text(reader, node, &text);
	if (!status)
		add_pair(step, key->name, text);
	return status;
}

static int read_value(struct target_reader *reader,
		      const struct tree_node *node, const struct key *key,
		      struct target_step *step)
{
	switch (key->value) {
	case VALUE_NUMBER:
		return read_number(reader, node, key->name, step);
	case VALUE_SECONDS:
		return read_seconds(reader, node, key->name, step);
	case VALUE_COMMAND:
		return read_command(reader, node, key->name, step);
	case VALUE_MODULE:
		return target_read_module(reader, node, &step->module);
	case VALUE_ARGUMENT:
		return read_items(reader, node, key->name, step,
				  target_read_argument);
	case VALUE_ATTRIBUTES:
		return read_items(reader, node, key->name, step,
				  target_read_attribute);
	default:
		return read_string(reader, node, key, step);
	}
}

/* "ENODATA" or its number; "any" stands for itself. */
static int add_number(struct target_reader *reader,
		      const struct tree_node *node, bool names, char **list)
{
	char *old = *list;
	uint64_t number = 0;

	if (names && node->kind == TREE_TEXT) {
		number = (uint64_t)errno_by_name(node->text);
		if (!number && *node->text == 'E')
			return target_fail(reader, node,
					   "'%.80s' is no error's name",
					   node->text);
	}
	if (!number && target_read_number(reader, node, names ? ERRNO_MAX : 255,
					  &number))
		return -1;
	*list = xasprintf("%s%s%d", old, *old ? " " : "", (int)number);
	free(old);
	return 0;
}

static int read_numbers(struct target_reader *reader,
			const struct tree_node *node, const char *key,
			struct target_step *step)
{
	bool names = !strcmp(key, "errno");
	char *list = xstrdup("");
	int status = 0;

	if (tree_is(node, "any")) {
		add_pair(step, key, "any");
	} else if (node->kind == TREE_LIST && !node->num_items) {
		status = target_fail(reader, node, "is an empty list");
	} else {
		size_t num = node->kind == TREE_LIST ? node->num_items : 1;

		for (size_t i = 0; i < num && !status; i++)
			status = add_number(reader, node->kind == TREE_LIST ?
					    node->items[i] : node, names,
					    &list);
		if (!status)
			add_pair(step, key, list);
	}
	free(list);
	return status;
}

static int read_condition(struct target_reader *reader,
			  const struct tree_node *node, const char *kind,
			  struct target_step *step)
{
	static const char *const keys[] = { "errno", "status", "output",
					    "console", NULL };
	const char *text;

	if (target_check_keys(reader, node, "a condition", keys))
		return -1;
	if (!node->num_items)
		return target_fail(reader, node, "a condition is empty");
	add_pair(step, "when", kind);
	for (size_t i = 0; i < node->num_items; i += 2) {
		const struct tree_node *value = node->items[i + 1];
		const char *key = node->items[i]->text;

		if (!strcmp(key, "status") &&
		    strcmp(step->texts[0], "kind=run"))
			return target_fail(reader, node->items[i],
					   "only a step 'run' has a status");
		if (!strcmp(key, "errno") || !strcmp(key, "status")) {
			if (read_numbers(reader, value, key, step))
				return -1;
		} else if (target_read_text(reader, value, &text)) {
			return -1;
		} else {
			add_pair(step, key, text);
		}
	}
	return 0;
}

static int read_conditions(struct target_reader *reader,
			   const struct tree_node *node, const char *kind,
			   struct target_step *step)
{
	if (node->kind != TREE_LIST)
		return read_condition(reader, node, kind, step);
	if (!node->num_items)
		return target_fail(reader, node, "is an empty list");
	for (size_t i = 0; i < node->num_items; i++)
		if (read_condition(reader, node->items[i], kind, step))
			return -1;
	return 0;
}

static const struct kind *find_kind(const struct tree_node *node)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (tree_get(node, kinds[i].keys[0].name))
			return &kinds[i];
	return NULL;
}

static const struct key *find_key(const struct kind *kind,
				  const struct tree_node *name)
{
	for (size_t i = 0; i < MAX_KEYS && kind->keys[i].name; i++)
		if (tree_is(name, kind->keys[i].name))
			return &kind->keys[i];
	return NULL;
}

/* The key of a condition in this phase, as the guest calls it; or NULL. */
static const char *condition_of(const struct tree_node *name,
				enum target_phase phase)
{
	if (phase == TARGET_LOAD && tree_is(name, "accepted"))
		return "accepted";
	if (phase == TARGET_LOAD && tree_is(name, "rejected"))
		return "rejected";
	if (phase != TARGET_LOAD && tree_is(name, "expect"))
		return "accepted";
	return phase == TARGET_USE && tree_is(name, "untold") ? "untold" :
								NULL;
}

static int read_keys(struct target_reader *reader, const struct tree_node *node,
		     const struct kind *kind, struct target_step *step)
{
	static const struct key within = { "within", VALUE_SECONDS, false };

	for (size_t i = 0; i < node->num_items; i += 2) {
		const struct tree_node *name = node->items[i];
		const struct key *key = find_key(kind, name);

		if (!key && tree_is(name, "within"))
			key = &within;
		if (condition_of(name, step->phase))
			continue;
		if (!key)
			return target_fail(reader, name,
					   "a step '%s' in '%s' has no key '%.80s'",
					   kind->keys[0].name,
					   target_phase_name(step->phase),
					   name->text);
		if (read_value(reader, node->items[i + 1], key, step))
			return -1;
	}
	for (size_t i = 0; i < MAX_KEYS && kind->keys[i].name; i++)
		if (kind->keys[i].required &&
		    !tree_get(node, kind->keys[i].name))
			return target_fail(reader, node,
					   "a step '%s' needs the key '%s'",
					   kind->keys[0].name,
					   kind->keys[i].name);
	return 0;
}

int target_read_step(struct target_reader *reader, const struct tree_node *node,
		     struct target_step *step)
{
	const struct kind *kind;

	if (node->kind != TREE_MAP)
		return target_fail(reader, node, "a step must be a map, is %s",
				   tree_kind_name(node));
	kind = find_kind(node);
	if (!kind && node->num_items)
		return target_fail(reader, node->items[0],
				   "a step needs a key that says what to do; '%.80s' does not",
				   node->items[0]->text);
	if (!kind)
		return target_fail(reader, node,
				   "a step needs a key that says what to do");
	add_pair(step, "kind", kind->keys[0].name);
	if (read_keys(reader, node, kind, step))
		return -1;
	for (size_t i = 0; i < node->num_items; i += 2) {
		const char *when = condition_of(node->items[i], step->phase);

		if (when && read_conditions(reader, node->items[i + 1], when,
					    step))
			return -1;
	}
	ARRAY_RESERVE(step->texts, step->num, step->cap);
	step->texts[step->num] = NULL;
	return 0;
}
