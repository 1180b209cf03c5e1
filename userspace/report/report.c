// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

/* The one with the verdict is last: by then the others are there. */
static const struct {
	const char *name;
	char *(*make)(const json_t *report);
} forms[] = {
	{ "report.ktap", report_ktap },
	{ "report.xml", report_junit },
	{ "report.json", as_json },
};

static int remove_old(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	int status = unlink(path) && errno != ENOENT ? -1 : 0;

	if (status)
		fprintf(stderr, "plimsoll: %s: could not be removed: %s\n",
			path, strerror(errno));
	free(path);
	return status;
}

int report_begin(const char *dir)
{
	int err = file_mkdirs(dir);
	int status = 0;

	if (err) {
		fprintf(stderr, "plimsoll: %s: %s\n", dir, strerror(-err));
		return -1;
	}
	for (size_t i = ARRAY_LEN(forms); i--; )
		if (remove_old(dir, forms[i].name))
			status = -1;
	return status;
}

static int write_form(const char *dir, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", dir, name);
	int err = text ? file_write(path, text, strlen(text)) : -ENOMEM;

	if (err)
		fprintf(stderr, "plimsoll: %s: could not be written: %s\n",
			path, strerror(-err));
	free(path);
	return err;
}

enum verdict report_keep(const char *dir, json_t *report,
			 enum verdict verdict)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		char *text = forms[i].make(report);

		if (write_form(dir, forms[i].name, text)) {
			verdict = verdict_worse(verdict, VERDICT_UNKNOWN);
			json_object_set_new(report, "verdict",
					    json_string(verdict_name(verdict)));
		}
		free(text);
	}
	return verdict;
}
