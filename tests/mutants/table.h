/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mutants, as mutate.c has listed them, and which of them are argued to be
 * no other program.
 *
 * The arguments are a text file.  Blank lines and lines that begin with # are
 * nothing; others begin with a word:
 *
 *	in FILE FUNCTION	where the mutants that follow are
 *	why TEXT		why they are equivalent
 *	also TEXT		more of the same sentence
 *	mutant CONTEXT :: WHAT	one of them, as a survivor is printed
 */
#ifndef MUTANTS_TABLE_H
#define MUTANTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct mutant {
	unsigned int line;	/* in its file */
	char *file;
	char *function;
	char *context;		/* the statement or condition that it is in */
	char *what;
	char *why;		/* it is equivalent, or NULL */
};

struct table {
	struct mutant *mutants;	/* number N is [N]; [0] is none */
	size_t num, cap;	/* with [0] */
	size_t num_unfit;	/* arguments that are no mutant's */
};

/* Both end the program where they cannot; unfit arguments are printed as TAP. */
void table_read(struct table *table, const char *path);
void table_read_arguments(struct table *table, const char *path);
void table_free(struct table *table);

#endif /* MUTANTS_TABLE_H */
