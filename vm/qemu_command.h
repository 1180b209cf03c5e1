/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_QEMU_COMMAND_H
#define VM_QEMU_COMMAND_H

#include "vm/qemu.h"

/* The part of the kernel's command line that is always the same. */
extern const char qemu_kernel_options[];

/* Descriptors that QEMU inherits. */
struct qemu_channels {
	int console, results, qmp;
};

/* QEMU's arguments, NULL at the end; free with qemu_arguments_free(). */
char **qemu_arguments(const char *path, const struct qemu_config *config,
		      const struct qemu_channels *channels);
void qemu_arguments_free(char **arguments);

/* Is the VM's time counted in instructions?  Else it goes by itself. */
bool qemu_counts_time(const struct qemu_config *config);

/* The same as one line for people and evidence. */
char *qemu_command_line(char *const *arguments);

#endif /* VM_QEMU_COMMAND_H */
