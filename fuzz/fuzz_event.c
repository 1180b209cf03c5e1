// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as JSON lines: what was understood can be written and read again. */
#include "event/event.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char error[EVENT_ERROR_LEN] = "";
	struct event event, again;
	json_t *json;

	if (event_from_line(&event, (const char *)data, len, error)) {
		fuzz_must(error[0]);
		return 0;
	}
	json = event_to_json_exact(&event);
	fuzz_must(!event_from_json(&again, json, error));
	fuzz_must(event_equal(&event, &again));
	json_decref(json);
	event_free(&again);
	event_free(&event);
	return 0;
}
