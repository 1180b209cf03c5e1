// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/neighbourhood.h"

#include "base/mem.h"

#define BLOCK  8u   /* where files are torn: words of the check sum */
#define SECTOR 512u /* and what a disk loses at once */

/* Numbers of @width bytes that lengths, counts and indices are driven to. */
static size_t extreme(const struct neighbourhood *n, size_t off, size_t width,
		      uint64_t was, size_t which, uint64_t *out)
{
	const uint64_t ones = width == 8 ? UINT64_MAX : (1ull << 8 * width) - 1;
	const uint64_t half = ones >> 1;
	const uint64_t left = n->base.len - off;
	const uint64_t values[] = {
		0,
		1,
		was - 1,
		was + 1,
		half,
		half + 1,
		ones,
		/* Those below make sense of lengths and offsets only. */
		left,
		left + 1,
		n->base.len,
		n->base.len + 1,
		/* Rounded up they are 0; times 8, 4 or 2 they are as before. */
		ones - 7,
		ones - 3,
		was + (ones >> 3) + 1,
		was + (ones >> 2) + 1,
		was + half + 1,
	};

	if (out)
		*out = values[which] & ones;
	return width == 4 ? ARRAY_LEN(values) : 7;
}

static size_t num_extremes(size_t width)
{
	static const struct neighbourhood none;

	return extreme(&none, 0, width, 0, 0, NULL);
}

static uint64_t get(const uint8_t *data, size_t width, bool big)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value |= (uint64_t)data[big ? width - 1 - i : i] << 8 * i;
	return value;
}

/* The number whose bytes stand the other way round. */
static uint64_t turned(uint64_t value, size_t width)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < width; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	return get(bytes, width, true);
}

static struct vm_edit number(const struct neighbourhood *n, uint64_t i,
			     size_t width, bool big)
{
	size_t num = num_extremes(width);
	size_t off = (size_t)(i / num) * width;
	uint64_t value;

	extreme(n, off, width, get(n->base.data + off, width, big),
		(size_t)(i % num), &value);
	return (struct vm_edit){ .kind = VM_DAMAGE_PUT,
				 .off = (uint32_t)off,
				 .len = (uint32_t)width,
				 .value = big ? turned(value, width) : value };
}

static uint64_t count_numbers(const struct neighbourhood *n, size_t width)
{
	return n->base.len / width * num_extremes(width);
}

/* The families: how many there are, and the one edit of number i. */

static uint64_t count_bytes(const struct neighbourhood *n)
{
	return n->base.len;
}

static struct vm_edit get_cut(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return (struct vm_edit){ .kind = VM_DAMAGE_CUT, .off = (uint32_t)i };
}

static uint64_t count_bits(const struct neighbourhood *n)
{
	return 8 * n->base.len;
}

static struct vm_edit get_bit(const struct neighbourhood *n, uint64_t i)
{
	return (struct vm_edit){ .kind = VM_DAMAGE_PUT,
				 .off = (uint32_t)(i / 8),
				 .len = 1,
				 .value = n->base.data[i / 8] ^ 1u << i % 8 };
}

static uint64_t count_longs(const struct neighbourhood *n)
{
	return count_numbers(n, 8);
}

static struct vm_edit get_long(const struct neighbourhood *n, uint64_t i)
{
	return number(n, i, 8, false);
}

static uint64_t count_words(const struct neighbourhood *n)
{
	return count_numbers(n, 4);
}

static struct vm_edit get_word(const struct neighbourhood *n, uint64_t i)
{
	return number(n, i, 4, false);
}

static struct vm_edit get_big_word(const struct neighbourhood *n, uint64_t i)
{
	return number(n, i, 4, true);
}

/* The header and the table of sections: what all the rest is believed by. */
static uint64_t count_head(const struct neighbourhood *n)
{
	(void)n;
	return PLM_BODY_OFF / 4 * num_extremes(4);
}

static uint64_t count_halves(const struct neighbourhood *n)
{
	return count_numbers(n, 2);
}

static struct vm_edit get_half(const struct neighbourhood *n, uint64_t i)
{
	return number(n, i, 2, false);
}

static struct vm_edit get_big_half(const struct neighbourhood *n, uint64_t i)
{
	return number(n, i, 2, true);
}

static uint64_t count_blocks(const struct neighbourhood *n)
{
	return n->base.len / BLOCK;
}

static struct vm_edit get_zero_head(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return (struct vm_edit){ .kind = VM_DAMAGE_ZERO,
				 .len = (uint32_t)((i + 1) * BLOCK) };
}

static struct vm_edit get_zero_tail(const struct neighbourhood *n, uint64_t i)
{
	return (struct vm_edit){ .kind = VM_DAMAGE_ZERO,
				 .off = (uint32_t)(i * BLOCK),
				 .len = (uint32_t)(n->base.len - i * BLOCK) };
}

static uint64_t count_sectors(const struct neighbourhood *n)
{
	return (n->base.len + SECTOR - 1) / SECTOR;
}

static struct vm_edit get_zero_sector(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return (struct vm_edit){ .kind = VM_DAMAGE_ZERO,
				 .off = (uint32_t)(i * SECTOR),
				 .len = SECTOR };
}

