/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report on one candidate: a JSON document, and the same as JUnit XML and
 * as KTAP for machines that collect those.  In all of them whatever is unknown
 * counts as not passed.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <jansson.h>

#include "report/verdict.h"

/*
 * A new document.  @data of @len bytes: the candidate, or NULL where it could
 * not be read.  Takes @stages, an array of stage_json().
 */
json_t *report_make(const char *path, const void *data, size_t len,
		    json_t *stages, enum verdict verdict, double seconds);

/* The report in other forms, as new strings. */
char *report_junit(const json_t *report);
char *report_ktap(const json_t *report);

/*
 * Make the folder @dir, and remove from it the report of an earlier run, which
 * would be taken for that of a run that is killed.  0, or -1; that has been
 * said on stderr.
 */
int report_begin(const char *dir);

/*
 * Write report.ktap, report.xml and, as the last, report.json into the folder
 * @dir.  A report that was asked for and is not there leaves the matter
 * unknown: returns the verdict that is left, which is then @report's as well,
 * and tells on stderr.
 */
enum verdict report_keep(const char *dir, json_t *report,
			 enum verdict verdict);

#endif /* REPORT_REPORT_H */
