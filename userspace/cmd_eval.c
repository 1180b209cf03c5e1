// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll eval: what each rule says of each event. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "content/load.h"
#include "event/event.h"
#include "event/lines.h"
#include "options.h"
#include "report/document.h"
#include "verbs.h"

static const char help[] =
	"usage: plimsoll eval --events EVENTS.jsonl [--json] FILE\n\n"
	"Say which rules of a content file match each event.  An event is a line\n"
	"of JSON; the answers come in the same order.\n\n"
	"  --events E  read events from this file; - is standard input\n"
	"  --json      one JSON document on standard output\n"
	"  --help      this text\n";

/* One run of the verb. */
struct run {
	const char *events;	/* path, or "-" */
	const char *path;
	bool json;
	struct stage stage;	/* of what went wrong */
	struct loaded loaded;
	uint64_t num_events;
	bool usage;		/* the events are malformed */
};

static void print_help(FILE *to)
{
	fputs(help, to);
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct run *run)
{
	const struct option_row rows[] = {
		{ "events", OPTION_WORD, &run->events, 0, NULL },
		{ "json", OPTION_FLAG, &run->json, 0, NULL },
		{ 0 }
	};
	int status = options_read(argc, argv, rows, print_help);

	if (status >= 0)
		return status;
	if (run->events && optind == argc - 1) {
		run->path = argv[optind];
		return -1;
	}
	print_help(stderr);
	return VERDICT_USAGE;
}

static const char *events_name(const struct run *run)
{
	return strcmp(run->events, "-") ? run->events : "standard input";
}

static struct place events_place(const struct run *run)
{
	return (struct place){ events_name(run), FINDING_NO_OFFSET, NULL };
}

static void bad_event(struct run *run, uint64_t line, const char *text)
{
	run->usage = true;
	stage_finding(&run->stage, SEVERITY_UNKNOWN, "BAD_EVENT",
		      events_place(run), "line %" PRIu64 ": %s", line, text);
}

static json_t *id_json(const struct run *run, uint32_t rule)
{
	char *id = content_rule_id(&run->loaded.content, rule);
	json_t *json = document_text(id ? id : "");

	free(id);
	return json;
}

static json_t *result_json(const struct run *run, uint64_t line,
			   const struct event_result *result)
{
	json_t *matches = json_array(), *faults = json_array();

	for (size_t i = 0; i < result->num_matches; i++)
		json_array_append_new(matches, id_json(run,
						       result->matches[i]));
	for (size_t i = 0; i < result->num_faults; i++)
		json_array_append_new(
			faults, json_pack("{so ss}", "rule",
					  id_json(run, result->faults[i]),
					  "code", plm_error_name(
						  result->fault_errs[i])));
	return json_pack("{sI so so sI sI}", "line", (json_int_t)line,
			 "matches", matches, "faults", faults, "evaluated",
			 (json_int_t)result->num_evaluated, "words",
			 (json_int_t)result->num_words);
}

/* One array element at a time, so that memory does not grow with the events. */
static void print_json(const struct run *run, uint64_t line,
		       const struct event_result *result)
{
	json_t *json = result_json(run, line, result);

	fputs(run->num_events ? ",\n" : "\n", stdout);
	json_dumpf(json, stdout, JSON_COMPACT);
	json_decref(json);
}

static void print_id(const struct run *run, uint32_t rule)
{
	char *id = content_rule_id(&run->loaded.content, rule);

	printf(" %s", id ? id : "");
	free(id);
}

static void print_line(const struct run *run, uint64_t line,
		       const struct event_result *result)
{
	printf("%" PRIu64 ":", line);
	for (size_t i = 0; i < result->num_matches; i++)
		print_id(run, result->matches[i]);
	for (size_t i = 0; i < result->num_faults; i++) {
		print_id(run, result->faults[i]);
		printf("(%s)", plm_error_name(result->fault_errs[i]));
	}
	puts(result->num_matches || result->num_faults ? "" : " -");
}

