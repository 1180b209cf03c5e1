// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scratch: what is queued, once and for how many steps, who is blamed where they
 * are too few, and that nothing of it is left for the next event.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_scratch.h"
#include "tests/unit/lib/vecfile.h"

#define PLENTY 1000

/* A file of tests/vectors, and scratch for it without any automata. */
struct made {
	struct vec_file file;
	struct plm_content content;
	struct plm_walks walks;
	uint32_t *owners;
	int32_t *words;
	struct plm_scratch scratch;
	int32_t guard;		/* behind the scratch */
};

static void make(struct made *m, const char *path, const char *name)
{
	struct plm_fault fault;
	struct vec_case *c;

	memset(m, 0xa5, sizeof(*m));
	m->file = (struct vec_file){ 0 };
	assert_int_equal(vec_file_read(&m->file, path), 0);
	c = vec_file_find(&m->file, name);
	assert_int_equal(plm_check(c->v.data, (u32)c->v.len, 0, &m->content,
				   &fault), PLM_OK);
	m->owners = xcalloc(plm_num_criteria(&m->content), sizeof(*m->owners));
	m->walks = (struct plm_walks){
		.owners = m->owners, .num = PLM_MAX_AUTOMATA,
		.num_criteria = plm_num_criteria(&m->content),
	};
	m->words = xcalloc(plm_scratch_words(&m->content), sizeof(*m->words));
	plm_scratch_init(&m->scratch, &m->content, &m->walks, m->words);
	m->scratch.steps = PLENTY;
}

static void drop(struct made *m)
{
	assert_int_equal((uint32_t)m->guard, 0xa5a5a5a5);
	free(m->words);
	free(m->owners);
	vec_file_free(&m->file);
}

/* The rules in the queue, a bit each; none is there twice. */
static uint32_t queue_of(const struct plm_scratch *s)
{
	uint32_t rules = 0;

	for (int64_t i = 0; i < s->num_queue; i++) {
		assert_false(rules >> s->queue[i] & 1);
		rules |= 1u << s->queue[i];
	}
	return rules;
}

static void test_words(void **state)
{
	static const struct {
		u32 num_criteria, num_rules, words;
	} cases[] = {
		{ 0, 0, 2 }, { 1, 1, 4 }, { 31, 1, 34 }, { 32, 1, 36 },
		{ 1, 31, 34 }, { 1, 32, 36 }, { 63, 95, 2 + 3 + 63 + 95 },
		{ 64, 96, 3 + 4 + 64 + 96 },
	};
	struct plm_content content = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		content.section[PLM_SECTION_CRITERIA - 1].count =
			cases[i].num_criteria;
		content.section[PLM_SECTION_RULES - 1].count =
			cases[i].num_rules;
		assert_int_equal(plm_scratch_words(&content), cases[i].words);
	}
}

/* Each trigger is a step; a criterion that holds twice holds once. */
static void test_hit(void **state)
{
	struct plm_scratch *s;
	struct made m;

	(void)state;
	make(&m, "tests/vectors/plain.vec", "plain");
	s = &m.scratch;
	plm_hit(&m.content, s, 2);
	assert_int_equal(s->steps, PLENTY - 2);
	assert_int_equal(queue_of(s), 1u << 1 | 1u << 3);
	plm_hit(&m.content, s, 2);
	plm_hit(&m.content, s, 9);
	plm_hit(&m.content, s, 0xffffffff);
	assert_int_equal(s->steps, PLENTY - 2);
	assert_int_equal(s->num_touched, 1);
	plm_hit(&m.content, s, 4);
	assert_int_equal(s->steps, PLENTY - 3);
	assert_int_equal(queue_of(s), 1u << 1 | 1u << 3);
	assert_true(plm_is_hit(s, 2));
	assert_false(plm_is_hit(s, 3));
	assert_false(plm_is_hit(s, 9));
	assert_false(plm_is_hit(s, 32 + 1));
	/* Later on what holds is remembered and triggers nothing. */
	s->begun = true;
	plm_hit(&m.content, s, 0);
	assert_true(plm_is_hit(s, 0));
	assert_int_equal(s->steps, PLENTY - 3);
	assert_int_equal(queue_of(s), 1u << 1 | 1u << 3);
	drop(&m);
}

/* The first rule that there are no steps for, and no other after it. */
static void test_blame(void **state)
{
	struct plm_scratch *s;
	struct made m;

	(void)state;
	make(&m, "tests/vectors/plain.vec", "plain");
	s = &m.scratch;
	s->steps = 1;
	assert_false(plm_is_spent(s));
	plm_hit(&m.content, s, 2);
	assert_true(plm_is_spent(s));
	assert_int_equal(s->blame, 1);
	assert_int_equal(s->steps, 1);
	assert_int_equal(s->num_queue, 0);
	/* A step is left, which nobody gets any more. */
	plm_hit(&m.content, s, 0);
	plm_queue_always(&m.content, s, 0);
	assert_int_equal(s->blame, 1);
	assert_int_equal(s->steps, 1);
	assert_int_equal(s->num_queue, 0);
	plm_scratch_clean(s);
	assert_false(plm_is_spent(s));
	drop(&m);
}

