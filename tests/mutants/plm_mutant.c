// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds the number of the mutant that plimsoll.ko is to be, and its faults. */
#include <linux/module.h>

unsigned int plm_mutant;
EXPORT_SYMBOL_GPL(plm_mutant);
module_param_named(number, plm_mutant, uint, 0644);

unsigned int plm_mutant_fault;
EXPORT_SYMBOL_GPL(plm_mutant_fault);
module_param_named(fail_at, plm_mutant_fault, uint, 0644);

MODULE_DESCRIPTION("Which mutant runs");
MODULE_LICENSE("GPL");
