/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the command that is built with ASan and UBSan, and its reports. */
#ifndef REPLAY_SANITIZER_H
#define REPLAY_SANITIZER_H

#include "replay/child.h"
#include "report/stage.h"

/* In it a report ends the process, with a status that is none of ours. */
extern char *const sanitizer_environment[];

/*
 * Is that a command under both sanitizers?  Its digest goes into the evidence
 * of @stage; where it is none, that is a finding.
 */
bool sanitizer_inspect(const char *path, struct stage *stage);
/* The finding that the command at @path can't be used. */
void sanitizer_missing(struct stage *stage, const char *path, const char *why);

/* Has the process ended with a report? */
bool sanitizer_has_report(const struct child_result *result);
/* The report, as far as it is of use; and its line that names the fault. */
char *sanitizer_report(const struct child_result *result);
char *sanitizer_line(const struct child_result *result);

#endif /* REPLAY_SANITIZER_H */
