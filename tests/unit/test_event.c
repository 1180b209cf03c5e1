// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as JSON lines: what is taken, what is refused, what comes back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "event/event.h"
#include "event/lines.h"

enum { IMAGE, COMMAND_LINE, LOGON_ID = 7 };

static int take(struct event *event, const char *line, char *error)
{
	return event_from_line(event, line, strlen(line), error);
}

static void assert_string(const struct plm_value *value, const char *text,
			  size_t len)
{
	assert_int_equal(value->kind, PLM_VALUE_STRING);
	assert_int_equal(value->len, len);
	assert_memory_equal(value->data, text, len);
}

static void takes_fields(void **state)
{
	char error[EVENT_ERROR_LEN];
	struct event event;

	(void)state;
	assert_int_equal(take(&event, "{\"template\":\"process_creation\","
			      "\"Image\":\"/usr/bin/id\",\"CommandLine\":\"\","
			      "\"LogonId\":7,"
			      "\"ProcessId\":\"18446744073709551615\"}",
			      error), 0);
	assert_string(&event.values[IMAGE], "/usr/bin/id", 11);
	assert_string(&event.values[COMMAND_LINE], "", 0);
	assert_int_equal(event.values[2].kind, PLM_VALUE_ABSENT);
	assert_int_equal(event.values[LOGON_ID].kind, PLM_VALUE_NUMBER);
	assert_int_equal(event.values[LOGON_ID].number, 7);
	assert_true(event.values[8].number == UINT64_MAX);
	event_free(&event);
}

static const struct refusal {
	const char *line, *sentence;
} refusals[] = {
	{ "", "column" },
	{ "{", "column" },
	{ "7", "column" },
	{ "[]", "not an object" },
	{ "{}", "no \"template\"" },
	{ "{\"template\":1}", "must be a string" },
	{ "{\"template\":\"process_creation\\u0000\"}", "must be a string" },
	{ "{\"template\":\"none\"}", "not known" },
	{ "{\"template\":\"process_creation\"} x", "column" },
	{ "{\"template\":\"process_creation\",\"image\":\"\"}", "no input" },
	{ "{\"template\":\"process_creation\",\"Image\":1}", "must be" },
	{ "{\"template\":\"process_creation\",\"Image\":null}", "must be" },
	{ "{\"template\":\"process_creation\",\"Image\":{\"hex\":\"0\"}}",
	  "half a byte" },
	{ "{\"template\":\"process_creation\",\"Image\":{\"hex\":\"0G\"}}",
	  "not 0-9a-f" },
	{ "{\"template\":\"process_creation\",\"Image\":{\"hex\":\"\","
	  "\"x\":1}}", "must be" },
	{ "{\"template\":\"process_creation\",\"LogonId\":-1}",
	  "out of range" },
	{ "{\"template\":\"process_creation\",\"LogonId\":1.0}", "must be" },
	{ "{\"template\":\"process_creation\",\"LogonId\":\"\"}", "decimal" },
	{ "{\"template\":\"process_creation\",\"LogonId\":\"+1\"}", "decimal" },
	{ "{\"template\":\"process_creation\","
	  "\"LogonId\":\"18446744073709551616\"}", "decimal" },
	{ "{\"template\":\"process_creation\",\"Image\":\"a\",\"Image\":\"b\"}",
	  "duplicate" },
};

static void refuses_malformed(void **state)
{
	char error[EVENT_ERROR_LEN];
	struct event event;

	(void)state;
	assert_int_equal(take(&event, "{\"template\":\"process_creation\"}",
			      error), 0);
	event_free(&event);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (take(&event, refusals[i].line, error) != -1)
			fail_msg("taken: %s", refusals[i].line);
		if (!strstr(error, refusals[i].sentence))
			fail_msg("%s: %s", refusals[i].line, error);
		/* Nothing is left to free. */
		event_free(&event);
	}
}

