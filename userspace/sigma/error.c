// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/error.h"

#include <stdarg.h>
#include <stdio.h>

#define SIGMA_CODE_NAME(name) #name,
static const char *const names[] = { SIGMA_CODES(SIGMA_CODE_NAME) };

const char *sigma_code_name(enum sigma_code code)
{
	return names[code];
}

/* Names out of a stranger's file must not drive the reader's terminal. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

int sigma_fail(struct sigma_error *error, struct position at,
	       enum sigma_code code, const char *format, ...)
{
	va_list ap;

	error->code = code;
	error->at = at;
	va_start(ap, format);
	vsnprintf(error->text, sizeof(error->text), format, ap);
	va_end(ap);
	make_printable(error->text);
	return -1;
}
