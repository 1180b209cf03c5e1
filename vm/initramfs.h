/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making an initramfs: a cpio archive in memory. */
#ifndef VM_INITRAMFS_H
#define VM_INITRAMFS_H

#include <jansson.h>
#include <stdint.h>

#include "vm/bytes.h"

struct archive;

struct initramfs {
	struct archive *archive;
	struct vm_bytes bytes;	/* the archive, whole after finishing */
	char **folders;		/* those that are in it */
	size_t num_folders, cap_folders;
	json_t *files;		/* of initramfs_file(): "path", "from" and the
				 * "digest" of the bytes that were taken */
	int error;		/* the first negative errno, or 0 */
};

/* With /dev/console in it, which the kernel opens for PID 1. */
void initramfs_init(struct initramfs *initramfs);
void initramfs_free(struct initramfs *initramfs);

/* Absolute paths; the folders above are made.  An error is kept. */
void initramfs_data(struct initramfs *initramfs, const char *path,
		    unsigned int mode, const void *data, size_t len);
void initramfs_file(struct initramfs *initramfs, const char *path,
		    unsigned int mode, const char *from);

/* 0 and bytes is complete, or a negative errno. */
int initramfs_finish(struct initramfs *initramfs);

#endif /* VM_INITRAMFS_H */
