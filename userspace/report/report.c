// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"
#include "report/stage.h"

#ifndef PLIMSOLL_VERSION
#define PLIMSOLL_VERSION "0"
#endif

json_t *report_make(const char *path, const void *data, size_t len,
		    json_t *stages, enum verdict verdict, double seconds)
{
	char *digest = data ? digest_of(data, len) : NULL;
	time_t now = time(NULL);
	char when[32];
	json_t *json;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	json = json_pack("{ss ss ss s{so ss? sI} sf so}", "plimsoll",
			 PLIMSOLL_VERSION, "verdict", verdict_name(verdict),
			 "finished", when, "candidate", "path",
			 document_text(path), "digest", digest, "bytes",
			 (json_int_t)len, "seconds", seconds, "stages", stages);
	free(digest);
	return json;
}

static char *as_json(const json_t *report)
{
	return json_dumps(report, JSON_INDENT(2));
}

enum verdict report_keep(const char *dir, const json_t *report,
			 enum verdict verdict)
{
	static const struct {
		const char *name;
		char *(*make)(const json_t *report);
	} forms[] = {
		{ "report.json", as_json },
		{ "report.xml", report_junit },
		{ "report.ktap", report_ktap },
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		char *path = xasprintf("%s/%s", dir, forms[i].name);
		char *text = forms[i].make(report);
		int err = text ? file_write(path, text, strlen(text)) : -ENOMEM;

		if (err) {
			fprintf(stderr,
				"plimsoll: %s: could not be written: %s\n",
				path, strerror(-err));
			verdict = verdict_worse(verdict, VERDICT_UNKNOWN);
		}
		free(text);
		free(path);
	}
	return verdict;
}
