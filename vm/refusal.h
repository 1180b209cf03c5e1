/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_REFUSAL_H
#define VM_REFUSAL_H

#include <stdbool.h>

/*
 * Is this errno of the control device no answer of the module's about a file?  The
 * device may not be open, or have gone: then nobody has judged anything.
 */
bool refusal_is_none(int error);

#endif /* VM_REFUSAL_H */
