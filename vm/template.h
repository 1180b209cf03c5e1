/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMs that do not boot: one is booted to where it waits for its mailbox, its
 * memory and state are kept in the user's cache folder, and every further one
 * goes on from there on a copy-on-write view of that memory, in a few
 * hundredths of the time.
 *
 * A template is kept under the digest of all that went into it: kernel, QEMU,
 * accelerator, command line, and the initramfs with PID 1, modules and the
 * steps that were done before.  It is used only if its memory and state are
 * the bytes that were kept.
 *
 * VMs of one template may run at the same time, from several threads.
 */
#ifndef VM_TEMPLATE_H
#define VM_TEMPLATE_H

#include <jansson.h>

#include "vm/accel.h"
#include "vm/initramfs.h"
#include "vm/mailbox.h"
#include "vm/qemu.h"
#include "vm/script.h"

#define TEMPLATE_ERROR_MAX 256

struct template_config {
	const struct kernel *kernel;
	const struct accelerator *accelerator;
	const char *append;	/* more of the kernel's command line, or NULL */
	unsigned int num_cpus;	/* 0: one */
	unsigned int memory_mib;	/* 0: as always */
	const char *cpu;	/* as of struct qemu_config, or NULL */
	/*
	 * As of qemu_config: for VMs that run for some milliseconds, in which
	 * translating costs most; where executing does, it is no gain.
	 */
	bool slow_clock;
	/*
	 * Begun by lab_initramfs(), with all files that are the same for every
	 * VM.  template_open() finishes it; the caller frees it.
	 */
	struct initramfs *initramfs;
	/* What is done before the memory is kept: drivers, the consumer. */
	const struct script *prelude;
};

struct template_job {
	const struct script *script;	/* TOKEN first, STOP last */
	const struct mailbox_file *files;
	size_t num_files;
	const char *token;
	double deadline;		/* seconds */
	const _Atomic bool *stop;	/* as of struct qemu_config, or NULL */
	/* Likewise; where that can't be copied, it starts by itself. */
	struct original *keep, *copy_of;
};

struct template;

/*
 * The template for @config: from the cache, or made now (a boot).  @workdir:
 * for temporary files.  NULL and a sentence where there is none to be had.
 */
struct template *template_open(const struct template_config *config,
			       const char *workdir,
			       char out_error[TEMPLATE_ERROR_MAX]);
void template_close(struct template *template);

/* "sha256:..." of what it was made of; of the bytes that are kept. */
const char *template_key(const struct template *template);
json_t *template_evidence(const struct template *template);
/* Was it made by this template_open()? */
bool template_is_new(const struct template *template);

/*
 * Run one VM from the template to its end; QEMU is gone on return.  0 and the
 * outcome as of qemu_run(), or a negative errno (-EFBIG: the files do not fit)
 * and an outcome of QEMU_NOT_STARTED.
 */
int template_run(const struct template *template,
		 const struct template_job *job, struct qemu_outcome *out);

/*
 * The same with a mailbox that the caller has filled, and may look into while the
 * VM runs and after its end; script and files of @job do not count.
 */
int template_run_with(const struct template *template,
		      const struct template_job *job, struct mailbox *mailbox,
		      struct qemu_outcome *out);

/*
 * Others may go on from the VM that came out so: it ended as wanted, none of its
 * steps failed, and its kernel said nothing bad.
 */
bool template_is_sound(const struct qemu_outcome *outcome,
		       enum qemu_ending wanted);

#endif /* VM_TEMPLATE_H */
