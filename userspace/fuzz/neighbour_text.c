// SPDX-License-Identifier: GPL-2.0-or-later
/* A recipe in words. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "fuzz/neighbourhood.h"

static char *edit_text(const struct vm_edit *e)
{
	switch (e->kind) {
	case VM_DAMAGE_CUT:
		return xasprintf("cut at byte %u", e->off);
	case VM_DAMAGE_PUT:
		return xasprintf("%u bytes at %u are %#" PRIx64, e->len, e->off,
				 e->value);
	case VM_DAMAGE_ZERO:
		return xasprintf("%u bytes at %u are zero", e->len, e->off);
	case VM_DAMAGE_OLD_HEAD:
		return xasprintf("the first %u bytes are the baseline's",
				 e->off);
	case VM_DAMAGE_OLD_TAIL:
		return xasprintf("from byte %u on it is the baseline", e->off);
	case VM_DAMAGE_ENTRIES:
		return xasprintf("table entries %u and %u change places",
				 e->off + 1, e->len + 1);
	case VM_DAMAGE_SWAP:
		return xasprintf("sections %u and %u change their bytes",
				 e->off + 1, e->len + 1);
	case VM_DAMAGE_SPLICE:
		return xasprintf("sections of the mask %#" PRIx64
				 " are the baseline's",
				 e->value);
	case VM_DAMAGE_CLIP:
		return xasprintf(
			"section %u ends at its byte %u, the rest is gone",
			e->section + 1u, e->off);
	default:
		return xasprintf("of section %u %u bytes at %u are %s",
				 e->section + 1u, e->len, e->off,
				 e->kind == VM_DAMAGE_DOUBLE ? "there twice"
				 : e->kind == VM_DAMAGE_DROP
					 ? "left out"
					 : "behind those behind them");
	}
}

char *neighbour_recipe_text(const struct neighbour_recipe *recipe)
{
	char *text = xstrdup("");
	bool sealed = false;

	for (size_t i = 0; i < recipe->num; i++) {
		char *one = edit_text(&recipe->edits[i]);
		char *longer = xasprintf("%s%s%s", text, i ? "; " : "", one);

		sealed |= recipe->edits[i].flags & VM_EDIT_SEALED;
		free(one);
		free(text);
		text = longer;
	}
	if (sealed) {
		char *longer = xasprintf("%s; sealed", text);

		free(text);
		text = longer;
	}
	return text;
}
