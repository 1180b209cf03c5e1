/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT, SIGTERM and SIGHUP while VMs run: they are noted, the runs end and
 * clean up, and then the signal takes its course.
 */
#ifndef VM_INTERRUPT_H
#define VM_INTERRUPT_H

#include <stdbool.h>

void interrupt_begin(void);
/* Restores what was; where a signal had come, it is raised again. */
void interrupt_end(void);

/* Readable once a signal came; -1 outside of begin and end. */
int interrupt_fd(void);
bool interrupted(void);

#endif /* VM_INTERRUPT_H */
