// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll gate: every stage, one verdict: may it ship? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/held.h"
#include "base/mem.h"
#include "gate/gate.h"
#include "report/document.h"
#include "report/report.h"
#include "verbs.h"
#include "vm/boot.h"

#define FILE_MAX_LEN ((size_t)256 << 20)

static const char help[] =
	"usage: plimsoll gate [OPTION]... FILE\n\n"
	"Decide whether a content file may ship: check it, hold it against a\n"
	"policy, replay events made from its rules, and use it in real kernels.\n\n"
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
	const char **kernels, **consumers;
	size_t cap_kernels, cap_consumers;
	const char *policy;
	bool json, show_policy;
};

static const struct option long_options[] = {
	{ "baseline", required_argument, NULL, 'b' },
	{ "kernel", required_argument, NULL, 'k' },
	{ "consumer", required_argument, NULL, 'c' },
	{ "target", required_argument, NULL, 't' },
	{ "report", required_argument, NULL, 'r' },
	{ "policy", required_argument, NULL, 'p' },
	{ "show-policy", no_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static int take_kernel(struct arguments *a)
{
	struct gate_options *o = &a->options;

	if (!boot_kernel_known(optarg)) {
		fprintf(stderr, "plimsoll: no kernel is named '%s'\n", optarg);
		return VERDICT_USAGE;
	}
	ARRAY_RESERVE(a->kernels, o->num_kernels, a->cap_kernels);
	a->kernels[o->num_kernels++] = optarg;
	return -1;
}

static int take_target(struct arguments *a)
{
	char error[BOOT_ERROR_LEN];

	a->options.target = optarg;
	if (boot_target_known(optarg, error))
		return -1;
	fprintf(stderr, "plimsoll: %s\n", error);
	return VERDICT_USAGE;
}

/* One option: -1 to go on, or an exit status. */
static int take(struct arguments *a, int option)
{
	struct gate_options *o = &a->options;

	switch (option) {
	case 'b':
		o->baseline = optarg;
		return -1;
	case 'k':
		return take_kernel(a);
	case 'c':
		ARRAY_RESERVE(a->consumers, o->num_consumers, a->cap_consumers);
		a->consumers[o->num_consumers++] = optarg;
		return -1;
	case 't':
		return take_target(a);
	case 'r':
		o->report_dir = optarg;
		return -1;
	case 'p':
		a->policy = optarg;
		return -1;
	case 's':
		a->show_policy = true;
		return -1;
	case 'j':
		a->json = true;
		return -1;
	case 'h':
		fputs(help, stdout);
		return VERDICT_PASS;
	default:
		return VERDICT_USAGE;
	}
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	struct gate_options *o = &a->options;
	int option, status;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		status = take(a, option);
		if (status >= 0)
			return status;
	}
	o->kernels = a->kernels;
	o->consumers = a->consumers;
	if ((a->policy || o->baseline) && boot_target_foreign(o->target)) {
		fprintf(stderr, "plimsoll: policy and baseline are for content "
			"of ours, not of the target %s\n", o->target);
		return VERDICT_USAGE;
	}
	if (optind == argc - (a->show_policy ? 0 : 1))
		return -1;
	fputs(help, stderr);
	return VERDICT_USAGE;
}

static enum verdict gate(const struct arguments *a, const char *path)
{
	const char *dir = a->options.report_dir;
	enum verdict verdict;
	json_t *report;
	int err;

	err = dir ? file_mkdirs(dir) : 0;
	if (err) {
		fprintf(stderr, "plimsoll: %s: %s\n", dir, strerror(-err));
		return VERDICT_UNKNOWN;
	}
	held_add(path, FILE_MAX_LEN);
	held_add(a->options.baseline, FILE_MAX_LEN);
	held_add_all(a->options.consumers, a->options.num_consumers,
		     FILE_MAX_LEN);
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
	free(a.kernels);
	free(a.consumers);
	return status;
}
