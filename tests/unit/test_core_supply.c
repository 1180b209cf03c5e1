// SPDX-License-Identifier: GPL-2.0-or-later
/* What content needs against what a consumer supplies: plm_check_supply. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/lib/evaluate.h"
#include "tests/unit/lib/vecfile.h"

#define NO_RULE 0xffffffffu

static struct vec_file plain, channel291, templates;

static int read_files(void **state)
{
	(void)state;
	return vec_file_read(&plain, "tests/vectors/plain.vec") ||
	       vec_file_read(&channel291, "tests/vectors/channel291.vec") ||
	       vec_file_read(&templates, "tests/vectors/templates.vec");
}

static int free_files(void **state)
{
	(void)state;
	vec_file_free(&plain);
	vec_file_free(&channel291);
	vec_file_free(&templates);
	return 0;
}

static struct vector *find(struct vec_file *file, const char *name)
{
	struct vec_case *c = vec_file_find(file, name);

	assert_non_null(c);
	assert_true(c->accept);
	return &c->v;
}

/* The consumer that supplies the first @num_inputs inputs of the template. */
static struct plm_supply supply_of(uint32_t num_inputs)
{
	struct plm_supply supply = plm_template_at(0)->shape;

	assert_true(num_inputs <= supply.num_inputs);
	for (uint32_t i = num_inputs; i < PLM_MAX_INPUTS; i++)
		supply.inputs[i] = (struct plm_input){ 0 };
	supply.num_inputs = num_inputs;
	return supply;
}

static void assert_supply(struct vector *v, const struct plm_supply *supply,
			  enum plm_err expected, const char *place,
			  uint32_t rule)
{
	struct plm_content content;
	struct plm_fault fault;
	enum plm_err err;

	assert_int_equal(plm_check(v->data, (uint32_t)v->len, 0, &content,
				   &fault), PLM_OK);
	fault = (struct plm_fault){ 1, 1 };
	err = plm_check_supply(&content, &supply, supply ? 1 : 0, &fault);
	assert_string_equal(plm_error_name(err), plm_error_name(expected));
	assert_int_equal(fault.off, place ? vector_at(v, place, NULL) : 0);
	assert_int_equal(fault.rule, rule);
	assert_false(v->failed);
}

/* Each number of inputs: enough, or refused at the first criterion beyond. */
static void test_fewer(void **state)
{
	static const struct {
		const char *place;
		uint32_t rule;
	} expected[] = {
		{ "c0.input", 0 }, { "c1.input", 0 }, { "c6.input", 2 },
		{ "c6.input", 2 }, { "c6.input", 2 }, { "c6.input", 2 },
		{ "c6.input", 2 }, { "c6.input", 2 }, { "c7.input", 2 },
		{ NULL, NO_RULE }, { NULL, NO_RULE },
	};
	struct vector *v = find(&plain, "plain");

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(expected); i++) {
		struct plm_supply supply = supply_of(i);

		assert_supply(v, &supply, expected[i].place ?
			      PLM_INPUT_NOT_SUPPLIED : PLM_OK,
			      expected[i].place, expected[i].rule);
	}
}

static void test_wildcard_twin(void **state)
{
	struct vector *last = find(&channel291, "last-input");
	struct vector *twin = find(&channel291, "wildcard-twin");
	struct plm_supply all = supply_of(10), one_fewer = supply_of(9);

	(void)state;
	assert_supply(last, &all, PLM_OK, NULL, NO_RULE);
	assert_supply(twin, &all, PLM_OK, NULL, NO_RULE);
	assert_supply(last, &one_fewer, PLM_INPUT_NOT_SUPPLIED, "c1.input", 1);
	assert_supply(twin, &one_fewer, PLM_OK, NULL, NO_RULE);
}

/* And where nobody asked the consumer: the rule faults, the read stays inside. */
static void test_bound_at_run_time(void **state)
{
	struct vector *v = find(&channel291, "last-input");
	struct plm_value *values = xcalloc(9, sizeof(*values));
	struct plm_event event = { 1, 9, values };
	struct plm_content content;
	struct plm_fault fault;
	struct outcomes o;

	(void)state;
	assert_int_equal(plm_check(v->data, (uint32_t)v->len, 0, &content,
				   &fault), PLM_OK);
	values[7] = number_value(0);
	o = evaluate(&content, &event, 100);
	assert_int_equal(o.rule[0], MATCHED);
	assert_int_equal(o.rule[1], FAULTED);
	assert_int_equal(o.err[1], PLM_INPUT_NOT_SUPPLIED);
	outcomes_free(&o);
	values_free(values, 9);
	free(values);
}

