// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a script of steps, see vm/protocol.h. */
#include <string.h>

#include "vm/guest/init.h"

/* Find the step's texts; false where the script is not one of ours. */
static bool find_texts(const uint8_t *data, struct step *step)
{
	static char *texts[MAX_TEXTS + 1];
	size_t pos = sizeof(step->head);
	const uint8_t *end;

	for (unsigned int i = 0; i < step->head.num_texts; i++) {
		end = memchr(data + pos, 0, step->head.len - pos);
		if (!end)
			return false;
		texts[i] = (char *)data + pos;
		pos = (size_t)(end - data) + 1;
	}
	texts[step->head.num_texts] = NULL;
	step->texts = texts;
	return true;
}

bool next_step(const struct guest *guest, size_t *pos, size_t end,
	       struct step *out)
{
	const uint8_t *data = guest->script + *pos;

	if (end - *pos < sizeof(out->head))
		return false;
	memcpy(&out->head, data, sizeof(out->head));
	if (out->head.len < sizeof(out->head) ||
	    out->head.len > end - *pos || !find_texts(data, out))
		return false;
	*pos += out->head.len;
	return true;
}
