// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll check: may every consumer parse this file? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/shown.h"
#include "check/check.h"
#include "options.h"
#include "report/document.h"
#include "verbs.h"

static const char help[] =
	"usage: plimsoll check [OPTION]... FILE...\n\n"
	"Check content files with the parser that the kernel runs.\n\n"
	"  --consumer X.ko     compare with what this module supplies; repeatable\n"
	"  --kernel K          the modules must fit it, as the kernel asks when it\n"
	"                      loads one; repeatable: each must fit one of them\n"
	"  --baseline OLD.plm  must be of the same channel and a newer version\n"
	"  --json              one JSON document on standard output\n"
	"  --help              this text\n";

struct arguments {
	struct check_options options;
	bool json;
};

static void print_help(FILE *to)
{
	fputs(help, to);
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	struct check_options *o = &a->options;
	const struct option_row rows[] = {
		{ "consumer", OPTION_WORDS, &o->consumers, 0, NULL },
		{ "kernel", OPTION_WORDS, &o->kernels, 0, options_kernel },
		{ "baseline", OPTION_WORD, &o->baseline, 0, NULL },
		{ "json", OPTION_FLAG, &a->json, 0, NULL },
		{ 0 }
	};
	int status = options_read(argc, argv, rows, print_help);

	if (status >= 0)
		return status;
	if (optind < argc)
		return -1;
	print_help(stderr);
	return VERDICT_USAGE;
}

static enum verdict check_file(const struct arguments *a, const char *path,
			       json_t *files)
{
	enum verdict verdict;
	struct stage stage;
	json_t *json;

	stage_init(&stage, "check");
	check_run(&a->options, path, &stage, NULL);
	verdict = stage_verdict(&stage);
	stage_print(&stage);
	if (a->json) {
		json = stage_json(&stage);
		json_object_set_new(json, "file",
				    document_text(path));
		json_array_append_new(files, json);
	} else {
		shown_print(stdout, path);
		printf(": %s\n", verdict_name(verdict));
	}
	stage_free(&stage);
	return verdict;
}

int cmd_check(int argc, char **argv)
{
	struct arguments a = { 0 };
	json_t *files = json_array();
	enum verdict verdict = VERDICT_PASS;
	int status = parse(argc, argv, &a);

	if (status < 0) {
		for (int i = optind; i < argc; i++)
			verdict = verdict_worse(
				verdict, check_file(&a, argv[i], files));
		status = verdict;
		if (a.json &&
		    document_print(json_pack("{ss sO}", "verdict",
					     verdict_name(verdict), "files",
					     files)))
			status = VERDICT_UNKNOWN;
		else if (fflush(stdout) || ferror(stdout))
			status = VERDICT_UNKNOWN;
	}
	json_decref(files);
	words_free(&a.options.consumers);
	words_free(&a.options.kernels);
	return status;
}