static struct vm_edit get_old_head(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return (struct vm_edit){ .kind = VM_DAMAGE_OLD_HEAD,
				 .off = (uint32_t)((i + 1) * BLOCK) };
}

static struct vm_edit get_old_tail(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return (struct vm_edit){ .kind = VM_DAMAGE_OLD_TAIL,
				 .off = (uint32_t)(i * BLOCK) };
}

/* Pairs of sections: a below b. */
static uint64_t count_pairs(const struct neighbourhood *n)
{
	(void)n;
	return PLM_NUM_SECTIONS * (PLM_NUM_SECTIONS - 1) / 2;
}

static struct vm_edit pair(enum vm_damage kind, uint64_t i)
{
	uint32_t a = 0;

	while (i >= PLM_NUM_SECTIONS - 1 - a)
		i -= PLM_NUM_SECTIONS - 1 - a++;
	return (struct vm_edit){ .kind = (uint8_t)kind,
				 .off = a,
				 .len = a + 1 + (uint32_t)i };
}

static struct vm_edit get_swap(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return pair(VM_DAMAGE_SWAP, i);
}

static struct vm_edit get_entries(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return pair(VM_DAMAGE_ENTRIES, i);
}

static uint64_t count_sections(const struct neighbourhood *n)
{
	(void)n;
	return PLM_NUM_SECTIONS;
}

static size_t section_len(const struct neighbourhood *n, unsigned int section)
{
	size_t off, len;

	return damage_section(n->base.data, n->base.len, section, &off, &len)
		       ? len
		       : 0;
}

static struct vm_edit whole_section(const struct neighbourhood *n,
				    enum vm_damage kind, uint64_t i)
{
	return (struct vm_edit){ .kind = (uint8_t)kind,
				 .section = (uint16_t)i,
				 .len = (uint32_t)section_len(
					 n, (unsigned int)i) };
}

static struct vm_edit get_double(const struct neighbourhood *n, uint64_t i)
{
	return whole_section(n, VM_DAMAGE_DOUBLE, i);
}

static struct vm_edit get_drop(const struct neighbourhood *n, uint64_t i)
{
	return whole_section(n, VM_DAMAGE_DROP, i);
}

/* Each section from either file; none and all are the files themselves. */
static uint64_t count_splices(const struct neighbourhood *n)
{
	(void)n;
	return (1u << PLM_NUM_SECTIONS) - 1;
}

static struct vm_edit get_splice(const struct neighbourhood *n, uint64_t i)
{
	(void)n;
	return (struct vm_edit){ .kind = VM_DAMAGE_SPLICE, .value = i + 1 };
}

static uint64_t records_of(const struct neighbourhood *n, unsigned int section)
{
	return section_len(n, section) / damage_record_len(section);
}

static uint64_t count_records(const struct neighbourhood *n)
{
	uint64_t num = 0;

	for (unsigned int i = 0; i < PLM_NUM_SECTIONS; i++)
		num += records_of(n, i);
	return num;
}

static struct vm_edit record(const struct neighbourhood *n, enum vm_damage kind,
			     uint64_t i)
{
	unsigned int section = 0;
	size_t len;

	while (section + 1 < PLM_NUM_SECTIONS && i >= records_of(n, section))
		i -= records_of(n, section++);
	len = damage_record_len(section);
	return (struct vm_edit){ .kind = (uint8_t)kind,
				 .section = (uint16_t)section,
				 .off = (uint32_t)(i * len),
				 .len = (uint32_t)len };
}

static struct vm_edit get_doubled(const struct neighbourhood *n, uint64_t i)
{
	return record(n, VM_DAMAGE_DOUBLE, i);
}

static struct vm_edit get_dropped(const struct neighbourhood *n, uint64_t i)
{
	return record(n, VM_DAMAGE_DROP, i);
}

static struct vm_edit get_turned(const struct neighbourhood *n, uint64_t i)
{
	return record(n, VM_DAMAGE_TURN, i);
}

static struct vm_edit get_clipped(const struct neighbourhood *n, uint64_t i)
{
	struct vm_edit e = record(n, VM_DAMAGE_CLIP, i);

	e.len = 0;
	return e;
}

/*
 * Files of others have no layout that we know, so numbers are tried in both
 * orders of their bytes; ours have one, and every form is there raw and sealed,
 * but that of @head, which is there sealed and has the first claim.
 */
