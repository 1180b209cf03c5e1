// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/layout.h"
#include "event/literal.h"
#include "event/pattern.h"

/* Longer lists of texts are taken as they are, inner ones not left out. */
#define MAX_REDUCED 512

/* How two parts are joined. */
enum join {
	JOIN_SEPARATOR,		/* "a b", "/a/b" */
	JOIN_FILLER,		/* "axb" */
	JOIN_NOTHING,		/* "ab" */
	JOIN_OVERLAP,		/* "abc" for "ab" and "bc" */
	NUM_JOINS
};

/* What comes before the parts. */
static const char *const path_bases[] = { "", "/usr/bin", "/opt/q", "/x" };

static const struct model_criterion *
wanted(const struct model *model, const struct literals *literals, size_t i)
{
	return &model->criteria[literals->wanted[i]];
}

static const struct model_criterion *longer(const struct model_criterion *old,
					    const struct model_criterion *c)
{
	return old && old->text.len >= c->text.len ? old : c;
}

/* Where only one is cased, the other's letters can be made to fit. */
static bool is_cased(const struct model_criterion *a,
		     const struct model_criterion *b)
{
	return a->flags & b->flags & PLM_FLAG_CASED;
}

static bool occurs_in(const struct model_criterion *c,
		      const struct model_criterion *other)
{
	return other && c->text.len <= other->text.len &&
	       literal_find(other->text.data, other->text.len, 0,
			    c->text.data, c->text.len, is_cased(c, other)) !=
		       SIZE_MAX;
}

/* Is piece @i part of something that is laid anyway? */
static bool is_inner(const struct layout *l, size_t i)
{
	const struct model_criterion *c = l->pieces[i];

	if (occurs_in(c, l->prefix) || occurs_in(c, l->suffix))
		return true;
	for (size_t k = 0; l->num_pieces <= MAX_REDUCED && k < l->num_pieces;
	     k++)
		if (k != i && l->pieces[k] && occurs_in(c, l->pieces[k]))
			return true;
	return false;
}

static void drop_inner(struct layout *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->num_pieces; i++)
		if (is_inner(l, i))
			l->pieces[i] = NULL;
	for (size_t i = 0; i < l->num_pieces; i++)
		if (l->pieces[i])
			l->pieces[kept++] = l->pieces[i];
	l->num_pieces = kept;
}

/*
 * Fillers that occur in no text that must not occur: they can't complete one.
 */
static void pick_fillers(struct layout *l, const struct model *model,
			 const struct literals *literals)
{
	static const char candidates[] =
		"xqzjkvwy7905_-.+abcdefghilmnoprstu123468XQZ";
	bool used[256] = { false };

	for (size_t i = 0; i < literals->num_unwanted; i++) {
		const struct model_criterion *c =
			&model->criteria[literals->unwanted[i]];

		for (uint32_t k = 0; k < c->text.len; k++)
			used[literal_fold(c->text.data[k])] = true;
		l->cost += c->text.len / 16;
	}
	for (const char *c = candidates;
	     *c && l->num_fillers < LAYOUT_MAX_FILLERS - 2; c++)
		if (!used[literal_fold((uint8_t)*c)])
			l->fillers[l->num_fillers++] = *c;
	l->fillers[l->num_fillers++] = 'x';
	l->fillers[l->num_fillers++] = '0';
}

void layout_begin(struct layout *l, const struct model *model,
		  const struct literals *literals, char separator,
		  uint32_t sample)
{
	*l = (struct layout){
		.separator = separator,
		.pieces = xcalloc(literals->num_wanted + 1,
				  sizeof(*l->pieces)),
	};
	l->samples = xcalloc(literals->num_wanted + 1, sizeof(*l->samples));
	for (size_t i = 0; i < literals->num_wanted; i++) {
		const struct model_criterion *c = wanted(model, literals, i);

		if (c->op == PLM_OP_PATTERN &&
		    pattern_sample(c, sample, &l->samples[l->num_samples]))
			c = &l->samples[l->num_samples++];
		if (c->op == PLM_OP_EQUALS)
			l->whole = c;
		else if (c->op == PLM_OP_STARTSWITH)
			l->prefix = longer(l->prefix, c);
		else if (c->op == PLM_OP_ENDSWITH)
			l->suffix = longer(l->suffix, c);
		else if (c->op == PLM_OP_CONTAINS)
			l->pieces[l->num_pieces++] = c;
	}
	l->cost = l->num_pieces <= MAX_REDUCED ?
		  l->num_pieces * l->num_pieces : l->num_pieces;
	drop_inner(l);
	pick_fillers(l, model, literals);
}

