/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT, SIGTERM and SIGHUP while VMs run: they are noted, the runs end and
 * clean up, and then the signal takes its course.  What stands between a begin and
 * its end may have others in it, which then change nothing.
 */
#ifndef VM_INTERRUPT_H
#define VM_INTERRUPT_H

#include <stdbool.h>

void interrupt_begin(void);
/* Restores what was; where a signal had come, it is raised again. */
void interrupt_end(void);
/* The same, but it is forgotten: the caller has told what it cut short. */
void interrupt_told(void);

/* Readable once a signal came; -1 outside of begin and end. */
int interrupt_fd(void);
bool interrupted(void);

#endif /* VM_INTERRUPT_H */
