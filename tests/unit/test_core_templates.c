// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several templates in one file.  The product knows only one so far, so this
 * program compiles the core's sources once more, under other names, with a
 * list of three: what belongs to one template must not pass as another's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define plm_check		three_check
#define plm_check_supply	three_check_supply
#define plm_check_records	three_check_records
#define plm_check_string	three_check_string
#define plm_check_templates	three_check_templates
#define plm_check_template_counts three_check_template_counts
#define plm_check_rules		three_check_rules
#define plm_check_criteria	three_check_criteria
#define plm_check_always	three_check_always
#define plm_check_conditions	three_check_conditions
#define plm_text_span		three_text_span
#define plm_text_compare	three_text_compare
#define plm_check_automaton	three_check_automaton
#define plm_check_program	three_check_program
#define plm_program_step	three_program_step
#define plm_tables_locate	three_tables_locate
#define plm_step		three_step
#define plm_outputs		three_outputs
#define plm_get_template	three_get_template
#define plm_get_rule		three_get_rule
#define plm_get_criterion	three_get_criterion
#define plm_get_criterion_key	three_get_criterion_key
#define plm_get_criterion_triggers three_get_criterion_triggers
#define plm_get_automaton	three_get_automaton
#define plm_get_word		three_get_word
#define plm_is_always		three_is_always
#define plm_is_trigger		three_is_trigger
#define plm_template_at		three_template_at
#define plm_template_find	three_template_find
#define plm_shape_hash		three_shape_hash

#include "kmod/core/plm_template.h"

#define FIRST_INPUTS(X) X(STRING, Text) X(NUMBER, Number)
#define SECOND_INPUTS(X) X(NUMBER, Number) X(STRING, Text)
#define THIRD_INPUTS(X) X(NUMBER, Only)

#undef PLM_TEMPLATES
#define PLM_TEMPLATES(X)		\
	X(3, first, FIRST_INPUTS)	\
	X(5, second, SECOND_INPUTS)	\
	X(0xffffffffu, third, THIRD_INPUTS)

#include "kmod/core/plm_automaton.c"
#include "kmod/core/plm_check.c"
#include "kmod/core/plm_check_criteria.c"
#include "kmod/core/plm_check_records.c"
#include "kmod/core/plm_check_rules.c"
#include "kmod/core/plm_check_templates.c"
#include "kmod/core/plm_content.c"
#include "kmod/core/plm_program.c"
#include "kmod/core/plm_supply.c"
#include "kmod/core/plm_template.c"
#include "kmod/core/plm_text.c"
#include "kmod/core/plm_triggers.c"

#include "tests/unit/lib/vector.h"

/*
 * first:  r0 = Text contains "a" (c0)    r1 = Number = 1 (c1)
 * second: r2 = Number = 1 (c2)           r3 = Text contains "a" (c3)
 */
static struct vector make(uint32_t second_id, uint32_t second_rules)
{
	const uint32_t ids[] = { 3, second_id };
	struct vector v;

	vector_init(&v, 1, 1);
	vector_section(&v, "templates");
	vector_template(&v, "t0", ids[0], 2,
			plm_shape_hash(&plm_template_find(3)->shape, 2), 2);
	vector_template(&v, "t1", ids[1], 2,
			plm_shape_hash(&plm_template_find(5)->shape, 2),
			second_rules);
	vector_section(&v, "rules");
	for (uint32_t i = 0; i < 4; i++) {
		const char *const names[] = { "r0", "r1", "r2", "r3" };

		vector_rule(&v, names[i], &(struct vector_rule){
				.template = i / 2, .action = 1, .level = 1,
				.program_off = i, .program_len = 1,
				.id = names[i], .title = "", .tags = "" });
	}
	vector_section(&v, "criteria");
	vector_criterion(&v, "c0", &(struct vector_criterion){
			 0, 0, 2, 0, "a", 0, 0, 1 });
	vector_criterion(&v, "c1", &(struct vector_criterion){
			 0, 1, 16, 0, "", 1, 1, 0 });
	vector_criterion(&v, "c2", &(struct vector_criterion){
			 1, 0, 16, 0, "", 1, 1, 0 });
	vector_criterion(&v, "c3", &(struct vector_criterion){
			 1, 1, 2, 0, "a", 0, 1, 1 });
	vector_section(&v, "programs");
	vector_field(&v, "p0", 4, 1 << 24 | 0);
	vector_field(&v, "p1", 4, 1 << 24 | 1);
	vector_field(&v, "p2", 4, 1 << 24 | 2);
	vector_field(&v, "p3", 4, 1 << 24 | 3);
	vector_section(&v, "triggers");
	vector_field(&v, "triggers.c0", 4, 0);
	vector_field(&v, "triggers.c3", 4, 3);
	vector_field(&v, "always.r1", 4, 1);
	vector_field(&v, "always.r2", 4, 2);
	vector_section(&v, "automata");
	vector_section(&v, "tables");
	vector_finish(&v);
	return v;
}

static void assert_error(struct vector *v, enum plm_err expected,
			 const char *place, uint32_t rule)
{
	struct plm_content content;
	struct plm_fault fault;

	vector_sum(v);
	assert_int_equal(plm_check(v->data, (uint32_t)v->len, 0, &content,
				   &fault), expected);
	assert_int_equal(fault.off, place ? vector_at(v, place, NULL) : 0);
	assert_int_equal(fault.rule, rule);
	assert_false(v->failed);
}

