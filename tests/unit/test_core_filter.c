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
#include "tests/unit/lib/chance.h"

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

	memset(&made.filter, 0xa5, sizeof(made.filter));
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
 * How many of some inputs, that hold no text but by chance, pass a filter; and
 * how many its windows alone, and those with what is behind them.  Each that
 * passes costs a look or a walk, so that these are numbers to look at when they
 * change, and all are known exactly.
 */
struct selective {
	const char *name;
	uint32_t op;
	uint32_t least, most;	/* bytes of a text */
	size_t num;		/* of texts */
	uint32_t near, wide, all;
};

static const struct selective selective[] = {
	{ "one byte", PLM_OP_CONTAINS, 1, 1, 1, 7286, 7286, 7286 },
	{ "tiny", PLM_OP_CONTAINS, 2, 3, 12, 10565, 10565, 2382 },
	{ "a window", PLM_OP_CONTAINS, 4, 4, 40, 12927, 12513, 351 },
	{ "a little more", PLM_OP_CONTAINS, 5, 5, 80, 1904, 881, 7 },
	{ "short", PLM_OP_CONTAINS, 4, 7, 200, 7398, 5114, 200 },
	{ "few", PLM_OP_CONTAINS, 6, MAX_TEXT, 5, 1693, 94, 1 },
	{ "many", PLM_OP_CONTAINS, 8, MAX_TEXT, NUM_MANY, 2033, 191, 2 },
	{ "more", PLM_OP_CONTAINS, 4, MAX_TEXT, 20 * NUM_MANY, 9648, 4557, 407 },
	{ "beginnings", PLM_OP_STARTSWITH, 2, MAX_TEXT, 80, 399, 399, 399 },
	{ "longer beginnings", PLM_OP_STARTSWITH, 3, 4, NUM_MANY, 164, 164, 164 },
	{ "ends", PLM_OP_ENDSWITH, 2, MAX_TEXT, 80, 230, 230, 230 },
	{ "longer ends", PLM_OP_ENDSWITH, 3, 4, NUM_MANY, 370, 370, 370 },
	{ "all of it", PLM_OP_EQUALS, 3, MAX_TEXT, NUM_MANY, 122, 122, 122 },
};

/* A set that has everything. */
static void open_set(struct plm_bits *bits)
{
	static uint32_t all = 0xffffffff;

	*bits = (struct plm_bits){ &all, 31 };
}

/* Inputs of up to forty bytes, in part the words of which ordinary ones are. */
static size_t ordinary(uint8_t *out)
{
	static const char *const words[] = {
		"/usr/bin/", " --", ".conf", "/etc/", "lib", "-c ",
	};
	size_t len = below(41), at, word;

	fill(out, len);
	word = below(2 * ARRAY_LEN(words));
	if (word < ARRAY_LEN(words) && strlen(words[word]) <= len) {
		at = below((uint32_t)(len - strlen(words[word]) + 1));
		memcpy(out + at, words[word], strlen(words[word]));
	}
	return len;
}

static void test_selective(void **state)
{
	struct text *texts = xcalloc(20 * NUM_MANY, sizeof(*texts));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(selective); i++) {
		const struct selective *s = &selective[i];
		uint32_t near = 0, wide = 0, all = 0;
		struct made made, open;
		uint8_t input[40];

		chance_seed(i);
		for (size_t k = 0; k < s->num; k++)
			texts[k] = text_of(s->op, s->least +
					   below(s->most - s->least + 1));
		made = make(texts, s->num);
		open = made;
		open_set(&open.filter.far);
		for (int k = 0; k < 20000; k++) {
			size_t len = ordinary(input);

			all += passes(&made, input, len);
			open.filter.wide = made.filter.wide;
			wide += passes(&open, input, len);
			open_set(&open.filter.wide);
			near += passes(&open, input, len);
		}
		if (near != s->near || wide != s->wide || all != s->all)
			fail_msg("%s: %u, %u and %u of 20000 pass", s->name,
				 near, wide, all);
		free(made.words);
	}
	free(texts);
}

