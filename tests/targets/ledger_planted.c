// SPDX-License-Identifier: GPL-2.0-or-later
/* The same module, with a bug that a fuzzer is to find. */
#define LEDGER_PLANTED
#include "ledger.c"
