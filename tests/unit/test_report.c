// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report's forms: what counts as passed in each, and that no text of a
 * finding can be taken for anything but text.  And that what could not be kept
 * passes nowhere.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "report/report.h"
#include "report/stage.h"

static char dir[] = "/tmp/plimsoll-report-XXXXXX";

static json_t *document(const struct stage *stage)
{
	json_t *stages = json_array();

	json_array_append_new(stages, stage_json(stage));
	return report_make("x.plm", "abc", 3, stages, stage_verdict(stage),
			   1.5);
}

static void assert_has(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		print_error("not there: %s\nin:\n%s\n", wanted, text);
	assert_non_null(strstr(text, wanted));
}

/* Both forms of a report on @stage hold these. */
static void assert_forms(const struct stage *stage, const char *in_junit,
			 const char *in_ktap)
{
	json_t *report = document(stage);
	char *junit = report_junit(report);
	char *ktap = report_ktap(report);

	assert_has(junit, in_junit);
	assert_has(ktap, in_ktap);
	free(ktap);
	free(junit);
	json_decref(report);
}

static void test_verdicts(void **state)
{
	struct place place = NOWHERE;
	struct stage stage;

	(void)state;
	stage_init(&stage, "boot");
	assert_forms(&stage, "failures=\"0\" errors=\"1\"", "\nnot ok 1 boot\n");
	assert_forms(&stage, "<error type=\"NOT_RUN\" message=\"not run\">",
		     "# not run\n");
	stage_begin(&stage);
	stage_end(&stage);
	assert_forms(&stage, "message=\"could not tell\"", "\nnot ok 1 boot\n");
	stage_pass(&stage);
	assert_forms(&stage, "failures=\"0\" errors=\"0\" skipped=\"0\"",
		     "KTAP version 1\n1..1\nok 1 boot\n");
	stage_finding(&stage, SEVERITY_INFO, "NOTE", place, "by the way");
	assert_forms(&stage, "<system-out>info NOTE: by the way",
		     "# info NOTE: by the way\nok 1 boot\n");
	stage_finding(&stage, SEVERITY_UNKNOWN, "LOST_VM", place, "gone");
	assert_forms(&stage, "<error type=\"LOST_VM\" message=\"gone\">",
		     "\nnot ok 1 boot\n");
	stage_finding(&stage, SEVERITY_FAIL, "TAINTED", place, "bad");
	assert_forms(&stage, "<failure type=\"TAINTED\" message=\"bad\">",
		     "\nnot ok 1 boot\n");
	assert_forms(&stage, "failures=\"1\" errors=\"0\"",
		     "# fail TAINTED: bad\n");
	stage_free(&stage);
}

/* A run that failed, and one that did not tell. */
static void test_runs(void **state)
{
	struct stage stage;

	(void)state;
	stage_init(&stage, "boot");
	stage_begin(&stage);
	stage_end(&stage);
	stage_pass(&stage);
	json_object_set_new(stage.evidence, "runs", json_pack(
		"[{ss ss so sf ss} {ss ss so sf} {ss}]",
		"label", "debian:6.1, load", "verdict", "pass", "findings",
		json_array(), "seconds", 2.0, "repeat", "plimsoll boot 'a b'",
		"label", "debian:6.12 #1, load", "verdict", "unknown",
		"findings", json_array(), "seconds", 1.0,
		"label", "without a verdict"));
	assert_forms(&stage, "tests=\"3\" failures=\"0\" errors=\"1\"",
		     "    KTAP version 1\n    1..2\n");
	assert_forms(&stage, "name=\"debian:6.1, load\" time=\"2.000\"",
		     "    # repeat: plimsoll boot 'a b'\n    ok 1 debian:6.1, load\n");
	assert_forms(&stage, "repeat: plimsoll boot &#39;a b&#39;",
		     "    not ok 2 debian:6.12 ?1, load\n");
	stage_free(&stage);
}

static void test_hostile(void **state)
{
	struct place place = { "a<b\"&'.plm", 64, "r\n]]>" };
	struct stage stage;

	(void)state;
	stage_init(&stage, "boot");
	stage_begin(&stage);
	stage_end(&stage);
	stage_finding(&stage, SEVERITY_FAIL, "BAD", place, "%s",
		      "\x01 \x7f <!-- \n ok 1 # SKIP \xef\xbf\xbf \xc3\xa9");
	assert_forms(&stage, "a&#60;b&#34;&#38;&#39;.plm: offset 64: rule r&#10;]]&#62;: ",
		     "# fail BAD: a<b\"&'.plm: offset 64: rule r?]]>: ");
	assert_forms(&stage, "? ? &#60;!-- &#10; ok 1 # SKIP ? \xc3\xa9",
		     "? ? <!-- ? ok 1 # SKIP ??? ??\nnot ok 1 boot\n");
	/* No UTF-8. */
	stage_summary(&stage, "%s", "\xff runs");
	assert_forms(&stage, "<failure type=\"BAD\"", "\nnot ok 1 boot\n");
	stage_free(&stage);
}

static char *in_dir(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

/* The verdict that the folder's report.json has. */
static void assert_kept(const char *verdict)
{
	char *path = in_dir("report.json");
	json_t *report = json_load_file(path, 0, NULL);

	assert_non_null(report);
	assert_string_equal(json_string_value(json_object_get(report,
							      "verdict")),
			    verdict);
	json_decref(report);
	free(path);
}

/* Of a run that ended so, whose report is kept: what is left of that. */
static enum verdict kept(enum verdict verdict)
{
	json_t *report = report_make("x.plm", "abc", 3, json_array(), verdict,
				     1.5);

	verdict = report_keep(dir, report, verdict);
	assert_string_equal(json_string_value(json_object_get(report,
							      "verdict")),
			    verdict_name(verdict));
	json_decref(report);
	return verdict;
}

/* A part that can't be written is missing from the verdict everywhere. */
static void test_keep(void **state)
{
	static const char *const parts[] = { "report.xml", "report.ktap" };

	(void)state;
	assert_int_equal(report_begin(dir), 0);
	assert_int_equal(kept(VERDICT_PASS), VERDICT_PASS);
	assert_kept("pass");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char *path = in_dir(parts[i]);

		assert_int_equal(report_begin(dir), 0);
		assert_int_equal(mkdir(path, 0777), 0);
		assert_int_equal(kept(VERDICT_PASS), VERDICT_UNKNOWN);
		assert_kept("unknown");
		assert_int_equal(kept(VERDICT_FAIL), VERDICT_FAIL);
		assert_kept("fail");
		assert_int_equal(rmdir(path), 0);
		free(path);
	}
}

/* No report of an earlier run is left, or that is told. */
static void test_begin(void **state)
{
	static const char *const parts[] = { "report.json", "report.xml",
					     "report.ktap" };

	(void)state;
	assert_int_equal(report_begin(dir), 0);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char *path = in_dir(parts[i]);

		assert_int_equal(kept(VERDICT_PASS), VERDICT_PASS);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkdir(path, 0777), 0);
		assert_int_equal(report_begin(dir), -1);
		assert_int_equal(rmdir(path), 0);
		assert_int_equal(report_begin(dir), 0);
		free(path);
		/* Nothing is in it. */
		assert_int_equal(rmdir(dir), 0);
		assert_int_equal(report_begin(dir), 0);
	}
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	return report_begin(dir) || rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_begin),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
