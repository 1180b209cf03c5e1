/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spoiling a file as a recipe says: host and guest do it alike, so that the
 * host knows which bytes the guest has offered.
 *
 * A recipe is a list of struct vm_edit, each but the last with VM_EDIT_MORE.
 * One with VM_EDIT_SEALED is a content file's that somebody has repaired: what
 * it changed in length is so in the header and in the table of sections, and at
 * last the check sum fits again.  Whatever a recipe says, what does not fit the
 * bytes is left out.
 */
#ifndef VM_DAMAGE_H
#define VM_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "plm_format.h"
#include "vm/protocol.h"

/* Sections are numbered from 0 here, as they lie in the file. */
enum vm_damage {
	VM_DAMAGE_NONE,
	VM_DAMAGE_CUT,		/* only the first @off bytes */
	VM_DAMAGE_PUT,		/* the @len (1 to 8) bytes at @off become @value */
	VM_DAMAGE_ZERO,		/* the @len bytes at @off become zero */
	VM_DAMAGE_OLD_HEAD,	/* the first @off bytes are the baseline's */
	VM_DAMAGE_OLD_TAIL,	/* from @off on the baseline, to its end */
	VM_DAMAGE_ENTRIES,	/* the table's entries @off and @len change places */

	/* The file is laid out anew; only as the first of a recipe. */
	VM_DAMAGE_SWAP,		/* sections @off and @len change their bytes */
	VM_DAMAGE_SPLICE,	/* sections of the mask @value are the baseline's */
	VM_DAMAGE_DOUBLE,	/* @len bytes at @off of @section stand there twice */
	VM_DAMAGE_DROP,		/* they are left out */
	VM_DAMAGE_TURN,		/* they and as many behind them change places */
	VM_DAMAGE_CLIP,		/* @section ends at its byte @off, all behind it is empty */
	VM_NUM_DAMAGES
};

#define VM_MAX_EDITS 4	/* of one recipe */

/* What is spoilt. */
struct damage_base {
	const uint8_t *data;
	size_t len;
	const uint8_t *old;	/* the baseline, or NULL */
	size_t old_len;
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
void damage_seal(uint8_t *data, size_t len);

/* Where section @index lies by the table; false where it does not. */
bool damage_section(const uint8_t *data, size_t len, unsigned int index,
		    size_t *out_off, size_t *out_len);

/* Bytes of one record of section @index. */
size_t damage_record_len(unsigned int index);

/* The bytes that any spoilt form of @base may need. */
size_t damage_room(const struct damage_base *base);

/*
 * The file of a recipe of @num edits in @out, which has damage_room() bytes;
 * its length.
 */
size_t damage_apply(const struct damage_base *base,
		    const struct vm_edit *edits, size_t num, uint8_t *out);

#endif /* VM_DAMAGE_H */
