// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/verdict.h"

static void *check(void *p)
{
	if (!p) {
		fputs("plimsoll: out of memory\n", stderr);
		exit(VERDICT_UNKNOWN);
	}
	return p;
}

void *xmalloc(size_t len)
{
	return check(malloc(len ? len : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return check(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *old, size_t len)
{
	return check(realloc(old, len ? len : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	return check(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return check(strdup(text));
}

char *xstrndup(const char *text, size_t len)
{
	return check(strndup(text, len));
}

void *xmemdup(const void *data, size_t len)
{
	void *copy = xmalloc(len);

	if (len)
		memcpy(copy, data, len);
	return copy;
}

char *xasprintf(const char *format, ...)
{
	char *text;
	va_list ap;
	int len;

	va_start(ap, format);
	len = vasprintf(&text, format, ap);
	va_end(ap);
	return check(len < 0 ? NULL : text);
}
