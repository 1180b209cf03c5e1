/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU's monitor is told, and what it tells. */
#ifndef VM_QEMU_QMP_H
#define VM_QEMU_QMP_H

#include "vm/qemu.h"

/* The first words on @fd; a VM that is to go on from a template does so. */
int qmp_hello(int fd, const struct qemu_config *config);

/* Keep the VM's state in config->save; QEMU tells when that is done. */
int qmp_save(int fd, const struct qemu_config *config);

/*
 * Stop it, and its clock with it; QEMU tells when it has.  Let one go on that was
 * stopped so: to its guest no time has passed.
 */
int qmp_pause(int fd);
int qmp_go_on(int fd);

/*
 * Take the messages that are whole out of outcome->qmp: the version, why the
 * VM ended, what became of its state, that it was stopped.
 */
void qmp_take(struct qemu_outcome *outcome);

#endif /* VM_QEMU_QMP_H */
