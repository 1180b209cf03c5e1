// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/damage.h"

#include <endian.h>

#define NUM_PIECES 4	/* of which a section may be made anew */

/* A section in the making. */
struct layout {
	struct piece {
		const uint8_t *data;
		size_t len;
	} pieces[PLM_NUM_SECTIONS][NUM_PIECES];
};

void damage_seal(uint8_t *data, size_t len)
{
	uint64_t a = 0, b = 0, word;

	if (len < PLM_HEADER_LEN)
		return;
	memset(data + PLM_HDR_SUM, 0, 8);
	for (size_t off = 0; len - off >= sizeof(word); off += sizeof(word)) {
		memcpy(&word, data + off, sizeof(word));
		a += le64toh(word);
		b = (b << 7 | b >> 57) + a;
	}
	word = htole64(b ^ (a << 32 | a >> 32));
	memcpy(data + PLM_HDR_SUM, &word, sizeof(word));
}

static size_t entry_off(unsigned int index)
{
	return PLM_HEADER_LEN + (size_t)index * PLM_SECTION_ENTRY_LEN;
}

bool damage_section(const uint8_t *data, size_t len, unsigned int index,
		    size_t *out_off, size_t *out_len)
{
	if (len < PLM_BODY_OFF || index >= PLM_NUM_SECTIONS)
		return false;
	*out_off = damage_get(data + entry_off(index) + PLM_SEC_OFF);
	*out_len = damage_get(data + entry_off(index) + PLM_SEC_LEN);
	return *out_off <= len && *out_len <= len - *out_off;
}

size_t damage_record_len(unsigned int index)
{
	static const size_t lens[PLM_NUM_SECTIONS] = {
		PLM_TEMPLATE_LEN, PLM_RULE_LEN, PLM_CRITERION_LEN, 4, 4,
		PLM_AUTOMATON_LEN, 4, 1,
	};

	return index < PLM_NUM_SECTIONS ? lens[index] : 1;
}

/* Every section twice, or the baseline's; and padding. */
size_t damage_room(const struct damage_base *base)
{
	return 2 * base->len + base->old_len +
	       PLM_NUM_SECTIONS * PLM_SECTION_ALIGN + PLM_BODY_OFF;
}

/* Sections as they are; false where the table does not say. */
static bool lay_out(const struct damage_base *base, struct layout *out)
{
	size_t off, len;

	memset(out, 0, sizeof(*out));
	for (unsigned int i = 0; i < PLM_NUM_SECTIONS; i++) {
		if (!damage_section(base->data, base->len, i, &off, &len))
			return false;
		out->pieces[i][0] = (struct piece){ base->data + off, len };
	}
	return true;
}

static void swap_sections(struct layout *layout, uint32_t a, uint32_t b)
{
	struct piece kept;

	if (a >= PLM_NUM_SECTIONS || b >= PLM_NUM_SECTIONS)
		return;
	kept = layout->pieces[a][0];
	layout->pieces[a][0] = layout->pieces[b][0];
	layout->pieces[b][0] = kept;
}

static void splice(const struct damage_base *base, uint64_t mask,
		   struct layout *layout)
{
	size_t off, len;

	for (unsigned int i = 0; i < PLM_NUM_SECTIONS; i++)
		if (mask >> i & 1 && base->old &&
		    damage_section(base->old, base->old_len, i, &off, &len))
			layout->pieces[i][0] =
				(struct piece){ base->old + off, len };
}

/* One section is made of parts of itself. */
static void change_section(const struct vm_edit *edit, struct layout *layout)
{
	struct piece *p = layout->pieces[edit->section % PLM_NUM_SECTIONS];
	const struct piece whole = p[0];
	size_t off = edit->off, part = edit->len;

	if (off > whole.len || part > whole.len - off)
		return;
	p[0].len = off;
	if (edit->kind == VM_DAMAGE_DOUBLE) {
		p[1] = (struct piece){ whole.data + off, part };
		p[2] = (struct piece){ whole.data + off, whole.len - off };
	} else if (edit->kind == VM_DAMAGE_DROP) {
		p[1] = (struct piece){ whole.data + off + part,
				       whole.len - off - part };
	} else if (part <= whole.len - off - part) {
		p[1] = (struct piece){ whole.data + off + part, part };
		p[2] = (struct piece){ whole.data + off, part };
		p[3] = (struct piece){ whole.data + off + 2 * part,
				       whole.len - off - 2 * part };
	} else {
		p[0] = whole;
	}
}

static void clip(const struct vm_edit *edit, struct layout *layout)
{
	for (unsigned int i = edit->section; i < PLM_NUM_SECTIONS; i++) {
		struct piece *piece = &layout->pieces[i][0];

		if (i > edit->section)
			piece->len = 0;
		else if (edit->off < piece->len)
			piece->len = edit->off;
	}
}

