// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/steps.h"

#include <inttypes.h>

bool sigma_spend(uint64_t *left, uint64_t steps, const char *what,
		 struct position at, struct sigma_error *out_error)
{
	if (steps < *left) {
		*left -= steps;
		return true;
	}
	sigma_fail(out_error, at, SIGMA_COST, "%s costs %" PRIu64 " steps and "
		   "more: of the %u that all rules may cost together %" PRIu64
		   " are left", what, steps, SIGMA_MAX_STEPS, *left);
	*left = 0;
	return false;
}
