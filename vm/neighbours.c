// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/neighbours.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_content.h"
#include "vm/damage.h"

/* Of a small file so many; of a large one as many as are checked in time. */
#define MAX_NEIGHBOURS	400u
#define MIN_NEIGHBOURS	40u
#define MAX_CHECKED	((size_t)48 << 20)	/* bytes */

/* The making of the list. */
struct maker {
	struct candidate *candidate;
	uint8_t *bytes;
	size_t room, cap;
	uint32_t random;
};

/* What the module says: structure, then channel, then version. */
static void ask(const struct maker *maker, size_t len,
		struct neighbour *neighbour)
{
	const struct candidate *candidate = maker->candidate;
	struct plm_content content;

	neighbour->fault.rule = PLM_NO_RULE;
	neighbour->err = plm_check(maker->bytes, (u32)len, 0, &content,
				   &neighbour->fault);
	if (neighbour->err != PLM_OK)
		return;
	if (content.channel != candidate->channel) {
		neighbour->err = PLM_WRONG_CHANNEL;
		neighbour->fault = (struct plm_fault){
			.off = PLM_HDR_CHANNEL, .rule = PLM_NO_RULE };
	} else if (content.version < candidate->content.version) {
		neighbour->err = PLM_BAD_VERSION;
		neighbour->stale = true;
		neighbour->fault = (struct plm_fault){
			.off = PLM_HDR_CONTENT_VERSION, .rule = PLM_NO_RULE };
	}
}

static void add(struct maker *maker, const struct vm_edit *edit)
{
	struct candidate *candidate = maker->candidate;
	const struct damage_base base = { candidate->data, candidate->len,
					  NULL, 0 };
	struct neighbour neighbour = { .edit = *edit };
	size_t len;

	if (!maker->room)
		return;
	maker->room--;
	len = damage_apply(&base, edit, 1, maker->bytes);
	/* A length of zero takes the content out: that is no file. */
	if (!len)
		return;
	ask(maker, len, &neighbour);
	if (neighbour.err == PLM_OK)
		return;
	ARRAY_RESERVE(candidate->neighbours, candidate->num_neighbours,
		      maker->cap);
	candidate->neighbours[candidate->num_neighbours++] = neighbour;
}

static void add_cut(struct maker *maker, size_t off)
{
	add(maker, &(struct vm_edit){ .kind = VM_DAMAGE_CUT,
				      .off = (uint32_t)off });
}

static void add_put(struct maker *maker, unsigned int flags, size_t off,
		    uint32_t value)
{
	add(maker, &(struct vm_edit){ .kind = VM_DAMAGE_PUT,
				      .flags = (uint8_t)flags,
				      .off = (uint32_t)off, .len = 4,
				      .value = value });
}

/* A word that is one more, one less, none, all ones. */
static void add_word(struct maker *maker, size_t off)
{
	uint32_t was = damage_get(maker->candidate->data + off);

	add_put(maker, VM_EDIT_SEALED, off, UINT32_MAX);
	add_put(maker, VM_EDIT_SEALED, off, was + 1);
	add_put(maker, VM_EDIT_SEALED, off, was - 1);
	/* Of records of 8 bytes or more: as many bytes, in 32 bits. */
	add_put(maker, VM_EDIT_SEALED, off, was + (1u << 29));
	add_put(maker, VM_EDIT_SEALED, off, 0);
}

/* The header and the table of sections: every number that others follow. */
static void add_head(struct maker *maker)
{
	for (size_t off = 0; off < PLM_BODY_OFF; off += 4)
		add_word(maker, off);
}

/* Torn: at the edges of every section, and one byte about them. */
static void add_cuts(struct maker *maker)
{
	const struct candidate *candidate = maker->candidate;

	for (int i = 0; i < (int)PLM_NUM_SECTIONS; i++) {
		size_t off = candidate->content.section[i].off;

		add_cut(maker, off);
		add_cut(maker, off - 1);
		add_cut(maker, off + 1);
	}
	add_cut(maker, candidate->len - 1);
	add_cut(maker, candidate->len - 8);
	add_cut(maker, 1);
}

static uint32_t next_random(struct maker *maker)
{
	maker->random ^= maker->random << 13;
	maker->random ^= maker->random >> 17;
	maker->random ^= maker->random << 5;
	return maker->random;
}

/* Anywhere in the sections: as the file lies there, and as somebody made it. */
static void add_anywhere(struct maker *maker)
{
	const struct candidate *candidate = maker->candidate;
	size_t words = (candidate->len - PLM_BODY_OFF) / 4;

	for (unsigned int i = 0; maker->room && words; i++) {
		size_t off = PLM_BODY_OFF +
			     4 * (size_t)(next_random(maker) % words);
		uint32_t was = damage_get(candidate->data + off);
		uint32_t value = i % 3 ? was ^ 1u << next_random(maker) % 32 :
					 UINT32_MAX;

		add_put(maker, i % 4 ? VM_EDIT_SEALED : 0, off, value);
	}
}

static size_t room_for(size_t len)
{
	size_t room = MAX_CHECKED / (len + 1);

	if (room < MIN_NEIGHBOURS)
		return MIN_NEIGHBOURS;
	return room < MAX_NEIGHBOURS ? room : MAX_NEIGHBOURS;
}

void neighbours_make(struct candidate *candidate)
{
	struct maker maker = {
		.candidate = candidate,
		.room = room_for(candidate->len),
		.random = 0x9e3779b9u,
	};

	if (candidate->err != PLM_OK)
		return;
	maker.bytes = xmalloc(damage_room(&(struct damage_base){
		candidate->data, candidate->len, NULL, 0 }));
	add_cuts(&maker);
	add_head(&maker);
	add_anywhere(&maker);
	free(maker.bytes);
}

char *neighbour_text(const struct neighbour *neighbour)
{
	const struct vm_edit *edit = &neighbour->edit;

	if (edit->kind == VM_DAMAGE_CUT)
		return xasprintf("cut at byte %u", edit->off);
	return xasprintf("the word at byte %u is %#x%s", edit->off,
			 (uint32_t)edit->value, edit->flags & VM_EDIT_SEALED ?
			 ", with a check sum that fits" : "");
}
