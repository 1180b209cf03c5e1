// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll console: what does a kernel cry about in these logs? */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"
#include "report/verdict.h"
#include "verbs.h"
#include "vm/console.h"

#define LOG_MAX_LEN ((size_t)256 << 20)

static const char help[] =
	"usage: plimsoll console [--json] LOG...\n\n"
	"Find the reports of a kernel in distress in console logs; - is standard\n"
	"input.  The first report is shown whole, the others by their titles, one\n"
	"that several logs have once.\n\n"
	"  --json  one JSON document on standard output\n"
	"  --help  this text\n\n"
	"Exit status: 0 none found, 1 found, 2 usage, 3 a log can't be read.\n";

/* One log after the other; a report that an earlier one had is its own again. */
struct sighting {
	struct console_report *report;	/* in the console that had it first */
	const char *log;
	json_t *places;			/* where it was seen: {"log","line"} */
};

struct logs {
	struct console *consoles;	/* one for each log, in order */
	size_t num_consoles;
	struct sighting *sightings;
	size_t num_sightings, cap_sightings;
	json_t *list;			/* {"log","boots","reports"} */
	enum verdict verdict;
};

static struct sighting *find(struct logs *logs, const char *log,
			     struct console_report *report)
{
	struct sighting *new;

	for (size_t i = 0; i < logs->num_sightings; i++) {
		struct sighting *old = &logs->sightings[i];

		if (!strcmp(old->report->kind, report->kind) &&
		    !strcmp(old->report->title, report->title))
			return old;
	}
	ARRAY_RESERVE(logs->sightings, logs->num_sightings,
		      logs->cap_sightings);
	new = &logs->sightings[logs->num_sightings++];
	*new = (struct sighting){ report, log, json_array() };
	return new;
}

static void read_log(struct logs *logs, const char *path)
{
	bool is_input = !strcmp(path, "-");
	struct console *console = &logs->consoles[logs->num_consoles++];
	uint8_t *data;
	size_t len;
	int err = file_read(is_input ? "/dev/stdin" : path, LOG_MAX_LEN, &data,
			    &len);

	if (err) {
		fprintf(stderr, "plimsoll: %s: %s\n", path, strerror(-err));
		logs->verdict = verdict_worse(logs->verdict, VERDICT_UNKNOWN);
		return;
	}
	console_scan(console, (const char *)data, len);
	free(data);
	for (size_t i = 0; i < console->num_reports; i++) {
		struct console_report *report = &console->reports[i];
		struct sighting *seen = find(logs, path, report);

		json_array_append_new(seen->places,
				      json_pack("{so sI}", "log",
						document_text(path), "line",
						(json_int_t)report->line));
	}
	if (console->num_reports)
		logs->verdict = VERDICT_FAIL;
	json_array_append_new(logs->list, json_pack(
		"{so sI sI}", "log", document_text(path), "boots",
		(json_int_t)console->num_banners, "reports",
		(json_int_t)console->num_reports));
}

static void print_text(const struct logs *logs)
{
	for (size_t i = 0; i < logs->num_sightings; i++) {
		const struct sighting *seen = &logs->sightings[i];
		size_t times = json_array_size(seen->places);

		printf("%s:%zu: %s: %s", seen->log, seen->report->line,
		       seen->report->kind, seen->report->title);
		if (times > 1)
			printf(" (in %zu logs)", times);
		putchar('\n');
		if (i == 0)
			fputs(seen->report->text, stdout);
	}
}

static int print_json(const struct logs *logs)
{
	json_t *reports = json_array();

	for (size_t i = 0; i < logs->num_sightings; i++) {
		const struct sighting *seen = &logs->sightings[i];

		json_array_append_new(reports, json_pack(
			"{ss so so sO}", "kind", seen->report->kind, "title",
			document_text(seen->report->title), "text",
			document_text(seen->report->text), "places",
			seen->places));
	}
	return document_print(json_pack("{ss sO so}", "verdict",
					verdict_name(logs->verdict), "logs",
					logs->list, "reports", reports));
}

static void free_logs(struct logs *logs)
{
	for (size_t i = 0; i < logs->num_sightings; i++)
		json_decref(logs->sightings[i].places);
	for (size_t i = 0; i < logs->num_consoles; i++)
		console_free(&logs->consoles[i]);
	json_decref(logs->list);
	free(logs->sightings);
	free(logs->consoles);
}

static int classify(int num, char **paths, bool json)
{
	struct logs logs = {
		.consoles = xcalloc((size_t)num, sizeof(*logs.consoles)),
		.list = json_array(),
		.verdict = VERDICT_PASS,
	};
	int status;

	for (int i = 0; i < num; i++)
		read_log(&logs, paths[i]);
	status = logs.verdict;
	if (json && print_json(&logs))
		status = VERDICT_UNKNOWN;
	else if (!json)
		print_text(&logs);
	if (fflush(stdout) || ferror(stdout))
		status = VERDICT_UNKNOWN;
	free_logs(&logs);
	return status;
}

int cmd_console(int argc, char **argv)
{
	struct verb_arguments arguments;

	if (!verb_arguments(&arguments, argc, argv, help, 1, INT_MAX))
		return arguments.status;
	return classify(arguments.num_paths, arguments.paths,
			arguments.json);
}
