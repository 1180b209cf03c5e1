/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs over the cores: as many at a time as there are, in order. */
#ifndef VM_JOBS_H
#define VM_JOBS_H

#include <stddef.h>

/*
 * Call @job(context, i) for each i below @num, each in some thread; @done,
 * which may be NULL, is called after each, never two at a time.
 */
void jobs_run(size_t num, void (*job)(void *context, size_t index),
	      void (*done)(void *context, size_t index), void *context);

#endif /* VM_JOBS_H */
