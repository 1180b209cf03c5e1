/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The gate call of the core: one call checks one whole buffer and yields the
 * handle that every later access takes.  The buffer stays the caller's, must
 * outlive the handle, and must not change while the handle is in use.
 */
#ifndef PLM_CHECK_H
#define PLM_CHECK_H

#include "plm_error.h"
#include "plm_format.h"
#include "plm_template.h"

struct plm_section_ref {
	u32 off;	/* bytes from the start of the file */
	u32 len;	/* bytes */
	u32 count;	/* records */
};

/* A checked content file.  Read it through plm_content.h. */
struct plm_content {
	const u8 *data;
	u32 len;
	u32 channel;
	u64 version;
	u32 num_always;	/* rules that every event of their template evaluates */
	struct plm_section_ref section[PLM_NUM_SECTIONS];	/* by type - 1 */
};

/*
 * Check the structure of @data[0..@len), which may not exceed @max_len bytes
 * (0: PLM_MAX_FILE_LEN).  Returns PLM_OK and fills *@out_content, or returns
 * the first error and fills *@out_fault; the other output is left zeroed.
 * Time is linear in @len.  Any of the errors of plm_error.h but those of
 * plm_check_supply, plm_eval_rule and NO_MEMORY.
 */
enum plm_err plm_check(const u8 *data, u32 len, u32 max_len,
		       struct plm_content *out_content,
		       struct plm_fault *out_fault);

/*
 * Compare what @content needs with what a consumer supplies: @supplies are
 * @num_supplies records, at most one for a template.
 * PLM_TEMPLATE_UNKNOWN: no record for a template; fault at its record.
 * PLM_INPUT_NOT_SUPPLIED: fault at the first criterion over such an input,
 *	with a rule that tests it.
 * PLM_SHAPE_MISMATCH: types or names differ; fault at the template's hash.
 */
enum plm_err plm_check_supply(const struct plm_content *content,
			      const struct plm_supply *const *supplies,
			      u32 num_supplies, struct plm_fault *out_fault);

#endif /* PLM_CHECK_H */
