/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIGMA_SELECTION_H
#define SIGMA_SELECTION_H

#include "sigma/field.h"

/*
 * The expression of a selection: all entries of a map, any map of a list.
 * NULL and an error where it can't be compiled.
 */
struct logic *sigma_selection(const struct sigma_scope *scope,
			     const struct tree_node *value);

#endif /* SIGMA_SELECTION_H */
