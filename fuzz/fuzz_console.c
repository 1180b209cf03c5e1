// SPDX-License-Identifier: GPL-2.0-or-later
/* The console classifier: every report has a kind, a title and its text. */
#include "fuzz/fuzz.h"
#include "vm/console.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct console console;

	console_scan(&console, (const char *)data, len);
	for (size_t i = 0; i < console.num_reports; i++) {
		fuzz_must(console.reports[i].kind && console.reports[i].kind[0]);
		fuzz_must(console.reports[i].title &&
			  console.reports[i].title[0]);
		fuzz_must(console.reports[i].text && console.reports[i].line);
	}
	console_free(&console);
	return 0;
}
