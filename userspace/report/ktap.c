// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KTAP, as the kernel's own tests speak it: a stage is a test with its runs as
 * subtests.  Everything that is no pass is "not ok"; a directive would turn an
 * unknown into something that counts as good.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/cases.h"
#include "report/report.h"

#define INDENT 4

/* One line; what would end it or begin a directive is replaced. */
static void add_text(FILE *out, const char *text, bool is_name)
{
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < ' ' || c == 0x7f || c >= 0x80 || (is_name && c == '#'))
			c = '?';
		fputc(c, out);
	}
}

static void add_findings(FILE *out, int indent, const struct report_case *one)
{
	for (size_t i = 0; i < json_array_size(one->findings); i++) {
		const json_t *finding = json_array_get(one->findings, i);
		char *text = report_finding_text(finding);

		fprintf(out, "%*s# %s %s: ", indent, "",
			report_text(finding, "severity"),
			report_text(finding, "code"));
		add_text(out, text, false);
		fputc('\n', out);
		free(text);
	}
	if (one->repeat) {
		fprintf(out, "%*s# repeat: ", indent, "");
		add_text(out, one->repeat, false);
		fputc('\n', out);
	}
}

static void add_result(FILE *out, int indent, size_t number,
		       const struct report_case *one)
{
	fprintf(out, "%*s%s %zu ", indent, "",
		report_case_passed(one) ? "ok" : "not ok", number);
	add_text(out, one->name, true);
	fputc('\n', out);
}

static void add_stage(FILE *out, const json_t *stage, size_t number)
{
	size_t num;
	struct report_case *cases = report_cases(stage, &num);

	if (num > 1) {
		fprintf(out, "%*sKTAP version 1\n%*s1..%zu\n", INDENT, "",
			INDENT, "", num - 1);
		for (size_t i = 0; i + 1 < num; i++) {
			add_findings(out, INDENT, &cases[i]);
			add_result(out, INDENT, i + 1, &cases[i]);
		}
	} else {
		add_findings(out, 0, &cases[0]);
	}
	if (!cases[num - 1].ran)
		fputs("# not run\n", out);
	add_result(out, 0, number, &cases[num - 1]);
	free(cases);
}

char *report_ktap(const json_t *report)
{
	const json_t *stages = json_object_get(report, "stages");
	size_t num = json_array_size(stages);
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fprintf(out, "KTAP version 1\n1..%zu\n", num);
	for (size_t i = 0; i < num; i++)
		add_stage(out, json_array_get(stages, i), i + 1);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
