/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function a verb, one file a verb.  argv[0] is the verb; the result is
 * the exit status.
 */
#ifndef VERBS_H
#define VERBS_H

int cmd_compile(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_boot(int argc, char **argv);
int cmd_console(int argc, char **argv);
int cmd_gate(int argc, char **argv);
int cmd_bench(int argc, char **argv);

#endif /* VERBS_H */
