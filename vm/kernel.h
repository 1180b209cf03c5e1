/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels by name: "debian:6.1", "debian:6.1-cloud", "debian:6.12-rt",
 * "sanitizer", or the path of an image (bzImage of any compression, or vmlinux).
 * vm/fetch-kernel puts Debian's, and the one built from its source, into the
 * user's cache folder, by digest; nothing is installed.
 */
#ifndef VM_KERNEL_H
#define VM_KERNEL_H

#include <stdbool.h>

struct kernel {
	char *name;		/* as asked for: "debian:6.1" */
	char *release;		/* "6.1.0-56-amd64" */
	char *vmlinux;		/* path of the uncompressed ELF image */
	char *modules;		/* path of its lib/modules/RELEASE, or NULL */
	char *digest;		/* "sha256:..." of vmlinux */
	bool fails_on_demand;	/* it has fault injection, by its configuration */
	bool is_slow;		/* it has KASAN, by its configuration */
};

/* Is @name of a form that kernel_find understands? */
bool kernel_name_known(const char *name);

/*
 * Find a kernel that is there; fetches nothing.  0, or -1 and a sentence in
 * @out_error that also says how to get it.
 */
int kernel_find(const char *name, struct kernel *out, char out_error[256]);
void kernel_free(struct kernel *kernel);

#endif /* VM_KERNEL_H */
