/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running mutants through tests, the cheapest first, until one fails. */
#ifndef MUTANTS_RUN_H
#define MUTANTS_RUN_H

#include "tests/mutants/table.h"

struct test {
	char *command;		/* a program and its arguments */
	unsigned char *seen;	/* by mutant: it makes it differ */
	unsigned int ms;	/* of processor time, of the original */
};

struct tests {
	struct test *list;
	size_t num;
};

/* What became of a mutant. */
struct outcome {
	unsigned char test;	/* that killed it, plus one; 0: none */
	unsigned char hung;	/* it did not end */
	unsigned char asked;	/* tests that it came through */
	unsigned char done;	/* 0: nothing is known */
};

/*
 * Run every test on the original, and put them in order of their cost.  False
 * if one of them fails, which is printed.
 */
bool tests_measure(struct tests *tests, size_t num_mutants);
void tests_free(struct tests *tests);

/*
 * Run the mutants in @chosen, by number, in @jobs processes.  Returns what
 * became of each; of those that were not chosen, nothing, nor of those that had
 * not begun at a SIGINT or SIGTERM.
 */
struct outcome *tests_run(const struct tests *tests, const bool *chosen,
			  size_t num_mutants, unsigned int jobs);

#endif /* MUTANTS_RUN_H */
