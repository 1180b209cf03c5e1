// SPDX-License-Identifier: GPL-2.0-or-later
/* One event: its values and who owns them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/event.h"

void event_free(struct event *event)
{
	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++)
		free((void *)event->values[i].data);
	memset(event, 0, sizeof(*event));
}

struct event event_copy(const struct event *event)
{
	struct event copy = *event;

	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++) {
		struct plm_value *value = &copy.values[i];

		if (value->data)
			value->data = xmemdup(value->data, value->len);
	}
	return copy;
}

static bool value_equal(const struct plm_value *a, const struct plm_value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == PLM_VALUE_NUMBER)
		return a->number == b->number;
	if (a->kind == PLM_VALUE_STRING)
		return a->len == b->len &&
		       !memcmp(a->data, b->data, a->len);
	return true;
}

bool event_equal(const struct event *a, const struct event *b)
{
	if (a->template != b->template)
		return false;
	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++)
		if (!value_equal(&a->values[i], &b->values[i]))
			return false;
	return true;
}

static struct plm_value *replace(struct event *event, uint32_t input,
				 enum plm_value_kind kind)
{
	struct plm_value *value = &event->values[input];

	free((void *)value->data);
	*value = (struct plm_value){ .kind = kind };
	return value;
}

void event_set_string(struct event *event, uint32_t input, const void *text,
		      size_t len)
{
	/* Copied first: @text may be the value that is replaced. */
	char *data = xmalloc(len + 1);
	struct plm_value *value;

	if (len)
		memcpy(data, text, len);
	/* So that an empty string has bytes of its own, and debuggers an end. */
	data[len] = '\0';
	value = replace(event, input, PLM_VALUE_STRING);
	value->data = (const u8 *)data;
	value->len = (u32)len;
}

void event_set_number(struct event *event, uint32_t input, uint64_t number)
{
	replace(event, input, PLM_VALUE_NUMBER)->number = number;
}

void event_set_absent(struct event *event, uint32_t input)
{
	replace(event, input, PLM_VALUE_ABSENT);
}
