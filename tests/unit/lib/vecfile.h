/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests/vectors/NAME.vec: content files and what is to become of them, as text.
 * tests/vectors/README.md describes the language.
 */
#ifndef TESTS_VECFILE_H
#define TESTS_VECFILE_H

#include "tests/unit/lib/vector.h"

/* One file and what the core has to say of it. */
struct vec_case {
	char *name;
	char *base;		/* name of the file it was made from, or NULL */
	struct vector v;
	bool accept;
	char *error;		/* "BAD_MAGIC" where it is to be refused */
	uint32_t off;
	uint32_t rule;		/* 0xffffffff for none */
};

struct vec_file {
	struct vec_case *cases;
	size_t num_cases, cap_cases;
};

/*
 * Read one file.  0, or -1 with a line number and a reason on stderr; to be
 * freed in both cases.
 */
int vec_file_read(struct vec_file *file, const char *path);
void vec_file_free(struct vec_file *file);

/* The case of this name, or NULL. */
struct vec_case *vec_file_find(struct vec_file *file, const char *name);

#endif /* TESTS_VECFILE_H */
