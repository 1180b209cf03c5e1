// SPDX-License-Identifier: GPL-2.0-or-later
#include "verb_stage.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/held.h"
#include "base/shown.h"
#include "report/document.h"
#include "report/report.h"

#define FILE_MAX_LEN ((size_t)256 << 20)

/* The report names what was held, which is what was tried. */
static enum verdict keep_report(const char *dir, const char *path,
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
	verdict = report_keep(dir, report, verdict);
	json_decref(report);
	free(data);
	return verdict;
}

static int print_json(const struct verb_stage *verb, const char *path,
		      const struct stage *stage, enum verdict verdict)
{
	json_t *json = stage_json(stage);

	/* The stage may have passed, and its report be lost. */
	json_object_set_new(json, "verdict",
			    json_string(verdict_name(verdict)));
	json_object_set_new(json, "file", document_text(path));
	if (verb->mode)
		json_object_set_new(json, "mode", json_string(verb->mode));
	return document_print(json);
}

static enum verdict tell(const struct verb_stage *verb, const char *path,
			 const struct stage *stage)
{
	enum verdict verdict = stage_verdict(stage);

	if (verb->report_dir)
		verdict = keep_report(verb->report_dir, path, stage);
	stage_print(stage);
	shown_print(stderr, path);
	fprintf(stderr, ": %s (%s, %.1f s)\n", verdict_name(verdict),
		stage->summary ? stage->summary : "nothing was done",
		stage->seconds);
	if (verb->json && print_json(verb, path, stage, verdict))
		verdict = VERDICT_UNKNOWN;
	return verdict;
}

int verb_stage(const struct verb_stage *verb, const char *path)
{
	enum verdict verdict;
	struct stage stage;

	if (verb->report_dir && report_begin(verb->report_dir))
		return VERDICT_UNKNOWN;
	held_add(path, FILE_MAX_LEN);
	held_add(verb->baseline, FILE_MAX_LEN);
	held_add_all(verb->consumers, FILE_MAX_LEN);
	stage_init(&stage, verb->name);
	verb->run(verb->options, path, &stage);
	verdict = tell(verb, path, &stage);
	stage_free(&stage);
	held_free();
	return verdict;
}
