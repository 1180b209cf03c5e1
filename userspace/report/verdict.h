/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

/* Each verdict is the exit status that tells it. */
enum verdict {
	VERDICT_PASS = 0,
	VERDICT_FAIL = 1,
	VERDICT_USAGE = 2,	/* not a verdict: the command line was wrong */
	VERDICT_UNKNOWN = 3,
};

/* "pass", "fail", "unknown".  Static. */
const char *verdict_name(enum verdict verdict);

/* The worse of two: fail before unknown before pass. */
enum verdict verdict_worse(enum verdict a, enum verdict b);

#endif /* REPORT_VERDICT_H */
