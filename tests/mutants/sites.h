/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds what can be mutated in a parsed source file, and says how in terms of
 * schema.h.
 */
#ifndef MUTANTS_SITES_H
#define MUTANTS_SITES_H

#include <clang-c/Index.h>
#include <stdio.h>

#include "tests/mutants/source.h"

/* Numbers and names mutants, over all files of a run. */
struct register_ {
	FILE *table;		/* a line for each, see mutants.h */
	unsigned int last;	/* number given */
	char **keys;		/* of those of this file */
	size_t num_keys, cap_keys;
};

/*
 * Mutate the functions of @source, which @unit is the parsed form of; with
 * @tables also its static tables, which then are constant no longer.
 */
void sites_find(struct register_ *reg, struct source *source,
		CXTranslationUnit unit, bool tables);

#endif /* MUTANTS_SITES_H */
