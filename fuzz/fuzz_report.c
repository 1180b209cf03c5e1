// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reports of what a hostile file or kernel has said, in the forms that
 * machines read back: no text of a finding becomes a line of a test, a
 * directive, or an element.
 */
#include <string.h>

#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "report/document.h"
#include "report/report.h"
#include "report/stage.h"

/* A report on one failed stage whose texts are all the same. */
static json_t *report_of(const char *text)
{
	struct place place = { text, 64, text };
	json_t *stages = json_array(), *report;
	struct stage stage;

	stage_init(&stage, "boot");
	stage_begin(&stage);
	stage_finding(&stage, SEVERITY_FAIL, "BAD", place, "%s", text);
	stage_end(&stage);
	json_object_set_new(stage.evidence, "runs", json_pack(
		"[{so ss s[] sf so}]", "label", document_text(text),
		"verdict", "fail", "findings", "seconds", 1.0, "repeat",
		document_text(text)));
	json_array_append_new(stages, stage_json(&stage));
	report = report_make("x.plm", "abc", 3, stages, stage_verdict(&stage),
			     1);
	stage_free(&stage);
	return report;
}

static size_t count(const char *text, const char *what)
{
	size_t num = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		num++;
	return num;
}

/* Lines other than comments are the plans and the two results. */
static void hold_ktap(const char *ktap)
{
	size_t num = 0;

	for (const char *line = ktap; *line; line = strchr(line, '\n') + 1) {
		const char *word = line + strspn(line, " ");

		fuzz_must(strchr(line, '\n'));
		if (*word == '#')
			continue;
		num++;
		fuzz_must(!memchr(word, '#', strcspn(word, "\n")));
		fuzz_must(strncmp(word, "ok ", 3));
	}
	fuzz_must(num == 6);
}

/* As many marks as our own elements have. */
static void hold_junit(const char *junit)
{
	fuzz_must(count(junit, "<testcase") == 2);
	fuzz_must(count(junit, "<failure") == 2);
	fuzz_must(count(junit, "<") == 13 && count(junit, ">") == 13);
	for (const char *p = junit; *p; p++)
		fuzz_must((unsigned char)*p >= ' ' || *p == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = xstrndup((const char *)data, len);
	json_t *report = report_of(text);
	char *ktap = report_ktap(report);
	char *junit = report_junit(report);
	char *json = json_dumps(report, JSON_COMPACT);

	fuzz_must(json);
	hold_ktap(ktap);
	hold_junit(junit);
	free(json);
	free(junit);
	free(ktap);
	json_decref(report);
	free(text);
	return 0;
}
