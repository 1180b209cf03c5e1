// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filters: what holds one of the texts gets through, wherever and in whichever
 * case it stands; of what holds none, little does.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_filter.h"

#define MAX_TEXT	14
#define MAX_AROUND	12
#define NUM_MANY	600

struct text {
	uint32_t op;
	uint8_t bytes[MAX_TEXT];
	uint32_t len;
};

struct made {
	struct plm_filter filter;
	uint32_t *words;
};

static const uint32_t ops[] = {
	PLM_OP_EQUALS, PLM_OP_CONTAINS, PLM_OP_STARTSWITH, PLM_OP_ENDSWITH,
};

/* Numbers by chance, the same each time. */
static uint32_t below(uint32_t bound)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(state >> 33) % bound;
}

static void fill(uint8_t *out, size_t len)
{
	static const uint8_t bytes[] = " /-.=_abcdefghijklmnopqrstuvwxyz0123";

	while (len--)
		*out++ = bytes[below(sizeof(bytes) - 1)];
}

static struct text text_of(uint32_t op, uint32_t len)
{
	struct text text = { .op = op, .len = len };

	fill(text.bytes, len);
	return text;
}

static struct made make(const struct text *texts, size_t num)
{
	struct plm_cursor cursor = {
		.len = PLM_FILTER_WORDS(1, (uint32_t)num),
	};
	struct plm_filter_size size = { 0 };
	struct made made = { .words = xcalloc(cursor.len, 4) };

	for (size_t i = 0; i < num; i++)
		plm_filter_count(&size, texts[i].op, texts[i].len);
	plm_filter_init(&made.filter, &size, made.words, &cursor);
	for (size_t i = 0; i < num; i++)
		plm_filter_add(&made.filter, texts[i].op,
			       (struct plm_text){ texts[i].bytes,
						  texts[i].len });
	assert_false(made.filter.open);
	return made;
}

/* @text with so much before and behind it as its operator allows. */
static size_t surround(const struct text *text, uint32_t before,
		       uint32_t behind, uint8_t *out)
{
	if (text->op == PLM_OP_EQUALS || text->op == PLM_OP_STARTSWITH)
		before = 0;
	if (text->op == PLM_OP_EQUALS || text->op == PLM_OP_ENDSWITH)
		behind = 0;
	fill(out, before);
	for (uint32_t i = 0; i < text->len; i++)
		out[before + i] = (uint8_t)(below(2) ? toupper(text->bytes[i]) :
						       text->bytes[i]);
	fill(out + before + text->len, behind);
	return before + text->len + behind;
}

/* An input of its own length on the heap, for the sanitizer to guard its end. */
static bool passes(const struct made *made, const uint8_t *data, size_t len)
{
	uint8_t *copy = xmalloc(len);
	bool yes;

	memcpy(copy, data, len);
	yes = plm_filter_passes(&made->filter, copy, (uint32_t)len);
	free(copy);
	return yes;
}

static void assert_found(const struct made *made, const struct text *text)
{
	uint8_t input[MAX_TEXT + 2 * MAX_AROUND];

	for (uint32_t before = 0; before <= MAX_AROUND; before++)
		for (uint32_t behind = 0; behind <= MAX_AROUND; behind++) {
			size_t len = surround(text, before, behind, input);

			if (!passes(made, input, len))
				fail_msg("'%.*s' (operator %u) is missed in '%.*s'",
					 (int)text->len, (char *)text->bytes,
					 text->op, (int)len, (char *)input);
		}
}

/* One text alone: nothing else can have let the input through. */
static void test_one(void **state)
{
	(void)state;
	for (size_t op = 0; op < ARRAY_LEN(ops); op++)
		for (uint32_t len = 1; len <= MAX_TEXT; len++)
			for (int i = 0; i < 20; i++) {
				struct text text = text_of(ops[op], len);
				struct made made = make(&text, 1);

				assert_found(&made, &text);
				free(made.words);
			}
}

/* Texts of four bytes and more, of all operators. */
static void make_many(struct text *texts, size_t num)
{
	for (size_t i = 0; i < num; i++)
		texts[i] = text_of(ops[i % ARRAY_LEN(ops)],
				   4 + below(MAX_TEXT - 3));
}

static void test_many(void **state)
{
	struct text *texts = xcalloc(NUM_MANY, sizeof(*texts));
	struct made made;

	(void)state;
	make_many(texts, NUM_MANY);
	made = make(texts, NUM_MANY);
	for (size_t i = 0; i < NUM_MANY; i++)
		assert_found(&made, &texts[i]);
	free(made.words);
	free(texts);
}

/*
 * A window is four bytes, of which inputs by chance hold many, and what follows
 * it, which few do: windows alone would let half of these through, and with it
 * 109 in 20,000 do.
 */
static void test_few_others(void **state)
{
	struct text *texts = xcalloc(NUM_MANY, sizeof(*texts));
	uint8_t input[40];
	unsigned int passed = 0;
	struct made made;

	(void)state;
	for (size_t i = 0; i < NUM_MANY; i++)
		texts[i] = text_of(PLM_OP_CONTAINS, 8 + below(MAX_TEXT - 7));
	made = make(texts, NUM_MANY);
	for (int i = 0; i < 20000; i++) {
		fill(input, sizeof(input));
		passed += passes(&made, input, sizeof(input));
	}
	if (passed > 200)
		fail_msg("%u of 20000 inputs without a text get through",
			 passed);
	free(made.words);
	free(texts);
}

/* What shares a long piece's beginning, and not all of it, does not pass. */
static void test_long_pieces(void **state)
{
	static const char *const inputs[] = {
		"xx kqzjwv xx", "xx kqzjwvp  ", "kqzjwvpx xxxx", "kqzjwvp",
	};
	struct text text = { PLM_OP_CONTAINS, "kqzjwvpy", 8 };
	struct made made = make(&text, 1);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		assert_false(passes(&made, (const uint8_t *)inputs[i],
				    strlen(inputs[i])));
	assert_true(passes(&made, (const uint8_t *)"KQZJWVPY", 8));
	free(made.words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_few_others),
		cmocka_unit_test(test_long_pieces),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
