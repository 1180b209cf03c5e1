// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel images, which are anybody's files: what is taken out can be started. */
#include "fuzz/fuzz.h"
#include "vm/vmlinux.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char error[VMLINUX_ERROR_MAX] = "", release[64];
	uint8_t *elf = NULL;
	size_t elf_len = 0;

	if (vmlinux_release(data, len, release, sizeof(release), error))
		fuzz_must(error[0]);
	error[0] = 0;
	if (vmlinux_extract(data, len, &elf, &elf_len, error)) {
		fuzz_must(error[0] && !elf);
		return 0;
	}
	fuzz_must(!vmlinux_check(elf, elf_len, error));
	free(elf);
	return 0;
}
