// SPDX-License-Identifier: GPL-2.0-or-later
/* For what takes paths: a file in memory, the same one for every input. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

const char *fuzz_file(const uint8_t *data, size_t len)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("input", MFD_CLOEXEC);
		fuzz_must(fd >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	fuzz_must(!ftruncate(fd, 0));
	fuzz_must(pwrite(fd, data, len, 0) == (ssize_t)len);
	return path;
}
