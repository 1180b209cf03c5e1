/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Screening for targets that are not ours: their templates and their jobs. */
#ifndef VM_TARGET_SCREEN_H
#define VM_TARGET_SCREEN_H

#include "vm/fleet.h"
#include "vm/target_script.h"
#include "vm/template.h"

/* As template_open(): modules are loaded, programs are there. */
struct template *target_screen_open(const struct target *target,
				    const struct machine *machine,
				    const struct module *module,
				    unsigned int memory_mib,
				    const char *workdir, char out_error[256]);

/* Neighbours of the candidate, which are loaded after it. */
struct target_neighbours {
	struct mailbox_file recipes;	/* as damage.h has them */
	uint32_t milliseconds;		/* that they may take */
	uint32_t at_once;		/* answers in one result */
	double seconds;			/* until the VM is taken for lost */
};

/*
 * Send the candidate and what lies beside it, and carry out the steps.  0,
 * and *@out_err and *@out are those of template_run(); or -1 and a sentence.
 */
int target_screen_run(const struct run *run, const struct template *template,
		      const struct target_neighbours *neighbours,
		      const char *token, struct qemu_outcome *out,
		      int *out_err, char out_error[256]);

#endif /* VM_TARGET_SCREEN_H */
