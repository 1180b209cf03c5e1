/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk for a VM, and the drivers that the guest needs for it. */
#ifndef VM_DISK_H
#define VM_DISK_H

#include "vm/candidate.h"
#include "vm/modules.h"
#include "vm/initramfs.h"
#include "vm/kernel.h"

/*
 * An ext4 image at @path: the guest's programs, the consumer, and the candidate
 * where the consumer looks for it, as on a machine on which it was installed.
 * @workdir: for temporary files.  0, or -1 and a sentence.
 */
int disk_make(const char *path, const char *workdir, const char *consumer,
	      const struct candidate *candidate, char out_error[256]);

/*
 * Put the drivers into @initramfs.  0 and *@out_names: their paths in the
 * guest, in order, NULL at the end, owned by the caller; or -1 and a sentence.
 */
int disk_drivers(const struct kernel *kernel, struct initramfs *initramfs,
		 char ***out_names, char out_error[256]);
void disk_drivers_free(char **names);

#endif /* VM_DISK_H */
