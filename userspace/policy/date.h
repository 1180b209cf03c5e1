/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Days as "2026-12-31": such texts compare as the days do. */
#ifndef POLICY_DATE_H
#define POLICY_DATE_H

#include <stdbool.h>

#define DATE_LEN 10

/* Of the years 2000 to 9999, and there is such a day. */
bool date_is_valid(const char *text);

/*
 * The day it is, in UTC.  PLIMSOLL_TODAY in the environment is taken in its
 * place, so that tests need no other clock; *@out_given says whether it was.
 * False where that is no date, or the clock tells none.
 */
bool date_today(char out[DATE_LEN + 1], bool *out_given);

#endif /* POLICY_DATE_H */
