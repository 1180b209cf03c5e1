// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/records.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Bytes of one read of the device that are still to be taken. */
struct rest {
	const uint8_t *data;
	size_t len;
};

static bool take(struct rest *rest, void *out, size_t len)
{
	if (len > rest->len)
		return false;
	if (len)
		memcpy(out, rest->data, len);
	rest->data += len;
	rest->len -= len;
	return true;
}

static bool take_value(struct rest *rest, struct plm_value *out)
{
	struct plimsoll_value value;
	size_t padded;

	if (!take(rest, &value, sizeof(value)) ||
	    value.kind > PLM_VALUE_NUMBER || value.len > rest->len)
		return false;
	padded = ((size_t)value.len + 7) & ~(size_t)7;
	if (padded > rest->len)
		return false;
	*out = (struct plm_value){
		.kind = value.kind, .len = value.len,
		.data = rest->data, .number = value.number,
	};
	rest->data += padded;
	rest->len -= padded;
	return true;
}

static bool take_body(struct rest *rest, struct record *record)
{
	size_t num = record->head.num_matches;

	if (record->head.num_values > PLM_MAX_INPUTS ||
	    num * sizeof(*record->matches) > rest->len)
		return false;
	record->matches = xcalloc(num + 1, sizeof(*record->matches));
	take(rest, record->matches, num * sizeof(*record->matches));
	for (size_t i = 0; i < record->head.num_values; i++)
		if (!take_value(rest, &record->event.values[i]))
			return false;
	record->event.template = plm_template_find(record->head.template_id);
	return rest->len == 0;
}

static bool take_record(struct rest *rest, struct record *record)
{
	struct rest own = *rest;

	if (!take(&own, &record->head, sizeof(record->head)) ||
	    record->head.len < sizeof(record->head) ||
	    record->head.len > rest->len)
		return false;
	own.len = record->head.len - sizeof(record->head);
	rest->data += record->head.len;
	rest->len -= record->head.len;
	if (record->head.type == PLIMSOLL_RECORD_EVENT)
		return take_body(&own, record);
	return true;
}

void records_read(struct records *records, const struct results *results)
{
	struct record record;

	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];
		struct rest rest = { results->bytes.data + result->off,
				     result->head.len };

		if (result->head.type != VM_RESULT_RECORDS)
			continue;
		while (rest.len) {
			record = (struct record){ .result = i };
			if (!take_record(&rest, &record)) {
				free(record.matches);
				records->malformed = true;
				break;
			}
			ARRAY_RESERVE(records->list, records->num,
				      records->cap);
			records->list[records->num++] = record;
		}
	}
}

void records_free(struct records *records)
{
	for (size_t i = 0; i < records->num; i++)
		free(records->list[i].matches);
	free(records->list);
	*records = (struct records){ 0 };
}
