// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/words.h"

#include <stdlib.h>

#include "base/mem.h"

void words_add(struct words *words, const char *word)
{
	ARRAY_RESERVE(words->items, words->num, words->cap);
	words->items[words->num++] = word;
}

void words_free(struct words *words)
{
	free(words->items);
	*words = (struct words){ 0 };
}
