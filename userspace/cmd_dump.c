// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll dump: what does a content file say? */
#include <stdio.h>
#include <stdlib.h>

#include "dump/dump.h"
#include "report/document.h"
#include "verbs.h"

static const char help[] =
	"usage: plimsoll dump [--json] FILE\n\n"
	"Show which templates, rules, criteria and automata a content file\n"
	"holds.  One that the core refuses is not shown.\n\n"
	"  --json    one JSON document on standard output\n"
	"  --help    this text\n";

static int finish_text(const struct dump *dump)
{
	dump_text(dump, stdout);
	if (!fflush(stdout) && !ferror(stdout))
		return VERDICT_PASS;
	fputs("plimsoll: standard output: could not be written\n", stderr);
	return VERDICT_UNKNOWN;
}

/* What was found instead of content, as the stage of a check shows it. */
static int finish_refused(const struct stage *stage, enum verdict verdict,
			  const char *path, bool json)
{
	json_t *document;

	stage_print(stage);
	if (!json)
		return verdict;
	document = stage_json(stage);
	json_object_set_new(document, "file", document_text(path));
	return document_print(document) ? VERDICT_UNKNOWN : (int)verdict;
}

static int dump_file(const char *path, bool json)
{
	struct loaded loaded;
	struct stage stage;
	int status;

	stage_init(&stage, "check");
	stage_begin(&stage);
	status = content_load(&loaded, path, &stage);
	stage_end(&stage);
	if (status == VERDICT_PASS) {
		struct dump dump = { .path = path, .loaded = &loaded };

		model_decode(&dump.model, &loaded.content);
		if (!json)
			status = finish_text(&dump);
		else if (document_print(dump_json(&dump)))
			status = VERDICT_UNKNOWN;
		model_free(&dump.model);
	} else {
		status = finish_refused(&stage, (enum verdict)status, path,
					json);
	}
	content_unload(&loaded);
	stage_free(&stage);
	return status;
}

int cmd_dump(int argc, char **argv)
{
	struct verb_arguments arguments;

	if (!verb_arguments(&arguments, argc, argv, help, 1, 1))
		return arguments.status;
	return dump_file(arguments.paths[0], arguments.json);
}
