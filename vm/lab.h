/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every VM needs beside its kernel: the guest's programs, an initramfs
 * around a script, a token, and a bare boot to compare with.
 */
#ifndef VM_LAB_H
#define VM_LAB_H

#include "vm/initramfs.h"
#include "vm/kernel.h"
#include "vm/qemu.h"
#include "vm/script.h"

/* A token that nobody can guess; -1 where the system has none to give. */
int lab_token(char out[VM_TOKEN_LEN + 1]);

/* The one that always belongs to . */
void lab_token_of(const char *text, char out[VM_TOKEN_LEN + 1]);

/* Begin an initramfs with PID 1 in it. */
void lab_initramfs(struct initramfs *initramfs);

/*
 * Add the script, finish, and write it to @path.  0 and its digest (a new
 * string), or a negative errno.
 */
int lab_write(struct initramfs *initramfs, const struct script *script,
	      const char *path, char **out_digest);

/*
 * The bare kernel: an empty PID 1 that writes the token.  Seconds to the
 * token, or -1 where it did not come within @deadline.
 */
double lab_bare_boot(const struct kernel *kernel, const char *accelerator,
		     const char *workdir, double deadline, char **out_version);

#endif /* VM_LAB_H */
