// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drivers of the VM's own disk.  To check the signature of ext4 costs an emulated
 * CPU a third of a boot, and it is not what is tried here: the kernel gets the
 * module without it, and the whole file only where it insists.
 */
#include <errno.h>
#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vm/guest/init.h"

/* As in the kernel's include/linux/module_signature.h. */
static const char magic[] = "~Module signature appended~\n";

struct signature {
	uint8_t kind[8];
	uint32_t len;		/* of what stands before, big-endian */
};

/* How much of a module's file is the module. */
static size_t module_len(const uint8_t *data, size_t len)
{
	const size_t tail = sizeof(struct signature) + sizeof(magic) - 1;
	struct signature signature;

	if (len < tail ||
	    memcmp(data + len - (sizeof(magic) - 1), magic, sizeof(magic) - 1))
		return len;
	memcpy(&signature, data + len - tail, sizeof(signature));
	if (be32toh(signature.len) > len - tail)
		return len;
	return len - tail - be32toh(signature.len);
}

int step_driver(struct guest *guest, const struct step *step)
{
	uint8_t *data;
	size_t len;
	int err = read_whole(step->texts[0], &data, &len);

	(void)guest;
	if (err)
		return err;
	err = syscall(SYS_init_module, data, module_len(data, len), "") ?
		errno : 0;
	free(data);
	return err ? load_module(step->texts[0], "") : 0;
}
