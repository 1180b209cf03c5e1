/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a pattern implies: a text that every match of it holds.  A rule that
 * nothing but a pattern could trigger would have its automaton walked over
 * every event; where the pattern implies a rare text, the rule demands that as
 * well, which changes nothing about what matches, and waits for the text.
 */
#ifndef CONTENT_IMPLY_H
#define CONTENT_IMPLY_H

#include "content/model.h"

/* Do so for all rules of @model. */
void model_imply(struct model *model);

#endif /* CONTENT_IMPLY_H */
