/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in the file a byte of a scalar's text stands: behind quotes, escapes,
 * indentation and folded lines, which the text has no more.
 */
#ifndef SIGMA_PLACE_H
#define SIGMA_PLACE_H

#include "sigma/tree.h"

/*
 * Of the byte at @off, or of the end.  In time linear in what stands in the
 * file.  White space of a block scalar is placed behind what is before it; in
 * a file of UTF-16, and where nothing is known, the scalar's beginning is told.
 */
struct position tree_place(const struct tree_node *node, size_t off);

#endif /* SIGMA_PLACE_H */