/* Of the final list the template's own, at a step for each of them all. */
static void test_always(void **state)
{
	struct plm_scratch *s;
	struct made m;

	(void)state;
	make(&m, "tests/vectors/templates.vec", "templates");
	s = &m.scratch;
	for (u32 t = 0; t < 4; t++) {
		s->steps = PLENTY;
		plm_queue_always(&m.content, s, t);
		assert_int_equal(s->steps, PLENTY - 3);
		assert_int_equal(queue_of(s), t < 3 ? 1u << t : 0);
		plm_scratch_clean(s);
	}
	s->steps = 2;
	plm_queue_always(&m.content, s, 1);
	assert_int_equal(s->blame, 0);
	assert_int_equal(s->num_queue, 0);
	plm_scratch_clean(s);
	s->steps = 3;
	plm_queue_always(&m.content, s, 1);
	assert_false(plm_is_spent(s));
	drop(&m);
}

/* A span costs a step for each of it, beside what its criteria trigger. */
static void test_span(void **state)
{
	struct plm_scratch *s;
	struct made m;

	(void)state;
	make(&m, "tests/vectors/numbers.vec", "numbers");
	s = &m.scratch;
	plm_hit_span(&m.content, s, (struct plm_span){ 2, 2 });
	plm_hit_span(&m.content, s, (struct plm_span){ 3, 1 });
	plm_hit_span(&m.content, s, (struct plm_span){ 4, 5 });
	assert_int_equal(s->steps, PLENTY);
	assert_int_equal(s->num_touched, 0);
	plm_hit_span(&m.content, s, (struct plm_span){ 1, 4 });
	assert_int_equal(s->steps, PLENTY - 3 - 2);
	assert_int_equal(s->num_touched, 3);
	assert_int_equal(queue_of(s), 1u << 0 | 1u << 1);
	plm_scratch_clean(s);
	s->steps = 2;
	plm_hit_span(&m.content, s, (struct plm_span){ 1, 4 });
	assert_int_equal(s->blame, 0);
	assert_int_equal(s->num_touched, 0);
	plm_scratch_clean(s);
	s->steps = 0;
	plm_queue_always(&m.content, s, 0);
	assert_int_equal(s->blame, 2);
	drop(&m);
}

/* Nothing is left, of any word. */
static void test_clean(void **state)
{
	struct plm_scratch *s;
	struct made m;
	u32 words;

	(void)state;
	make(&m, "tests/vectors/plain.vec", "plain");
	s = &m.scratch;
	words = plm_scratch_words(&m.content);
	for (u32 i = 0; i < plm_num_criteria(&m.content); i++)
		plm_hit(&m.content, s, i);
	plm_queue_always(&m.content, s, 0);
	for (u32 i = 0; i < PLM_MAX_AUTOMATA; i++) {
		assert_true(plm_mark_walked(s, i));
		assert_false(plm_mark_walked(s, i));
	}
	assert_false(plm_mark_walked(s, PLM_MAX_AUTOMATA));
	s->begun = true;
	plm_scratch_clean(s);
	for (u32 i = 0; i < 9 / 32 + 1 + 5 / 32 + 1; i++)
		assert_int_equal(m.words[i], 0);
	assert_int_equal(words, 9 / 32 + 1 + 5 / 32 + 1 + 9 + 5);
	assert_false(s->begun);
	assert_int_equal(s->num_touched + s->num_queue + s->next, 0);
	for (u32 i = 0; i < PLM_MAX_AUTOMATA; i++)
		assert_true(plm_mark_walked(s, i));
	drop(&m);
}

/* Known is what holds, and what a walk that is over has not reported. */
static void test_settled(void **state)
{
	struct plm_scratch *s;
	struct made m;

	(void)state;
	make(&m, "tests/vectors/plain.vec", "plain");
	s = &m.scratch;
	m.owners[1] = 40;
	m.owners[2] = PLM_NO_WALK;
	assert_false(plm_is_settled(s, 1));
	plm_mark_walked(s, 0);
	assert_true(plm_is_settled(s, 0));
	assert_false(plm_is_settled(s, 1));
	plm_mark_walked(s, 40);
	assert_true(plm_is_settled(s, 1));
	assert_false(plm_is_settled(s, 2));
	assert_false(plm_is_settled(s, 9));
	assert_false(plm_is_settled(s, 0xffffffff));
	drop(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_hit),
		cmocka_unit_test(test_blame),
		cmocka_unit_test(test_always),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_settled),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("scratch", tests, NULL, NULL);
}
