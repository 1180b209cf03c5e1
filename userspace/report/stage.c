// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/stage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/shown.h"
#include "report/document.h"

void stage_init(struct stage *stage, const char *name)
{
	memset(stage, 0, sizeof(*stage));
	stage->name = name;
	stage->evidence = json_object();
}

static void finding_free(struct finding *finding)
{
	free(finding->code);
	free(finding->file);
	free(finding->rule);
	free(finding->place);
	free(finding->text);
}

void stage_free(struct stage *stage)
{
	for (size_t i = 0; i < stage->num_findings; i++)
		finding_free(&stage->findings[i]);
	free(stage->findings);
	free(stage->summary);
	json_decref(stage->evidence);
	memset(stage, 0, sizeof(*stage));
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void stage_begin(struct stage *stage)
{
	stage->ran = true;
	stage->seconds = -now();
}

void stage_end(struct stage *stage)
{
	stage->seconds += now();
}

static char *copy_or_null(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

void stage_finding(struct stage *stage, enum severity severity,
		   const char *code, struct place place, const char *format,
		   ...)
{
	struct finding *finding;
	va_list ap;

	ARRAY_RESERVE(stage->findings, stage->num_findings,
		      stage->cap_findings);
	finding = &stage->findings[stage->num_findings++];
	finding->severity = severity;
	finding->code = xstrdup(code);
	finding->file = copy_or_null(place.file);
	finding->rule = copy_or_null(place.rule);
	finding->off = place.off;
	finding->place = NULL;
	finding->text = NULL;
	va_start(ap, format);
	if (vasprintf(&finding->text, format, ap) < 0)
		finding->text = xstrdup(code);
	va_end(ap);
}

void stage_place(struct stage *stage, const char *place)
{
	if (stage->num_findings)
		stage->findings[stage->num_findings - 1].place =
			xstrdup(place);
}

void stage_summary(struct stage *stage, const char *format, ...)
{
	va_list ap;

	free(stage->summary);
	va_start(ap, format);
	if (vasprintf(&stage->summary, format, ap) < 0)
		stage->summary = NULL;
	va_end(ap);
}

void stage_pass(struct stage *stage)
{
	stage->passed = true;
}

enum verdict stage_verdict(const struct stage *stage)
{
	enum verdict verdict = stage->ran && stage->passed ? VERDICT_PASS :
							     VERDICT_UNKNOWN;

	for (size_t i = 0; i < stage->num_findings; i++) {
		switch (stage->findings[i].severity) {
		case SEVERITY_INFO:
		case SEVERITY_WARNING:
			break;
		case SEVERITY_FAIL:
			verdict = verdict_worse(verdict, VERDICT_FAIL);
			break;
		default:
			verdict = verdict_worse(verdict, VERDICT_UNKNOWN);
		}
	}
	return verdict;
}

static const char *severity_name(enum severity severity)
{
	switch (severity) {
	case SEVERITY_INFO:
		return "info";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_FAIL:
		return "fail";
	default:
		return "unknown";
	}
}

static json_t *finding_json(const struct finding *finding)
{
	json_t *json = json_pack("{ss ss}", "severity",
				 severity_name(finding->severity), "code",
				 finding->code);

	if (finding->file)
		json_object_set_new(json, "file", document_text(finding->file));
	if (finding->off != FINDING_NO_OFFSET)
		json_object_set_new(json, "offset",
				    json_integer((json_int_t)finding->off));
	if (finding->rule)
		json_object_set_new(json, "rule", document_text(finding->rule));
	if (finding->place)
		json_object_set_new(json, "place",
				    document_text(finding->place));
	json_object_set_new(json, "text", document_text(finding->text));
	return json;
}

json_t *stage_findings_json(const struct stage *stage, size_t from)
{
	json_t *findings = json_array();

	for (size_t i = from; i < stage->num_findings; i++)
		json_array_append_new(findings,
				      finding_json(&stage->findings[i]));
	return findings;
}

json_t *stage_json(const struct stage *stage)
{
	json_t *findings = stage_findings_json(stage, 0);

	return json_pack("{ss sb ss so sf so sO}", "stage", stage->name, "ran",
			 stage->ran, "verdict",
			 verdict_name(stage_verdict(stage)), "summary",
			 document_text_or_null(stage->summary), "seconds",
			 stage->seconds, "findings", findings, "evidence",
			 stage->evidence);
}

static void print_part(const char *title, const char *text)
{
	if (!text)
		return;
	fputs(title, stderr);
	shown_print(stderr, text);
	fputs(": ", stderr);
}

/* "FILE: offset 64: rule ID: error: text [CODE]", parts where there are any. */
static void finding_print(const struct finding *finding)
{
	print_part("", finding->file);
	if (finding->off != FINDING_NO_OFFSET)
		fprintf(stderr, "offset %" PRIu64 ": ", finding->off);
	print_part("rule ", finding->rule);
	print_part("", finding->place);
	print_part("", severity_name(finding->severity));
	shown_print(stderr, finding->text);
	fprintf(stderr, " [%s]\n", finding->code);
}

void stage_print(const struct stage *stage)
{
	for (size_t i = 0; i < stage->num_findings; i++)
		finding_print(&stage->findings[i]);
}
