/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIGMA_LOWER_H
#define SIGMA_LOWER_H

#include "sigma/error.h"
#include "sigma/logic.h"

/* A condition as words; TEST takes an index into tests. */
struct sigma_program {
	uint32_t *words;
	size_t num_words, cap_words;
	const struct logic_test **tests;	/* inside of the expressions */
	size_t num_tests, cap_tests;
};

/*
 * Make the program of an expression.  One that is always or never true is an
 * error, as is one that the format's limits do not hold, or whose counts take
 * more than *@steps_left to split, which what they take comes off.  0 or -1;
 * sigma_program_free() in either case.
 */
int sigma_lower(struct sigma_program *out, struct logic_pool *pool,
		struct logic *logic, struct position at, uint64_t *steps_left,
		struct sigma_error *out_error);
void sigma_program_free(struct sigma_program *program);

#endif /* SIGMA_LOWER_H */
