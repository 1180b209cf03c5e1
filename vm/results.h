/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What PID 1 tells: the bytes of its port, taken apart. */
#ifndef VM_RESULTS_H
#define VM_RESULTS_H

#include <stdbool.h>

#include "vm/bytes.h"
#include "vm/protocol.h"

struct result {
	struct vm_result head;
	size_t off;		/* of the payload in bytes */
	double seconds;		/* when it came, from the start of the VM */
};

struct results {
	struct vm_bytes bytes;
	size_t parsed;
	struct result *list;
	size_t num, cap;
	bool malformed;		/* bytes that are no result */
	size_t num_ends;
};

/* Take what came at @seconds. */
void results_feed(struct results *results, const void *data, size_t len,
		  double seconds);
void results_free(struct results *results);

/*
 * Did the run complete?  One END, the last result, with this token and the
 * right number.  NULL, or a static sentence that says what is wrong.
 */
const char *results_fault(const struct results *results, const char *token);

/* The payload, where it is at least @len bytes; else NULL. */
const void *result_data(const struct results *results,
			const struct result *result, size_t len);

/* What the protocol calls this step.  Static; NULL where it has none such. */
const char *results_step_name(uint32_t op);

/* The first result of this type and step id from index @from, or NULL. */
const struct result *results_find(const struct results *results, size_t from,
				  enum vm_result_type type, uint32_t id);

#endif /* VM_RESULTS_H */