static void test_unknown_template(void **state)
{
	struct vector *v = find(&plain, "plain");
	struct vector *three = find(&templates, "templates");
	struct plm_supply supply = supply_of(10);

	(void)state;
	assert_supply(v, &supply, PLM_OK, NULL, NO_RULE);
	assert_supply(three, &supply, PLM_TEMPLATE_UNKNOWN, "t1", NO_RULE);
	supply.template_id = 2;
	assert_supply(v, &supply, PLM_TEMPLATE_UNKNOWN, "t0", NO_RULE);
	assert_supply(v, NULL, PLM_TEMPLATE_UNKNOWN, "t0", NO_RULE);
}

/* A record that makes no sense is no word of the consumer. */
static void test_malformed_supply(void **state)
{
	struct vector *v = find(&plain, "plain");
	struct plm_supply supply = supply_of(10);

	(void)state;
	supply.magic--;
	assert_supply(v, &supply, PLM_TEMPLATE_UNKNOWN, "t0", NO_RULE);
	supply.magic += 2;
	assert_supply(v, &supply, PLM_TEMPLATE_UNKNOWN, "t0", NO_RULE);
	supply.magic--;
	supply.num_inputs = PLM_MAX_INPUTS + 1;
	assert_supply(v, &supply, PLM_TEMPLATE_UNKNOWN, "t0", NO_RULE);
	supply.num_inputs = 0xffffffff;
	assert_supply(v, &supply, PLM_TEMPLATE_UNKNOWN, "t0", NO_RULE);
	supply.num_inputs = 10;
	assert_supply(v, &supply, PLM_OK, NULL, NO_RULE);
}

static void test_other_shape(void **state)
{
	struct vector *v = find(&plain, "plain");
	struct plm_supply supply = supply_of(10);

	(void)state;
	supply.inputs[8].type = PLM_TYPE_STRING;
	assert_supply(v, &supply, PLM_SHAPE_MISMATCH, "t0.shape", NO_RULE);
	supply = supply_of(10);
	supply.inputs[0].name[0] = 'i';
	assert_supply(v, &supply, PLM_SHAPE_MISMATCH, "t0.shape", NO_RULE);
	/* Swapped: the very values, in another order. */
	supply = supply_of(10);
	supply.inputs[0] = plm_template_at(0)->shape.inputs[2];
	supply.inputs[2] = plm_template_at(0)->shape.inputs[0];
	assert_supply(v, &supply, PLM_SHAPE_MISMATCH, "t0.shape", NO_RULE);
	/* A name without its end. */
	supply = supply_of(10);
	memset(supply.inputs[3].name, 'n', sizeof(supply.inputs[3].name));
	assert_supply(v, &supply, PLM_SHAPE_MISMATCH, "t0.shape", NO_RULE);
	/* What the content does not touch may be anything. */
	supply = supply_of(10);
	supply.inputs[9].type = PLM_TYPE_STRING;
	supply.inputs[9].name[0] = 'q';
	assert_supply(v, &supply, PLM_OK, NULL, NO_RULE);
}

static void test_grown(void **state)
{
	struct vector *v = find(&plain, "plain");
	struct plm_supply supply = supply_of(10);

	(void)state;
	while (supply.num_inputs < PLM_MAX_INPUTS) {
		struct plm_input *input = &supply.inputs[supply.num_inputs++];

		input->type = PLM_TYPE_STRING;
		memcpy(input->name, "Added", sizeof("Added"));
		assert_supply(v, &supply, PLM_OK, NULL, NO_RULE);
	}
}

/* The record is found wherever it stands in the section. */
static void test_several(void **state)
{
	struct plm_supply other = supply_of(10), right = supply_of(10);
	const struct plm_supply *supplies[] = { &other, &right };
	struct vector *v = find(&plain, "plain");
	struct plm_content content;
	struct plm_fault fault;

	(void)state;
	other.template_id = 7;
	assert_int_equal(plm_check(v->data, (uint32_t)v->len, 0, &content,
				   &fault), PLM_OK);
	assert_int_equal(plm_check_supply(&content, supplies, 2, &fault),
			 PLM_OK);
	assert_int_equal(plm_check_supply(&content, supplies, 1, &fault),
			 PLM_TEMPLATE_UNKNOWN);
}

