// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/refusal.h"

#include <errno.h>
#include <stddef.h>

bool refusal_is_none(int error)
{
	static const int none[] = { EBADF, EFAULT, EINTR, ENODEV, ENOTTY, ENXIO };

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (error == none[i])
			return true;
	return false;
}
