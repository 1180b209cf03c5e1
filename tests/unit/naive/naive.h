/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a Sigma rule says of an event, read straight off the rule as it is
 * written: no criteria, no programs, no automata.  Of the product only the
 * YAML tree is used.  It is slow, recursive and trusts the rule to be one that
 * compiles.
 */
#ifndef TESTS_NAIVE_H
#define TESTS_NAIVE_H

#include "plm_eval.h"
#include "plm_template.h"
#include "sigma/tree.h"

bool naive_matches(const struct tree_node *document,
		   const struct plm_template *template,
		   const struct plm_value *values);

#endif /* TESTS_NAIVE_H */
