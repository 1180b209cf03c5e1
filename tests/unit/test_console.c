// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The classifier over the logs of tests/console, whose reports are written
 * down in tests/console/expected, and over damage done to them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/console.h"
#include "vm/console_patterns.h"

#define FOLDER "tests/console/"
#define LOG_MAX_LEN (1u << 20)
#define MANY_LINES 20000

static char *load(const char *name, size_t *out_len)
{
	char *path = xasprintf(FOLDER "%s", name);
	uint8_t *data;
	char *text;
	int err = file_read(path, LOG_MAX_LEN, &data, out_len);

	if (err)
		print_error("%s: %s\n", path, strerror(-err));
	assert_int_equal(err, 0);
	/* Whole: one of the logs has NULs. */
	text = xmalloc(*out_len + 1);
	memcpy(text, data, *out_len);
	text[*out_len] = '\0';
	free(data);
	free(path);
	return text;
}

static void scan_text(struct console *console, const char *text)
{
	console_scan(console, text, strlen(text));
}

/* What was found in @log, in the form of the file "expected". */
static char *describe(const char *name, const char *log, size_t len)
{
	struct console console;
	char *text, *longer;

	console_scan(&console, log, len);
	text = xasprintf("%s %zu\n", name, console.num_banners);
	for (size_t i = 0; i < console.num_reports; i++) {
		longer = xasprintf("%s  %s | %s\n", text,
				   console.reports[i].kind,
				   console.reports[i].title);
		free(text);
		text = longer;
	}
	console_free(&console);
	return text;
}

static void test_logs(void **state)
{
	size_t expected_len, len, used = 0;
	char *expected = load("expected", &expected_len);
	char *name, *log, *found, *part;
	glob_t logs;

	(void)state;
	assert_int_equal(glob(FOLDER "*.log", 0, NULL, &logs), 0);
	for (size_t i = 0; i < logs.gl_pathc; i++) {
		name = strrchr(logs.gl_pathv[i], '/') + 1;
		log = load(name, &len);
		found = describe(name, log, len);
		/* The same part of "expected", so that cmocka shows both. */
		part = xstrndup(expected + used,
				used < expected_len ? strlen(found) : 0);
		assert_string_equal(found, part);
		used += strlen(found);
		free(part);
		free(found);
		free(log);
	}
	assert_int_equal(used, expected_len);
	globfree(&logs);
	free(expected);
}

static void test_report_is_whole(void **state)
{
	struct console console;
	const char *text;
	size_t len;
	char *log = load("kasan.log", &len);

	(void)state;
	console_scan(&console, log, len);
	assert_int_equal(console.num_reports, 1);
	assert_int_equal(console.reports[0].line, 3);
	text = console.reports[0].text;
	assert_non_null(strstr(text, "=\n[    4.210112][   T51] BUG: KASAN"));
	assert_non_null(strstr(text, "Memory state around"));
	assert_null(strstr(text, "version 7"));
	assert_null(strstr(text, "after the report"));
	assert_string_equal(text + strlen(text) - 5, "====\n");
	console_free(&console);
	free(log);
}

/* What tasks on two CPUs say at once, each report has for itself. */
static void test_interleaved(void **state)
{
	struct console console;
	const char *text;
	size_t len;
	char *log = load("interleaved.log", &len);

	(void)state;
	console_scan(&console, log, len);
	assert_true(console.num_reports >= 2);
	text = console.reports[0].text;
	assert_non_null(strstr(text, "plm_first_caller"));
	assert_non_null(strstr(text, "T3083] ---[ end trace"));
	assert_null(strstr(text, "T3080]"));
	/* Who has nothing to report is heard beside. */
	assert_non_null(strstr(text, "content 7 of channel 1"));
	assert_non_null(strstr(console.reports[1].text, "plm_second_caller"));
	assert_null(strstr(console.reports[1].text, "T3083]"));
	assert_true(console.reports[0].line < console.reports[1].line);
	console_free(&console);
	free(log);
}

