/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers by chance, the same in each run and on each machine. */
#ifndef TESTS_CHANCE_H
#define TESTS_CHANCE_H

#include <stdint.h>

/* What comes next depends on @seed alone; without, on 1. */
void chance_seed(uint64_t seed);
/* From 0 to @bound - 1; @bound is not 0. */
uint32_t below(uint32_t bound);

#endif /* TESTS_CHANCE_H */
