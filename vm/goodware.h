/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that no content may ever take from a machine, as they run on a
 * Debian one, for a VM to execute.  (The goodware corpus, which is replayed and
 * not executed, is userspace/replay/corpus.h.)
 */
#ifndef VM_GOODWARE_H
#define VM_GOODWARE_H

#include <stddef.h>

struct goodware {
	const char *code;		/* of the finding, if a rule kills it */
	const char *what;		/* for people */
	const char *image;
	const char *command_line;
	const char *parent_image;	/* NULL: PID 1 starts it */
	const char *parent_command_line;
	int is_pid1;			/* PID 1 itself executes it */
};

#define KILLS_PID1 "KILLS_PID1"

extern const struct goodware goodware[];
extern const size_t num_goodware;

#endif /* VM_GOODWARE_H */
