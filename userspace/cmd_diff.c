// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll diff: what is different for those whom the rules are for? */
#include <stdio.h>
#include <stdlib.h>

#include "diff/diff.h"
#include "report/document.h"
#include "verbs.h"

static const char help[] =
	"usage: plimsoll diff [--json] OLD NEW\n\n"
	"Show which rules a content file has that another one had not, which\n"
	"it lacks, and what has changed in the others: not in bytes, but in\n"
	"what they say.  Rules are the same rule if they have the same id.\n"
	"That there are differences is no failure.\n\n"
	"  --json    one JSON document on standard output\n"
	"  --help    this text\n";

static int finish(const struct diff_side *sides, bool json)
{
	json_t *document = diff_json(&sides[0], &sides[1]);

	if (json)
		return document_print(document) ? VERDICT_UNKNOWN :
						  VERDICT_PASS;
	diff_text(document, stdout);
	json_decref(document);
	if (!fflush(stdout) && !ferror(stdout))
		return VERDICT_PASS;
	fputs("plimsoll: standard output: could not be written\n", stderr);
	return VERDICT_UNKNOWN;
}

/* Of a file that the core refuses nothing can be said. */
static int diff_files(char **paths, bool json)
{
	struct loaded loaded[2];
	struct diff_side sides[2];
	enum verdict verdicts[2];
	struct stage stage;
	int status;

	stage_init(&stage, "check");
	stage_begin(&stage);
	for (int i = 0; i < 2; i++) {
		verdicts[i] = content_load(&loaded[i], paths[i], &stage);
		sides[i] = (struct diff_side){ paths[i], &loaded[i] };
	}
	stage_end(&stage);
	if (verdicts[0] == VERDICT_PASS && verdicts[1] == VERDICT_PASS) {
		status = finish(sides, json);
	} else {
		stage_print(&stage);
		status = verdicts[0] == VERDICT_FAIL ||
			 verdicts[1] == VERDICT_FAIL ? VERDICT_FAIL :
						       VERDICT_UNKNOWN;
		if (json && document_print(stage_json(&stage)))
			status = VERDICT_UNKNOWN;
	}
	for (int i = 0; i < 2; i++)
		content_unload(&loaded[i]);
	stage_free(&stage);
	return status;
}

int cmd_diff(int argc, char **argv)
{
	struct verb_arguments arguments;

	if (!verb_arguments(&arguments, argc, argv, help, 2, 2))
		return arguments.status;
	return diff_files(arguments.paths, arguments.json);
}
