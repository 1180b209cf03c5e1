/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIGMA_MODIFIER_H
#define SIGMA_MODIFIER_H

#include "plm_template.h"
#include "sigma/tree.h"

enum sigma_utf16 {
	SIGMA_UTF8, SIGMA_UTF16LE, SIGMA_UTF16BE,
	SIGMA_UTF16,	/* little-endian, with a mark before it */
};

/* What stands behind a field's name. */
struct sigma_modifiers {
	bool all, cased, exists;
	bool contains, startswith, endswith;
	bool neq, cidr, fieldref;
	bool re;
	unsigned int re_flags;	/* REGEX_ICASE and so on */
	bool expand, windash, base64, base64offset;
	enum sigma_utf16 utf16;
	uint32_t number_op;	/* enum plm_op, or 0 */
	const char *about_value; /* the first that says something of a value,
				  * which null is not; or NULL */
};

/*
 * Read the modifiers of a key ("Field|contains|all") over an input of this
 * type.  0, or -1 and *out_error.
 */
int sigma_modifiers(struct sigma_modifiers *out, const struct tree_node *key,
		    const struct plm_input *input,
		    struct sigma_error *out_error);

#endif /* SIGMA_MODIFIER_H */
