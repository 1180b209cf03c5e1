/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a pattern implies: some texts, one of which every match of it holds.  A
 * rule that nothing but a pattern could trigger would have its automaton walked
 * over every event, and one that may do with a common program's name would be
 * evaluated whenever that runs.  Where the texts are rarer than what a rule
 * waits for, it demands them beside the pattern, which changes nothing about
 * what matches, and waits for them.
 */
#ifndef CONTENT_IMPLY_H
#define CONTENT_IMPLY_H

#include "content/model.h"

/* Do so for all rules of @model. */
void model_imply(struct model *model);

#endif /* CONTENT_IMPLY_H */
