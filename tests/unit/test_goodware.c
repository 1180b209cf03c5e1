// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The goodware corpus as it is shipped: whole, made of events, with what a
 * machine cannot do without in it; torn in any place it is none.  And what rules
 * say of it: the core's evaluator and the naive reference.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "content/model.h"
#include "event/event.h"
#include "event/solve.h"
#include "replay/corpus.h"
#include "report/stage.h"
#include "sigma/compile.h"
#include "sigma/files.h"

#define FOLDER "tests/goodware"

/* Every which event rules are asked about: the reference takes its time. */
#define STRIDE 8

static struct corpus corpus;
static struct event *events;

static int begin(void **state)
{
	char error[EVENT_ERROR_LEN > CORPUS_ERROR_LEN ? EVENT_ERROR_LEN :
							CORPUS_ERROR_LEN];

	(void)state;
	if (corpus_read(&corpus, FOLDER, error)) {
		fprintf(stderr, "%s\n", error);
		return -1;
	}
	events = xcalloc(corpus.num_events, sizeof(*events));
	for (size_t i = 0; i < corpus.num_events; i++) {
		const char *line = (char *)corpus.data + corpus.lines[i];

		if (event_from_line(&events[i], line, corpus.lines[i + 1] -
				    corpus.lines[i], error)) {
			fprintf(stderr, "event %zu: %s\n", i, error);
			return -1;
		}
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	for (size_t i = 0; i < corpus.num_events; i++)
		event_free(&events[i]);
	free(events);
	corpus_free(&corpus);
	return 0;
}

/* As the one writer of the format would write it again. */
static void is_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < corpus.num_events; i++) {
		json_t *json = event_to_json_exact(&events[i]);
		char *text = json_dumps(json, JSON_COMPACT);
		size_t len = corpus.lines[i + 1] - corpus.lines[i] - 1;

		assert_int_equal(strlen(text), len);
		assert_memory_equal(text, corpus.data + corpus.lines[i], len);
		free(text);
		json_decref(json);
	}
}

enum { IMAGE, COMMAND_LINE };

static bool ends(const struct plm_value *value, const char *text)
{
	size_t len = strlen(text);

	return value->kind == PLM_VALUE_STRING && value->len >= len &&
	       !memcmp(value->data + value->len - len, text, len);
}

static size_t count(const char *image, const char *command_line)
{
	size_t num = 0;

	for (size_t i = 0; i < corpus.num_events; i++)
		num += events[i].template == plm_template_at(0) &&
		       ends(&events[i].values[IMAGE], image) &&
		       ends(&events[i].values[COMMAND_LINE], command_line);
	return num;
}