/* Criteria are held against their own template's supply, and no other. */
static void test_each_its_own(void **state)
{
	static const struct {
		uint32_t num_inputs[3];
		const char *place;
	} cases[] = {
		{ { 10, 12, 7 }, NULL }, { { 9, 12, 7 }, "c0.input" },
		{ { 10, 8, 7 }, "c1.input" }, { { 10, 11, 7 }, "c2.input" },
		{ { 10, 12, 6 }, "c3.input" },
	};
	struct vector *v = find(&templates, "templates");
	const struct plm_supply *supplies[3];
	struct plm_supply supply[3];
	struct plm_content content;
	struct plm_fault fault;

	(void)state;
	assert_int_equal(plm_check(v->data, (uint32_t)v->len, 0, &content,
				   &fault), PLM_OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (uint32_t t = 0; t < 3; t++) {
			supply[t] = plm_template_at(t)->shape;
			supply[t].num_inputs = cases[i].num_inputs[t];
			supplies[t] = &supply[t];
		}
		assert_int_equal(plm_check_supply(&content, supplies, 3, &fault),
				 cases[i].place ? PLM_INPUT_NOT_SUPPLIED :
						  PLM_OK);
		if (cases[i].place)
			assert_int_equal(fault.off,
					 vector_at(v, cases[i].place, NULL));
	}
}

static void test_asked_by_none(void **state)
{
	struct vector *v = find(&templates, "asked-by-none");
	struct plm_supply supply = supply_of(9);

	(void)state;
	assert_supply(v, &supply, PLM_INPUT_NOT_SUPPLIED, "c1.input", NO_RULE);
}

static uint64_t fnv1a(uint64_t hash, uint32_t byte)
{
	return (hash ^ byte) * 0x100000001b3;
}

/* The hash of any shape, as FORMAT.md describes it. */
static uint64_t hash_of(const struct plm_supply *shape, uint32_t num_inputs)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (int i = 0; i < 4; i++)
		hash = fnv1a(hash, shape->template_id >> 8 * i & 0xff);
	for (uint32_t i = 0; i < num_inputs; i++) {
		const struct plm_input *input = &shape->inputs[i];

		hash = fnv1a(hash, input->type);
		for (size_t k = 0; k < sizeof(input->name) && input->name[k]; k++)
			hash = fnv1a(hash, (uint8_t)input->name[k]);
		hash = fnv1a(hash, 0);
	}
	return hash;
}

/* As many inputs as may be, their names as long as may be, and a large id. */
static void test_largest_shape(void **state)
{
	struct plm_supply shape = supply_of(0);

	(void)state;
	shape.template_id = 0x81929394;
	shape.num_inputs = PLM_MAX_INPUTS;
	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++) {
		shape.inputs[i].type = PLM_TYPE_STRING;
		memset(shape.inputs[i].name, 'a' + (int)i % 26,
		       sizeof(shape.inputs[i].name));
	}
	for (uint32_t i = 0; i <= PLM_MAX_INPUTS; i++)
		assert_true(plm_shape_hash(&shape, i) == hash_of(&shape, i));
}

/* The hash of the core is the one that FORMAT.md describes. */
static void test_shape_hash(void **state)
{
	static const uint32_t nums[] = { 10, 12, 7 };

	(void)state;
	for (uint32_t t = 0; t < ARRAY_LEN(nums); t++) {
		const struct plm_supply *shape = &plm_template_at(t)->shape;

		assert_int_equal(shape->num_inputs, nums[t]);
		for (uint32_t i = 0; i <= nums[t]; i++)
			assert_true(plm_shape_hash(shape, i) ==
				    vector_shape(t + 1, i));
		assert_true(plm_shape_hash(shape, nums[t] + 1) ==
			    vector_shape(t + 1, nums[t]));
		assert_true(plm_shape_hash(shape, 0xffffffff) ==
			    vector_shape(t + 1, nums[t]));
	}
}

static void test_templates(void **state)
{
	(void)state;
	assert_ptr_equal(plm_template_find(PLM_PROCESS_CREATION_ID),
			 plm_template_at(0));
	assert_string_equal(plm_template_at(0)->name, "process_creation");
	assert_string_equal(plm_template_at(1)->name, "network_connection");
	assert_string_equal(plm_template_at(2)->name, "file_event");
	assert_null(plm_template_at(3));
	assert_null(plm_template_find(0));
	assert_null(plm_template_find(0xffffffff));
	assert_null(plm_template_at(PLM_MAX_TEMPLATES));
	assert_null(plm_template_at(0xffffffff));
	for (uint32_t i = 1; plm_template_at(i); i++)
		assert_true(plm_template_at(i)->shape.template_id >
			    plm_template_at(i - 1)->shape.template_id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fewer),
		cmocka_unit_test(test_wildcard_twin),
		cmocka_unit_test(test_bound_at_run_time),
		cmocka_unit_test(test_unknown_template),
		cmocka_unit_test(test_malformed_supply),
		cmocka_unit_test(test_other_shape),
		cmocka_unit_test(test_grown),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_each_its_own),
		cmocka_unit_test(test_asked_by_none),
		cmocka_unit_test(test_shape_hash),
		cmocka_unit_test(test_largest_shape),
		cmocka_unit_test(test_templates),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("supply", tests, read_files,
					   free_files);
}
