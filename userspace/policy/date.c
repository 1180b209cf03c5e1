// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned int number(const char *digits, int len)
{
	unsigned int n = 0;

	for (int i = 0; i < len; i++)
		n = n * 10 + (unsigned int)(digits[i] - '0');
	return n;
}

static unsigned int days_in(unsigned int year, unsigned int month)
{
	static const unsigned char days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
	};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool date_is_valid(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	unsigned int year, month, day;

	if (strlen(text) != DATE_LEN)
		return false;
	for (int i = 0; i < DATE_LEN; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' :
				     text[i] != '-')
			return false;
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	return year >= 2000 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days_in(year, month);
}

bool date_today(char out[DATE_LEN + 1], bool *out_given)
{
	const char *given = getenv("PLIMSOLL_TODAY");
	time_t now = time(NULL);
	struct tm tm;

	*out_given = given;
	if (given) {
		if (!date_is_valid(given))
			return false;
		memcpy(out, given, DATE_LEN + 1);
		return true;
	}
	return gmtime_r(&now, &tm) &&
	       strftime(out, DATE_LEN + 1, "%Y-%m-%d", &tm) == DATE_LEN;
}
