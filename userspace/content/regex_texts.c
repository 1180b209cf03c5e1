// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/regex_texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/triggers.h"

#define MAX_LIST	128u	/* texts while they are being found */
#define RARE_ENOUGH	128u	/* beyond it, fewer texts are worth more */
#define SHORTEST	4u	/* bytes: shorter ones are dear to look for */

/* Texts, all that something matches or all that one of must be there. */
struct texts {
	struct regex_text list[MAX_LIST];
	size_t num;
	bool folded;		/* of letters only the small ones */
};

static struct texts *new_texts(bool folded)
{
	struct texts *texts = xcalloc(1, sizeof(*texts));

	texts->folded = folded;
	return texts;
}

/* The text of no bytes. */
static void set_empty(struct texts *out)
{
	out->num = 1;
	out->list[0].len = 0;
}

static bool add(struct texts *texts, const struct regex_text *text)
{
	for (size_t i = 0; i < texts->num; i++)
		if (texts->list[i].len == text->len &&
		    !memcmp(texts->list[i].bytes, text->bytes, text->len))
			return true;
	if (texts->num == MAX_LIST)
		return false;
	texts->list[texts->num++] = *text;
	return true;
}

static bool add_all(struct texts *texts, const struct texts *more)
{
	for (size_t i = 0; i < more->num; i++)
		if (!add(texts, &more->list[i]))
			return false;
	return true;
}

/* Each of @texts with each of @more behind it; false: too many, too long. */
static bool append(struct texts *texts, const struct texts *more)
{
	struct texts *out = new_texts(texts->folded);
	bool fits = true;

	for (size_t i = 0; i < texts->num && fits; i++) {
		for (size_t k = 0; k < more->num && fits; k++) {
			struct regex_text text = texts->list[i];
			const struct regex_text *end = &more->list[k];

			fits = text.len + end->len <= REGEX_TEXT_LEN;
			if (!fits)
				break;
			memcpy(text.bytes + text.len, end->bytes, end->len);
			text.len += end->len;
			fits = add(out, &text);
		}
	}
	if (fits)
		*texts = *out;
	free(out);
	return fits;
}

/* What an expression matches, to the byte */

static bool exact(const struct regex_node *node, struct texts *out);

static bool exact_set(const uint64_t set[4], struct texts *out)
{
	for (int byte = 0; byte < 256; byte++) {
		struct regex_text text = { .bytes = { (uint8_t)byte }, .len = 1 };

		if (!set_has(set, (uint8_t)byte) ||
		    (out->folded && byte >= 'A' && byte <= 'Z'))
			continue;
		if (!add(out, &text))
			return false;
	}
	return true;
}

/* One child after the other, beginning with @out as it is. */
static bool exact_row(const struct regex_node *child, uint32_t times,
		      struct texts *out)
{
	struct texts *one = new_texts(out->folded);
	bool is = exact(child, one);

	for (uint32_t i = 0; i < times && is; i++)
		is = append(out, one);
	free(one);
	return is;
}

/* Few repetitions: all numbers of them. */
static bool exact_repeat(const struct regex_node *node, struct texts *out)
{
	struct texts *row = new_texts(out->folded);
	bool is = node->max <= REGEX_TEXT_LEN;

	set_empty(row);
	is = is && exact_row(node->children[0], node->min, row) &&
	     add_all(out, row);
	for (uint32_t i = node->min; i < node->max && is; i++)
		is = exact_row(node->children[0], 1, row) && add_all(out, row);
	free(row);
	return is;
}

/* Into an empty @out; false where there are too many, or no end of them. */
static bool exact(const struct regex_node *node, struct texts *out)
{
	bool is = true;

	switch (node->kind) {
	case REGEX_SET:
		return exact_set(node->set, out);
	case REGEX_ALT:
		for (size_t i = 0; i < node->num_children && is; i++) {
			struct texts *one = new_texts(out->folded);

			is = exact(node->children[i], one) && add_all(out, one);
			free(one);
		}
		return is;
	case REGEX_REPEAT:
		return exact_repeat(node, out);
	case REGEX_CONCAT:
		set_empty(out);
		for (size_t i = 0; i < node->num_children && is; i++)
			is = exact_row(node->children[i], 1, out);
		return is;
	default:
		set_empty(out);
		return true;
	}
}

/* What every match holds */

/* Runs of texts that are looked at: that of people's patterns are a few. */
#define MAX_RUNS 64u

/* The best texts so far. */
struct best {
	struct texts *texts;	/* owned; none: nothing is known */
	uint32_t rarity;	/* of the most common one */
	uint32_t *runs;		/* looked at so far, of the whole expression */
};

static uint32_t enough(uint32_t rarity)
{
	return rarity < RARE_ENOUGH ? rarity : RARE_ENOUGH;
}

