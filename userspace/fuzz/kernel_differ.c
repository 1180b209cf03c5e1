// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same neighbours in several kernels.  Of our own content each has been
 * held against userspace; of a parser that is not ours the kernels are all that
 * there is to compare, and versions of it may differ for good reasons.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/kernel.h"
#include "report/document.h"

static const char *told(const struct kernel_answer *answer)
{
	switch (answer->told) {
	case TARGET_ACCEPTED:
		return "accepts it";
	case TARGET_REJECTED:
		return "refuses it";
	default:
		return "does not tell";
	}
}

static void compare(struct fuzz *f, const struct fuzz_kernel *a,
		    const struct fuzz_kernel *b)
{
	size_t num = 0;

	for (size_t i = 0; i < a->num && i < b->num; i++) {
		const struct kernel_answer *x = &a->answers[i];
		const struct kernel_answer *y = &b->answers[i];

		if (!x->there || !y->there ||
		    (x->told == y->told && x->error == y->error))
			continue;
		if (fuzz_tell(&num))
			fuzz_finding(f, SEVERITY_WARNING, "KERNELS_DIFFER",
				     a->numbers[i], b->label,
				     "it %s (%s), where %s %s (%s)", told(y),
				     y->error ? strerror(y->error) : "no error",
				     a->label, told(x), x->error ?
				     strerror(x->error) : "no error");
	}
	json_array_append_new(
		json_object_get(f->stage->evidence, "kernels_compared"),
		json_pack("{so so sI}", "kernel", document_text(a->label),
			  "with", document_text(b->label), "different",
			  (json_int_t)num));
}

void fuzz_compare_kernels(struct fuzz *f, const struct fuzz_kernel *kernels,
			  size_t num)
{
	if (f->ours || num < 2)
		return;
	json_object_set_new(f->stage->evidence, "kernels_compared",
			    json_array());
	for (size_t i = 1; i < num; i++)
		compare(f, &kernels[0], &kernels[i]);
}
