/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Malformed neighbours of a candidate: the same file, spoilt in one place, cut
 * at places that matter, with its check sum as it was and with one that fits.
 * Those that would have to be taken are left out.
 */
#ifndef VM_NEIGHBOURS_H
#define VM_NEIGHBOURS_H

#include "vm/candidate.h"

/* Fill the candidate's list; none where the core refuses the candidate. */
void neighbours_make(struct candidate *candidate);

/* "the word at 20 is 0xffffffff, with a check sum that fits": a new string. */
char *neighbour_text(const struct neighbour *neighbour);

#endif /* VM_NEIGHBOURS_H */