/* What shares a long piece's beginning, and not all of it, does not pass. */
static void test_long_pieces(void **state)
{
	static const char *const inputs[] = {
		"xx kqzjwv xx", "xx kqzjwvp  ", "kqzjwvpx xxxx", "kqzjwvp",
		"kqzjwvp\xf9",
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

/* An input is not taken to go on with the byte that is folded behind its end. */
static void test_short_inputs(void **state)
{
	static const uint32_t by[] = {
		PLM_OP_STARTSWITH, PLM_OP_ENDSWITH, PLM_OP_CONTAINS,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(by); i++)
		for (uint32_t len = 2; len <= 8; len += 1 + (len > 3)) {
			struct text text = { by[i], "kq      ", len };
			struct made made = make(&text, 1);

			for (uint32_t part = 0; part < len; part++)
				assert_false(passes(&made, text.bytes, part));
			assert_true(passes(&made, text.bytes, len));
			free(made.words);
		}
}

/* How large sets are for how many texts: bits, less one. */
struct sized {
	struct plm_filter_size size;
	uint64_t near, wide, far, tiny, first, last;
};

static const struct sized sized[] = {
	{ { 0, 0, 0, 0 }, 31, 31, 31, 31, 31, 31 },
	{ { 1, 1, 1, 1 }, 511, 511, 511, 511, 511, 511 },
	{ { 4, 16, 16, 16 }, 511, 511, 1023, 511, 511, 511 },
	{ { 5, 17, 17, 17 }, 1023, 511, 1023, 1023, 1023, 1023 },
	{ { 32, 0, 0, 0 }, 4095, 511, 511, 31, 31, 31 },
	{ { 33, 0, 0, 33 }, 8191, 1023, 1023, 31, 31, 2047 },
	{ { 34, 0, 33, 0 }, 8191, 1023, 1023, 31, 2047, 31 },
	{ { 0, 33, 0, 0 }, 31, 31, 2047, 2047, 31, 31 },
	{ { 8192, 0, 0, 0 }, 1048575, 131071, 131071, 31, 31, 31 },
	{ { 16384, 0, 0, 0 }, 1048575, 262143, 262143, 31, 31, 31 },
};

static void init(struct plm_filter *filter, const struct sized *s,
		 uint32_t *words, struct plm_cursor *cursor)
{
	memset(filter, 0xa5, sizeof(*filter));
	plm_filter_init(filter, &s->size, words, cursor);
}

static void test_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sized); i++) {
		const struct sized *s = &sized[i];
		uint64_t bits = s->near + s->wide + s->far + s->tiny +
				s->first + s->last + 6;
		struct plm_cursor cursor = { .len = (uint32_t)(bits / 32) };
		uint32_t *words = xcalloc(cursor.len, 4);
		struct plm_filter f;

		init(&f, s, words, &cursor);
		assert_false(f.open);
		assert_int_equal(f.near.mask, s->near);
		assert_int_equal(f.wide.mask, s->wide);
		assert_int_equal(f.far.mask, s->far);
		assert_int_equal(f.tiny.mask, s->tiny);
		assert_int_equal(f.first.mask, s->first);
		assert_int_equal(f.last.mask, s->last);
		assert_true(plm_at_end(&cursor));
		free(words);
	}
}

/* Where there is not enough room, whichever set is left without, all pass. */
static void test_no_room(void **state)
{
	(void)state;
	for (uint32_t len = 0; len < 6 * 16; len++) {
		struct plm_cursor cursor = { .len = len };
		uint32_t words[6 * 16] = { 0 };
		struct plm_filter f;

		init(&f, &sized[1], words, &cursor);
		assert_true(f.open);
		plm_filter_add(&f, PLM_OP_CONTAINS,
			       (struct plm_text){ (const uint8_t *)"text", 4 });
		assert_true(plm_filter_passes(&f, (const uint8_t *)"-", 1));
	}
}

