// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll boot: a candidate in real kernels. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/held.h"
#include "base/mem.h"
#include "base/shown.h"
#include "report/document.h"
#include "report/report.h"
#include "boot_screen.h"
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

#define FILE_MAX_LEN ((size_t)256 << 20)

static void print_help(FILE *to)
{
	fputs(help, to);
	fputs("\nScenarios (* without --scenario):\n", to);
	for (size_t i = 0; i < num_scenarios; i++)
		fprintf(to, "%c %-12s %s\n", scenarios[i].on_request ? ' ' : '*',
			scenarios[i].name, scenarios[i].what);
}

/* Words of one option that may be repeated. */
struct words {
	const char **items;
	size_t num, cap;
};

struct arguments {
	struct boot_options options;
	struct words kernels, scenarios, consumers;
	const char *report_dir;
	bool json, screen;
};

static void add(struct words *words, const char *word)
{
	ARRAY_RESERVE(words->items, words->num, words->cap);
	words->items[words->num++] = word;
}

static int usage(const char *format, const char *word)
{
	fprintf(stderr, "plimsoll boot: ");
	fprintf(stderr, format, word);
	fputc('\n', stderr);
	return VERDICT_USAGE;
}

static int take(struct arguments *a, int option)
{
	char error[BOOT_ERROR_LEN];

	switch (option) {
	case 't':
		a->options.target = optarg;
		return boot_target_known(optarg, error) ? -1 :
							  usage("%s", error);
	case 'k':
		add(&a->kernels, optarg);
		if (!boot_kernel_known(optarg))
			return usage("no kernel %s; a name like debian:6.1, or an image's path",
				     optarg);
		return -1;
	case 's':
		add(&a->scenarios, optarg);
		if (!boot_scenario_known(optarg))
			return usage("no scenario %s; see plimsoll boot --help",
				     optarg);
		return -1;
	case 'c':
		add(&a->consumers, optarg);
		return -1;
	case 'b':
		a->options.baseline = optarg;
		return -1;
	case 'r':
		a->report_dir = optarg;
		a->options.evidence_dir = optarg;
		return -1;
	case 'd':
		a->options.deterministic = true;
		return -1;
	case 'S':
		a->screen = true;
		return -1;
	case 'j':
		a->json = true;
		return -1;
	case 'h':
		print_help(stdout);
		return VERDICT_PASS;
	default:
		return VERDICT_USAGE;
	}
}

static const char *not_for_screen(const struct arguments *a)
{
	return a->scenarios.num ? "--scenario" :
	       a->options.baseline ? "--baseline" :
	       a->options.deterministic ? "--deterministic" :
	       a->report_dir ? "--report" : NULL;
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{ "target", required_argument, NULL, 't' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "scenario", required_argument, NULL, 's' },
		{ "consumer", required_argument, NULL, 'c' },
		{ "baseline", required_argument, NULL, 'b' },
		{ "report", required_argument, NULL, 'r' },
		{ "deterministic", no_argument, NULL, 'd' },
		{ "screen", no_argument, NULL, 'S' },
		{ "json", no_argument, NULL, 'j' },
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
	a->options.scenarios = a->scenarios.items;
	a->options.num_scenarios = a->scenarios.num;
	a->options.consumers = a->consumers.items;
	a->options.num_consumers = a->consumers.num;
	if (a->screen && not_for_screen(a))
		return usage("--screen takes no %s", not_for_screen(a));
	if (a->options.baseline && boot_target_foreign(a->options.target))
		return usage("--baseline is for content of ours, not of the target %s",
			     a->options.target);
	if (optind + 1 == argc || (a->screen && optind < argc))
		return -1;
	print_help(stderr);
	return VERDICT_USAGE;
}

/* The report names what was held, which is what was booted. */
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
	verdict = report_keep(a->report_dir, report, verdict);
	json_decref(report);
	free(data);
	return verdict;
}

static int boot(const struct arguments *a, const char *path)
{
	int err = a->report_dir ? file_mkdirs(a->report_dir) : 0;
	enum verdict verdict;
	struct stage stage;
	json_t *json;

	if (err) {
		fprintf(stderr, "plimsoll: %s: %s\n", a->report_dir,
			strerror(-err));
		return VERDICT_UNKNOWN;
	}

	held_add(path, FILE_MAX_LEN);
	held_add(a->options.baseline, FILE_MAX_LEN);
	held_add_all(a->options.consumers, a->options.num_consumers,
		     FILE_MAX_LEN);
	stage_init(&stage, "boot");
	boot_run(&a->options, path, &stage);
	verdict = stage_verdict(&stage);
	stage_print(&stage);
	shown_print(stderr, path);
	fprintf(stderr, ": %s (%s, %.1f s)\n", verdict_name(verdict),
		stage.summary ? stage.summary : "nothing was run",
		stage.seconds);
	if (a->report_dir)
		verdict = keep_report(a, path, &stage);
	if (a->json) {
		json = stage_json(&stage);
		json_object_set_new(json, "file", document_text(path));
		if (document_print(json))
			verdict = VERDICT_UNKNOWN;
	}
	stage_free(&stage);
	held_free();
	return verdict;
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
	free(a.kernels.items);
	free(a.scenarios.items);
	free(a.consumers.items);
	return status;
}