/* The good file, one field of it changed, and what comes of that. */
static void assert_change(const char *field, uint64_t value,
			  enum plm_err expected, const char *place,
			  uint32_t rule)
{
	struct vector v = make(5, 2);

	assert_error(&v, PLM_OK, NULL, PLM_NO_RULE);
	vector_set(&v, field, value);
	assert_error(&v, expected, place, rule);
	vector_free(&v);
}

static void test_test_of_another(void **state)
{
	(void)state;
	assert_change("p1", 1 << 24 | 2, PLM_BAD_TYPE, "p1", 1);
	assert_change("p3", 1 << 24 | 0, PLM_BAD_TYPE, "p3", 3);
}

static void test_trigger_of_another(void **state)
{
	(void)state;
	assert_change("triggers.c0", 3, PLM_BAD_TYPE, "triggers.c0",
		      PLM_NO_RULE);
	assert_change("triggers.c3", 0, PLM_BAD_TYPE, "triggers.c3",
		      PLM_NO_RULE);
}

/* The operator's type is that of the template's own input. */
static void test_operator_of_another(void **state)
{
	(void)state;
	assert_change("c0.op", 16, PLM_BAD_TYPE, "c0.op", PLM_NO_RULE);
	assert_change("c2.op", 2, PLM_BAD_TYPE, "c2.op", PLM_NO_RULE);
	assert_change("c1.template", 1, PLM_BAD_TYPE, "c1.op", PLM_NO_RULE);
}

static void test_rule_of_another(void **state)
{
	(void)state;
	assert_change("r1.template", 1, PLM_BAD_TYPE, "p1", 1);
}

static void test_order(void **state)
{
	struct vector v = make(5, 2);

	(void)state;
	assert_error(&v, PLM_OK, NULL, PLM_NO_RULE);
	vector_set(&v, "t1.id", 3);
	assert_error(&v, PLM_NOT_SORTED, "t1.id", PLM_NO_RULE);
	vector_set(&v, "t1.id", 2);
	assert_error(&v, PLM_NOT_SORTED, "t1.id", PLM_NO_RULE);
	vector_set(&v, "t1.id", 6);
	assert_error(&v, PLM_TEMPLATE_UNKNOWN, "t1.id", PLM_NO_RULE);
	vector_set(&v, "t1.id", 0xffffffff);
	assert_error(&v, PLM_INPUT_NOT_SUPPLIED, "t1.num_inputs", PLM_NO_RULE);
	vector_free(&v);
	/* The same names and types under another id are another shape. */
	v = make(5, 2);
	vector_set(&v, "t0.shape", plm_shape_hash(&plm_template_find(5)->shape,
						  2));
	assert_error(&v, PLM_SHAPE_MISMATCH, "t0.shape", PLM_NO_RULE);
	vector_free(&v);
}

/* A template that no rule is of has no business in the file. */
static void test_unused(void **state)
{
	struct vector v;

	(void)state;
	vector_init(&v, 1, 1);
	vector_section(&v, "templates");
	vector_template(&v, "t0", 3, 2,
			plm_shape_hash(&plm_template_find(3)->shape, 2), 1);
	vector_template(&v, "t1", 5, 0,
			plm_shape_hash(&plm_template_find(5)->shape, 0), 0);
	vector_section(&v, "rules");
	vector_rule(&v, "r0", &(struct vector_rule){
			.action = 1, .level = 1, .program_len = 1, .id = "r0",
			.title = "", .tags = "" });
	vector_section(&v, "criteria");
	vector_criterion(&v, "c0", &(struct vector_criterion){
			 0, 1, 16, 0, "", 1, 0, 0 });
	vector_section(&v, "programs");
	vector_field(&v, "p0", 4, 1 << 24);
	vector_section(&v, "triggers");
	vector_field(&v, NULL, 4, 0);
	vector_section(&v, "automata");
	vector_section(&v, "tables");
	vector_finish(&v);
	assert_error(&v, PLM_EMPTY, "t1.num_rules", PLM_NO_RULE);
	vector_free(&v);
}

/* Each template needs a supply of its own. */
static void test_supply(void **state)
{
	const struct plm_supply *both[] = {
		&plm_template_find(5)->shape, &plm_template_find(3)->shape,
	};
	struct vector v = make(5, 2);
	struct plm_content content;
	struct plm_fault fault;

	(void)state;
	assert_int_equal(plm_check(v.data, (uint32_t)v.len, 0, &content,
				   &fault), PLM_OK);
	assert_int_equal(plm_check_supply(&content, both, 2, &fault), PLM_OK);
	assert_int_equal(plm_check_supply(&content, both, 1, &fault),
			 PLM_TEMPLATE_UNKNOWN);
	assert_int_equal(fault.off, vector_at(&v, "t0", NULL));
	assert_int_equal(plm_check_supply(&content, both + 1, 1, &fault),
			 PLM_TEMPLATE_UNKNOWN);
	assert_int_equal(fault.off, vector_at(&v, "t1", NULL));
	vector_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_test_of_another),
		cmocka_unit_test(test_trigger_of_another),
		cmocka_unit_test(test_operator_of_another),
		cmocka_unit_test(test_rule_of_another),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_unused),
		cmocka_unit_test(test_supply),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("templates", tests, NULL, NULL);
}
