/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the parts that make VMs with a fuzzer in them. */
#ifndef VM_FUZZ_LAB_H
#define VM_FUZZ_LAB_H

#include "vm/fuzz_vm.h"
#include "vm/qemu.h"

struct fuzz_lab {
	struct fuzz_lab_config config;
	struct template *template;
	char *append;			/* of the kernel's command line */
	char **modules;			/* that are under test, NULL at the end */
	struct script steps;		/* of a target that is not ours */
	uint32_t base_channel;
	unsigned int memory_mib;
	bool hasty;			/* there is a haste.ko for its kernel */
	struct original original;	/* a VM that has tried inputs, and */
	bool has_original;		/* is there to be copied */
	_Atomic unsigned int num_cold;	/* names of temporary files */
};

/* Boot a VM of the lab that does not come from its template. */
int fuzz_lab_boot(struct fuzz_lab *lab, const struct template_job *job,
		  struct mailbox *mailbox, struct qemu_outcome *out);

/*
 * What is in a share now.  The guest may be writing it: whoever has a copy has
 * bytes that stay as they are while he looks at them.
 */
void fuzz_share_copy(const uint8_t *share, size_t off, void *out, size_t len);

/* What to say of a VM that is gone. */
void fuzz_judge(const struct qemu_outcome *outcome, const char *token,
		const uint8_t *share, enum fuzz_stop stop,
		struct fuzz_outcome *out);

#endif /* VM_FUZZ_LAB_H */
