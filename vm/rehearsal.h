/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VM from a template of ours that has screened a file of its own making, so
 * that its QEMU has translated what screening takes.  Its consumer is removed
 * again and another one is loaded; then it is kept to be copied.  The first
 * content that a copy's consumer sees is the candidate's.
 */
#ifndef VM_REHEARSAL_H
#define VM_REHEARSAL_H

#include "vm/accel.h"
#include "vm/copies.h"
#include "vm/scenario.h"
#include "vm/template.h"

/*
 * 0 and the VM in @out, which the caller closes by original_close(); or a
 * negative errno: there can be none here, and nothing is to be closed.
 */
int rehearsal_run(const struct template *template, const struct boot_plan *plan,
		  const struct accelerator *accelerator, uint32_t channel,
		  const char *workdir, struct original *out);

#endif /* VM_REHEARSAL_H */
