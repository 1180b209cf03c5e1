/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUEST_FUZZ_COMPARE_H
#define GUEST_FUZZ_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plimsoll_uapi.h"

/*
 * How @answer, the kernel's to an input, differs from what the core says in
 * this program: a sentence that is valid until the next call, or NULL.
 */
const char *compare_answers(const uint8_t *data, size_t len,
			    const struct plimsoll_replace *answer,
			    bool accepted);

#endif /* GUEST_FUZZ_COMPARE_H */
