// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/sanitizer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"

#define MAX_COMMAND_LEN	((size_t)256 << 20)

/* A sanitizer's report begins its story at the top. */
#define MAX_REPORT_LEN 8000

/* The status by which a sanitizer ends the process; none of ours. */
#define REPORT_STATUS 86

/*
 * No strict_string_checks: that one takes strndup of a rule's id for a read of
 * all bytes up to the next zero, which content need not have.
 */
char *const sanitizer_environment[] = {
	"ASAN_OPTIONS=exitcode=86:detect_leaks=0:abort_on_error=0:"
	"allocator_may_return_null=0:detect_stack_use_after_return=1:"
	"color=never",
	"UBSAN_OPTIONS=exitcode=86:print_stacktrace=1:halt_on_error=1:"
	"color=never",
	"LC_ALL=C",
	NULL,
};

void sanitizer_missing(struct stage *stage, const char *path, const char *why)
{
	stage_finding(stage, SEVERITY_UNKNOWN, "NO_EVALUATOR",
		      (struct place){ path, FINDING_NO_OFFSET, NULL },
		      "the evaluator under sanitizers: %s", why);
}

static bool contains(const uint8_t *data, size_t len, const char *text)
{
	return memmem(data, len, text, strlen(text));
}

/* Put together here: this command has the words that it looks for, too. */
__attribute__((format(printf, 3, 4)))
static bool calls(const uint8_t *data, size_t len, const char *format, ...)
{
	char name[32];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	return contains(data, len, name);
}

/*
 * A command that was built without sanitizers would find nothing, and its
 * silence would look like a pass.
 */
bool sanitizer_inspect(const char *path, struct stage *stage)
{
	uint8_t *data;
	size_t len;
	int err = file_read(path, MAX_COMMAND_LEN, &data, &len);
	bool fine;
	char *digest;

	if (err) {
		sanitizer_missing(stage, path, strerror(-err));
		return false;
	}
	fine = calls(data, len, "__%s_init", "asan") &&
	       calls(data, len, "__%s_handle_", "ubsan");
	if (!fine)
		sanitizer_missing(stage, path,
				  "is not built with ASan and UBSan");
	digest = digest_of(data, len);
	json_object_set_new(stage->evidence, "evaluator",
			    json_pack("{so ss}", "path", document_text(path),
				      "digest", digest));
	free(digest);
	free(data);
	return fine;
}

bool sanitizer_has_report(const struct child_result *result)
{
	return (WIFEXITED(result->status) &&
		WEXITSTATUS(result->status) == REPORT_STATUS) ||
	       contains(result->err, result->err_len, "Sanitizer") ||
	       contains(result->err, result->err_len, "runtime error:");
}

char *sanitizer_report(const struct child_result *result)
{
	return xstrndup((const char *)result->err, MAX_REPORT_LEN);
}

char *sanitizer_line(const struct child_result *result)
{
	static const char *const marks[] = { "ERROR: AddressSanitizer",
					     "runtime error" };
	const char *line = NULL;

	for (size_t i = 0; !line && i < ARRAY_LEN(marks); i++)
		line = strstr((const char *)result->err, marks[i]);
	return line ? xstrndup(line, strcspn(line, "\n")) : xstrdup("");
}