static void note_faults(struct run *run, uint64_t line,
			const struct event_result *result)
{
	for (size_t i = 0; i < result->num_faults; i++) {
		char *id = content_rule_id(&run->loaded.content,
					   result->faults[i]);
		struct place place = { run->path, FINDING_NO_OFFSET, id };

		stage_finding(&run->stage, SEVERITY_FAIL,
			      plm_error_name(result->fault_errs[i]), place,
			      "line %" PRIu64 ": %s", line,
			      plm_error_text(result->fault_errs[i]));
		free(id);
	}
}

static void answer(struct run *run, struct evaluator *evaluator,
		   const struct event *event, uint64_t line)
{
	struct event_result result;

	evaluator_run(evaluator, event, event->template->shape.num_inputs,
		      &result);
	(run->json ? print_json : print_line)(run, line, &result);
	/* The first says it; the answers have them all. */
	if (!run->stage.num_findings)
		note_faults(run, line, &result);
	run->num_events++;
	event_result_free(&result);
}

/* False after the last line, and after one that is no event. */
static bool answer_next(struct run *run, struct lines *lines,
			struct evaluator *evaluator)
{
	char error[EVENT_ERROR_LEN];
	struct event event;
	char *line;
	size_t len;

	switch (lines_next(lines, &line, &len)) {
	case LINES_END:
		return false;
	case LINES_TOO_LONG:
		bad_event(run, lines->number, "longer than 1 MiB");
		return false;
	case LINES_FAILED:
		stage_finding(&run->stage, SEVERITY_UNKNOWN, "UNREADABLE",
			      events_place(run), "%s", strerror(errno));
		return false;
	default:
		break;
	}
	if (event_from_line(&event, line, len, error)) {
		bad_event(run, lines->number, error);
		return false;
	}
	answer(run, evaluator, &event, lines->number);
	event_free(&event);
	return !ferror(stdout);
}

static void answer_all(struct run *run, int fd)
{
	struct evaluator *evaluator = evaluator_new(&run->loaded.content);
	struct lines lines;

	lines_open(&lines, fd);
	while (answer_next(run, &lines, evaluator))
		;
	lines_close(&lines);
	evaluator_free(evaluator);
}

static void eval(struct run *run)
{
	int fd = STDIN_FILENO;

	if (content_load(&run->loaded, run->path, &run->stage) != VERDICT_PASS)
		return;
	if (strcmp(run->events, "-"))
		fd = open(run->events, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		stage_finding(&run->stage, SEVERITY_UNKNOWN, "UNREADABLE",
			      events_place(run), "%s", strerror(errno));
		return;
	}
	answer_all(run, fd);
	if (fd != STDIN_FILENO)
		close(fd);
	stage_pass(&run->stage);
}

static void print_head(const struct run *run)
{
	json_t *file = document_text(run->path);

	fputs("{\"file\": ", stdout);
	json_dumpf(file, stdout, JSON_ENCODE_ANY);
	fputs(", \"events\": [", stdout);
	json_decref(file);
}

static void print_tail(const struct run *run)
{
	json_t *stage = stage_json(&run->stage);

	fputs("\n], \"verdict\": ", stdout);
	json_dumpf(json_object_get(stage, "verdict"), stdout, JSON_ENCODE_ANY);
	fputs(", \"findings\": ", stdout);
	json_dumpf(json_object_get(stage, "findings"), stdout, JSON_COMPACT);
	fputs("}\n", stdout);
	json_decref(stage);
}

static enum verdict eval_and_print(struct run *run)
{
	enum verdict verdict;

	stage_init(&run->stage, "eval");
	stage_begin(&run->stage);
	if (run->json)
		print_head(run);
	eval(run);
	stage_end(&run->stage);
	if (run->json)
		print_tail(run);
	stage_print(&run->stage);
	verdict = run->usage ? VERDICT_USAGE : stage_verdict(&run->stage);
	if (fflush(stdout) || ferror(stdout)) {
		fputs("plimsoll: standard output: could not be written\n",
		      stderr);
		verdict = VERDICT_UNKNOWN;
	}
	content_unload(&run->loaded);
	stage_free(&run->stage);
	return verdict;
}

int cmd_eval(int argc, char **argv)
{
	struct run run = { 0 };
	int status = parse(argc, argv, &run);

	return status < 0 ? (int)eval_and_print(&run) : status;
}
