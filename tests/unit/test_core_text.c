// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Texts, which the core looks at eight bytes at a time: every byte value at
 * every place around such a group, and order decided at every place.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "plm_check.h"
#include "tests/unit/lib/vector.h"

#define MAX_LEN 19

/* Two criteria over the user, with these texts. */
static struct vector make(const char *first, const char *second, unsigned int op,
			  unsigned int flags)
{
	struct vector_rule rule = {
		.action = 1, .level = 1, .program_len = 3, .id = "0123456789-id",
		.title = "a title of some length", .tags = "tag.of.a.length",
	};
	struct vector_criterion c = { .input = 5, .op = op, .flags = flags };
	struct vector v;

	vector_init(&v, 1, 1);
	vector_section(&v, "templates");
	vector_template(&v, "t0", 1, 6, vector_shape(1, 6), 1);
	vector_section(&v, "rules");
	vector_rule(&v, "r0", &rule);
	vector_section(&v, "criteria");
	c.text = first;
	vector_criterion(&v, "c0", &c);
	c.text = second;
	vector_criterion(&v, "c1", &c);
	vector_section(&v, "programs");
	vector_field(&v, NULL, 4, 1 << 24 | 0);
	vector_field(&v, NULL, 4, 1 << 24 | 1);
	vector_field(&v, NULL, 4, 3 << 24 | 1 << 8 | 2);
	vector_section(&v, "triggers");
	vector_field(&v, NULL, 4, 0);
	vector_section(&v, "automata");
	vector_section(&v, "tables");
	vector_finish(&v);
	return v;
}

static void assert_check(struct vector *v, enum plm_err expected, size_t off)
{
	struct plm_content content;
	struct plm_fault fault;
	enum plm_err err;

	vector_sum(v);
	err = plm_check(v->data, (uint32_t)v->len, 0, &content, &fault);
	assert_string_equal(plm_error_name(err), plm_error_name(expected));
	assert_int_equal(fault.off, off);
	assert_false(v->failed);
}

static bool is_id(int byte)
{
	return byte > 0x20 && byte < 0x7f;
}

static bool is_text(int byte)
{
	return byte >= 0x20 && byte != 0x7f;
}

static bool is_folded(int byte)
{
	return byte < 'A' || byte > 'Z';
}

static bool is_any(int byte)
{
	return byte >= 0;
}

/* Every byte value at each of the @len places from @place on. */
static void assert_bytes(struct vector *v, const char *place, size_t len,
			 bool (*allowed)(int byte))
{
	size_t start = vector_at(v, place, NULL);

	assert_check(v, PLM_OK, 0);
	for (size_t off = start; off < start + len; off++) {
		uint8_t old = v->data[off];

		for (int byte = 0; byte < 256; byte++) {
			v->data[off] = (uint8_t)byte;
			if (allowed(byte))
				assert_check(v, PLM_OK, 0);
			else
				assert_check(v, PLM_BAD_TEXT, off);
		}
		v->data[off] = old;
	}
}

static void test_bytes(void **state)
{
	static const char text[] = "zyxwvutsrqponmlkjih";

	(void)state;
	for (size_t len = 1; len <= MAX_LEN; len++) {
		/* The first is of a lower operator: order stays whatever comes. */
		struct vector v = make("\1", text + MAX_LEN - len, 3, 0);
		v.data[vector_at(&v, "c0.op", NULL)] = 1;
		assert_bytes(&v, "c1.text.text", len, is_folded);
		vector_free(&v);
		v = make("\1", text + MAX_LEN - len, 3, 1);
		v.data[vector_at(&v, "c0.op", NULL)] = 1;
		assert_bytes(&v, "c1.text.text", len, is_any);
		vector_free(&v);
	}
}

static void test_bytes_of_rules(void **state)
{
	struct vector v = make("a", "b", 3, 0);

	(void)state;
	assert_bytes(&v, "r0.id.text", 13, is_id);
	assert_bytes(&v, "r0.title.text", 22, is_text);
	assert_bytes(&v, "r0.tags.text", 15, is_text);
	vector_free(&v);
}

/* Texts that are equal up to one place, where any two bytes may stand. */
static void assert_order(size_t len, size_t differ, uint8_t a, uint8_t b)
{
	static const char text[] = "kkkkkkkkkkkkkkkkkkkkkkk";
	struct vector v = make(text + sizeof(text) - 1 - len,
			       text + sizeof(text) - 1 - len, 2, 1);

	v.data[vector_at(&v, "c0.text.text", NULL) + differ] = a;
	v.data[vector_at(&v, "c1.text.text", NULL) + differ] = b;
	if (a < b)
		assert_check(&v, PLM_OK, 0);
	else
		assert_check(&v, PLM_NOT_SORTED, vector_at(&v, "c1", NULL));
	vector_free(&v);
}

static void test_order(void **state)
{
	static const uint8_t bytes[] = { 0, 1, 'k', 0x7f, 0x80, 0xfe, 0xff };

	(void)state;
	for (size_t len = 1; len <= MAX_LEN; len++)
		for (size_t differ = 0; differ < len; differ++)
			for (size_t i = 0; i < ARRAY_LEN(bytes); i++)
				for (size_t j = 0; j < ARRAY_LEN(bytes); j++)
					assert_order(len, differ, bytes[i],
						     bytes[j]);
}

static void test_prefix(void **state)
{
	static const char text[] = "kkkkkkkkkkkkkkkkkkkkkkk";
	const char *end = text + sizeof(text) - 1;

	(void)state;
	for (size_t a = 1; a <= MAX_LEN; a++)
		for (size_t b = 1; b <= MAX_LEN; b++) {
			struct vector v = make(end - a, end - b, 2, 0);

			if (a < b)
				assert_check(&v, PLM_OK, 0);
			else
				assert_check(&v, PLM_NOT_SORTED,
					     vector_at(&v, "c1", NULL));
			vector_free(&v);
		}
}

/* Every error has a name and a sentence of its own; a stranger has neither. */
static void test_error_list(void **state)
{
	(void)state;
	assert_string_equal(plm_error_name(PLM_OK), "OK");
	assert_int_equal(PLM_TRUNCATED, 1);
	assert_int_equal(PLM_NO_MEMORY, 28);
	for (int i = 0; i < PLM_NUM_ERRORS; i++) {
		assert_true(strlen(plm_error_text((enum plm_err)i)) > 5);
		for (int j = 0; j < i; j++) {
			assert_string_not_equal(
				plm_error_name((enum plm_err)i),
				plm_error_name((enum plm_err)j));
			assert_string_not_equal(
				plm_error_text((enum plm_err)i),
				plm_error_text((enum plm_err)j));
		}
	}
	assert_string_equal(plm_error_name(PLM_NUM_ERRORS), "UNKNOWN");
	assert_string_equal(plm_error_name((enum plm_err)-1), "UNKNOWN");
	assert_string_equal(plm_error_text((enum plm_err)-1), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_bytes_of_rules),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_error_list),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
