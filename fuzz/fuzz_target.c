// SPDX-License-Identifier: GPL-2.0-or-later
/* Target files: an error names its reason, and nothing is half read. */
#include "fuzz/fuzz.h"
#include "vm/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char error[TARGET_ERROR_LEN] = "";
	struct target target;

	if (target_load(fuzz_file(data, len), &target, error)) {
		fuzz_must(error[0]);
		return 0;
	}
	target_free(&target);
	return 0;
}