/* Every byte there is, and the exact form brings each back. */
static void comes_back(void **state)
{
	char error[EVENT_ERROR_LEN], bytes[256];
	struct event event = { .template = plm_template_at(0) };
	struct event back;
	json_t *json;

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (char)i;
	event_set_string(&event, IMAGE, bytes, sizeof(bytes));
	event_set_string(&event, COMMAND_LINE, "a\0\xc3\xa4", 4);
	event_set_string(&event, 2, "", 0);
	event_set_number(&event, LOGON_ID, UINT64_MAX);
	event_set_number(&event, 8, 0);

	json = event_to_json_exact(&event);
	assert_int_equal(event_from_json(&back, json, error), 0);
	assert_true(event_equal(&event, &back));
	json_decref(json);
	event_set_number(&back, 8, 1);
	assert_false(event_equal(&event, &back));
	event_free(&back);
	event_free(&event);
}

static const struct lossy {
	const char *bytes, *text;
} lossies[] = {
	{ "a\xff", "a\xef\xbf\xbd" },
	{ "\xc3\xa4", "\xc3\xa4" },
	{ "\xc3", "\xef\xbf\xbd" },
	{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xe2\x82\xac", "\xe2\x82\xac" },
	{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
	{ "\xf4\x90\x80\x80",
	  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
};

static void replaces_bad_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lossies); i++) {
		struct event event = { .template = plm_template_at(0) };
		json_t *json;

		event_set_string(&event, IMAGE, lossies[i].bytes,
				 strlen(lossies[i].bytes));
		json = event_to_json(&event);
		assert_string_equal(json_string_value(
			json_object_get(json, "Image")), lossies[i].text);
		json_decref(json);
		event_free(&event);
	}
}

static int fd_with(const char *text, size_t len, size_t times)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	while (times--)
		assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fflush(file), 0);
	fd = dup(fileno(file));
	fclose(file);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void reads_lines(void **state)
{
	int fd = fd_with("one\n\nlast", 9, 1);
	struct lines lines;
	char *line;
	size_t len;

	(void)state;
	lines_open(&lines, fd);
	assert_int_equal(lines_next(&lines, &line, &len), LINES_GIVEN);
	assert_memory_equal(line, "one", len);
	assert_int_equal(lines_next(&lines, &line, &len), LINES_GIVEN);
	assert_int_equal(len, 0);
	assert_int_equal(lines_next(&lines, &line, &len), LINES_GIVEN);
	assert_memory_equal(line, "last", len);
	assert_int_equal(lines.number, 3);
	assert_int_equal(lines_next(&lines, &line, &len), LINES_END);
	lines_close(&lines);
	close(fd);
}

static void limits_lines(void **state)
{
	char *text = xmalloc(LINES_MAX_LEN + 2);
	struct lines lines;
	char *line;
	size_t len;
	int fd;

	(void)state;
	memset(text, 'x', LINES_MAX_LEN + 1);
	text[LINES_MAX_LEN] = '\n';
	fd = fd_with(text, LINES_MAX_LEN + 1, 2);
	lines_open(&lines, fd);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lines_next(&lines, &line, &len), LINES_GIVEN);
		assert_int_equal(len, LINES_MAX_LEN);
	}
	assert_int_equal(lines_next(&lines, &line, &len), LINES_END);
	lines_close(&lines);
	close(fd);

	text[LINES_MAX_LEN] = 'x';
	fd = fd_with(text, LINES_MAX_LEN + 1, 1);
	lines_open(&lines, fd);
	assert_int_equal(lines_next(&lines, &line, &len), LINES_TOO_LONG);
	lines_close(&lines);
	close(fd);
	free(text);
}

static void reports_failed_reads(void **state)
{
	struct lines lines;
	char *line;
	size_t len;

	(void)state;
	lines_open(&lines, -1);
	assert_int_equal(lines_next(&lines, &line, &len), LINES_FAILED);
	lines_close(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_fields),
		cmocka_unit_test(refuses_malformed),
		cmocka_unit_test(comes_back),
		cmocka_unit_test(replaces_bad_bytes),
		cmocka_unit_test(reads_lines),
		cmocka_unit_test(limits_lines),
		cmocka_unit_test(reports_failed_reads),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
