/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The neighbourhood of a file: the files that damage, a writer's slip or an
 * attacker's hand make of it.  It is a list that nobody has to store: which
 * file number k is follows from k, the file, its baseline and the seed, so that
 * any one of them can be made again.
 *
 * The first num_finite files are all that there are of some families.  From
 * there on the list has no end: files with two to four changes at places drawn
 * by the seed and k.
 */
#ifndef FUZZ_NEIGHBOURHOOD_H
#define FUZZ_NEIGHBOURHOOD_H

#include "vm/damage.h"

#define NEIGHBOURHOOD_MAX_FAMILIES 32

struct neighbourhood {
	struct damage_base base;
	bool layout;		/* header, table and check sum are ours */
	uint64_t seed;
	uint64_t counts[NEIGHBOURHOOD_MAX_FAMILIES];	/* by family */
	uint64_t num_finite;	/* their sum */
};

/* A file as its recipe. */
struct neighbour_recipe {
	struct vm_edit edits[VM_MAX_EDITS];
	size_t num;
};

/*
 * @base stays the caller's.  @layout: it is a content file that the core
 * accepts, and so is the baseline, if there is one.
 */
void neighbourhood_init(struct neighbourhood *n, const struct damage_base *base,
			bool layout, uint64_t seed);

size_t neighbourhood_num_families(void);
/* "truncated", ...; static. */
const char *neighbourhood_family(size_t family);
/* Is it that of header and table, by which all else is believed? */
bool neighbourhood_is_head(size_t family);
/* The family of number @k; their number for one that is drawn. */
size_t neighbourhood_family_of(const struct neighbourhood *n, uint64_t k);

void neighbourhood_get(const struct neighbourhood *n, uint64_t k,
		       struct neighbour_recipe *out);

/* "the 4 bytes at 20 are 0xffffffff; sealed": a new string. */
char *neighbour_recipe_text(const struct neighbour_recipe *recipe);

/*
 * Which @budget files to take, if not all: the numbers of header and table
 * first, up to half of it; then each family gets an equal share, what a small
 * one leaves over goes to the larger ones.  Of a family the files are taken
 * evenly spaced.  A budget above num_finite takes all of these
 * and that many drawn ones.
 */
struct neighbour_plan {
	const struct neighbourhood *n;
	uint64_t shares[NEIGHBOURHOOD_MAX_FAMILIES];
	uint64_t num;		/* files of the plan */
};

void neighbour_plan_make(struct neighbour_plan *plan,
			 const struct neighbourhood *n, uint64_t budget);

/* The number k of the plan's file @index, which is below num. */
uint64_t neighbour_plan_get(const struct neighbour_plan *plan, uint64_t index);

#endif /* FUZZ_NEIGHBOURHOOD_H */
