/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of errors, the kernel's own among them, which libc has no names for. */
#ifndef VM_ERRNO_NAME_H
#define VM_ERRNO_NAME_H

#define ERRNO_MAX 4095	/* the highest that a kernel can answer with */

/* "EINVAL", or NULL where there is no name; it is static. */
const char *errno_name(int error);

/* The error of this name, or 0. */
int errno_by_name(const char *name);

#endif /* VM_ERRNO_NAME_H */
