// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds the number of the mutant that plimsoll.ko is to be. */
#include <linux/module.h>

unsigned int plm_mutant;
EXPORT_SYMBOL_GPL(plm_mutant);
module_param_named(number, plm_mutant, uint, 0644);

MODULE_DESCRIPTION("Which mutant runs");
MODULE_LICENSE("GPL");
