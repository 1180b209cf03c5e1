// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll bench: what the benchmarks measure, as JSON. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "options.h"
#include "report/document.h"
#include "report/verdict.h"
#include "verbs.h"

const struct benchmark benchmarks[] = {
	{ "check", "check beside SHA-256 over the same MiB", bench_check },
	{ "eval", "cost of an event by number of rules", bench_eval },
	{ "boot", "cold boot with verdict beside a bare kernel's", bench_boot },
	{ "spawn", "fork and exec in a kernel, with our module and without",
	  bench_spawn },
};

const size_t num_benchmarks = ARRAY_LEN(benchmarks);

static void help(FILE *out)
{
	fputs("usage: plimsoll bench [--json] [--content FILE.plm] [NAME]...\n\n"
	      "Run all benchmarks, or those named, and print one JSON document.\n"
	      "\n  --content FILE.plm  measure this one too, where rules are evaluated\n"
	      "  --json              accepted for symmetry: the output is always JSON\n"
	      "  --help              this text\n\n", out);
	for (size_t i = 0; i < num_benchmarks; i++)
		fprintf(out, "  %-6s  %s\n", benchmarks[i].name,
			benchmarks[i].help);
}

static const struct benchmark *find(const char *name)
{
	for (size_t i = 0; i < num_benchmarks; i++)
		if (!strcmp(benchmarks[i].name, name))
			return &benchmarks[i];
	fprintf(stderr, "plimsoll: no benchmark named '%s'\n", name);
	return NULL;
}

static enum verdict run(const struct benchmark *benchmark,
			const char *content_path, json_t *document)
{
	json_t *figures;

	fprintf(stderr, "%s: %s\n", benchmark->name, benchmark->help);
	figures = benchmark->run(content_path);
	if (!figures)
		fprintf(stderr, "%s: could not be measured here\n",
			benchmark->name);
	json_object_set_new(document, benchmark->name,
			    figures ? figures : json_null());
	return figures ? VERDICT_PASS : VERDICT_UNKNOWN;
}

int cmd_bench(int argc, char **argv)
{
	const char *content_path = NULL;
	bool json;	/* it always is */
	const struct option_row rows[] = {
		{ "content", OPTION_WORD, &content_path, 0, NULL },
		{ "json", OPTION_FLAG, &json, 0, NULL },
		{ 0 }
	};
	int status = options_read(argc, argv, rows, help);
	enum verdict verdict = VERDICT_PASS;
	json_t *document;

	if (status >= 0)
		return status;
	for (int i = optind; i < argc; i++)
		if (!find(argv[i]))
			return VERDICT_USAGE;
	document = json_object();
	for (int i = optind; i < argc; i++)
		verdict = verdict_worse(verdict, run(find(argv[i]), content_path,
						     document));
	for (size_t i = 0; i < num_benchmarks && optind == argc; i++)
		verdict = verdict_worse(verdict, run(&benchmarks[i],
						     content_path, document));
	return document_print(document) ? VERDICT_UNKNOWN : verdict;
}
