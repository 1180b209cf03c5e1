// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/bytes.h"
#include "content/regex.h"

#define MAX_SAMPLE_LEN 4096u

struct sampler {
	struct bytes out;
	uint32_t number;	/* which of the samples */
	bool folded;
	bool at_start, at_end;
	bool too_long;
};

/* A byte of the set that is at home in paths and command lines, if any is. */
static bool pick(struct sampler *s, const uint64_t set[4])
{
	static const char homely[] =
		"xqz07ab1cdefghijklmnoprstuvwy2345689-_./ ,:=+@%";
	size_t num = sizeof(homely) - 1;
	uint8_t byte;

	for (size_t i = 0; i < num; i++) {
		byte = (uint8_t)homely[(i + s->number / 3) % num];
		if (set_has(set, byte)) {
			bytes_put(&s->out, &byte, 1);
			return true;
		}
	}
	for (unsigned int i = 0; i < 256; i++) {
		byte = (uint8_t)(i + '!');
		if (set_has(set, byte)) {
			bytes_put(&s->out, &byte, 1);
			return true;
		}
	}
	return false;
}

static void put_assert(struct sampler *s, enum regex_assert what)
{
	if (what == REGEX_START || what == REGEX_LINE_START)
		s->at_start |= !s->out.len;
	else if (what != REGEX_WORD)
		s->at_end = true;
}

static bool put(struct sampler *s, const struct regex_node *node);

/*
 * As often as need be, and a few times more in some of the samples.  What has
 * put nothing once puts nothing the next time.
 */
static bool put_repeat(struct sampler *s, const struct regex_node *node)
{
	uint32_t times = node->min + s->number % 3;
	size_t before = SIZE_MAX;

	if (times > node->max)
		times = node->max;
	for (uint32_t i = 0; i < times && s->out.len != before; i++) {
		before = s->out.len;
		if (!put(s, node->children[0]))
			return false;
	}
	return true;
}

static bool put(struct sampler *s, const struct regex_node *node)
{
	if (s->out.len > MAX_SAMPLE_LEN)
		return false;
	switch (node->kind) {
	case REGEX_SET:
		return pick(s, node->set);
	case REGEX_ASSERT:
		put_assert(s, node->assert);
		return true;
	case REGEX_ALT:
		return put(s, node->children[s->number % node->num_children]);
	case REGEX_REPEAT:
		return put_repeat(s, node);
	default:
		for (size_t i = 0; i < node->num_children; i++)
			if (!put(s, node->children[i]))
				return false;
		return true;
	}
}

bool pattern_sample(const struct model_criterion *pattern, uint32_t number,
		    struct model_criterion *out)
{
	static const uint32_t ops[2][2] = {
		{ PLM_OP_CONTAINS, PLM_OP_ENDSWITH },
		{ PLM_OP_STARTSWITH, PLM_OP_EQUALS },
	};
	struct sampler s = { .number = number };
	struct regex regex;
	bool done;

	done = regex_of_criterion(&regex, pattern->text.data,
				  pattern->text.len,
				  pattern->flags & PLM_FLAG_CASED) &&
	       put(&s, regex.root);
	regex_free(&regex);
	if (!done) {
		bytes_free(&s.out);
		return false;
	}
	*out = *pattern;
	out->op = ops[s.at_start][s.at_end];
	out->text = (struct model_text){ s.out.data, (uint32_t)s.out.len };
	return true;
}

/* Another byte of the same kind, then one of another kind. */
static uint8_t other_byte(uint8_t byte, bool kind)
{
	bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
	bool digit = byte >= '0' && byte <= '9';

	if (kind)
		return letter || digit ? '_' : 'x';
	if (letter)
		return (byte | 0x20) == 'z' ? byte - 1 : byte + 1;
	return digit ? (byte == '9' ? '0' : byte + 1) : '.';
}

bool pattern_change(uint8_t *data, size_t len, uint32_t number,
		    size_t *out_len)
{
	size_t places = len < 256 ? len : 256;
	size_t at = places ? number % places : 0;
	size_t way = places ? number / places : 4;

	*out_len = len;
	switch (way) {
	case 0:
	case 1:
		data[at] = other_byte(data[at], way == 1);
		return true;
	case 2:		/* without one byte */
		memmove(data + at, data + at + 1, len - at - 1);
		*out_len = len - 1;
		return true;
	case 3:		/* without all from there on */
		*out_len = at;
		return true;
	default:
		return false;
	}
}
