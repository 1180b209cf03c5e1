// SPDX-License-Identifier: GPL-2.0-or-later
/* The same module, which asks for a file of its own accord. */
#define LEDGER_FIRMWARE "auto.ledger"
#include "ledger.c"
