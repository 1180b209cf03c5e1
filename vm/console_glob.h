/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_CONSOLE_GLOB_H
#define VM_CONSOLE_GLOB_H

#include <stdbool.h>

#include "vm/console_patterns.h"

/*
 * Does all of @text match @glob (console_patterns.h)?  On success the first
 * CONSOLE_CAPTURES '*' are in @captures, empty ones for those that it lacks.
 * @captures may be NULL.
 */
bool console_glob(const char *glob, const char *text,
		  struct console_capture *captures);

#endif /* VM_CONSOLE_GLOB_H */
