/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as what test collectors know: suites of cases.  A stage is a suite;
 * its cases are its runs, and the stage as a whole.
 */
#ifndef REPORT_CASES_H
#define REPORT_CASES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct report_case {
	const char *name;	/* the report's, as all texts here */
	const char *verdict;
	const char *repeat;	/* the command that repeats it, or NULL */
	const json_t *findings;
	double seconds;
	bool ran;
};

/* The cases of a stage in order: an array of the caller's, never empty. */
struct report_case *report_cases(const json_t *stage, size_t *out_num);

/* Is it a pass?  Anything but that word is none. */
bool report_case_passed(const struct report_case *one);

/* "FILE: offset 64: rule ID: text", as a new string. */
char *report_finding_text(const json_t *finding);

/* A member's text, or "". */
const char *report_text(const json_t *json, const char *name);

#endif /* REPORT_CASES_H */
