// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll gate: every stage, one verdict: may it ship? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/held.h"
#include "gate/gate.h"
#include "options.h"
#include "report/document.h"
#include "report/report.h"
#include "verbs.h"
#include "vm/boot.h"

#define FILE_MAX_LEN ((size_t)256 << 20)

static const char help[] =
	"usage: plimsoll gate [OPTION]... FILE\n\n"
	"Decide whether a content file may ship: check it, hold it against a\n"
	"policy, replay events made from its rules, use it in real kernels, and\n"
	"try the files around it.\n\n"
	"  --policy P.yaml     what it must keep to (see --show-policy)\n"
	"  --baseline OLD.plm  the last content known to be good\n"
	"  --kernel K          boot this kernel; repeatable (debian:6.1)\n"
	"  --consumer X.ko     load into this module; repeatable (ours)\n"
	"  --target T          what parses the file, a name or a target file (plimsoll)\n"
	"  --report DIR        write report.json, .xml (JUnit), .ktap and consoles there\n"
	"  --show-policy       print the policy and end\n"
	"  --json              the report on standard output\n"
	"  --help              this text\n";

struct arguments {
	struct gate_options options;
	const char *policy;
	bool json, show_policy;
};

static void print_help(FILE *to)
{
	fputs(help, to);
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	struct gate_options *o = &a->options;
	const struct option_row rows[] = {
		{ "baseline", OPTION_WORD, &o->baseline, 0, NULL },
		{ "kernel", OPTION_WORDS, &o->kernels, 0, options_kernel },
		{ "consumer", OPTION_WORDS, &o->consumers, 0, NULL },
		{ "target", OPTION_WORD, &o->target, 0, boot_target_known },
		{ "report", OPTION_WORD, &o->report_dir, 0, NULL },
		{ "policy", OPTION_WORD, &a->policy, 0, NULL },
		{ "show-policy", OPTION_FLAG, &a->show_policy, 0, NULL },
		{ "json", OPTION_FLAG, &a->json, 0, NULL },
		{ 0 }
	};
	int status = options_read(argc, argv, rows, print_help);

	if (status >= 0)
		return status;
	if ((a->policy || o->baseline) && boot_target_foreign(o->target))
		return options_wrong(argv[0], "policy and baseline are for content of ours, not of the target %s",
				     o->target);
	if (optind == argc - (a->show_policy ? 0 : 1))
		return -1;
	print_help(stderr);
	return VERDICT_USAGE;
}

static enum verdict gate(const struct arguments *a, const char *path)
{
	const char *dir = a->options.report_dir;
	enum verdict verdict;
	json_t *report;

	held_add(path, FILE_MAX_LEN);
	held_add(a->options.baseline, FILE_MAX_LEN);
	held_add_all(&a->options.consumers, FILE_MAX_LEN);
	verdict = gate_run(&a->options, path, &report);
	held_free();
	if (dir)
		verdict = report_keep(dir, report, verdict);
	if (a->json && document_print(json_incref(report)))
		verdict = verdict_worse(verdict, VERDICT_UNKNOWN);
	json_decref(report);
	return verdict;
}

static int show(const struct policy *policy)
{
	policy_print(policy, stdout);
	return fflush(stdout) || ferror(stdout) ? VERDICT_UNKNOWN :
						  VERDICT_PASS;
}

/* With the policy that was asked for, or none at all. */
static int gate_by_policy(struct arguments *a, const char *path)
{
	struct policy_error error;
	struct policy policy;
	int status;

	/* No earlier report is to stand, whatever becomes of this run. */
	if (!a->show_policy && a->options.report_dir &&
	    report_begin(a->options.report_dir))
		return VERDICT_UNKNOWN;
	policy_init(&policy);
	status = a->policy ? policy_load(&policy, a->policy, &error) : 0;
	if (status) {
		fprintf(stderr, "plimsoll: %s:", a->policy);
		if (error.line)
			fprintf(stderr, "%zu:%zu:", error.line, error.column);
		fprintf(stderr, " %s\n", error.text);
		status = error.unreadable ? VERDICT_UNKNOWN : VERDICT_USAGE;
	} else {
		a->options.policy = &policy;
		status = a->show_policy ? show(&policy) : (int)gate(a, path);
	}
	policy_free(&policy);
	return status;
}

int cmd_gate(int argc, char **argv)
{
	struct arguments a = { 0 };
	int status = parse(argc, argv, &a);

	if (status < 0)
		status = gate_by_policy(&a, argv[optind]);
	words_free(&a.options.kernels);
	words_free(&a.options.consumers);
	return status;
}
