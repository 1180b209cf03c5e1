// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/tree.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/mem.h"
#include "sigma/chars.h"

struct loader {
	yaml_parser_t parser;
	const uint8_t *data;
	size_t len;
	struct chars chars;	/* up to the last scalar */
	size_t num_nodes;
	struct sigma_error *error;
};

static struct position position_of(yaml_mark_t mark)
{
	return (struct position){ mark.line + 1, mark.column + 1 };
}

static void free_node(struct tree_node *node)
{
	if (!node)
		return;
	for (size_t i = 0; i < node->num_items; i++)
		free_node(node->items[i]);
	free(node->items);
	free(node->text);
	free(node->raw);
	free(node);
}

void tree_free(struct tree_file *file)
{
	for (size_t i = 0; i < file->num_documents; i++)
		free_node(file->documents[i]);
	free(file->documents);
	memset(file, 0, sizeof(*file));
}

/* libyaml marks what it can't decode by an offset only, or one byte behind. */
static int not_decoded(struct loader *l)
{
	const yaml_parser_t *p = &l->parser;
	const char *problem = p->problem ? p->problem : "not YAML";
	bool decoded = strstr(problem, "control characters");
	struct chars chars;

	chars_begin(&chars, l->data, l->len);
	while (chars_width(&chars) &&
	       chars_width(&chars) <= p->problem_offset - chars.off)
		chars_step(&chars);
	return sigma_fail(l->error, chars.at, SIGMA_YAML_SYNTAX,
			  "%s%s%s at byte %zu", decoded ? "" : "file is not ",
			  decoded ? "" : chars.wide ? "UTF-16: " : "UTF-8: ",
			  problem, p->problem_offset);
}

static int syntax_error(struct loader *l)
{
	const yaml_parser_t *p = &l->parser;
	const char *problem = p->problem ? p->problem : "not YAML";
	struct position at = position_of(p->problem_mark);
	struct position begin = position_of(p->context_mark);

	if (p->error == YAML_READER_ERROR)
		return not_decoded(l);
	if (!p->context)
		return sigma_fail(l->error, at, SIGMA_YAML_SYNTAX, "%s",
				  problem);
	if (!strcmp(p->context, "while scanning an alias"))
		return sigma_fail(l->error, begin, SIGMA_YAML_SYNTAX,
				  "%s, %s: a text that begins with '*' must "
				  "stand in quotes", problem, p->context);
	if (begin.line == at.line && begin.column == at.column)
		return sigma_fail(l->error, at, SIGMA_YAML_SYNTAX, "%s, %s",
				  problem, p->context);
	return sigma_fail(l->error, at, SIGMA_YAML_SYNTAX,
			  "%s, %s that begins at line %zu, column %zu",
			  problem, p->context, begin.line, begin.column);
}

static int next_event(struct loader *l, yaml_event_t *event)
{
	return yaml_parser_parse(&l->parser, event) ? 0 : syntax_error(l);
}

/* What an event carries besides its value. */
static int check_properties(struct loader *l, const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	struct position at = position_of(event->start_mark);

	switch (event->type) {
	case YAML_ALIAS_EVENT:
		anchor = event->data.alias.anchor;
		break;
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	default:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	}
	if (anchor)
		return sigma_fail(l->error, at, SIGMA_YAML_ALIAS,
				  "anchor or alias '%.80s': rules are compiled "
				  "as they stand, write the value out; a text "
				  "that begins with '*' or '&' must stand in "
				  "quotes", (const char *)anchor);
	if (tag)
		return sigma_fail(l->error, at, SIGMA_YAML_TAG,
				  "tag '%.80s': the type of a value follows "
				  "from its field", (const char *)tag);
	return 0;
}

static int load_node(struct loader *l, const yaml_event_t *event,
		     unsigned int depth, struct tree_node **out);