/* dmesg indents the further lines of a message and gives them no time. */
static void test_indented(void **state)
{
	static const char line[] = "                a program's\n";
	struct console console;
	size_t len;
	char *log = load("decoded.log", &len), *lines;

	(void)state;
	console_scan(&console, log, len);
	assert_int_equal(console.num_reports, 4);
	assert_non_null(strstr(console.reports[3].text,
			       "but task is already holding lock"));
	console_free(&console);
	free(log);

	/* A program can neither fill nor end a report with such lines. */
	lines = xmalloc(MANY_LINES * strlen(line) + 1);
	for (size_t i = 0; i < MANY_LINES; i++)
		memcpy(lines + i * strlen(line), line, strlen(line) + 1);
	log = xasprintf("[    0.000000] Linux version 6.1.0 (a@b)\n"
			"[    1.000000] BUG: KASAN: double-free in kfree+0x1/0x2\n"
			"%s"
			"[    1.000001] Call Trace:\n"
			"[    1.000002]  plm_frees+0x1/0x2\n", lines);
	free(lines);
	scan_text(&console, log);
	assert_int_equal(console.num_reports, 1);
	assert_string_equal(console.reports[0].title,
			    "KASAN: double-free in plm_frees");
	console_free(&console);
	free(log);
}

/* The panic that a report led to stands in it, though it had ended. */
static void test_tails(void **state)
{
	struct console console;
	size_t len;
	char *log = load("tails.log", &len);

	(void)state;
	console_scan(&console, log, len);
	assert_true(console.num_reports >= 2);
	assert_non_null(strstr(console.reports[0].text,
			       "] ---[ end Kernel panic - not syncing: KASAN"));
	assert_null(strstr(console.reports[0].text, "=\n[    1.000005]"));
	assert_null(strstr(console.reports[0].text, "blocked"));
	assert_non_null(strstr(console.reports[1].text,
			       "] Kernel panic - not syncing: hung_task"));
	console_free(&console);
	free(log);
}

/* What is said half a minute later is said of something else. */
static void test_silence(void **state)
{
	struct console console;

	(void)state;
	scan_text(&console,
		  "[    1.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [a:1]\n"
		  "[    9.000000] RIP: 0010:plm_spins+0x1/0x2\n"
		  "[   40.000000] plimsoll: content 7 is in use\n");
	assert_int_equal(console.num_reports, 1);
	assert_string_equal(console.reports[0].title,
			    "soft lockup in plm_spins");
	assert_null(strstr(console.reports[0].text, "content 7"));
	console_free(&console);
}

static void test_cut_off(void **state)
{
	struct console console;

	(void)state;
	scan_text(&console, "[    1.000000] Kernel panic - not syncing: x");
	assert_int_equal(console.num_reports, 1);
	assert_string_equal(console.reports[0].kind, "PANIC");
	console_free(&console);

	/* A report whose kind did not get out any more. */
	scan_text(&console, "[    1.000000] ------------[ cut here ]-----");
	assert_int_equal(console.num_reports, 1);
	assert_string_equal(console.reports[0].kind, "WARNING");
	console_free(&console);

	scan_text(&console, "");
	assert_int_equal(console.num_reports, 0);
	assert_int_equal(console.num_banners, 0);
	console_free(&console);
}

static void test_forgery(void **state)
{
	static const char stamped[] =
		"[    0.000000] Linux version 6.1.0-56-amd64 (a@b)\n"
		"%s\n"
		"[    2.000000] reboot: Power down\n";
	static const char plain[] =
		"Linux version 6.1.0-56-amd64 (a@b)\n"
		"[    1.000000] a program's line with a time\n"
		"[    1.100000] and more of them\n"
		"%s\n";
	static const char bug[] = "kernel BUG at kmod/event.c:1!";
	char *real_bug = xasprintf("[    1.500000] %s", bug);
	struct console console;
	char *log;

	(void)state;
	log = xasprintf(stamped, real_bug);
	scan_text(&console, log);
	assert_int_equal(console.num_reports, 1);
	console_free(&console);
	free(log);

	/* The same words of a program make no report... */
	log = xasprintf(stamped, bug);
	scan_text(&console, log);
	assert_int_equal(console.num_reports, 0);
	console_free(&console);
	free(log);

	/* ...nor do they within a line of the kernel's... */
	log = xasprintf("[    0.000000] Linux version 6.1.0 (a@b)\n"
			"[    1.000000] plimsoll: rule [    1.500000] %s\n"
			"[    2.000000] reboot: Power down\n", bug);
	scan_text(&console, log);
	assert_int_equal(console.num_reports, 0);
	console_free(&console);
	free(log);

	/* ...a time and no newline hide no report of the kernel's... */
	log = xasprintf("[    0.000000] Linux version 6.1.0 (a@b)\n"
			"[    1.000000] kmod loaded\n"
			"[    0.500000] a program's %s\n", real_bug);
	scan_text(&console, log);
	assert_int_equal(console.num_reports, 1);
	console_free(&console);
	free(log);

	/* ...and a program's times do not hide a kernel without them. */
	log = xasprintf(plain, bug);
	scan_text(&console, log);
	assert_int_equal(console.num_reports, 1);
	console_free(&console);
	free(log);
	free(real_bug);
}

