// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/guess.h"

#include <string.h>

#include "base/mem.h"

static const char *const begins[] = {
	"10.7.7", "10.7", "10", "10.7.7.", "10.", "fd00::", "fd00:",
};

static const char *const ends[] = {
	"7", "7.7", "7.7.7", ".7", ".7.7", ".7.7.7", ":7", "::7", "::",
};

size_t guess_address(const struct model_criterion *c, size_t number,
		     char out_text[GUESS_LEN])
{
	bool end = c->op == PLM_OP_ENDSWITH;
	const char *other;
	size_t len;

	if ((!end && c->op != PLM_OP_STARTSWITH && c->op != PLM_OP_CONTAINS) ||
	    number >= (end ? ARRAY_LEN(begins) : ARRAY_LEN(ends)))
		return 0;
	other = end ? begins[number] : ends[number];
	len = strlen(other);
	if (c->text.len > GUESS_LEN - len)
		return 0;
	memcpy(out_text + (end ? len : 0), c->text.data, c->text.len);
	memcpy(out_text + (end ? 0 : c->text.len), other, len);
	return len + c->text.len;
}
