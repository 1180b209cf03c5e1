/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function a verb, one file a verb.  argv[0] is the verb; the result is
 * the exit status.
 */
#ifndef VERBS_H
#define VERBS_H

#include <stdbool.h>

int cmd_compile(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_boot(int argc, char **argv);
int cmd_fuzz(int argc, char **argv);
int cmd_console(int argc, char **argv);
int cmd_gate(int argc, char **argv);
int cmd_bench(int argc, char **argv);

/* What is given to a verb that knows no options but --json and --help. */
struct verb_arguments {
	bool json;
	char **paths;		/* inside argv */
	int num_paths;
	int status;		/* where there is nothing to do */
};

/*
 * Read them; @least to @most paths.  False where the verb is to end with
 * out->status: @help has been asked for, or the usage is wrong.
 */
bool verb_arguments(struct verb_arguments *out, int argc, char **argv,
		    const char *help, int least, int most);

#endif /* VERBS_H */
