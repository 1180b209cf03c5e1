// SPDX-License-Identifier: GPL-2.0-or-later
/* Trees of regular expressions: making, simplifying, asking. */
#include "content/regex.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_format.h"

/* Sets */

unsigned int set_count(const uint64_t set[4])
{
	unsigned int count = 0;

	for (int i = 0; i < 4; i++)
		count += (unsigned int)__builtin_popcountll(set[i]);
	return count;
}

void set_close_case(uint64_t set[4])
{
	for (unsigned int c = 'a'; c <= 'z'; c++) {
		if (set_has(set, (uint8_t)c))
			set_add(set, (uint8_t)(c - 32));
		else if (set_has(set, (uint8_t)(c - 32)))
			set_add(set, (uint8_t)c);
	}
}

void set_add_named(uint64_t set[4], char name)
{
	static const struct {
		char name;
		uint64_t low, high;	/* bytes below 64, and from there to 127 */
	} sets[] = {
		{ 'd', 0x03ff000000000000, 0 },
		{ 's', 0x0000000100003e00, 0 },
		{ 'w', 0x03ff000000000000, 0x07fffffe87fffffe },
	};

	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		if (sets[i].name != name)
			continue;
		set[0] |= sets[i].low;
		set[1] |= sets[i].high;
	}
}

/* Nodes */

static struct regex_node *new_node(struct regex *regex, enum regex_kind kind)
{
	struct regex_node *node = xcalloc(1, sizeof(*node));

	ARRAY_RESERVE(regex->nodes, regex->num_nodes, regex->cap_nodes);
	regex->nodes[regex->num_nodes++] = node;
	node->kind = kind;
	return node;
}

void regex_free(struct regex *regex)
{
	for (size_t i = 0; i < regex->num_nodes; i++) {
		free(regex->nodes[i]->children);
		free(regex->nodes[i]);
	}
	free(regex->nodes);
	memset(regex, 0, sizeof(*regex));
}

struct regex_node *regex_set(struct regex *regex, const uint64_t set[4])
{
	struct regex_node *node = new_node(regex, REGEX_SET);

	memcpy(node->set, set, sizeof(node->set));
	return node;
}

struct regex_node *regex_byte(struct regex *regex, uint8_t byte, bool icase)
{
	struct regex_node *node = new_node(regex, REGEX_SET);

	set_add(node->set, byte);
	if (icase)
		set_close_case(node->set);
	return node;
}

struct regex_node *regex_any(struct regex *regex)
{
	struct regex_node *node = new_node(regex, REGEX_SET);

	memset(node->set, 0xff, sizeof(node->set));
	return node;
}

struct regex_node *regex_assertion(struct regex *regex, enum regex_assert what)
{
	struct regex_node *node = new_node(regex, REGEX_ASSERT);

	node->assert = what;
	return node;
}

struct regex_node *regex_list(struct regex *regex, enum regex_kind kind)
{
	return new_node(regex, kind);
}

static void push(struct regex_node *list, struct regex_node *child)
{
	ARRAY_RESERVE(list->children, list->num_children, list->cap_children);
	list->children[list->num_children++] = child;
}

static bool is_any_star(const struct regex_node *node)
{
	return node->kind == REGEX_REPEAT && !node->min &&
	       node->max == REGEX_NO_MAX &&
	       node->children[0]->kind == REGEX_SET &&
	       set_count(node->children[0]->set) == 256;
}

void regex_add(struct regex_node *list, struct regex_node *child)
{
	if (list->kind == REGEX_CONCAT && child->kind == REGEX_EMPTY)
		return;
	if (child->kind == list->kind) {
		for (size_t i = 0; i < child->num_children; i++)
			regex_add(list, child->children[i]);
		return;
	}
	/* ".*.*" says what ".*" says. */
	if (list->kind == REGEX_CONCAT && is_any_star(child) &&
	    list->num_children &&
	    is_any_star(list->children[list->num_children - 1]))
		return;
	push(list, child);
}

/* Branches of one byte become one set, an empty one makes the rest optional. */
static struct regex_node *finish_alt(struct regex *regex,
				     struct regex_node *list)
{
	struct regex_node *out = new_node(regex, REGEX_ALT), *set = NULL;
	bool optional = false;

	for (size_t i = 0; i < list->num_children; i++) {
		struct regex_node *child = list->children[i];

		if (child->kind == REGEX_EMPTY) {
			optional = true;
		} else if (child->kind != REGEX_SET) {
			push(out, child);
		} else if (set) {
			for (int k = 0; k < 4; k++)
				set->set[k] |= child->set[k];
		} else {
			set = regex_set(regex, child->set);
			push(out, set);
		}
	}
	if (!out->num_children)
		return new_node(regex, REGEX_EMPTY);
	if (out->num_children == 1)
		out = out->children[0];
	return optional ? regex_repeat(regex, out, 0, 1) : out;
}

struct regex_node *regex_finish(struct regex *regex, struct regex_node *list)
{
	if (list->kind == REGEX_ALT)
		return finish_alt(regex, list);
	if (!list->num_children)
		return new_node(regex, REGEX_EMPTY);
	return list->num_children == 1 ? list->children[0] : list;
}

/* Bounds of a repetition of a repetition, where those are ?, * and + only. */
static bool join_repeats(const struct regex_node *inner, uint32_t *min,
			 uint32_t *max)
{
	bool outer_open = *max == REGEX_NO_MAX;

	if (inner->min > 1 || *min > 1 ||
	    (inner->max != 1 && inner->max != REGEX_NO_MAX) ||
	    (*max != 1 && !outer_open))
		return false;
	*min = inner->min && *min;
	*max = inner->max == 1 && !outer_open ? 1 : REGEX_NO_MAX;
	return true;
}

