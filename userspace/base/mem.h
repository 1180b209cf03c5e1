/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation that cannot fail: a command that is out of memory could not tell,
 * and says so with exit status 3.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *xmalloc(size_t len);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t len);
/* realloc of count * size, with the product checked. */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
void *xmemdup(const void *data, size_t len);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Make room for one more element of *array, which has *cap places and count
 * used ones.
 */
#define ARRAY_RESERVE(array, count, cap)				\
	do {								\
		if ((count) == (cap)) {					\
			(cap) = (cap) ? (cap) * 2 : 8;			\
			(array) = xreallocarray((array), (cap),		\
						sizeof(*(array)));	\
		}							\
	} while (0)

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif /* BASE_MEM_H */
