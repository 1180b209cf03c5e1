/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What VMs for candidates are made of: a template for each kernel, consumer,
 * channel and size of memory that comes up, and where many VMs are to come, one
 * that has been rehearsed, to be copied.
 */
#ifndef VM_MOULD_H
#define VM_MOULD_H

#include "vm/candidate.h"
#include "vm/copies.h"
#include "vm/fleet.h"
#include "vm/scenario.h"
#include "vm/template.h"

/* One kernel with one consumer; the VM's channel and memory are fixed, too. */
struct mould {
	const struct machine *machine;
	const struct module *module;
	uint32_t channel;
	unsigned int memory_mib;
	struct template *template;	/* NULL: could not be made */
	struct original *original;	/* NULL: every VM starts by itself */
	char error[TEMPLATE_ERROR_MAX];
};

struct moulds;

/*
 * For candidates that go through the steps of @plan; about @num VMs are to
 * come.  Temporary files go to @workdir.  All of these stay the caller's.
 */
struct moulds *moulds_new(const struct target *target,
			  const struct boot_plan *plan, size_t num,
			  const char *workdir);
/* When no VM runs any more.  @moulds may be NULL. */
void moulds_free(struct moulds *moulds);

/* The one for this candidate: the first that asks makes it, others wait. */
const struct mould *moulds_find(struct moulds *moulds,
				const struct machine *machine,
				const struct module *module,
				const struct candidate *candidate);

#endif /* VM_MOULD_H */