static int load_items(struct loader *l, struct tree_node *node,
		      yaml_event_type_t end, unsigned int depth)
{
	yaml_event_t event;
	int status = 0;

	for (;;) {
		struct tree_node *item;

		if (next_event(l, &event))
			return -1;
		if (event.type == end)
			break;
		status = load_node(l, &event, depth + 1, &item);
		yaml_event_delete(&event);
		if (item) {
			ARRAY_RESERVE(node->items, node->num_items,
				      node->cap_items);
			node->items[node->num_items++] = item;
		}
		if (status)
			return status;
	}
	yaml_event_delete(&event);
	return 0;
}

static int check_key(struct loader *l, const struct tree_node *map,
		     size_t index)
{
	const struct tree_node *key = map->items[index];

	if (key->kind != TREE_TEXT)
		return sigma_fail(l->error, key->at, SIGMA_YAML_SYNTAX,
				  "key of a map must be a text, is %s",
				  tree_kind_name(key));
	if (memchr(key->text, 0, key->len))
		return sigma_fail(l->error, key->at, SIGMA_YAML_SYNTAX,
				  "key of a map holds a zero byte");
	if (key->plain && tree_is(key, "<<"))
		return sigma_fail(l->error, key->at, SIGMA_YAML_ALIAS,
				  "merge key '<<': rules are compiled as they "
				  "stand, write the keys out");
	for (size_t i = 0; i < index; i += 2)
		if (tree_is(map->items[i], key->text))
			return sigma_fail(l->error, key->at,
					  SIGMA_DUPLICATE_KEY,
					  "key '%.80s' stands in this map "
					  "already, at line %zu", key->text,
					  map->items[i]->at.line);
	return 0;
}

static int check_map(struct loader *l, const struct tree_node *map)
{
	if (map->num_items / 2 > TREE_MAX_KEYS)
		return sigma_fail(l->error, map->at, SIGMA_FILE_LIMIT,
				  "map has more than %u keys", TREE_MAX_KEYS);
	for (size_t i = 0; i < map->num_items; i += 2)
		if (check_key(l, map, i))
			return -1;
	return 0;
}

static void set_scalar(struct tree_node *node, const yaml_event_t *event)
{
	yaml_scalar_style_t style = event->data.scalar.style;

	node->kind = TREE_TEXT;
	node->plain = style == YAML_PLAIN_SCALAR_STYLE;
	node->block = style == YAML_LITERAL_SCALAR_STYLE ||
		      style == YAML_FOLDED_SCALAR_STYLE;
	node->len = event->data.scalar.length;
	node->text = xmalloc(node->len + 1);
	memcpy(node->text, event->data.scalar.value, node->len);
	node->text[node->len] = 0;
}

/* Scalars come in the order in which they stand in the file. */
static size_t offset_of(struct loader *l, yaml_mark_t mark)
{
	while (l->chars.index < mark.index && chars_width(&l->chars))
		chars_step(&l->chars);
	return l->chars.off;
}

/* Most are texts as they stand there; of UTF-16 nothing is known. */
static void set_raw(struct loader *l, struct tree_node *node,
		    const yaml_event_t *event)
{
	size_t begin = offset_of(l, event->start_mark);
	size_t len = offset_of(l, event->end_mark) - begin;
	size_t quote = !node->plain;

	if (len == node->len + 2 * quote &&
	    !memcmp(l->data + begin + quote, node->text, node->len))
		return;
	node->raw_len = l->chars.wide ? 0 : len;
	node->raw = xmemdup(l->data + begin, node->raw_len);
}

/* The node that begins with @event.  *out may be set when this fails, too. */
static int load_node(struct loader *l, const yaml_event_t *event,
		     unsigned int depth, struct tree_node **out)
{
	struct tree_node *node;

	*out = NULL;
	if (check_properties(l, event))
		return -1;
	if (depth > TREE_MAX_DEPTH)
		return sigma_fail(l->error, position_of(event->start_mark),
				  SIGMA_FILE_LIMIT, "nested deeper than %u",
				  TREE_MAX_DEPTH);
	if (++l->num_nodes > TREE_MAX_NODES)
		return sigma_fail(l->error, position_of(event->start_mark),
				  SIGMA_FILE_LIMIT,
				  "file has more than %u values",
				  TREE_MAX_NODES);
	*out = node = xcalloc(1, sizeof(*node));
	node->at = position_of(event->start_mark);
	if (event->type == YAML_SCALAR_EVENT) {
		set_scalar(node, event);
		set_raw(l, node, event);
		return 0;
	}
	if (event->type == YAML_SEQUENCE_START_EVENT) {
		node->kind = TREE_LIST;
		return load_items(l, node, YAML_SEQUENCE_END_EVENT, depth);
	}
	node->kind = TREE_MAP;
	if (load_items(l, node, YAML_MAPPING_END_EVENT, depth))
		return -1;
	return check_map(l, node);
}