static const struct family {
	const char *name;
	bool layout, foreign, baseline;	/* only where there is that */
	bool head;
	uint64_t (*count)(const struct neighbourhood *n);
	struct vm_edit (*get)(const struct neighbourhood *n, uint64_t i);
} families[] = {
	{ .name = "number in header and table", .layout = true, .head = true,
	  .count = count_head, .get = get_word },
	{ .name = "section bytes swapped", .layout = true,
	  .count = count_pairs, .get = get_swap },
	{ .name = "section entries swapped", .layout = true,
	  .count = count_pairs, .get = get_entries },
	{ .name = "section doubled", .layout = true,
	  .count = count_sections, .get = get_double },
	{ .name = "section dropped", .layout = true,
	  .count = count_sections, .get = get_drop },
	{ .name = "spliced with the baseline", .layout = true, .baseline = true,
	  .count = count_splices, .get = get_splice },
	{ .name = "sector of zeros",
	  .count = count_sectors, .get = get_zero_sector },
	{ .name = "zeros, then the file",
	  .count = count_blocks, .get = get_zero_head },
	{ .name = "the file, then zeros",
	  .count = count_blocks, .get = get_zero_tail },
	{ .name = "the baseline, then the file", .baseline = true,
	  .count = count_blocks, .get = get_old_head },
	{ .name = "the file, then the baseline", .baseline = true,
	  .count = count_blocks, .get = get_old_tail },
	{ .name = "record doubled", .layout = true,
	  .count = count_records, .get = get_doubled },
	{ .name = "record dropped", .layout = true,
	  .count = count_records, .get = get_dropped },
	{ .name = "records turned", .layout = true,
	  .count = count_records, .get = get_turned },
	{ .name = "ends after a record", .layout = true,
	  .count = count_records, .get = get_clipped },
	{ .name = "truncated",
	  .count = count_bytes, .get = get_cut },
	{ .name = "64-bit number",
	  .count = count_longs, .get = get_long },
	{ .name = "32-bit number",
	  .count = count_words, .get = get_word },
	{ .name = "32-bit number, big-endian", .foreign = true,
	  .count = count_words, .get = get_big_word },
	{ .name = "16-bit number",
	  .count = count_halves, .get = get_half },
	{ .name = "16-bit number, big-endian", .foreign = true,
	  .count = count_halves, .get = get_big_half },
	{ .name = "bit flipped",
	  .count = count_bits, .get = get_bit },
};

#define NUM_FAMILIES ARRAY_LEN(families)

bool neighbourhood_is_head(size_t family)
{
	return family < NUM_FAMILIES && families[family].head;
}

size_t neighbourhood_num_families(void)
{
	return NUM_FAMILIES;
}

const char *neighbourhood_family(size_t family)
{
	return family < NUM_FAMILIES ? families[family].name : "drawn";
}

void neighbourhood_init(struct neighbourhood *n, const struct damage_base *base,
			bool layout, uint64_t seed)
{
	*n = (struct neighbourhood){ .base = *base,
				     .layout = layout,
				     .seed = seed };
	for (size_t i = 0; i < NUM_FAMILIES; i++) {
		const struct family *f = &families[i];

		if ((f->layout && !layout) || (f->foreign && layout) ||
		    (f->baseline && !base->old))
			continue;
		n->counts[i] = f->count(n) * (layout && !f->head ? 2 : 1);
		n->num_finite += n->counts[i];
	}
}

/* The second half of a family is the first, sealed. */
static struct vm_edit family_get(const struct neighbourhood *n, size_t family,
				 uint64_t i)
{
	const struct family *f = &families[family];
	uint64_t raw = f->head ? 0 : n->counts[family] / (n->layout ? 2 : 1);
	bool sealed = i >= raw;
	struct vm_edit e = f->get(n, sealed ? i - raw : i);

	if (sealed)
		e.flags |= VM_EDIT_SEALED;
	return e;
}

size_t neighbourhood_family_of(const struct neighbourhood *n, uint64_t k)
{
	size_t family = 0;

	while (family < NUM_FAMILIES && k >= n->counts[family])
		k -= n->counts[family++];
	return family;
}

/* SplitMix64, by Steele, Lea and Flood: a sequence without a state to keep. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static struct vm_edit draw_edit(const struct neighbourhood *n, uint64_t *state)
{
	size_t family;

	do {
		family = (size_t)(draw(state) % NUM_FAMILIES);
	} while (!n->counts[family]);
	return family_get(n, family, draw(state) % n->counts[family]);
}

/* Few are drawn raw: what the check sum gives away is not worth many. */
static void draw_recipe(const struct neighbourhood *n, uint64_t k,
			struct neighbour_recipe *out)
{
	uint64_t state = n->seed ^ k * 0xd1342543de82ef95ull;
	unsigned int seal = draw(&state) % 16 ? VM_EDIT_SEALED : 0;

	out->num = 2 + (size_t)(draw(&state) % (VM_MAX_EDITS - 1));
	for (size_t i = 0; i < out->num; i++) {
		struct vm_edit e = draw_edit(n, &state);

		e.flags = (uint8_t)(n->layout ? seal : 0);
		if (i + 1 < out->num)
			e.flags |= VM_EDIT_MORE;
		out->edits[i] = e;
	}
}

void neighbourhood_get(const struct neighbourhood *n, uint64_t k,
		       struct neighbour_recipe *out)
{
	size_t family = neighbourhood_family_of(n, k);

	*out = (struct neighbour_recipe){ 0 };
	if (family == NUM_FAMILIES) {
		draw_recipe(n, k, out);
		return;
	}
	for (size_t i = 0; i < family; i++)
		k -= n->counts[i];
	out->edits[0] = family_get(n, family, k);
	out->num = 1;
}