static bool better(const struct texts *texts, uint32_t rarity,
		   const struct best *best)
{
	if (!best->texts->num || enough(rarity) != enough(best->rarity))
		return !best->texts->num || rarity > best->rarity;
	if (texts->num != best->texts->num)
		return texts->num < best->texts->num;
	return rarity > best->rarity;
}

/* Those of @texts that hold no other one of them. */
static struct texts *shortest(const struct texts *texts)
{
	struct texts *out = new_texts(texts->folded);

	for (size_t i = 0; i < texts->num; i++) {
		const struct regex_text *text = &texts->list[i], *other;
		bool needed = true;

		for (size_t k = 0; k < texts->num && needed; k++) {
			other = &texts->list[k];
			needed = k == i || !memmem(text->bytes, text->len,
						   other->bytes, other->len);
		}
		if (needed)
			out->list[out->num++] = *text;
	}
	return out;
}

/* Keep @texts if they are of use and better than what there was. */
static void consider(struct best *best, const struct texts *texts)
{
	uint32_t rarity = UINT32_MAX, least = UINT32_MAX, of_one;
	struct texts *few;
	bool useful;

	if (*best->runs == MAX_RUNS)
		return;
	++*best->runs;
	few = shortest(texts);
	useful = few->num && few->num <= REGEX_TEXTS;
	for (size_t i = 0; i < few->num && useful; i++) {
		of_one = text_rarity(PLM_OP_CONTAINS, few->list[i].bytes,
				     few->list[i].len);
		if (rarity > of_one)
			rarity = of_one;
		if (least > few->list[i].len)
			least = few->list[i].len;
		useful = least >= SHORTEST && rarity > TEXT_WILL_DO;
	}
	if (useful && better(few, rarity, best)) {
		*best->texts = *few;
		best->rarity = rarity;
	}
	free(few);
}

/* A part of a row: all that it matches, or what it begins and ends with. */
struct part {
	struct texts *texts;	/* owned; none: nothing is known */
	bool whole;
};

static struct part part_of(const struct regex_node *node, bool folded)
{
	struct part part = { new_texts(folded), true };

	if (exact(node, part.texts))
		return part;
	part.whole = false;
	part.texts->num = 0;
	if (node->kind != REGEX_REPEAT || !node->min ||
	    !exact(node->children[0], part.texts))
		part.texts->num = 0;
	return part;
}

/* Texts that stand one behind the other from part @first on. */
static void consider_run(struct best *best, const struct part *parts,
			 size_t num, size_t first)
{
	struct texts *run = new_texts(best->texts->folded);

	*run = *parts[first].texts;
	for (size_t i = first; i < num; i++) {
		bool last = i + 1 == num || (i > first && !parts[i].whole) ||
			    !parts[i + 1].texts->num;

		if (i > first && !append(run, parts[i].texts))
			break;
		if (last || parts[i + 1].texts->num > 1)
			consider(best, run);
		if (last)
			break;
	}
	free(run);
}

static void find(const struct regex_node *node, struct best *best);

static void find_in_row(const struct regex_node *row, struct best *best)
{
	size_t num = row->num_children;
	struct part *parts = xcalloc(num, sizeof(*parts));

	for (size_t i = 0; i < num; i++)
		parts[i] = part_of(row->children[i], best->texts->folded);
	for (size_t i = 0; i < num; i++) {
		if (!parts[i].whole)
			find(row->children[i], best);
		/* A run through one text has begun before it. */
		if (parts[i].texts->num && !(i && parts[i - 1].whole &&
					     parts[i - 1].texts->num == 1))
			consider_run(best, parts, num, i);
	}
	for (size_t i = 0; i < num; i++)
		free(parts[i].texts);
	free(parts);
}

/* Those of one alternative, and of the next, and so on. */
static void find_in_each(const struct regex_node *alt, struct best *best)
{
	struct texts *all = new_texts(best->texts->folded);
	bool known = true;

	for (size_t i = 0; i < alt->num_children && known; i++) {
		struct best one = { new_texts(best->texts->folded), 0,
				    best->runs };

		find(alt->children[i], &one);
		known = one.texts->num && add_all(all, one.texts);
		free(one.texts);
	}
	if (known)
		consider(best, all);
	free(all);
}

static void find(const struct regex_node *node, struct best *best)
{
	struct texts *all;

	switch (node->kind) {
	case REGEX_CONCAT:
		find_in_row(node, best);
		break;
	case REGEX_ALT:
		find_in_each(node, best);
		break;
	case REGEX_REPEAT:
		if (node->min)
			find(node->children[0], best);
		break;
	default:
		all = new_texts(best->texts->folded);
		if (exact(node, all))
			consider(best, all);
		free(all);
	}
}

size_t regex_texts(const struct regex *regex, bool folded,
		   struct regex_text *out)
{
	uint32_t runs = 0;
	struct best best = { new_texts(folded), 0, &runs };
	size_t num;

	find(regex->root, &best);
	num = best.texts->num;
	memcpy(out, best.texts->list, num * sizeof(*out));
	free(best.texts);
	return num;
}
