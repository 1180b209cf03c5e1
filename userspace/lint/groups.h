/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of one meaning: each group is known by its first rule. */
#ifndef LINT_GROUPS_H
#define LINT_GROUPS_H

#include "content/model.h"

/*
 * A new array, by rule: the first rule with the same template and the same
 * condition word by word, which may be the rule itself.
 */
uint32_t *groups_of_words(const struct model *model);

/*
 * Is @now @was with every entry twice?  That is: at least half of the
 * conditions of @was are there, and each of them at least twice as often.
 */
bool groups_are_doubled(const struct model *now, const struct model *was);

#endif /* LINT_GROUPS_H */
