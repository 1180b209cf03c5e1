// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a guest tells, which is whatever a kernel that a candidate has broken
 * may write to the port: taken apart the same way in whatever pieces it
 * comes, and nothing of it points beyond what came.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "vm/records.h"

/* Not a byte of a result or a value may lie outside. */
static void read_all(const void *data, size_t len)
{
	static volatile uint8_t sink;
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		sink = (uint8_t)(sink + bytes[i]);
}

static void read_results(const struct results *results)
{
	for (size_t i = 0; i < results->num; i++)
		read_all(results->bytes.data + results->list[i].off,
			 results->list[i].head.len);
	fuzz_must(results->parsed <= results->bytes.len);
}

static void read_records(const struct results *results)
{
	struct records records = { 0 };

	records_read(&records, results);
	for (size_t i = 0; i < records.num; i++) {
		const struct record *record = &records.list[i];

		if (record->head.type != PLIMSOLL_RECORD_EVENT)
			continue;
		read_all(record->matches, record->head.num_matches *
					  sizeof(*record->matches));
		for (size_t v = 0; v < record->head.num_values; v++)
			read_all(record->event.values[v].data,
				 record->event.values[v].len);
	}
	records_free(&records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char token[VM_TOKEN_LEN + 1] =
		"0123456789abcdef0123456789abcdef";
	struct results whole = { 0 }, pieces = { 0 };
	size_t cut = len ? data[len - 1] % len : 0;

	results_feed(&whole, data, len, 1);
	results_feed(&pieces, data, cut, 1);
	results_feed(&pieces, data + cut, len - cut, 1);
	fuzz_must(whole.num == pieces.num && whole.parsed == pieces.parsed &&
		  whole.malformed == pieces.malformed);
	fuzz_must(!whole.num || !memcmp(whole.list, pieces.list,
					whole.num * sizeof(*whole.list)));
	read_results(&whole);
	read_records(&whole);
	/* A run is complete only with its token behind everything else. */
	if (!results_fault(&whole, token))
		fuzz_must(whole.num_ends == 1 && whole.parsed == len &&
			  !memcmp(data + len - sizeof(struct vm_end), token,
				  VM_TOKEN_LEN));
	results_free(&whole);
	results_free(&pieces);
	return 0;
}
