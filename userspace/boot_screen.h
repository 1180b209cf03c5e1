/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BOOT_SCREEN_H
#define BOOT_SCREEN_H

#include <stdbool.h>

#include "vm/boot.h"

/* boot --screen: a verdict on each of @num files; the exit status. */
int boot_screen(const struct boot_options *options, char *const *paths,
		size_t num, bool json);

#endif /* BOOT_SCREEN_H */