static void has_what_machines_need(void **state)
{
	static const struct {
		const char *image, *command_line;
		size_t least;
	} wanted[] = {
		{ "/usr/lib/systemd/systemd", "/sbin/init", 1 },
		{ "/usr/lib/systemd/systemd-journald", "", 1 },
		{ "/usr/lib/systemd/systemd-shutdown", "", 1 },
		{ "/usr/bin/udevadm", "systemd-udevd", 1 },
		{ "/usr/bin/dbus-daemon", "", 1 },
		{ "/usr/sbin/agetty", "", 1 },
		{ "/usr/bin/bash", "-bash", 2 },
		{ "/usr/sbin/sshd", "", 2 },
		{ "/usr/sbin/cron", "", 1 },
		{ "/usr/bin/apt-get", "", 5 },
		{ "/usr/bin/dpkg", "", 20 },
		{ "/usr/bin/perl", "", 20 },
		{ "/usr/sbin/useradd", "", 1 },
		{ "/usr/sbin/logrotate", "", 1 },
		{ "/usr/bin/dash", "", 200 },
		{ "/cc1", "", 5 },
		{ "/usr/bin/make", "", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (count(wanted[i].image, wanted[i].command_line) <
		    wanted[i].least)
			fail_msg("too few executions of %s %s",
				 wanted[i].image, wanted[i].command_line);
	assert_true(corpus.num_events > 2000);
}

static void has_each_kind_of_event(void **state)
{
	(void)state;
	for (u32 t = 0; plm_template_at(t); t++) {
		size_t num = 0;

		for (size_t i = 0; i < corpus.num_events; i++)
			num += events[i].template == plm_template_at(t);
		if (!num)
			fail_msg("no %s", plm_template_at(t)->name);
	}
}

/* Each part cut short, and its digest told anew. */
static void put_torn(const char *folder, const uint8_t *data, size_t len)
{
	char *part = xasprintf("%s/part.xz", folder);
	char *index = xasprintf("%s/corpus.json", folder);
	char *digest = digest_of(data, len);
	char *text = xasprintf("{\"parts\":[{\"file\":\"part.xz\",\"events\":%zu,"
			       "\"digest\":\"%s\"}]}",
			       corpus.parts[0].num_events, digest);

	assert_int_equal(file_write(part, data, len), 0);
	assert_int_equal(file_write(index, text, strlen(text)), 0);
	free(text);
	free(digest);
	free(index);
	free(part);
}

static void remove_torn(const char *folder)
{
	static const char *const names[] = { "part.xz", "corpus.json" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = xasprintf("%s/%s", folder, names[i]);

		unlink(path);
		free(path);
	}
	rmdir(folder);
}

static void is_none_when_torn(void **state)
{
	char *path = xasprintf(FOLDER "/%s", corpus.parts[0].file);
	char folder[] = "/tmp/goodware.XXXXXX", error[CORPUS_ERROR_LEN];
	struct corpus torn;
	uint8_t *data;
	size_t len;

	(void)state;
	assert_int_equal(file_read(path, (size_t)1 << 24, &data, &len), 0);
	assert_non_null(mkdtemp(folder));
	put_torn(folder, data, len);
	assert_int_equal(corpus_read(&torn, folder, error), 0);
	assert_int_equal(torn.num_events, corpus.parts[0].num_events);
	corpus_free(&torn);
	for (size_t i = 1; i <= 64; i++) {
		put_torn(folder, data, i <= 32 ? len - i : len * (i - 33) / 32);
		assert_int_equal(corpus_read(&torn, folder, error), -1);
		assert_null(torn.data);
	}
	/* A bit is not noticed by the digest: that is one of its own. */
	for (size_t i = 0; i < 32; i++) {
		data[len * i / 32] ^= 1;
		put_torn(folder, data, len);
		assert_int_equal(corpus_read(&torn, folder, error), -1);
		data[len * i / 32] ^= 1;
	}
	remove_torn(folder);
	free(data);
	free(path);
}

static bool matched(const struct event_result *result, uint32_t rule)
{
	for (size_t i = 0; i < result->num_matches; i++)
		if (result->matches[i] == rule)
			return true;
	return false;
}

static void ask_all(const struct plm_content *content,
		    const struct model *model, size_t *out_pairs)
{
	struct evaluator *evaluator = evaluator_new(content);
	struct event_result result;

	for (size_t i = 0; i < corpus.num_events; i += STRIDE) {
		const struct event *e = &events[i];

		evaluator_run(evaluator, e, e->template->shape.num_inputs,
			      &result);
		assert_int_equal(result.num_faults, 0);
		for (uint32_t r = 0; r < model->num_rules; r++)
			if (solve_matches(model, r, e) != matched(&result, r))
				fail_msg("event %zu, rule %u", i, r);
		*out_pairs += model->num_rules;
		event_result_free(&result);
	}
	evaluator_free(evaluator);
}

static void gets_the_reference_s_answers(void **state)
{
	const struct sigma_options options = {
		.channel = 1, .version = 1, .action = PLM_ACTION_AUDIT,
	};
	const char *more = getenv("SIGMA_DATA");
	struct sigma_compilation compiled;
	struct sigma_files files = { 0 };
	struct plm_content content;
	struct plm_fault fault;
	struct model model;
	size_t num_pairs = 0;

	(void)state;
	assert_int_equal(sigma_files_add(&files, "tests/samples/rules"), 0);
	if (more)
		assert_int_equal(sigma_files_add(&files, more), 0);
	sigma_files_sort(&files);
	sigma_compile(&compiled, (const char *const *)files.paths, files.num,
		      &options);
	assert_non_null(compiled.data);
	assert_int_equal(plm_check(compiled.data, (u32)compiled.len, 0,
				   &content, &fault), PLM_OK);
	model_decode(&model, &content);
	ask_all(&content, &model, &num_pairs);
	print_message("# %zu pairs\n", num_pairs);
	assert_true(num_pairs > 2000);
	model_free(&model);
	sigma_compilation_free(&compiled);
	sigma_files_free(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_exact),
		cmocka_unit_test(has_what_machines_need),
		cmocka_unit_test(has_each_kind_of_event),
		cmocka_unit_test(is_none_when_torn),
		cmocka_unit_test(gets_the_reference_s_answers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, end);
}