void layout_end(struct layout *l)
{
	for (size_t i = 0; i < l->num_samples; i++)
		free(l->samples[i].text.data);
	free(l->samples);
	free(l->pieces);
	free(l->buffer);
	*l = (struct layout){ 0 };
}

static void append(struct layout *l, const void *data, size_t len)
{
	if (len > l->cap - l->len) {
		l->cap = (l->len + len) * 2;
		l->buffer = xrealloc(l->buffer, l->cap);
	}
	if (len)
		memcpy(l->buffer + l->len, data, len);
	l->len += len;
}

static void append_byte(struct layout *l, char byte)
{
	append(l, &byte, 1);
}

/*
 * A separator where neither side has one, and a filler where both do: "/a"
 * and "b" give "/a/b", "a " and " b" give "a x b".
 */
static void separate(struct layout *l, char filler, bool next_has)
{
	bool has = l->len && l->buffer[l->len - 1] == (uint8_t)l->separator;

	if (!l->len) {
		if (l->separator == '/' && !next_has)
			append_byte(l, '/');
		else if (l->separator && l->separator != '/' && next_has)
			append_byte(l, filler);
	} else if (has && next_has) {
		append_byte(l, filler);
	} else if (!has && !next_has) {
		append_byte(l, l->separator ? l->separator : filler);
	}
}

/* Bytes at the end of what is laid with which @text begins. */
static size_t overlap(const struct layout *l, const struct model_text *text)
{
	size_t most = l->len < text->len ? l->len : text->len;

	while (most && literal_find(l->buffer + l->len - most, most, 0,
				    text->data, most, false) != 0)
		most--;
	return most;
}

static void lay(struct layout *l, const struct model_criterion *c,
		enum join join, char filler)
{
	const struct model_text *text = &c->text;
	size_t skip = 0;

	if (join == JOIN_SEPARATOR)
		separate(l, filler, text->len &&
			 text->data[0] == (uint8_t)l->separator);
	else if (join == JOIN_FILLER && (l->len || l->separator != '/'))
		append_byte(l, filler);
	else if (join == JOIN_OVERLAP)
		skip = overlap(l, text);
	append(l, text->data + skip, text->len - skip);
}

/* What follows where no text must stand at the end. */
static void lay_end(struct layout *l, enum join join, char filler)
{
	bool open = l->len && l->separator &&
		    l->buffer[l->len - 1] == (uint8_t)l->separator;

	if (!l->num_pieces && !l->prefix)
		separate(l, filler, false);
	else if (join != JOIN_FILLER && !(join == JOIN_SEPARATOR && open))
		return;
	append_byte(l, filler);
}

static void lay_all(struct layout *l, enum join join, char filler,
		    const char *base, size_t rotation)
{
	l->len = 0;
	if (l->prefix)
		append(l, l->prefix->text.data, l->prefix->text.len);
	else
		append(l, base, strlen(base));
	for (size_t i = 0; i < l->num_pieces; i++)
		lay(l, l->pieces[(i + rotation) % l->num_pieces], join,
		    filler);
	if (l->suffix)
		lay(l, l->suffix, join, filler);
	else
		lay_end(l, join, filler);
}

/*
 * All ways are numbered; the digits of the number, the first one fastest, are
 * the filler, the base, the way of joining and the piece that comes first.
 */
bool layout_next(struct layout *l)
{
	uint32_t num_bases = l->separator == '/' && !l->prefix ?
			     ARRAY_LEN(path_bases) : 1;
	uint32_t num_rotations = l->num_pieces > 4 ? 4 :
				 l->num_pieces ? (uint32_t)l->num_pieces : 1;
	uint32_t number = l->next++;
	uint32_t filler = number % l->num_fillers;
	uint32_t base = (number /= l->num_fillers) % num_bases;
	uint32_t join = (number /= num_bases) % NUM_JOINS;
	uint32_t rotation = number / NUM_JOINS;

	if (rotation >= num_rotations || (l->whole && l->next > 1))
		return false;
	if (l->whole) {
		l->len = 0;
		append(l, l->whole->text.data, l->whole->text.len);
	} else {
		lay_all(l, (enum join)join, l->fillers[filler],
			path_bases[base], rotation);
	}
	l->data = l->buffer;
	return true;
}
