/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which way an execution took, from the addresses of the blocks that it went
 * through.  Two that follow each other are one step, as compilers' own coverage
 * has it, hashed to a counter.
 */
#ifndef GUEST_FUZZ_EDGES_H
#define GUEST_FUZZ_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDGES_NUM_COUNTERS	(1u << 14)

/* How often the last execution took each step, up to 255; libFuzzer's food. */
extern uint8_t fuzz_counters[EDGES_NUM_COUNTERS];

#define EDGES_MAX_MODULES	8

/*
 * Only what lies in so many modules counts; 0: all addresses do.  Each is told by
 * its number, and again when it comes to lie elsewhere: its places stay the same.
 */
void edges_modules(size_t num);
void edges_set_module(size_t index, uint64_t start, uint64_t len);

/* The place of an address in what counts, or 0. */
uint64_t edges_place(uint64_t address);

/*
 * Was this very trace told of before?  From now on it was.  Then there is nothing new
 * about it, and to count it again is for those only who look at the counters.
 */
bool edges_known(const uint64_t *addresses, size_t num);

/* An execution begins; what it went through, in one or more traces; it ends. */
void edges_begin(void);
void edges_trace(const uint64_t *addresses, size_t num);
void edges_end(void);

/* Did the last one see what none had seen before? */
bool edges_is_new(void);
uint64_t edges_num_covered(void);	/* counters that were ever not 0 */
uint64_t edges_num_points(void);	/* blocks seen, all in all */

#endif /* GUEST_FUZZ_EDGES_H */
