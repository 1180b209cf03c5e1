// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmlinux-extract IMAGE OUT: write the uncompressed ELF kernel of a bzImage.
 * It is its own small command because vm/fetch-kernel runs before the rest is
 * built, and so uses nothing but vm/vmlinux.c.
 */
#include "vm/vmlinux.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static uint8_t *read_image(const char *path, size_t *out_len)
{
	FILE *file = fopen(path, "rbe");
	uint8_t *image = NULL;
	struct stat st;

	if (!file)
		return NULL;
	if (fstat(fileno(file), &st)) {
		fclose(file);
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || !st.st_size)
		errno = EINVAL;
	else
		image = malloc(st.st_size);
	if (image && fread(image, st.st_size, 1, file) != 1) {
		free(image);
		image = NULL;
	}
	*out_len = st.st_size;
	fclose(file);
	return image;
}

static int write_elf(const char *path, const uint8_t *elf, size_t len)
{
	FILE *file = fopen(path, "wbe");
	int err;

	if (!file)
		return -1;
	err = fwrite(elf, len, 1, file) != 1;
	return fclose(file) || err ? -1 : 0;
}

int main(int argc, char **argv)
{
	char error[VMLINUX_ERROR_MAX];
	size_t len, elf_len;
	uint8_t *image, *elf;
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: %s IMAGE OUT\n", argv[0]);
		return 2;
	}
	image = read_image(argv[1], &len);
	if (!image) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	err = vmlinux_extract(image, len, &elf, &elf_len, error);
	free(image);
	if (err) {
		fprintf(stderr, "%s: %s\n", argv[1], error);
		return 1;
	}
	err = write_elf(argv[2], elf, elf_len);
	free(elf);
	if (err)
		fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
	return err ? 1 : 0;
}
