// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll fuzz: the files around a candidate, here and in kernels. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/held.h"
#include "base/mem.h"
#include "base/shown.h"
#include "fuzz/stage.h"
#include "fuzz/worker.h"
#include "report/document.h"
#include "report/report.h"
#include "verbs.h"
#include "vm/boot.h"
#include "vm/interrupt.h"

#define FILE_MAX_LEN ((size_t)256 << 20)
#define MAX_SECONDS 1000000.0

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
	"With --in-kernel (for --time seconds, 60; kernel sanitizer):\n\n"
	"  --corpus DIR      keep inputs there from run to run (in the cache folder)\n"
	"  --crashes N       end after so many different crashes\n"
	"  --repeat N        only boot, and try the file N times\n"
	"  --before FILE     and this one before it; repeatable\n\n"
	"The files are a list in a fixed order: exhaustive first, then files with two\n"
	"to four changes, drawn from the seed.  A number smaller than the exhaustive\n"
	"part takes an equal share of each kind of change, evenly spaced.\n"
	"Exit status: 0 pass, 1 fail, 2 usage, 3 unknown.\n";

/* How the parser is attacked. */
static const struct mode {
	const char *name;
	void (*run)(const struct fuzz_options *options, const char *path,
		    struct stage *stage);
} neighbourhood = { "neighbourhood", fuzz_run },
  in_kernel = { "in-kernel", fuzz_in_kernel };

struct words {
	const char **items;
	size_t num, cap;
};

struct arguments {
	struct fuzz_options options;
	struct words kernels, consumers, before;
	const struct mode *mode;
	const char *worker;	/* this process is one; of the command alone */
	bool json;
};

static void add(struct words *words, const char *word)
{
	ARRAY_RESERVE(words->items, words->num, words->cap);
	words->items[words->num++] = word;
}

static int usage(const char *format, const char *word)
{
	fprintf(stderr, "plimsoll fuzz: ");
	fprintf(stderr, format, word);
	fputc('\n', stderr);
	return VERDICT_USAGE;
}

/* -1 to go on, or an exit status. */
static int number(const char *text, uint64_t most, uint64_t *out)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value > most)
		return usage("%s is no number, or too large", text);
	*out = value;
	return -1;
}

static int seconds(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	if (end == text || *end || !(*out > 0) || *out > MAX_SECONDS)
		return usage("--time %s is no number of seconds", text);
	return -1;
}

static int take(struct arguments *a, int option)
{
	struct fuzz_options *o = &a->options;
	char error[BOOT_ERROR_LEN];

	switch (option) {
	case 't':
		o->target = optarg;
		return boot_target_known(optarg, error) ? -1 :
							  usage("%s", error);
	case 'k':
		add(&a->kernels, optarg);
		if (!boot_kernel_known(optarg))
			return usage("no kernel %s; a name like debian:6.1, or an image's path",
				     optarg);
		return -1;
	case 'c':
		add(&a->consumers, optarg);
		return -1;
	case 'b':
		o->baseline = optarg;
		return -1;
	case 'n':
		return number(optarg, UINT32_MAX, &o->neighbours);
	case 'N':
		return number(optarg, UINT32_MAX, &o->kernel_neighbours);
	case 'T':
		return seconds(optarg, &o->seconds);
	case 'S':
		return number(optarg, INT64_MAX, &o->seed);
	case 'o':
		return number(optarg, INT64_MAX, &o->one);
	case 'i':
		a->mode = &in_kernel;
		return -1;
	case 'C':
		o->corpus = optarg;
		return -1;
	case 'e':
		return number(optarg, UINT32_MAX, &o->crashes);
	case 'R':
		return number(optarg, UINT32_MAX, &o->repeat);
	case 'B':
		add(&a->before, optarg);
		return -1;
	case 'r':
		o->report_dir = optarg;
		return -1;
	case 'j':
		a->json = true;
		return -1;
	case 'w':
		a->worker = optarg;
		return -1;
	case 'h':
		fputs(help, stdout);
		return VERDICT_PASS;
	default:
		return VERDICT_USAGE;
	}
}

