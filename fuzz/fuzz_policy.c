// SPDX-License-Identifier: GPL-2.0-or-later
/* Policy files: an error names its reason, and nothing is half read. */
#include "fuzz/fuzz.h"
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct policy_error error = { 0 };
	struct policy policy;

	if (policy_load(&policy, fuzz_file(data, len), &error))
		fuzz_must(error.text[0]);
	policy_free(&policy);
	return 0;
}