static void change_layout(const struct damage_base *base,
			  const struct vm_edit *edit, struct layout *layout)
{
	switch (edit->kind) {
	case VM_DAMAGE_SWAP:
		swap_sections(layout, edit->off, edit->len);
		break;
	case VM_DAMAGE_SPLICE:
		splice(base, edit->value, layout);
		break;
	case VM_DAMAGE_CLIP:
		clip(edit, layout);
		break;
	default:
		change_section(edit, layout);
	}
}

/* Its entry in the table as its bytes are now. */
static void put_entry(uint8_t *out, unsigned int index, size_t off, size_t len)
{
	uint8_t *entry = out + entry_off(index);

	damage_put(entry + PLM_SEC_OFF, (uint32_t)off);
	damage_put(entry + PLM_SEC_LEN, (uint32_t)len);
	damage_put(entry + PLM_SEC_COUNT,
		   (uint32_t)(len / damage_record_len(index)));
}

/* Header, table, sections, each padded. */
static size_t write_layout(const struct damage_base *base,
			   const struct layout *layout, bool sealed,
			   uint8_t *out)
{
	size_t pos = PLM_BODY_OFF;

	memcpy(out, base->data, PLM_BODY_OFF);
	for (unsigned int i = 0; i < PLM_NUM_SECTIONS; i++) {
		size_t from = pos;

		for (unsigned int j = 0; j < NUM_PIECES; j++) {
			const struct piece *piece = &layout->pieces[i][j];

			if (piece->len)
				memcpy(out + pos, piece->data, piece->len);
			pos += piece->len;
		}
		if (sealed)
			put_entry(out, i, from, pos - from);
		while (pos % PLM_SECTION_ALIGN)
			out[pos++] = 0;
	}
	return pos;
}

static void change_entries(const struct vm_edit *edit, uint8_t *out, size_t len)
{
	uint8_t kept[PLM_SECTION_ENTRY_LEN];

	if (len < PLM_BODY_OFF || edit->off >= PLM_NUM_SECTIONS ||
	    edit->len >= PLM_NUM_SECTIONS)
		return;
	memcpy(kept, out + entry_off(edit->off), sizeof(kept));
	memmove(out + entry_off(edit->off), out + entry_off(edit->len),
		sizeof(kept));
	memcpy(out + entry_off(edit->len), kept, sizeof(kept));
}

/* As many bytes as there are. */
static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t take_old(const struct damage_base *base,
		       const struct vm_edit *edit, uint8_t *out, size_t len)
{
	size_t off = least(edit->off, least(len, base->old_len));

	if (!base->old)
		return len;
	if (edit->kind == VM_DAMAGE_OLD_HEAD) {
		memcpy(out, base->old, off);
		return len;
	}
	memcpy(out + off, base->old + off, base->old_len - off);
	return base->old_len;
}

/* In place; the length that is left. */
static size_t change_bytes(const struct damage_base *base,
			   const struct vm_edit *edit, uint8_t *out, size_t len)
{
	size_t off = edit->off, part = edit->len;

	switch (edit->kind) {
	case VM_DAMAGE_CUT:
		return least(off, len);
	case VM_DAMAGE_OLD_HEAD:
	case VM_DAMAGE_OLD_TAIL:
		return take_old(base, edit, out, len);
	case VM_DAMAGE_ENTRIES:
		change_entries(edit, out, len);
		return len;
	case VM_DAMAGE_PUT:
		for (size_t i = 0; part <= 8 && i < part; i++)
			if (off <= len && i < len - off)
				out[off + i] = (uint8_t)(edit->value >> 8 * i);
		return len;
	case VM_DAMAGE_ZERO:
		if (off <= len)
			memset(out + off, 0, least(part, len - off));
		return len;
	default:
		return len;
	}
}

static size_t begin(const struct damage_base *base, const struct vm_edit *edit,
		    uint8_t *out)
{
	struct layout layout;

	if (edit->kind >= VM_DAMAGE_SWAP && lay_out(base, &layout)) {
		change_layout(base, edit, &layout);
		return write_layout(base, &layout,
				    edit->flags & VM_EDIT_SEALED, out);
	}
	memcpy(out, base->data, base->len);
	return base->len;
}

size_t damage_apply(const struct damage_base *base,
		    const struct vm_edit *edits, size_t num, uint8_t *out)
{
	bool sealed = false;
	size_t len, was;

	if (!num) {
		memcpy(out, base->data, base->len);
		return base->len;
	}
	len = begin(base, &edits[0], out);
	/* What a recipe sets as the length stays: it may be the damage. */
	was = base->len;
	for (size_t i = 0; i < num; i++) {
		len = change_bytes(base, &edits[i], out, len);
		sealed |= edits[i].flags & VM_EDIT_SEALED;
		if (edits[i].flags & VM_EDIT_SEALED && len != was &&
		    len >= PLM_HEADER_LEN)
			damage_put(out + PLM_HDR_TOTAL_LEN, (uint32_t)len);
		was = len;
	}
	if (sealed)
		damage_seal(out, len);
	return len;
}
