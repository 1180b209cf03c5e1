// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/target_answer.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define WHEN "when="
#define MAX_LINE TARGET_MAX_OUTPUT	/* no line is longer than all of it */

const char *target_value(char *const *texts, const char *key)
{
	size_t len = strlen(key);

	for (; *texts && strncmp(*texts, WHEN, sizeof(WHEN) - 1); texts++)
		if (!strncmp(*texts, key, len) && (*texts)[len] == '=')
			return *texts + len + 1;
	return NULL;
}

/* Is @number one of the list? */
static bool one_of(const char *list, int number)
{
	char *end;

	if (!strcmp(list, "any"))
		return number != 0;
	for (;; list = end) {
		long listed = strtol(list, &end, 10);

		if (end == list)
			return false;
		if (listed == number)
			return true;
	}
}

/* Does any line match?  Of a line that was cut nobody knows. */
static bool any_line(const char *glob, const char *text, size_t len, bool cut)
{
	static char line[MAX_LINE + 1];

	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t line_len = end ? (size_t)(end - text) : len;

		if (line_len > MAX_LINE || (cut && !end))
			return false;
		memcpy(line, text, line_len);
		line[line_len] = 0;
		if (fnmatch(glob, line, FNM_NOESCAPE) == 0)
			return true;
		line_len += end != NULL;
		text += line_len;
		len -= line_len;
	}
	return false;
}

/* @granted: what was cut may have been anything. */
static bool part_holds(const char *text, const struct target_seen *seen,
		       bool granted)
{
	const char *value = strchr(text, '=');
	size_t len = value ? (size_t)(value - text) : 0;

	if (!value)
		return false;
	value++;
	if (len == 5 && !memcmp(text, "errno", len))
		return one_of(value, seen->error);
	/* What could not be started has none. */
	if (len == 6 && !memcmp(text, "status", len))
		return !seen->error && one_of(value, seen->status);
	if (len == 6 && !memcmp(text, "output", len))
		return (granted && seen->output_cut) ||
		       any_line(value, seen->output, seen->output_len,
				seen->output_cut);
	if (len == 7 && !memcmp(text, "console", len))
		return (granted && seen->console_cut) ||
		       any_line(value, seen->console, seen->console_len,
				seen->console_cut);
	return false;
}

/* The next condition of this kind from @texts on, or NULL. */
static char *const *find_condition(char *const *texts, const char *kind)
{
	for (; *texts; texts++)
		if (!strncmp(*texts, WHEN, sizeof(WHEN) - 1) &&
		    !strcmp(*texts + sizeof(WHEN) - 1, kind))
			return texts;
	return NULL;
}

static bool any_of(char *const *texts, const char *kind,
		   const struct target_seen *seen, bool granted)
{
	while ((texts = find_condition(texts, kind))) {
		bool holds = true;

		for (texts++; *texts && strncmp(*texts, WHEN, sizeof(WHEN) - 1);
		     texts++)
			holds &= part_holds(*texts, seen, granted);
		if (holds)
			return true;
	}
	return false;
}

static bool any_holds(char *const *texts, const char *kind,
		      const struct target_seen *seen)
{
	return any_of(texts, kind, seen, false);
}

/* With what was kept, or with lines that may have stood in what was cut. */
static bool may_hold(char *const *texts, const char *kind,
		     const struct target_seen *seen)
{
	return any_of(texts, kind, seen, true);
}

bool target_has_condition(char *const *texts, const char *kind)
{
	return find_condition(texts, kind) != NULL;
}

enum target_told target_judge(char *const *texts,
			      const struct target_seen *seen)
{
	if (any_holds(texts, "rejected", seen))
		return TARGET_REJECTED;
	if (may_hold(texts, "rejected", seen))
		return TARGET_CUT;
	if (target_has_condition(texts, "accepted") ?
	    any_holds(texts, "accepted", seen) : !seen->error && !seen->status)
		return TARGET_ACCEPTED;
	if (any_holds(texts, "untold", seen))
		return TARGET_UNTOLD;
	if (may_hold(texts, "accepted", seen) ||
	    may_hold(texts, "untold", seen))
		return TARGET_CUT;
	return TARGET_NOT_TOLD;
}
