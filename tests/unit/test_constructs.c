// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every rule with a construct of the language has its events: one that matches,
 * one that nearly does, and the evaluator says of each what is expected.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "event/synth.h"
#include "sigma/compile.h"

static const char *const paths[] = {
	"tests/samples/constructs/file.yml",
	"tests/samples/constructs/linux.yml",
	"tests/samples/constructs/network.yml",
	"tests/samples/constructs/regex.yml",
	"tests/samples/constructs/windows.yml",
};

#define NUM_PATHS (sizeof(paths) / sizeof(paths[0]))

struct content {
	struct sigma_compilation compilation;
	struct plm_content content;
	struct model model;
	struct synth synth;
};

static void content_make(struct content *c, const char *const *files,
			 size_t num_files)
{
	static const struct sigma_options options = {
		.channel = 1, .version = 1, .action = PLM_ACTION_AUDIT,
	};
	struct plm_fault fault;

	sigma_compile(&c->compilation, files, num_files, &options);
	for (size_t i = 0; i < c->compilation.num_refusals; i++)
		fail_msg("%s: %s", c->compilation.refusals[i].path,
			 c->compilation.refusals[i].error.text);
	assert_int_equal(plm_check(c->compilation.data,
				   (u32)c->compilation.len, 0, &c->content,
				   &fault), PLM_OK);
	model_decode(&c->model, &c->content);
	synth_make(&c->synth, &c->model);
}

static void content_free(struct content *c)
{
	synth_free(&c->synth);
	model_free(&c->model);
	sigma_compilation_free(&c->compilation);
}

static const char *title(const struct content *c, uint32_t rule)
{
	static char text[200];
	const struct model_text *from = &c->model.rules[rule].title;

	snprintf(text, sizeof(text), "%.*s", (int)from->len,
		 (const char *)from->data);
	return text;
}

static bool matches(const struct event_result *result, uint32_t rule)
{
	for (size_t i = 0; i < result->num_matches; i++)
		if (result->matches[i] == rule)
			return true;
	return false;
}

static void test_events(void **state)
{
	struct evaluator *evaluator;
	struct content c;

	(void)state;
	content_make(&c, paths, NUM_PATHS);
	for (size_t i = 0; i < c.synth.num_unsolved; i++)
		fail_msg("no event matches '%s'",
			 title(&c, c.synth.unsolved[i]));
	for (size_t i = 0; i < c.synth.num_no_miss; i++)
		fail_msg("no event misses '%s'", title(&c, c.synth.no_miss[i]));
	assert_true(c.synth.num_events > 4 * c.model.num_rules);
	assert_true(c.synth.num_covered * 10 > c.synth.num_wanted * 9);
	evaluator = evaluator_new(&c.content);
	for (size_t i = 0; i < c.synth.num_events; i++) {
		const struct synth_event *e = &c.synth.events[i];
		struct event_result result;

		evaluator_run(evaluator, &e->event,
			      e->event.template->shape.num_inputs, &result);
		assert_int_equal(result.num_faults, 0);
		if (matches(&result, e->rule) != e->expect)
			fail_msg("'%s': event %zu, %s", title(&c, e->rule), i,
				 synth_kind_name(e->kind));
		event_result_free(&result);
	}
	evaluator_free(evaluator);
	content_free(&c);
}

/* Each order of the files gives the same bytes. */
static void test_order(void **state)
{
	struct content first, other;
	const char *order[NUM_PATHS];

	(void)state;
	content_make(&first, paths, NUM_PATHS);
	for (size_t turn = 1; turn < NUM_PATHS; turn++) {
		for (size_t i = 0; i < NUM_PATHS; i++)
			order[i] = paths[(i * (turn % 4 + 1) + turn) %
					 NUM_PATHS];
		content_make(&other, order, NUM_PATHS);
		assert_int_equal(first.compilation.len, other.compilation.len);
		assert_memory_equal(first.compilation.data,
				    other.compilation.data,
				    first.compilation.len);
		content_free(&other);
	}
	content_free(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
