// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/variant.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_format.h"

#define MAX_VARIANTS 256u
/* So many dashes are written out; more of them become a pattern. */
#define MAX_PLAIN_DASHES 2u

const char *const sigma_dashes[SIGMA_NUM_DASHES] = {
	"-", "/", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95",
};

static const char too_many[] = "stands for more than 256 texts";
static const char too_long[] = "is longer than 4096 bytes";

static void put(struct sigma_variant *v, unsigned int item)
{
	ARRAY_RESERVE(v->items, v->num, v->cap);
	v->items[v->num++] = (uint16_t)item;
}

static struct sigma_variant *add(struct sigma_variants *variants)
{
	ARRAY_RESERVE(variants->list, variants->num, variants->cap);
	variants->list[variants->num] = (struct sigma_variant){ 0 };
	return &variants->list[variants->num++];
}

void sigma_variants_free(struct sigma_variants *variants)
{
	for (size_t i = 0; i < variants->num; i++)
		free(variants->list[i].items);
	free(variants->list);
	memset(variants, 0, sizeof(*variants));
}

/* What a backslash makes plain; where placeholders are, their sign as well. */
#define ESCAPED	"*?\\"
#define ESCAPED_EXPAND ESCAPED "%"

static bool is_escape(const char *text, size_t len, const char *escaped)
{
	return len > 1 && text[0] == '\\' &&
	       memchr(escaped, text[1], strlen(escaped));
}

/* A backslash before anything else is itself plain. */
static void put_text(struct sigma_variant *v, const char *text, size_t len,
		     const char *escaped)
{
	for (size_t i = 0; i < len; i++) {
		bool escape = is_escape(text + i, len - i, escaped);
		char c = text[i += escape];

		if (c == '*' && !escape)
			put(v, ITEM_STAR);
		else if (c == '?' && !escape)
			put(v, ITEM_CHARACTER);
		else
			put(v, (uint8_t)c);
	}
}

/* Placeholders */

static size_t name_len(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] != '%' && text[i] != ' ')
		i++;
	return i < len && text[i] == '%' ? i : 0;
}

/* The offset of the first placeholder, or @len. */
static size_t next_placeholder(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && (text[at] != '%' ||
			    !name_len(text + at + 1, len - at - 1)))
		at += is_escape(text + at, len - at, ESCAPED_EXPAND) ? 2 : 1;
	return at < len ? at : len;
}

/* Fill in the first placeholder in each way, and go on behind it. */
static const char *expand(struct sigma_variants *out,
			  const struct sigma_placeholders *known,
			  const struct sigma_variant *before, const char *text,
			  size_t len)
{
	size_t at = next_placeholder(text, len), name, found = 0;
	const char *why = NULL;

	name = at < len ? name_len(text + at + 1, len - at - 1) : 0;
	for (size_t i = 0; known && name && i < known->num && !why; i++) {
		const struct sigma_placeholder *p = &known->items[i];
		struct sigma_variant v = { 0 };

		if (strlen(p->name) != name ||
		    memcmp(p->name, text + at + 1, name))
			continue;
		found++;
		for (size_t k = 0; k < before->num; k++)
			put(&v, before->items[k]);
		put_text(&v, text, at, ESCAPED_EXPAND);
		put_text(&v, p->value, strlen(p->value), ESCAPED);
		why = expand(out, known, &v, text + at + name + 2,
			     len - at - name - 2);
		free(v.items);
	}
	if (name)
		return found ? why :
		       "has a placeholder without a value: give it one with "
		       "--expand NAME=VALUE";
	if (out->num == MAX_VARIANTS)
		return too_many;
	add(out);
	for (size_t k = 0; k < before->num; k++)
		put(&out->list[out->num - 1], before->items[k]);
	put_text(&out->list[out->num - 1], text, len, ESCAPED_EXPAND);
	return NULL;
}

/* Dashes */

static bool is_word(unsigned int item)
{
	return (item >= '0' && item <= '9') || item == '_' ||
	       ((item | 0x20) >= 'a' && (item | 0x20) <= 'z');
}

/* The length of a dash that begins an argument here, or 0. */
static size_t dash_at(const struct sigma_variant *v, size_t at)
{
	if (at && is_word(v->items[at - 1]))
		return 0;
	for (size_t i = 0; i < SIGMA_NUM_DASHES; i++) {
		size_t len = strlen(sigma_dashes[i]), k = 0;

		while (k < len && at + k < v->num &&
		       v->items[at + k] == (uint8_t)sigma_dashes[i][k])
			k++;
		if (k == len && at + k < v->num && is_word(v->items[at + k]))
			return len;
	}
	return 0;
}

static size_t count_dashes(const struct sigma_variant *v)
{
	size_t num = 0;

	for (size_t i = 0; i < v->num; i++)
		num += dash_at(v, i) > 0;
	return num;
}

/* With dash number @which for the first of them, and so on. */
static void put_dashed(struct sigma_variant *out, const struct sigma_variant *v,
		       size_t which, bool all)
{
	for (size_t i = 0; i < v->num; i++) {
		size_t len = dash_at(v, i);
		const char *dash = sigma_dashes[which % SIGMA_NUM_DASHES];

		if (!len) {
			put(out, v->items[i]);
			continue;
		}
		if (all)
			put(out, ITEM_DASH);
		for (; !all && *dash; dash++)
			put(out, (uint8_t)*dash);
		which /= SIGMA_NUM_DASHES;
		i += len - 1;
	}
}

