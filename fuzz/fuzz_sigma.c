// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The compiler: whatever the YAML, it makes a file that the core accepts, or
 * refuses each rule at a place with a reason; nothing in between.
 */
#include "fuzz/fuzz.h"
#include "sigma/compile.h"

/*
 * What expressions may cost: little, so that they leave time for others, but for
 * one input of 64, which may be as costly as is worth trying.  Which ones is told
 * by all bytes, lest those bred from a costly input are all costly.
 */
static uint64_t max_steps(const uint8_t *data, size_t len)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += data[i];
	return sum % 64 ? 1u << 12 : 1u << 16;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct sigma_options options = {
		.channel = 1, .version = 1, .action = PLM_ACTION_AUDIT,
		.max_steps = max_steps(data, len),
	};
	const char *path = fuzz_file(data, len);
	struct sigma_compilation out;
	struct plm_content content;
	struct plm_fault fault;

	sigma_compile(&out, &path, 1, &options);
	for (size_t i = 0; i < out.num_refusals; i++)
		fuzz_must(out.refusals[i].error.text[0]);
	fuzz_must(out.data || out.num_refusals || !out.num_rules);
	if (out.data)
		fuzz_must(!plm_check(out.data, (u32)out.len, 0, &content,
				     &fault));
	sigma_compilation_free(&out);
	return 0;
}
