// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/cases.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *report_text(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

static struct report_case make_case(const json_t *json, const char *name)
{
	return (struct report_case){
		.name = name,
		.verdict = report_text(json, "verdict"),
		.repeat = json_string_value(json_object_get(json, "repeat")),
		.findings = json_object_get(json, "findings"),
		.seconds = json_number_value(json_object_get(json, "seconds")),
		.ran = true,
	};
}

struct report_case *report_cases(const json_t *stage, size_t *out_num)
{
	const json_t *runs = json_object_get(
			json_object_get(stage, "evidence"), "runs");
	size_t num = json_array_size(runs);
	struct report_case *cases = xcalloc(num + 1, sizeof(*cases));
	size_t used = 0;

	for (size_t i = 0; i < num; i++) {
		const json_t *run = json_array_get(runs, i);

		/* Only runs that have a verdict of their own. */
		if (json_object_get(run, "verdict"))
			cases[used++] = make_case(run,
						  report_text(run, "label"));
	}
	cases[used] = make_case(stage, report_text(stage, "stage"));
	cases[used].ran = json_is_true(json_object_get(stage, "ran"));
	*out_num = used + 1;
	return cases;
}

bool report_case_passed(const struct report_case *one)
{
	return one->ran && !strcmp(one->verdict, "pass");
}

char *report_finding_text(const json_t *finding)
{
	const json_t *off = json_object_get(finding, "offset");
	const char *file = report_text(finding, "file");
	const char *rule = report_text(finding, "rule");
	char *place = off ? xasprintf("offset %lld: ",
				      (long long)json_integer_value(off)) :
			    xstrdup("");
	const char *about = report_text(finding, "place");
	char *text = xasprintf("%s%s%s%s%s%s%s%s%s", file, *file ? ": " : "",
			       place, *rule ? "rule " : "", rule,
			       *rule ? ": " : "", about, *about ? ": " : "",
			       report_text(finding, "text"));

	free(place);
	return text;
}