static const char *vary_dashes(struct sigma_variants *out,
			       const struct sigma_variant *v)
{
	size_t num = count_dashes(v), ways = 1;
	bool all = num > MAX_PLAIN_DASHES;

	for (size_t i = 0; i < num && !all; i++)
		ways *= SIGMA_NUM_DASHES;
	for (size_t i = 0; i < ways; i++) {
		if (out->num == MAX_VARIANTS)
			return too_many;
		put_dashed(add(out), v, i, all);
	}
	return NULL;
}

/* Encodings */

/* One letter of UTF-8 at *at, which is moved on; a byte that is none is kept. */
static uint32_t take_letter(const struct sigma_variant *v, size_t *at)
{
	uint32_t first = v->items[(*at)++], num, letter;

	if (first < 0xc2 || first > 0xf4)
		return first;
	num = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
	letter = first & (0x3f >> num);
	if (v->num - *at < num)
		return first;
	for (uint32_t i = 0; i < num; i++)
		letter = letter << 6 | (v->items[*at + i] & 0x3f);
	*at += num;
	return letter;
}

static void put_unit(struct sigma_variant *out, uint32_t unit, bool big)
{
	put(out, big ? unit >> 8 : unit & 0xff);
	put(out, big ? unit & 0xff : unit >> 8);
}

static const char *to_utf16(struct sigma_variants *out,
			    const struct sigma_variant *v,
			    enum sigma_utf16 kind)
{
	struct sigma_variant *to = add(out);
	bool big = kind == SIGMA_UTF16BE;
	size_t at = 0;

	if (kind == SIGMA_UTF16)
		put_unit(to, 0xfeff, false);
	while (at < v->num) {
		uint32_t letter = v->items[at];

		if (letter == ITEM_DASH)
			return "has too many dashes for an encoding";
		if (letter == ITEM_CHARACTER) {
			put(to, ITEM_BYTE);
			put(to, ITEM_BYTE);
			at++;
			continue;
		}
		if (letter == ITEM_STAR) {
			put(to, letter);
			at++;
			continue;
		}
		letter = take_letter(v, &at);
		if (letter < 0x10000) {
			put_unit(to, letter, big);
			continue;
		}
		put_unit(to, 0xd800 | (letter - 0x10000) >> 10, big);
		put_unit(to, 0xdc00 | (letter & 0x3ff), big);
	}
	return NULL;
}

/* @before spaces and the value in Base64, from @skip to before the last @cut. */
static void put_base64(struct sigma_variant *out, const struct sigma_variant *v,
		       size_t before, size_t skip, size_t cut)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = v->num + before, chars = (len + 2) / 3 * 4;

	for (size_t i = skip; i + cut < chars; i++) {
		size_t group = i / 4 * 3;
		uint32_t bits = 0;

		for (size_t k = group; k < group + 3; k++)
			bits = bits << 8 | (k >= len ? 0 : k < before ? ' ' :
					    v->items[k - before]);
		if (i % 4 > len - group)
			put(out, '=');
		else
			put(out, (uint8_t)digits[bits >> (18 - i % 4 * 6) &
						 63]);
	}
}

static const char *to_base64(struct sigma_variants *out,
			     const struct sigma_variant *v, bool offset)
{
	static const size_t skip[] = { 0, 2, 3 }, cut[] = { 0, 3, 2 };

	for (size_t i = 0; i < v->num; i++)
		if (v->items[i] > 255)
			return v->items[i] == ITEM_DASH ?
			       "has too many dashes for an encoding" :
			       "has a wildcard, which has no Base64";
	if (!v->num)
		return "is empty, which has no Base64";
	if (offset && v->num < 2)
		return "is one byte, of which Base64 shows nothing certain";
	/*
	 * What a value looks like inside of a longer one depends on where in a
	 * group of three bytes it begins; its first and last digits then
	 * depend on what stands around it.
	 */
	for (size_t i = 0; i < (offset ? 3 : 1); i++) {
		if (out->num == MAX_VARIANTS)
			return too_many;
		put_base64(add(out), v, i, skip[i],
			   offset ? cut[(v->num + i) % 3] : 0);
	}
	return NULL;
}

/* The steps */

static const char *step(struct sigma_variants *out,
			const struct sigma_variant *v,
			const struct sigma_modifiers *m, int which)
{
	switch (which) {
	case 0:
		return vary_dashes(out, v);
	case 1:
		return to_utf16(out, v, m->utf16);
	default:
		return to_base64(out, v, m->base64offset);
	}
}

const char *sigma_variants(struct sigma_variants *out,
			   const struct sigma_text *text)
{
	const struct sigma_modifiers *m = text->modifiers;
	const struct tree_node *value = text->value;
	const bool wanted[] = { m->windash, m->utf16 != SIGMA_UTF8,
				m->base64 || m->base64offset };
	const struct sigma_variant nothing = { 0 };
	const char *why = NULL;

	memset(out, 0, sizeof(*out));
	if (m->expand)
		why = expand(out, text->scope->placeholders, &nothing,
			     value->text, value->len);
	else
		put_text(add(out), value->text, value->len, ESCAPED);
	for (int i = 0; i < 3 && !why; i++) {
		struct sigma_variants next = { 0 };

		if (!wanted[i])
			continue;
		for (size_t k = 0; k < out->num && !why; k++)
			why = step(&next, &out->list[k], m, i);
		sigma_variants_free(out);
		*out = next;
	}
	for (size_t i = 0; i < out->num && !why; i++)
		if (out->list[i].num > PLM_MAX_TEXT_LEN)
			why = too_long;
	return why;
}
