// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll check: may every consumer parse this file? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/shown.h"
#include "check/check.h"
#include "report/document.h"
#include "verbs.h"
#include "vm/kernel.h"

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
	const char **consumers, **kernels;
	size_t num_consumers, cap_consumers;
	size_t num_kernels, cap_kernels;
	bool json;
};

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{ "consumer", required_argument, NULL, 'c' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "baseline", required_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			ARRAY_RESERVE(a->consumers, a->num_consumers,
				      a->cap_consumers);
			a->consumers[a->num_consumers++] = optarg;
			break;
		case 'k':
			if (!kernel_name_known(optarg)) {
				fprintf(stderr, "plimsoll check: no kernel %s\n",
					optarg);
				return VERDICT_USAGE;
			}
			ARRAY_RESERVE(a->kernels, a->num_kernels,
				      a->cap_kernels);
			a->kernels[a->num_kernels++] = optarg;
			break;
		case 'b':
			a->options.baseline = optarg;
			break;
		case 'j':
			a->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return VERDICT_PASS;
		default:
			return VERDICT_USAGE;
		}
	}
	a->options.consumers = a->consumers;
	a->options.num_consumers = a->num_consumers;
	a->options.kernels = a->kernels;
	a->options.num_kernels = a->num_kernels;
	if (optind < argc)
		return -1;
	fputs(help, stderr);
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
	free(a.consumers);
	free(a.kernels);
	return status;
}