static void assert_sound(const char *log, size_t len)
{
	struct console console;

	console_scan(&console, log, len);
	for (size_t i = 0; i < console.num_reports; i++) {
		const struct console_report *report = &console.reports[i];

		assert_non_null(report->kind);
		assert_true(*report->title != '\0');
		assert_true(report->line >= 1);
		for (const char *p = report->text; *p; p++)
			assert_true(*p == '\n' || (*p >= ' ' && *p < 0x7f));
	}
	console_free(&console);
}

static void test_damage(void **state)
{
	uint32_t seed = 1;
	glob_t logs;

	(void)state;
	assert_int_equal(glob(FOLDER "*.log", 0, NULL, &logs), 0);
	for (size_t i = 0; i < logs.gl_pathc; i++) {
		size_t len;
		char *log = load(strrchr(logs.gl_pathv[i], '/') + 1, &len);

		for (size_t cut = 0; cut < len; cut += 331)
			assert_sound(log, cut);
		for (int round = 0; round < 20; round++) {
			for (int flip = 0; flip < 30; flip++) {
				seed = seed * 1664525 + 1013904223;
				log[(seed >> 8) % len] = (char)(seed >> 24);
			}
			assert_sound(log, len);
		}
		free(log);
	}
	globfree(&logs);
}

/* A flood of different reports, and one without an end, stay bounded. */
static void test_bounds(void **state)
{
	static const char line[] =
		"[    1.000000] WARNING: CPU: 0 PID: 1 at f.c:1 f%05d+0x1/0x2\n";
	size_t len = 0, cap = (sizeof(line) + 8) * MANY_LINES;
	char *log = xmalloc(cap);
	struct console console;
	char *huge;

	(void)state;
	for (int i = 0; i < MANY_LINES; i++) {
		len += (size_t)snprintf(log + len, cap - len, line, i);
		/* Past what an inlined function may repeat. */
		for (int j = 0; i < 400 && j < 5; j++)
			len += (size_t)snprintf(log + len, cap - len, "[    1.000000] x\n");
	}
	console_scan(&console, log, len);
	assert_true(console.num_reports >= 100);
	assert_true(console.num_reports <= 256);
	for (size_t i = 0; i < console.num_reports; i++)
		assert_true(strlen(console.reports[i].text) <= 256 * 1024);
	console_free(&console);

	huge = xmalloc(cap);
	memset(huge, '[', cap);
	memcpy(huge, "Oops: ", 6);
	console_scan(&console, huge, cap);
	assert_int_equal(console.num_reports, 1);
	assert_true(strlen(console.reports[0].text) < 4096);
	console_free(&console);
	free(huge);
	free(log);
}

/* A report whose own words are missing is titled by its kind. */
static void test_no_words(void **state)
{
	static const char log[] = "[    1.000000] Oops: : 0002 [#1] PREEMPT\n";
	struct console console;

	(void)state;
	console_scan(&console, log, sizeof(log) - 1);
	assert_int_equal(console.num_reports, 1);
	assert_string_equal(console.reports[0].title, "OOPS");
	console_free(&console);
}

/* Everybody's functions name nobody, but what only sounds alike does. */
static void test_generic(void **state)
{
	static const char *const generic[] = {
		"walk_stackframe", "check_cpu_stall", "gic_handle_irq",
		"arch_timer_handler_virt", "__flush_work", "__mod_timer",
		"__timer_delete_sync", "del_timer_sync", "sk_stop_timer",
		"crc_itu_t", "crc32_le", "print_hex_dump", "__phys_addr",
		"skb_release_data", "vsnprintf", "vprintk_emit", "_printk",
		"dev_vprintk_emit", "netdev_info", "debug_dma_map_sg",
		"rb_insert_color", "warn_alloc", "__bad_stack",
	};
	static const char *const special[] = {
		"plm_del_timer", "plm_pm_del_add_timer", "crc_control_write",
		"netdev_sync_lower_features", "plm_snprintf", "rb_commit",
		"flush_workqueue_of_plm", "plm_printk", "skb_copy_plm",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(generic); i++)
		assert_true(console_function_generic(generic[i]));
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		assert_false(console_function_generic(special[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logs),
		cmocka_unit_test(test_report_is_whole),
		cmocka_unit_test(test_interleaved),
		cmocka_unit_test(test_indented),
		cmocka_unit_test(test_tails),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_forgery),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_no_words),
		cmocka_unit_test(test_generic),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