/* Which texts are counted as what. */
static void test_counts(void **state)
{
	static const struct {
		uint32_t op, len;
		struct plm_filter_size size;
	} counts[] = {
		{ PLM_OP_CONTAINS, 1, { 0, 0, 0, 0 } },
		{ PLM_OP_CONTAINS, 2, { 0, 1, 0, 0 } },
		{ PLM_OP_CONTAINS, 3, { 0, 1, 0, 0 } },
		{ PLM_OP_CONTAINS, 4, { 1, 0, 0, 0 } },
		{ PLM_OP_CONTAINS, 5, { 1, 0, 0, 0 } },
		{ PLM_OP_STARTSWITH, 1, { 0, 0, 1, 0 } },
		{ PLM_OP_ENDSWITH, 9, { 0, 0, 0, 1 } },
		{ PLM_OP_EQUALS, 4, { 0, 0, 0, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct plm_filter_size size = { 0 };

		plm_filter_count(&size, counts[i].op, counts[i].len);
		assert_memory_equal(&size, &counts[i].size, sizeof(size));
	}
}

/* Of a text the windows are known that say most. */
static void test_rarest(void **state)
{
	static const struct {
		const char *text, *known, *other;
	} texts[] = {
		{ "bbbbbbbb{{{{{{{{", "{{{{{{{{", "bbbbbbbb" },
		{ "bbbbbbbb````````", "````````", "bbbbbbbb" },
		{ "bbbbbbbbzzzzzzzz", "bbbbbbbb", "zzzzzzzz" },
		{ "eeeeeeeebbbbbbbb", "bbbbbbbb", "eeeeeeee" },
		{ "uuuuuuuubbbbbbbb", "bbbbbbbb", "uuuuuuuu" },
		{ "________eeeeeeee", "eeeeeeee", "________" },
		{ "________........", "________", "........" },
		{ "eeeeeeeeuuuuuuuu", "eeeeeeee", "uuuuuuuu" },
		{ "bbbbbbbb00000000", "00000000", "bbbbbbbb" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct text text = { PLM_OP_CONTAINS, "", 14 };
		struct made made;

		memcpy(text.bytes, texts[i].text + 1, 14);
		made = make(&text, 1);
		open_set(&made.filter.wide);
		open_set(&made.filter.far);
		assert_true(passes(&made, (const uint8_t *)texts[i].known, 8));
		assert_false(passes(&made, (const uint8_t *)texts[i].other, 8));
		free(made.words);
	}
}

static bool is_known(const struct plm_filter *filter, uint8_t byte)
{
	return plm_filter_passes(filter, &byte, 1);
}

static void add_byte(struct plm_filter *filter, uint8_t byte)
{
	plm_filter_add(filter, PLM_OP_CONTAINS, (struct plm_text){ &byte, 1 });
}

/*
 * Texts of one byte: each is known once, whatever the order and the case they
 * come in; one more than there is room for lets everything through.  0xa5 is
 * what the filter's memory is full of before.
 */
static void test_single_bytes(void **state)
{
	static const uint8_t orders[][PLM_FILTER_BYTES] = {
		{ 'b', 'd', 'f', 'h' }, { 'h', 'f', 'd', 'b' },
		{ 0xa5, 'h', 'b', 'f' },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct made made = make(NULL, 0);
		struct plm_filter *filter = &made.filter;

		for (uint32_t k = 0; k < PLM_FILTER_BYTES; k++) {
			assert_false(is_known(filter, orders[i][k]));
			add_byte(filter, orders[i][k]);
			for (uint32_t j = 0; j <= k; j++) {
				add_byte(filter, orders[i][j]);
				add_byte(filter,
					 (uint8_t)toupper(orders[i][j]));
				assert_true(is_known(filter, orders[i][j]));
			}
			assert_int_equal(filter->num_bytes, k + 1);
			assert_false(filter->open || is_known(filter, 'x'));
		}
		add_byte(filter, 'x');
		assert_true(filter->open && is_known(filter, 'y'));
		assert_int_equal(filter->num_bytes, PLM_FILTER_BYTES);
		free(made.words);
	}
}

/* Of one known byte and any input of one: it is that byte or not, but for case. */
static void test_every_byte(void **state)
{
	(void)state;
	for (unsigned int known = 0; known < 256; known++) {
		struct made made = make(NULL, 0);

		add_byte(&made.filter, (uint8_t)known);
		for (unsigned int byte = 0; byte < 256; byte++)
			assert_int_equal(is_known(&made.filter, (uint8_t)byte),
					 (known | 0x20) == (byte | 0x20));
		free(made.words);
	}
}

/* A filter of nothing lets nothing through, and an empty text adds nothing. */
static void test_nothing(void **state)
{
	(void)state;
	for (size_t op = 0; op < ARRAY_LEN(ops); op++) {
		struct made made = make(NULL, 0);
		struct plm_filter before;

		memcpy(&before, &made.filter, sizeof(before));
		plm_filter_add(&made.filter, ops[op],
			       (struct plm_text){ (const u8 *)"some" + 4, 0 });
		assert_int_equal(before.num_bytes, 0);
		assert_int_equal(before.far_lens, 0);
		assert_int_equal(before.first_lens, 0);
		assert_int_equal(before.last_lens, 0);
		assert_memory_equal(&before, &made.filter, sizeof(before));
		for (uint32_t i = 0; i < PLM_FILTER_WORDS(1, 0); i++)
			assert_int_equal(made.words[i], 0);
		assert_false(passes(&made, (const uint8_t *)"something", 9));
		free(made.words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_selective),
		cmocka_unit_test(test_long_pieces),
		cmocka_unit_test(test_short_inputs),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_rarest),
		cmocka_unit_test(test_single_bytes),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
