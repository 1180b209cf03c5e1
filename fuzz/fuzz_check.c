// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The structural check.  What it refuses it refuses at a place inside the file;
 * what it accepts can be read whole.  Kept bare: its speed is that of the core.
 */
#include "fuzz/fuzz.h"
#include "plm_content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct plm_content content;
	struct plm_criterion criterion;
	struct plm_fault fault;
	struct plm_rule rule;
	u32 i;

	if (plm_check(data, (u32)len, 0, &content, &fault)) {
		fuzz_must(fault.off <= len && !content.data);
		return 0;
	}
	for (i = 0; plm_get_rule(&content, i, &rule); i++)
		fuzz_must(rule.id.len > 0 && rule.program_len > 0);
	fuzz_must(i == plm_num_rules(&content) && i > 0);
	for (i = 0; plm_get_criterion(&content, i, &criterion); i++)
		fuzz_must(!plm_op_is_string(criterion.op) ||
			  criterion.text.len > 0);
	fuzz_must(i == plm_num_criteria(&content));
	return 0;
}