static int load_document(struct loader *l, struct tree_file *file)
{
	struct tree_node *root;
	yaml_event_t event;
	int status;

	if (next_event(l, &event))
		return -1;
	status = load_node(l, &event, 1, &root);
	yaml_event_delete(&event);
	if (root) {
		ARRAY_RESERVE(file->documents, file->num_documents,
			      file->cap_documents);
		file->documents[file->num_documents++] = root;
	}
	return status;
}

static int load_documents(struct loader *l, struct tree_file *file)
{
	yaml_event_type_t type;
	yaml_event_t event;

	do {
		if (next_event(l, &event))
			return -1;
		type = event.type;
		yaml_event_delete(&event);
		if (type == YAML_DOCUMENT_START_EVENT &&
		    load_document(l, file))
			return -1;
	} while (type != YAML_STREAM_END_EVENT);
	return 0;
}

/*
 * To libyaml, which reads YAML 1.1, these end a line, and so a comment, and are
 * folded away in a value; to YAML 1.2 they are characters like others.
 */
static int check_breaks(struct loader *l)
{
	struct chars chars;

	chars_begin(&chars, l->data, l->len);
	for (; chars_width(&chars); chars_step(&chars)) {
		uint32_t c = chars_peek(&chars);

		if (c != 0x85 && c != 0x2028 && c != 0x2029)
			continue;
		/* A byte alone is no UTF-8, as libyaml will find. */
		if (!chars.wide && chars_width(&chars) == 1)
			continue;
		return sigma_fail(l->error, chars.at, SIGMA_YAML_SYNTAX,
				  "character U+%04X ends a line in YAML 1.1, "
				  "but not in 1.2, and is not taken, in "
				  "comments neither: in double quotes write "
				  "\\%c", c, c == 0x85 ? 'N' :
				  c == 0x2028 ? 'L' : 'P');
	}
	return 0;
}

int tree_load(struct tree_file *file, const uint8_t *data, size_t len,
	      struct sigma_error *out_error)
{
	struct loader l = {
		.data = data, .len = len, .error = out_error,
	};
	int status;

	memset(file, 0, sizeof(*file));
	chars_begin(&l.chars, data, len);
	if (len > TREE_MAX_LEN)
		return sigma_fail(out_error, (struct position){ 1, 1 },
				  SIGMA_FILE_LIMIT, "larger than %u bytes",
				  TREE_MAX_LEN);
	if (!yaml_parser_initialize(&l.parser))
		return sigma_fail(out_error, (struct position){ 0, 0 },
				  SIGMA_FILE_UNREADABLE, "no memory");
	yaml_parser_set_input_string(&l.parser, data, len);
	status = check_breaks(&l) ? -1 : load_documents(&l, file);
	yaml_parser_delete(&l.parser);
	return status;
}

const struct tree_node *tree_get(const struct tree_node *map, const char *key)
{
	for (size_t i = 0; i < map->num_items; i += 2)
		if (tree_is(map->items[i], key))
			return map->items[i + 1];
	return NULL;
}

bool tree_is(const struct tree_node *node, const char *text)
{
	return node->kind == TREE_TEXT && node->len == strlen(text) &&
	       !memcmp(node->text, text, node->len);
}

bool tree_is_null(const struct tree_node *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	if (node->kind != TREE_TEXT || !node->plain)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(nulls); i++)
		if (tree_is(node, nulls[i]))
			return true;
	return false;
}

const char *tree_kind_name(const struct tree_node *node)
{
	static const char *const names[] = { "a text", "a list", "a map" };

	return names[node->kind];
}
