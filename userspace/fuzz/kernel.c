// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/session.h"

void fuzz_kernels(struct fuzz *f)
{
	fuzz_unknown(f, "NOT_BUILT", NULL,
		     "kernels are not part of this yet; --kernel-neighbours 0 leaves them out");
}
