/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The uncompressed kernel out of an image: QEMU starts an ELF image with a PVH
 * entry in a third of the time that it needs for the compressed one.  The
 * image is either a bzImage (boot protocol 2.08 or newer, payload compressed
 * by gzip, bzip2, lzma, xz, lzo, lz4 or zstd) or already an ELF vmlinux.
 *
 * Source of the layout: Documentation/arch/x86/boot.rst, xen/elfnote.h.
 */
#ifndef VM_VMLINUX_H
#define VM_VMLINUX_H

#include <stddef.h>
#include <stdint.h>

#define VMLINUX_ERROR_MAX 256

/*
 * The ELF image inside the @len bytes at @image, in @out_elf and @out_elf_len
 * (the caller frees it).  It is checked to be a 64-bit x86-64 executable with
 * the PVH entry note.  0, or -1 with a sentence in @out_error and nothing
 * allocated.
 */
int vmlinux_extract(const uint8_t *image, size_t len, uint8_t **out_elf,
		    size_t *out_elf_len, char out_error[VMLINUX_ERROR_MAX]);

/*
 * The release ("6.1.0-56-amd64") that a bzImage or an ELF vmlinux states, in
 * @out_release of @size bytes.  0, or -1 with a sentence in @out_error.
 */
int vmlinux_release(const uint8_t *image, size_t len, char *out_release,
		    size_t size, char out_error[VMLINUX_ERROR_MAX]);

/*
 * Is @elf an image that QEMU starts through PVH?  0, or -1 with a sentence in
 * @out_error.
 */
int vmlinux_check(const uint8_t *elf, size_t len,
		  char out_error[VMLINUX_ERROR_MAX]);

/* Does it start with the ELF magic, so that nothing is to be extracted? */
int vmlinux_is_elf(const uint8_t *image, size_t len);

#endif /* VM_VMLINUX_H */
