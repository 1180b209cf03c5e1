// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/place.h"

#include <stdlib.h>
#include <string.h>

#include "sigma/chars.h"

static bool is_white(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* How many line breaks are among it. */
static size_t skip_white(struct chars *in)
{
	const size_t line = in->at.line;

	while (chars_width(in) && is_white(chars_peek(in)))
		chars_step(in);
	return in->at.line - line;
}

static size_t utf8_len(unsigned long c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* The length of what an escape stands for, which libyaml has found good. */
static size_t skip_escape(struct chars *in)
{
	size_t num_digits;
	char hex[9] = "";
	uint32_t c;

	chars_step(in);
	c = chars_peek(in);
	if (c == '\n' || c == '\r')
		return skip_white(in) - 1;
	chars_step(in);
	if (c == 'N' || c == '_')
		return 2;
	if (c == 'L' || c == 'P')
		return 3;
	num_digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
	for (size_t i = 0; i < num_digits; i++) {
		hex[i] = (char)chars_peek(in);
		chars_step(in);
	}
	return utf8_len(strtoul(hex, NULL, 16));
}

/*
 * Passes what stands for a piece of the text and gives the piece's length.
 * Only of blanks inside a line a piece has more than one character.
 */
static size_t skip_piece(struct chars *in, uint32_t quote)
{
	const size_t off = in->off;
	uint32_t c = chars_peek(in);
	size_t breaks;

	if (is_white(c)) {
		breaks = skip_white(in);
		return breaks > 1 ? breaks - 1 : breaks ? 1 : in->off - off;
	}
	if (quote == '"' && c == '\\')
		return skip_escape(in);
	chars_step(in);
	if (quote != '\'' || c != '\'')
		return in->off - off;
	chars_step(in);		/* '' */
	return 1;
}

static struct position place_in_flow(const struct tree_node *node,
				     struct chars *in, uint32_t quote,
				     size_t off)
{
	while (chars_width(in)) {
		bool white = is_white(chars_peek(in));
		struct position at = in->at;
		size_t len = skip_piece(in, quote);

		if (off < len) {
			at.column += white && in->at.line == at.line ? off : 0;
			return at;
		}
		off -= len;
	}
	return off ? node->at : in->at;
}

/* Lines are indented or folded, but all that is not white is there. */
static struct position place_in_block(const struct tree_node *node,
				      struct chars *in, size_t off)
{
	struct chars text = { .data = (uint8_t *)node->text, .len = off };
	bool inside = off < node->len &&
		      !is_white((unsigned char)node->text[off]);
	size_t num = inside;

	for (; chars_width(&text); chars_step(&text))
		num += !is_white(chars_peek(&text));
	while (in->at.line == node->at.line && chars_width(in))
		chars_step(in);		/* the line of the indicator */
	while (chars_width(in)) {
		struct position at = in->at;
		bool white = is_white(chars_peek(in));

		chars_step(in);
		if (!white && !--num)
			return inside ? at : in->at;
	}
	return node->at;
}

struct position tree_place(const struct tree_node *node, size_t off)
{
	struct chars in = { .at = node->at };
	uint32_t quote = 0;

	if (node->kind != TREE_TEXT)
		return node->at;
	in.data = (const uint8_t *)(node->raw ? node->raw : node->text);
	in.len = node->raw ? node->raw_len : node->len;
	if (node->block)
		return place_in_block(node, &in, off);
	if (!node->plain && !node->raw) {
		in.at.column++;
	} else if (!node->plain) {
		quote = chars_peek(&in);
		chars_step(&in);
		in.len -= in.len > in.off;	/* the other quote */
	}
	return place_in_flow(node, &in, quote, off);
}
