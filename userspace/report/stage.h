/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stage of the gate and what it found.  A stage starts as not run, which is
 * unknown; only stage_pass() on one without a failing finding makes it pass.
 */
#ifndef REPORT_STAGE_H
#define REPORT_STAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/verdict.h"

enum severity {
	SEVERITY_INFO,		/* worth knowing */
	SEVERITY_WARNING,	/* worth mending; does not stop the content */
	SEVERITY_UNKNOWN,	/* the harness could not tell */
	SEVERITY_FAIL,		/* the content failed */
};

#define FINDING_NO_OFFSET UINT64_MAX

/* Where a finding points.  Every part is optional; texts are copied. */
struct place {
	const char *file;
	uint64_t off;		/* bytes, or FINDING_NO_OFFSET */
	const char *rule;	/* rule id */
};

#define NOWHERE ((struct place){ .off = FINDING_NO_OFFSET })

struct finding {
	enum severity severity;
	char *code;		/* "BAD_MAGIC": stable, upper case */
	char *file, *rule, *text;
	char *place;		/* what it is about where that is no rule, or NULL */
	uint64_t off;
};

struct stage {
	const char *name;	/* static: "check" */
	bool ran;
	bool passed;		/* stage_pass() was called */
	char *summary;		/* what was done, in a few words, or NULL */
	double seconds;		/* of wall time */
	struct finding *findings;
	size_t num_findings, cap_findings;
	json_t *evidence;	/* object: what was run, on which digests */
};

void stage_init(struct stage *stage, const char *name);
void stage_free(struct stage *stage);

/* Start and stop the stage's clock. */
void stage_begin(struct stage *stage);
void stage_end(struct stage *stage);

void stage_finding(struct stage *stage, enum severity severity,
		   const char *code, struct place place, const char *format,
		   ...) __attribute__((format(printf, 5, 6)));

/* The last finding is about this: "process_creation.Image".  Copied. */
void stage_place(struct stage *stage, const char *place);

/* What was done, for the table of the gate: "82 rules, 2 consumers". */
void stage_summary(struct stage *stage, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Everything that was to be done has been done. */
void stage_pass(struct stage *stage);

enum verdict stage_verdict(const struct stage *stage);

/* {"stage","ran","verdict","seconds","findings":[...],"evidence":{}} */
json_t *stage_json(const struct stage *stage);

/* An array of the findings from number @from on, as stage_json has them. */
json_t *stage_findings_json(const struct stage *stage, size_t from);

/* The findings for people, a line each, on stderr. */
void stage_print(const struct stage *stage);

/* "sha256:..." of the bytes, as a new string of the caller's. */
char *digest_of(const void *data, size_t len);

#endif /* REPORT_STAGE_H */
