// SPDX-License-Identifier: GPL-2.0-or-later
/* The command: one table of verbs, which also makes the help. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "report/verdict.h"
#include "verbs.h"

#ifndef PLIMSOLL_VERSION
#define PLIMSOLL_VERSION "0"
#endif

static int cmd_help(int argc, char **argv);
static int cmd_version(int argc, char **argv);

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} verbs[] = {
	{ "compile", cmd_compile, "make a content file from Sigma rules" },
	{ "check", cmd_check, "may every consumer parse this file?" },
	{ "dump", cmd_dump, "show what a content file says" },
	{ "diff", cmd_diff, "what has changed between two files" },
	{ "eval", cmd_eval, "what each rule says of each event" },
	{ "boot", cmd_boot, "load and use the file in real kernels" },
	{ "fuzz", cmd_fuzz, "try the files around it, here and in kernels" },
	{ "console", cmd_console, "find a kernel's distress in console logs" },
	{ "gate", cmd_gate, "every stage, one verdict: may it ship?" },
	{ "bench", cmd_bench, "measure, and print the figures as JSON" },
	{ "help", cmd_help, "list the verbs" },
	{ "version", cmd_version, "print the version" },
};

static void usage(FILE *out)
{
	fputs("usage: plimsoll VERB [OPTION]... [FILE]...\n\n", out);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		fprintf(out, "  %-8s %s\n", verbs[i].name, verbs[i].help);
	fputs("\n`plimsoll VERB --help` lists a verb's options.\n"
	      "Exit status: 0 pass, 1 the content failed, 2 wrong usage, "
	      "3 unknown.\n", out);
}

static int cmd_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	usage(stdout);
	return VERDICT_PASS;
}

static int cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("plimsoll " PLIMSOLL_VERSION);
	return VERDICT_PASS;
}

/* What could not be written was not said. */
static int finish(int status)
{
	bool lost = fflush(stdout) || ferror(stdout);

	return lost && status == VERDICT_PASS ? VERDICT_UNKNOWN : status;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	else if (!strcmp(name, "--version"))
		name = "version";
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (!strcmp(name, verbs[i].name))
			return finish(verbs[i].run(argc - 1, argv + 1));
	if (*name)
		fprintf(stderr, "plimsoll: no verb named '%s'\n", name);
	usage(stderr);
	return VERDICT_USAGE;
}
