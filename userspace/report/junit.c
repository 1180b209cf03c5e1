// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JUnit XML.  A finding of severity "fail" is a failure, anything else that is
 * no pass an error; nothing is ever "skipped", which collectors take for good.
 * Texts may hold what a hostile file or kernel has said.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/cases.h"
#include "report/report.h"

struct text {
	char *data;
	size_t len, cap;
};

static void add(struct text *out, const char *data, size_t len)
{
	if (out->cap - out->len <= len) {
		out->cap = (out->cap + len + 256) * 2;
		out->data = xrealloc(out->data, out->cap);
	}
	memcpy(out->data + out->len, data, len);
	out->len += len;
	out->data[out->len] = 0;
}

__attribute__((format(printf, 2, 3)))
static void addf(struct text *out, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) >= 0)
		add(out, text, strlen(text));
	va_end(args);
	free(text);
}

/* Bytes of @p that XML 1.0 has no way to write; the text is UTF-8. */
static size_t forbidden(const unsigned char *p)
{
	if (*p < ' ')
		return *p != '\t' && *p != '\n' && *p != '\r';
	/* U+FFFE and U+FFFF */
	if (p[0] == 0xef && p[1] == 0xbf && (p[2] == 0xbe || p[2] == 0xbf))
		return 3;
	return *p == 0x7f;
}

/* In elements and attributes alike. */
static void add_escaped(struct text *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		size_t bad = forbidden(p);

		if (bad)
			add(out, "?", 1);
		else if (strchr("&<>\"'\t\n\r", *p))
			addf(out, "&#%u;", *p);
		else
			add(out, (const char *)p, 1);
		p += bad ? bad : 1;
	}
}

static void add_attribute(struct text *out, const char *name, const char *value)
{
	addf(out, " %s=\"", name);
	add_escaped(out, value);
	add(out, "\"", 1);
}

static bool is_failure(const struct report_case *one)
{
	return !strcmp(one->verdict, "fail");
}

/* The first finding that tells why; NULL where none does. */
static const json_t *reason(const struct report_case *one)
{
	const char *wanted = is_failure(one) ? "fail" : "unknown";

	for (size_t i = 0; i < json_array_size(one->findings); i++) {
		const json_t *finding = json_array_get(one->findings, i);

		if (!strcmp(report_text(finding, "severity"), wanted))
			return finding;
	}
	return NULL;
}

static void add_lines(struct text *out, const struct report_case *one)
{
	for (size_t i = 0; i < json_array_size(one->findings); i++) {
		const json_t *finding = json_array_get(one->findings, i);
		char *text = report_finding_text(finding);

		add_escaped(out, report_text(finding, "severity"));
		add(out, " ", 1);
		add_escaped(out, report_text(finding, "code"));
		add(out, ": ", 2);
		add_escaped(out, text);
		add(out, "\n", 1);
		free(text);
	}
	if (one->repeat) {
		add(out, "repeat: ", 8);
		add_escaped(out, one->repeat);
		add(out, "\n", 1);
	}
}

static void add_case(struct text *out, const char *suite,
		     const struct report_case *one)
{
	const char *element = is_failure(one) ? "failure" : "error";
	bool passed = report_case_passed(one);
	const json_t *why = reason(one);
	char *message;

	add(out, "    <testcase", 13);
	add_attribute(out, "classname", suite);
	add_attribute(out, "name", one->name);
	addf(out, " time=\"%.3f\">\n", one->seconds);
	if (!passed) {
		message = why ? report_finding_text(why) :
			  xstrdup(one->ran ? "could not tell" : "not run");
		addf(out, "      <%s", element);
		add_attribute(out, "type", why ? report_text(why, "code") :
						 "NOT_RUN");
		add_attribute(out, "message", message);
		add(out, ">", 1);
		free(message);
	} else {
		add(out, "      <system-out>", 18);
	}
	add_lines(out, one);
	addf(out, "</%s>\n    </testcase>\n", passed ? "system-out" : element);
}

struct counts {
	size_t cases, failures, errors;
};

static void count(struct counts *counts, const struct report_case *one)
{
	counts->cases++;
	if (is_failure(one))
		counts->failures++;
	else if (!report_case_passed(one))
		counts->errors++;
}

static void add_counts(struct text *out, const struct counts *counts,
		       double seconds)
{
	addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"0\" time=\"%.3f\">\n",
	     counts->cases, counts->failures, counts->errors, seconds);
}

static void add_stage(struct text *out, const json_t *stage,
		      struct counts *total)
{
	struct counts counts = { 0 };
	size_t num;
	struct report_case *cases = report_cases(stage, &num);

	for (size_t i = 0; i < num; i++) {
		count(&counts, &cases[i]);
		count(total, &cases[i]);
	}
	add(out, "  <testsuite", 12);
	add_attribute(out, "name", report_text(stage, "stage"));
	add_counts(out, &counts, cases[num - 1].ran ?
		   cases[num - 1].seconds : 0);
	for (size_t i = 0; i < num; i++)
		add_case(out, report_text(stage, "stage"), &cases[i]);
	add(out, "  </testsuite>\n", 15);
	free(cases);
}

char *report_junit(const json_t *report)
{
	const json_t *stages = json_object_get(report, "stages");
	struct text body = { 0 }, out = { 0 };
	struct counts total = { 0 };

	for (size_t i = 0; i < json_array_size(stages); i++)
		add_stage(&body, json_array_get(stages, i), &total);
	addf(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	add_attribute(&out, "name", "plimsoll");
	add_counts(&out, &total,
		   json_number_value(json_object_get(report, "seconds")));
	if (body.len)
		add(&out, body.data, body.len);
	addf(&out, "</testsuites>\n");
	free(body.data);
	return out.data;
}
