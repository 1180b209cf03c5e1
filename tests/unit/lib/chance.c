// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/lib/chance.h"

static uint64_t state = 1;

void chance_seed(uint64_t seed)
{
	state = seed;
}

uint32_t below(uint32_t bound)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % bound;
}
