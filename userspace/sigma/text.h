/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One value that an input's text is compared with. */
#ifndef SIGMA_TEXT_H
#define SIGMA_TEXT_H

#include "sigma/field.h"
#include "sigma/modifier.h"

struct sigma_text {
	const struct sigma_scope *scope;
	const struct tree_node *value;
	uint32_t input;
	const struct plm_input *about;
	const struct sigma_modifiers *modifiers;
};

/* The expression of a text with wildcards or of a regular expression. */
struct logic *sigma_text(const struct sigma_text *text);

#endif /* SIGMA_TEXT_H */
