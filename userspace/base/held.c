// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/held.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

static struct held *all;

void held_add(const char *path, size_t max_len)
{
	struct held *held;

	if (!path || held_find(path))
		return;
	held = xcalloc(1, sizeof(*held));
	held->path = xstrdup(path);
	held->err = file_read(path, max_len, &held->data, &held->len);
	held->next = all;
	all = held;
}

void held_add_all(const struct words *paths, size_t max_len)
{
	for (size_t i = 0; i < paths->num; i++)
		held_add(paths->items[i], max_len);
}

const struct held *held_find(const char *path)
{
	const struct held *held = all;

	while (held && strcmp(held->path, path))
		held = held->next;
	return held;
}

void held_free(void)
{
	while (all) {
		struct held *held = all;

		all = held->next;
		free(held->path);
		free(held->data);
		free(held);
	}
}
