/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The environment of the core: the only file of it that knows where it is
 * compiled.  It provides fixed-width types, bool, NULL and static_assert, and
 * nothing else; the core calls no function that it does not define itself.
 */
#ifndef PLM_ENV_H
#define PLM_ENV_H

#ifdef __KERNEL__

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#else

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#endif

#endif /* PLM_ENV_H */
