// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll fuzz: the files around a candidate, here and in kernels. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/stage.h"
#include "fuzz/worker.h"
#include "options.h"
#include "verb_stage.h"
#include "verbs.h"
#include "vm/interrupt.h"

static const char help[] =
	"usage: plimsoll fuzz [OPTION]... FILE\n\n"
	"Attack the parser with the files around this one: cut, torn, with every bit\n"
	"flipped and every number at its extremes, sections exchanged, and with sizes\n"
	"and check sum repaired; through the core under sanitizers, and in kernels.\n\n"
	"  --target T        what parses the file, a name or a target file (plimsoll)\n"
	"  --kernel K        debian:6.1, ... or an image; repeatable (debian:6.1)\n"
	"  --consumer X.ko   the module that loads it; repeatable (ours)\n"
	"  --baseline OLD    also files that are partly this one\n"
	"  --neighbours N    so many files in userspace, 0: none (1000000)\n"
	"  --kernel-neighbours N\n"
	"                    and so many in each kernel, 0: none (10000)\n"
	"  --time SECONDS    each part goes on for so long, instead of so many\n"
	"  --seed N          where the files that are drawn come from (0)\n"
	"  --neighbour K     only the file of that number\n"
	"  --in-kernel       coverage-guided, inside a kernel with KASAN and KCOV\n"
	"  --report DIR      write report.json, .xml (JUnit), .ktap and files there\n"
	"  --json            one JSON document on standard output\n"
	"  --help            this text\n\n"
	"With --in-kernel (for --time seconds, 60; one kernel, sanitizer; one consumer):\n\n"
	"  --corpus DIR      keep inputs there from run to run (in the cache folder)\n"
	"  --crashes N       end after so many different crashes\n"
	"  --repeat N        only boot, and try the file N times\n"
	"  --before FILE     and this one before it; repeatable\n\n"
	"The files are a list in a fixed order: exhaustive first, then files with two\n"
	"to four changes, drawn from the seed.  A number smaller than the exhaustive\n"
	"part takes an equal share of each kind of change, evenly spaced.\n"
	"Exit status: 0 pass, 1 fail, 2 usage, 3 unknown.\n";

struct arguments {
	struct fuzz_options options;
	bool in_kernel, json;
	const char *worker;	/* this process is one; of the command alone */
};

static void print_help(FILE *to)
{
	fputs(help, to);
}

static const char *of_in_kernel(const struct arguments *a)
{
	return a->options.corpus ? "--corpus" :
	       a->options.crashes ? "--crashes" :
	       a->options.repeat ? "--repeat" :
	       a->options.before.num ? "--before" : NULL;
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	struct fuzz_options *o = &a->options;
	const struct option_row rows[] = {
		{ "target", OPTION_WORD, &o->target, 0, boot_target_known },
		{ "kernel", OPTION_WORDS, &o->kernels, 0, options_kernel },
		{ "consumer", OPTION_WORDS, &o->consumers, 0, NULL },
		{ "baseline", OPTION_WORD, &o->baseline, 0, NULL },
		{ "neighbours", OPTION_NUMBER, &o->neighbours, UINT32_MAX,
		  NULL },
		{ "kernel-neighbours", OPTION_NUMBER, &o->kernel_neighbours,
		  UINT32_MAX, NULL },
		{ "time", OPTION_SECONDS, &o->seconds, 0, NULL },
		{ "seed", OPTION_NUMBER, &o->seed, INT64_MAX, NULL },
		{ "neighbour", OPTION_NUMBER, &o->one, INT64_MAX, NULL },
		{ "in-kernel", OPTION_FLAG, &a->in_kernel, 0, NULL },
		{ "corpus", OPTION_WORD, &o->corpus, 0, NULL },
		{ "crashes", OPTION_NUMBER, &o->crashes, UINT32_MAX, NULL },
		{ "repeat", OPTION_NUMBER, &o->repeat, UINT32_MAX, NULL },
		{ "before", OPTION_WORDS, &o->before, 0, NULL },
		{ "report", OPTION_WORD, &o->report_dir, 0, NULL },
		{ "json", OPTION_FLAG, &a->json, 0, NULL },
		{ "worker", OPTION_WORD, &a->worker, 0, NULL },
		{ 0 }
	};
	int status = options_read(argc, argv, rows, print_help);

	if (status >= 0)
		return status;
	if (!a->in_kernel && of_in_kernel(a))
		return options_wrong(argv[0], "%s needs --in-kernel",
				     of_in_kernel(a));
	if (a->in_kernel && o->baseline)
		return options_wrong(argv[0], "--in-kernel takes no --baseline");
	if (o->baseline && boot_target_foreign(o->target))
		return options_wrong(argv[0], "--baseline is for content of ours, not of the target %s",
				     o->target);
	if (a->worker ? optind == argc : optind + 1 == argc)
		return -1;
	print_help(stderr);
	return VERDICT_USAGE;
}

static void run_neighbourhood(const void *options, const char *path,
			      struct stage *stage)
{
	fuzz_run(options, path, stage);
}

static void run_in_kernel(const void *options, const char *path,
			  struct stage *stage)
{
	fuzz_in_kernel(options, path, stage);
}

static int fuzz(const struct arguments *a, const char *path)
{
	const struct verb_stage verb = {
		.name = "fuzz",
		.mode = a->in_kernel ? "in-kernel" : "neighbourhood",
		.baseline = a->options.baseline,
		.consumers = &a->options.consumers,
		.report_dir = a->options.report_dir,
		.json = a->json,
		.run = a->in_kernel ? run_in_kernel : run_neighbourhood,
		.options = &a->options,
	};
	int status;

	/* Whatever has been found by then is told. */
	interrupt_begin();
	status = verb_stage(&verb, path);
	interrupt_told();
	return status;
}

int cmd_fuzz(int argc, char **argv)
{
	struct arguments a = {
		.options = { .neighbours = FUZZ_NEIGHBOURS,
			     .kernel_neighbours = FUZZ_KERNEL_NEIGHBOURS,
			     .one = FUZZ_ALL },
	};
	int status = parse(argc, argv, &a);

	if (status < 0 && a.worker)
		status = fuzz_worker((unsigned int)(a.worker[0] - '0'));
	else if (status < 0)
		status = fuzz(&a, argv[optind]);
	words_free(&a.options.kernels);
	words_free(&a.options.consumers);
	words_free(&a.options.before);
	return status;
}