static const char *of_in_kernel(const struct arguments *a)
{
	return a->options.corpus ? "--corpus" :
	       a->options.crashes ? "--crashes" :
	       a->options.repeat ? "--repeat" :
	       a->before.num ? "--before" : NULL;
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{ "target", required_argument, NULL, 't' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "consumer", required_argument, NULL, 'c' },
		{ "baseline", required_argument, NULL, 'b' },
		{ "neighbours", required_argument, NULL, 'n' },
		{ "kernel-neighbours", required_argument, NULL, 'N' },
		{ "time", required_argument, NULL, 'T' },
		{ "seed", required_argument, NULL, 'S' },
		{ "neighbour", required_argument, NULL, 'o' },
		{ "in-kernel", no_argument, NULL, 'i' },
		{ "corpus", required_argument, NULL, 'C' },
		{ "crashes", required_argument, NULL, 'e' },
		{ "repeat", required_argument, NULL, 'R' },
		{ "before", required_argument, NULL, 'B' },
		{ "report", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "worker", required_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option, status = -1;

	while (status < 0 &&
	       (option = getopt_long(argc, argv, "", options, NULL)) != -1)
		status = take(a, option);
	if (status >= 0)
		return status;
	a->options.kernels = a->kernels.items;
	a->options.num_kernels = a->kernels.num;
	a->options.consumers = a->consumers.items;
	a->options.num_consumers = a->consumers.num;
	a->options.before = a->before.items;
	a->options.num_before = a->before.num;
	if (a->mode != &in_kernel && of_in_kernel(a))
		return usage("%s needs --in-kernel", of_in_kernel(a));
	if (a->worker ? optind == argc : optind + 1 == argc)
		return -1;
	fputs(help, stderr);
	return VERDICT_USAGE;
}

/* The report names what was held, which is what was tried. */
static enum verdict keep_report(const struct arguments *a, const char *path,
				const struct stage *stage)
{
	enum verdict verdict = stage_verdict(stage);
	json_t *stages = json_array();
	uint8_t *data = NULL;
	size_t len = 0;
	json_t *report;

	if (file_read(path, FILE_MAX_LEN, &data, &len))
		data = NULL;
	json_array_append_new(stages, stage_json(stage));
	report = report_make(path, data, len, stages, verdict, stage->seconds);
	verdict = report_keep(a->options.report_dir, report, verdict);
	json_decref(report);
	free(data);
	return verdict;
}

static int fuzz(const struct arguments *a, const char *path)
{
	const char *dir = a->options.report_dir;
	int err = dir ? file_mkdirs(dir) : 0;
	enum verdict verdict;
	struct stage stage;
	json_t *json;

	if (err) {
		fprintf(stderr, "plimsoll: %s: %s\n", dir, strerror(-err));
		return VERDICT_UNKNOWN;
	}
	held_add(path, FILE_MAX_LEN);
	held_add(a->options.baseline, FILE_MAX_LEN);
	held_add_all(a->options.consumers, a->options.num_consumers,
		     FILE_MAX_LEN);
	stage_init(&stage, "fuzz");
	/* Whatever has been found by then is told. */
	interrupt_begin();
	a->mode->run(&a->options, path, &stage);
	verdict = stage_verdict(&stage);
	stage_print(&stage);
	shown_print(stderr, path);
	fprintf(stderr, ": %s (%s, %.1f s)\n", verdict_name(verdict),
		stage.summary ? stage.summary : "nothing was tried",
		stage.seconds);
	if (dir)
		verdict = keep_report(a, path, &stage);
	if (a->json) {
		json = stage_json(&stage);
		json_object_set_new(json, "file", document_text(path));
		json_object_set_new(json, "mode", json_string(a->mode->name));
		if (document_print(json))
			verdict = VERDICT_UNKNOWN;
	}
	interrupt_told();
	stage_free(&stage);
	held_free();
	return verdict;
}

int cmd_fuzz(int argc, char **argv)
{
	struct arguments a = {
		.options = { .neighbours = FUZZ_NEIGHBOURS,
			     .kernel_neighbours = FUZZ_KERNEL_NEIGHBOURS,
			     .one = FUZZ_ALL },
		.mode = &neighbourhood,
	};
	int status = parse(argc, argv, &a);

	if (status < 0 && a.worker)
		status = fuzz_worker((unsigned int)(a.worker[0] - '0'));
	else if (status < 0)
		status = fuzz(&a, argv[optind]);
	free(a.kernels.items);
	free(a.consumers.items);
	free(a.before.items);
	return status;
}
