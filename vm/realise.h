/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From an event to an execution that makes it happen, and back: was what
 * happened what was asked for?
 */
#ifndef VM_REALISE_H
#define VM_REALISE_H

#include "event/event.h"
#include "vm/goodware.h"
#include "vm/script.h"

/* The inputs of process_creation, by their order in the template. */
#define VM_INPUT_ENUM(type, name) VM_INPUT_##name,
enum vm_input {
	PLM_PROCESS_CREATION_INPUTS(VM_INPUT_ENUM)
	VM_NUM_INPUTS
};

#undef VM_INPUT_ENUM

/*
 * 0, or -1 and a static reason why no Linux machine can do that here.  What
 * the event leaves open gets an ordinary value.
 */
int realise_event(const struct event *event, struct execution *out,
		  const char **out_reason);
/*
 * Why a file can't stand at that path, or NULL: also because file systems of
 * the kernel's own hold none of ours.
 */
const char *realise_path_fault(const struct plm_value *path);

void realise_goodware(const struct goodware *good, struct execution *out);

/* The event that PID 1 or goodware makes, as far as it is known before. */
struct event goodware_event(const struct goodware *good);

/*
 * The first input in which @seen differs from what @asked has; -1 where there is none.  @cut: longer ones may have been cut.
 */
int realise_difference(const struct event *asked, const struct event *seen,
		       bool cut);

#endif /* VM_REALISE_H */
