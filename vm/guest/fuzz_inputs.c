// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "vm/guest/fuzz.h"

#define ALIGN 8u

static size_t padded(size_t len)
{
	return len + (-len & (ALIGN - 1));
}

bool inputs_next(const uint8_t *share, size_t *pos, struct fuzz_entry *out,
		 const uint8_t **out_data)
{
	const uint8_t *at = share + FUZZ_INPUTS_OFF + *pos;
	size_t left = FUZZ_INPUTS_LEN - *pos;

	if (left < sizeof(*out))
		return false;
	memcpy(out, at, sizeof(*out));
	left -= sizeof(*out);
	if (out->len > FUZZ_MAX_INPUT || padded(out->len) > left)
		return false;
	*out_data = at + sizeof(*out);
	*pos += sizeof(*out) + padded(out->len);
	return true;
}

void inputs_note(uint8_t *share, uint64_t number, const uint8_t *data,
		 size_t len, uint32_t ways)
{
	struct fuzz_share *head = (struct fuzz_share *)share;
	size_t slot = number % FUZZ_NUM_RECENT;
	volatile struct fuzz_recent *recent = &head->recent[slot];

	recent->number = 0;
	memcpy(share + FUZZ_RECENT_OFF + slot * FUZZ_MAX_INPUT, data, len);
	recent->len = (uint32_t)len;
	recent->ways = ways;
	recent->number = number;
}

/* Bytes into the ring at @at, which may go round. */
static void put(uint8_t *share, uint64_t at, const void *data, size_t len)
{
	uint8_t *ring = share + FUZZ_FOUND_OFF;
	size_t off = at % FUZZ_FOUND_LEN;
	size_t first = FUZZ_FOUND_LEN - off;

	if (first > len)
		first = len;
	memcpy(ring + off, data, first);
	memcpy(ring, (const uint8_t *)data + first, len - first);
}

void inputs_found(uint8_t *share, const uint8_t *data, size_t len)
{
	struct fuzz_share *head = (struct fuzz_share *)share;
	struct fuzz_entry entry = { (uint32_t)len, FUZZ_WAY_DIRECT };
	uint64_t at = atomic_load(&head->found_head);
	uint64_t used = at - atomic_load(&head->found_tail);

	if (used + sizeof(entry) + padded(len) > FUZZ_FOUND_LEN)
		return;
	put(share, at, &entry, sizeof(entry));
	put(share, at + sizeof(entry), data, len);
	atomic_store(&head->found_head, at + sizeof(entry) + padded(len));
}
