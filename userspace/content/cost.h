/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONTENT_COST_H
#define CONTENT_COST_H

#include <stdint.h>

#include "plm_content.h"

/*
 * The bytes that each rule has of a checked file, and so of the kernel's memory:
 * a new array, by rule.  All of them together are the sections' lengths.
 *
 * A rule has its record, its strings and its condition to itself.  A criterion
 * (record, text, triggers) is shared evenly by the rules that test it, and an
 * automaton by the criteria that it decides, in proportion to their texts.
 */
uint64_t *cost_of_rules(const struct plm_content *content);

/*
 * About what it takes to encode the rules of a checked file anew: a step for
 * each of its bytes, and those of making the automata of its patterns, as far as
 * these are made at all.  A file of some KB may take more than one of some MB.
 */
uint64_t cost_of_encoding(const struct plm_content *content);

#endif /* CONTENT_COST_H */