struct regex_node *regex_repeat(struct regex *regex, struct regex_node *child,
				uint32_t min, uint32_t max)
{
	struct regex_node *node;

	if (child->kind == REGEX_EMPTY || child->kind == REGEX_ASSERT)
		return min ? child : new_node(regex, REGEX_EMPTY);
	if (!max)
		return new_node(regex, REGEX_EMPTY);
	if (child->kind == REGEX_REPEAT && join_repeats(child, &min, &max))
		child = child->children[0];
	if (min == 1 && max == 1)
		return child;
	node = new_node(regex, REGEX_REPEAT);
	node->min = min;
	node->max = max;
	push(node, child);
	return node;
}

/* Trimming */

static bool is_assert(const struct regex_node *node, enum regex_assert what)
{
	return node->kind == REGEX_ASSERT && node->assert == what;
}

static struct regex_node *trim(struct regex *regex, struct regex_node *node,
			       bool last);

static struct regex_node *trim_concat(struct regex *regex,
				      struct regex_node *node, bool last)
{
	size_t from = 0, end = node->num_children;
	struct regex_node *list, *edge = NULL;

	while (from < end) {
		size_t at = last ? end - 1 : from;

		/* "^.*a" and "a.*$" say what "a" says. */
		if (end - from > 1 &&
		    is_assert(node->children[at], last ? REGEX_END :
							 REGEX_START) &&
		    is_any_star(node->children[last ? at - 1 : at + 1])) {
			from += last ? 0 : 2;
			end -= last ? 2 : 0;
			continue;
		}
		edge = trim(regex, node->children[at], last);
		if (edge->kind != REGEX_EMPTY)
			break;
		if (last)
			end--;
		else
			from++;
	}
	list = new_node(regex, REGEX_CONCAT);
	for (size_t i = from; i < end; i++)
		regex_add(list, i == (last ? end - 1 : from) ? edge :
						node->children[i]);
	return regex_finish(regex, list);
}

static struct regex_node *trim_alt(struct regex *regex,
				   struct regex_node *node, bool last)
{
	struct regex_node *list = new_node(regex, REGEX_ALT), *child;

	for (size_t i = 0; i < node->num_children; i++) {
		child = trim(regex, node->children[i], last);
		if (child->kind == REGEX_EMPTY)
			return child;
		regex_add(list, child);
	}
	return regex_finish(regex, list);
}

/* Without what may be missing at the end (or at the start) of it. */
static struct regex_node *trim(struct regex *regex, struct regex_node *node,
			       bool last)
{
	switch (node->kind) {
	case REGEX_CONCAT:
		return trim_concat(regex, node, last);
	case REGEX_ALT:
		return trim_alt(regex, node, last);
	case REGEX_REPEAT:
		if (node->min == 1)
			return trim(regex, node->children[0], last);
		return regex_repeat(regex, node->children[0], node->min,
				    node->min);
	default:
		return node;
	}
}

void regex_trim(struct regex *regex)
{
	regex->root = trim(regex, regex->root, true);
	regex->root = trim(regex, regex->root, false);
	/* Every input has a start and an end. */
	if (regex->root->kind == REGEX_ASSERT &&
	    regex->root->assert != REGEX_WORD)
		regex->root = new_node(regex, REGEX_EMPTY);
}

/* Questions */

static bool is_closed(const uint64_t set[4])
{
	uint64_t closed[4];

	memcpy(closed, set, sizeof(closed));
	set_close_case(closed);
	return !memcmp(closed, set, sizeof(closed));
}

static bool is_caseless(const struct regex_node *node)
{
	if (node->kind == REGEX_SET)
		return is_closed(node->set);
	for (size_t i = 0; i < node->num_children; i++)
		if (!is_caseless(node->children[i]))
			return false;
	return true;
}

bool regex_is_caseless(const struct regex *regex)
{
	return is_caseless(regex->root);
}

/* The one byte of a set; with @folded the lower case of a letter's pair. */
static int only_byte(const struct regex_node *node, bool folded)
{
	unsigned int count = set_count(node->set);

	if (node->kind != REGEX_SET || !count || count > 2)
		return -1;
	for (int c = 255; c >= 0; c--) {
		uint64_t set[4] = { 0 };

		if (!set_has(node->set, (uint8_t)c))
			continue;
		set_add(set, (uint8_t)c);
		if (folded)
			set_close_case(set);
		return memcmp(set, node->set, sizeof(set)) ? -1 : c;
	}
	return -1;
}

uint32_t regex_literal(const struct regex *regex, bool folded,
		       uint8_t **out_text, size_t *out_len)
{
	static const uint32_t ops[2][2] = {
		{ PLM_OP_CONTAINS, PLM_OP_ENDSWITH },
		{ PLM_OP_STARTSWITH, PLM_OP_EQUALS },
	};
	struct regex_node *root = regex->root, **items = &root;
	size_t num = 1, len = 0;
	bool start, end;
	uint8_t *text;

	if (root->kind == REGEX_CONCAT) {
		items = root->children;
		num = root->num_children;
	}
	start = is_assert(items[0], REGEX_START);
	end = num > 1 && is_assert(items[num - 1], REGEX_END);
	text = xmalloc(num);
	for (size_t i = start; i < num - end; i++) {
		int byte = only_byte(items[i], folded);

		if (byte < 0) {
			free(text);
			return 0;
		}
		text[len++] = (uint8_t)byte;
	}
	if (!len) {
		free(text);
		return 0;
	}
	*out_text = text;
	*out_len = len;
	return ops[start][end];
}
