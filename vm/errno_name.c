// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/errno_name.h"

#include <stddef.h>
#include <string.h>

/* include/linux/errno.h: not for programs to see, but parsers let them out. */
static const struct {
	int error;
	const char *name;
} internal[] = {
	{ 512, "ERESTARTSYS" }, { 513, "ERESTARTNOINTR" },
	{ 514, "ERESTARTNOHAND" }, { 515, "ENOIOCTLCMD" },
	{ 516, "ERESTART_RESTARTBLOCK" }, { 517, "EPROBE_DEFER" },
	{ 518, "EOPENSTALE" }, { 519, "ENOPARAM" }, { 521, "EBADHANDLE" },
	{ 522, "ENOTSYNC" }, { 523, "EBADCOOKIE" }, { 524, "ENOTSUPP" },
	{ 525, "ETOOSMALL" }, { 526, "ESERVERFAULT" }, { 527, "EBADTYPE" },
	{ 528, "EJUKEBOX" }, { 529, "EIOCBQUEUED" },
	{ 530, "ERECALLCONFLICT" },
};

const char *errno_name(int error)
{
	const char *name = strerrorname_np(error);

	for (size_t i = 0; !name && i < sizeof(internal) / sizeof(*internal);
	     i++)
		if (internal[i].error == error)
			name = internal[i].name;
	return name;
}

int errno_by_name(const char *name)
{
	for (int error = 1; error <= ERRNO_MAX; error++) {
		const char *known = errno_name(error);

		if (known && !strcmp(known, name))
			return error;
	}
	return 0;
}
