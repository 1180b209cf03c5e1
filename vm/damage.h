/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spoiling a content file in one place: host and guest do it alike, so that
 * the host knows which bytes the guest has offered.
 */
#ifndef VM_DAMAGE_H
#define VM_DAMAGE_H

#include <stddef.h>
#include <string.h>

#include "plm_format.h"
#include "vm/protocol.h"

enum vm_damage {
	VM_DAMAGE_CUT,		/* only the first @off bytes */
	VM_DAMAGE_WORD,		/* the word at @off becomes @value */
	VM_DAMAGE_SEALED,	/* the same, and the check sum fits again */
	VM_NUM_DAMAGES
};

static inline uint32_t damage_get(const uint8_t *data)
{
	return (uint32_t)data[0] | (uint32_t)data[1] << 8 |
	       (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
}

static inline void damage_put(uint8_t *data, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		data[i] = (uint8_t)(value >> (8 * i));
}

/* Write the check sum as FORMAT.md has it; there is nothing to seal in less. */
static inline void damage_seal(uint8_t *data, size_t len)
{
	uint64_t a = 0, b = 0, sum;

	if (len < PLM_HEADER_LEN)
		return;
	memset(data + PLM_HDR_SUM, 0, 8);
	for (size_t off = 0; len - off >= 8; off += 8) {
		a += damage_get(data + off) |
		     (uint64_t)damage_get(data + off + 4) << 32;
		b = (b << 7 | b >> 57) + a;
	}
	sum = b ^ (a << 32 | a >> 32);
	damage_put(data + PLM_HDR_SUM, (uint32_t)sum);
	damage_put(data + PLM_HDR_SUM + 4, (uint32_t)(sum >> 32));
}

/* Spoil @data, which is @len bytes; the length that is left of it. */
static inline size_t damage_apply(const struct vm_neighbour *neighbour,
				  uint8_t *data, size_t len)
{
	if (neighbour->kind == VM_DAMAGE_CUT)
		return neighbour->off < len ? neighbour->off : len;
	if (len < 4 || neighbour->off > len - 4)
		return len;
	damage_put(data + neighbour->off, neighbour->value);
	if (neighbour->kind == VM_DAMAGE_SEALED)
		damage_seal(data, len);
	return len;
}

#endif /* VM_DAMAGE_H */
