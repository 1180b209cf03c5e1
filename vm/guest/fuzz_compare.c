// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same core is in this program and in the module, so that both say the same
 * of every input, or one of them is broken.
 */
#include <stdio.h>

#include "plm_check.h"
#include "vm/guest/fuzz_compare.h"

static char text[96];

/* What a kernel may say of content that is sound. */
static bool may_refuse(enum plm_err err, bool is_ours)
{
	switch (err) {
	case PLM_WRONG_CHANNEL:
		return !is_ours;
	case PLM_TEMPLATE_UNKNOWN:
	case PLM_SHAPE_MISMATCH:
	case PLM_INPUT_NOT_SUPPLIED:
	case PLM_NO_MEMORY:
		return true;
	default:
		return false;
	}
}

const char *compare_answers(const uint8_t *data, size_t len,
			    const struct plimsoll_replace *answer, bool accepted)
{
	struct plm_content content;
	struct plm_fault fault;
	enum plm_err err = plm_check(data, (u32)len, 0, &content, &fault);
	const char *kernels = plm_error_name(answer->err);
	const char *ours = plm_error_name(err);

	if (err && accepted)
		snprintf(text, sizeof(text),
			 "the kernel takes what userspace refuses with %s",
			 ours);
	else if (err && answer->err != err)
		snprintf(text, sizeof(text),
			 "the kernel refuses with %s, userspace with %s",
			 kernels, ours);
	else if (err && (answer->fault_off != fault.off ||
			 answer->fault_rule != fault.rule))
		snprintf(text, sizeof(text),
			 "kernel and userspace refuse with %s, at different places",
			 ours);
	else if (!err && !accepted &&
		 !may_refuse(answer->err, content.channel == answer->channel))
		snprintf(text, sizeof(text),
			 "the kernel refuses with %s what userspace takes",
			 kernels);
	else
		return NULL;
	return text;
}
