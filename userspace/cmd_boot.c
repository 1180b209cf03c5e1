// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll boot: a candidate in real kernels. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "boot_screen.h"
#include "options.h"
#include "verb_stage.h"
#include "verbs.h"
#include "vm/boot.h"
#include "vm/scenario.h"

static const char help[] =
	"usage: plimsoll boot [OPTION]... FILE\n"
	"       plimsoll boot --screen [OPTION]... FILE...\n\n"
	"Load a content file into real kernels in QEMU, use it, and judge.\n\n"
	"  --target T        what parses the file: plimsoll, regdb, apparmor, bpf,\n"
	"                    module, or a file of your own, plimsoll-target(5)\n"
	"  --kernel K        debian:6.1, debian:6.12, sanitizer, ... or an image; repeatable\n"
	"  --scenario S      one of those below; repeatable\n"
	"  --consumer X.ko   the module that loads it; repeatable\n"
	"  --baseline OLD    what ran before the file\n"
	"  --screen          many files, each in a fresh VM from a kept template:\n"
	"                    quick, and no evidence that a machine boots\n"
	"  --report DIR      write report.json, .xml (JUnit), .ktap and consoles there\n"
	"  --deterministic   count time in instructions: the same console each run\n"
	"  --json            one JSON document on standard output\n"
	"  --help            this text\n\n"
	"Without --kernel: debian:6.1.  Without --consumer: our own module for each\n"
	"kernel.  Without --baseline: the file itself, under the version before.\n"
	"Exit status: 0 pass, 1 fail, 2 usage, 3 unknown.\n";

static void print_help(FILE *to)
{
	fputs(help, to);
	fputs("\nScenarios (* without --scenario):\n", to);
	for (size_t i = 0; i < num_scenarios; i++)
		fprintf(to, "%c %-12s %s\n", scenarios[i].on_request ? ' ' : '*',
			scenarios[i].name, scenarios[i].what);
}

struct arguments {
	struct boot_options options;
	bool json, screen;
};

static const char *not_for_screen(const struct arguments *a)
{
	return a->options.scenarios.num ? "--scenario" :
	       a->options.baseline ? "--baseline" :
	       a->options.deterministic ? "--deterministic" :
	       a->options.evidence_dir ? "--report" : NULL;
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	struct boot_options *o = &a->options;
	const struct option_row rows[] = {
		{ "target", OPTION_WORD, &o->target, 0, boot_target_known },
		{ "kernel", OPTION_WORDS, &o->kernels, 0, options_kernel },
		{ "scenario", OPTION_WORDS, &o->scenarios, 0,
		  options_scenario },
		{ "consumer", OPTION_WORDS, &o->consumers, 0, NULL },
		{ "baseline", OPTION_WORD, &o->baseline, 0, NULL },
		{ "report", OPTION_WORD, &o->evidence_dir, 0, NULL },
		{ "deterministic", OPTION_FLAG, &o->deterministic, 0, NULL },
		{ "screen", OPTION_FLAG, &a->screen, 0, NULL },
		{ "json", OPTION_FLAG, &a->json, 0, NULL },
		{ 0 }
	};
	int status = options_read(argc, argv, rows, print_help);

	if (status >= 0)
		return status;
	if (a->screen && not_for_screen(a))
		return options_wrong(argv[0], "--screen takes no %s",
				     not_for_screen(a));
	if (o->baseline && boot_target_foreign(o->target))
		return options_wrong(argv[0], "--baseline is for content of ours, not of the target %s",
				     o->target);
	if (optind + 1 == argc || (a->screen && optind < argc))
		return -1;
	print_help(stderr);
	return VERDICT_USAGE;
}

static void run(const void *options, const char *path, struct stage *stage)
{
	boot_run(options, path, stage);
}

static int boot(const struct arguments *a, const char *path)
{
	const struct verb_stage verb = {
		.name = "boot",
		.baseline = a->options.baseline,
		.consumers = &a->options.consumers,
		.report_dir = a->options.evidence_dir,
		.json = a->json,
		.run = run,
		.options = &a->options,
	};

	return verb_stage(&verb, path);
}

int cmd_boot(int argc, char **argv)
{
	struct arguments a = { 0 };
	int status = parse(argc, argv, &a);

	if (status < 0 && a.screen)
		status = boot_screen(&a.options, argv + optind,
				     (size_t)(argc - optind), a.json);
	else if (status < 0)
		status = boot(&a, argv[optind]);
	words_free(&a.options.kernels);
	words_free(&a.options.scenarios);
	words_free(&a.options.consumers);
	return status;
}
