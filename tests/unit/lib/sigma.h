/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One Sigma rule through the compiler, for tests. */
#ifndef TESTS_SIGMA_H
#define TESTS_SIGMA_H

#include <stddef.h>

#include "sigma/error.h"

#define RULE_ID "3fe1d1a0-7a3c-4d3e-8d1c-1b2a3c4d5e6f"

/* Lines 1 to 6; what a test adds begins at line 7. */
#define RULE_HEAD					\
	"title: A rule\n"				\
	"id: " RULE_ID "\n"				\
	"logsource:\n"					\
	"    category: process_creation\n"		\
	"    product: linux\n"				\
	"detection:\n"

/*
 * Compile a rule.  0 and the condition as dump shows it, on one line, to be freed;
 * or -1 and *error.
 */
int compile_rule(const char *yaml, char **out_condition,
		 struct sigma_error *error);

/*
 * Asserts (with cmocka) what a rule means, or that it is refused: as a whole; by
 * its detection, the lines behind RULE_HEAD; or by an entry of its only selection,
 * which is the condition and stands on line 8.
 */
void assert_means(const char *detection, const char *condition);
void assert_entry_means(const char *entry, const char *condition);
void assert_refused(const char *yaml, enum sigma_code code, size_t line,
		    size_t column, const char *text);
void assert_detection_refused(const char *detection, enum sigma_code code,
			      size_t line, size_t column, const char *text);
void assert_entry_refused(const char *entry, enum sigma_code code,
			  size_t column, const char *text);

#endif /* TESTS_SIGMA_H */
