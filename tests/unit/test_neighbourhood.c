// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Damage and neighbourhoods: each recipe's bytes, the exact number of files of
 * each family, that every number names one file for ever, and how a budget is
 * shared out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/neighbourhood.h"
#include "plm_check.h"
#include "vm/candidate.h"
#include "vm/neighbours.h"

#define SAMPLE "build/sample.plm"

static struct damage_base sample;
static uint8_t *room;

static int read_sample(void **state)
{
	uint8_t *data;

	(void)state;
	if (file_read(SAMPLE, 1u << 20, &data, &sample.len))
		return -1;
	sample.data = data;
	/* Another content: of another version. */
	data = xmemdup(sample.data, sample.len);
	data[PLM_HDR_CONTENT_VERSION] ^= 0x40;
	sample.old = data;
	sample.old_len = sample.len;
	room = xmalloc(damage_room(&sample));
	return 0;
}

static int free_sample(void **state)
{
	(void)state;
	free((void *)sample.data);
	free((void *)sample.old);
	free(room);
	return 0;
}

static enum plm_err check(const uint8_t *data, size_t len)
{
	struct plm_content content;
	struct plm_fault fault;

	return plm_check(data, (u32)len, 0, &content, &fault);
}

static size_t apply(struct vm_edit edit)
{
	return damage_apply(&sample, &edit, 1, room);
}

static void test_seal(void **state)
{
	uint8_t *data = xmemdup(sample.data, sample.len);

	(void)state;
	/* What the compiler has written is what is written here. */
	damage_seal(data, sample.len);
	assert_memory_equal(data, sample.data, sample.len);
	memset(data + PLM_HDR_SUM, 0xff, 8);
	assert_int_equal(check(data, sample.len), PLM_BAD_SUM);
	damage_seal(data, sample.len);
	assert_memory_equal(data, sample.data, sample.len);
	data[PLM_HDR_CONTENT_VERSION]++;
	assert_int_equal(check(data, sample.len), PLM_BAD_SUM);
	damage_seal(data, sample.len);
	assert_int_equal(check(data, sample.len), PLM_OK);
	free(data);
}

/* Of less than a header nothing is written; of an odd end nothing is read. */
static void test_seal_small(void **state)
{
	uint8_t bytes[PLM_HEADER_LEN + 3], *same;

	(void)state;
	memset(bytes, 0xa5, sizeof(bytes));
	same = xmemdup(bytes, sizeof(bytes));
	damage_seal(bytes, PLM_HEADER_LEN - 1);
	assert_memory_equal(bytes, same, sizeof(bytes));
	damage_seal(bytes, sizeof(bytes));
	assert_memory_not_equal(bytes + PLM_HDR_SUM, same + PLM_HDR_SUM, 8);
	assert_memory_equal(bytes + PLM_HDR_SUM + 8, same + PLM_HDR_SUM + 8,
			    sizeof(bytes) - PLM_HDR_SUM - 8);
	free(same);
}

static void test_in_place(void **state)
{
	(void)state;
	assert_int_equal(apply((struct vm_edit){ .kind = VM_DAMAGE_CUT,
						 .off = 100 }), 100);
	assert_memory_equal(room, sample.data, 100);
	assert_int_equal(apply((struct vm_edit){ .kind = VM_DAMAGE_CUT,
						 .off = UINT32_MAX }),
			 sample.len);
	assert_int_equal(apply((struct vm_edit){ .kind = VM_DAMAGE_PUT,
						 .off = 20, .len = 4,
						 .value = 0x04030201 }),
			 sample.len);
	assert_memory_equal(room + 20, "\1\2\3\4", 4);
	assert_memory_equal(room + 24, sample.data + 24, sample.len - 24);
	/* At the end as much as there is; behind it nothing. */
	apply((struct vm_edit){ .kind = VM_DAMAGE_PUT,
				.off = (uint32_t)sample.len - 1, .len = 8,
				.value = UINT64_MAX });
	assert_int_equal(room[sample.len - 1], 0xff);
	apply((struct vm_edit){ .kind = VM_DAMAGE_PUT, .off = UINT32_MAX,
				.len = 8, .value = UINT64_MAX });
	assert_memory_equal(room, sample.data, sample.len);
	apply((struct vm_edit){ .kind = VM_DAMAGE_ZERO, .off = 8,
				.len = UINT32_MAX });
	assert_memory_equal(room, sample.data, 8);
	for (size_t i = 8; i < sample.len; i++)
		assert_int_equal(room[i], 0);
}

static void test_old(void **state)
{
	size_t at = PLM_HDR_CONTENT_VERSION;

	(void)state;
	assert_int_equal(apply((struct vm_edit){ .kind = VM_DAMAGE_OLD_HEAD,
						 .off = (uint32_t)at + 1 }),
			 sample.len);
	assert_int_equal(room[at], sample.old[at]);
	apply((struct vm_edit){ .kind = VM_DAMAGE_OLD_HEAD,
				.off = (uint32_t)at });
	assert_memory_equal(room, sample.data, sample.len);
	apply((struct vm_edit){ .kind = VM_DAMAGE_OLD_TAIL,
				.off = (uint32_t)at });
	assert_memory_equal(room, sample.old, sample.len);
	apply((struct vm_edit){ .kind = VM_DAMAGE_OLD_TAIL,
				.off = (uint32_t)at + 1 });
	assert_memory_equal(room, sample.data, sample.len);
}

/* A layout that is only written anew is the file itself. */
static void test_layout(void **state)
{
	size_t off, len;

	(void)state;
	assert_int_equal(apply((struct vm_edit){
		.kind = VM_DAMAGE_SPLICE, .flags = VM_EDIT_SEALED }),
			 sample.len);
	assert_memory_equal(room, sample.data, sample.len);
	for (unsigned int i = 0; i < PLM_NUM_SECTIONS; i++) {
		assert_true(damage_section(sample.data, sample.len, i, &off,
					   &len));
		len = apply((struct vm_edit){ .kind = VM_DAMAGE_DOUBLE,
					      .flags = VM_EDIT_SEALED,
					      .section = (uint16_t)i,
					      .len = (uint32_t)len });
		/* What is doubled is refused, but not for sum or layout. */
		assert_int_not_equal(check(room, len), PLM_BAD_SUM);
		assert_int_not_equal(check(room, len), PLM_TRUNCATED);
	}
	assert_false(damage_section(sample.data, sample.len, PLM_NUM_SECTIONS,
				    &off, &len));
	assert_false(damage_section(sample.data, PLM_BODY_OFF - 1, 0, &off,
				    &len));
}

/* Raw the check sum tells, sealed what is wrong is told. */
static void test_sealed(void **state)
{
	struct vm_edit edit = { .kind = VM_DAMAGE_DROP, .section = 1,
				.len = PLM_RULE_LEN };
	size_t len = apply(edit);

	(void)state;
	assert_int_equal(len, sample.len - PLM_RULE_LEN);
	assert_int_equal(check(room, len), PLM_TRUNCATED);
	edit.flags = VM_EDIT_SEALED;
	len = apply(edit);
	assert_int_equal(len, sample.len - PLM_RULE_LEN);
	assert_int_equal(damage_get(room + PLM_HDR_TOTAL_LEN), len);
	assert_int_equal(check(room, len), PLM_BAD_LAYOUT);
	/* A cut is sealed as far as the header goes. */
	len = apply((struct vm_edit){ .kind = VM_DAMAGE_CUT, .off = 512,
				      .flags = VM_EDIT_SEALED });
	assert_int_equal(damage_get(room + PLM_HDR_TOTAL_LEN), 512);
	assert_int_equal(check(room, len), PLM_TRUNCATED);
	/* A length that is the damage stays as it was put. */
	apply((struct vm_edit){ .kind = VM_DAMAGE_PUT, .flags = VM_EDIT_SEALED,
				.off = PLM_HDR_TOTAL_LEN, .len = 4,
				.value = 7 });
	assert_int_equal(damage_get(room + PLM_HDR_TOTAL_LEN), 7);
}

/* Two records that change places twice are where they were. */
static void test_turn(void **state)
{
	struct vm_edit edit = { .kind = VM_DAMAGE_TURN, .section = 1,
				.flags = VM_EDIT_SEALED, .len = PLM_RULE_LEN };
	struct damage_base turned = sample;
	uint8_t *again = xmalloc(damage_room(&sample));
	size_t off, len;

	(void)state;
	assert_int_equal(apply(edit), sample.len);
	assert_true(damage_section(sample.data, sample.len, 1, &off, &len));
	assert_memory_equal(room + off, sample.data + off + PLM_RULE_LEN,
			    PLM_RULE_LEN);
	assert_memory_equal(room + off + PLM_RULE_LEN, sample.data + off,
			    PLM_RULE_LEN);
	turned.data = room;
	assert_int_equal(damage_apply(&turned, &edit, 1, again), sample.len);
	assert_memory_equal(again, sample.data, sample.len);
	/* The last one has nothing behind it. */
	edit.off = (uint32_t)(len - PLM_RULE_LEN);
	apply(edit);
	assert_memory_equal(room, sample.data, sample.len);
	free(again);
}

/* Recipes that make no sense leave the file alone, and the room. */
static void test_nonsense(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		struct vm_edit edits[2];
		uint8_t *bytes = (uint8_t *)edits;
		size_t len;

		for (size_t j = 0; j < sizeof(edits); j++) {
			random = random * 6364136223846793005ull + 1;
			bytes[j] = (uint8_t)(random >> 56);
		}
		edits[0].kind %= VM_NUM_DAMAGES + 1;
		edits[1].kind %= VM_NUM_DAMAGES + 1;
		if (i % 2) {
			edits[0].section %= 9;
			edits[0].off %= (uint32_t)sample.len;
			edits[0].len %= (uint32_t)sample.len;
		}
		len = damage_apply(&sample, edits, 2, room);
		assert_true(len <= damage_room(&sample));
	}
}

static uint64_t count_of(const struct neighbourhood *n, const char *name)
{
	for (size_t i = 0; i < neighbourhood_num_families(); i++)
		if (!strcmp(neighbourhood_family(i), name))
			return n->counts[i];
	fail_msg("no family %s", name);
	return 0;
}

/* Eight bytes of somebody else's: all the files that there are. */
static void test_small(void **state)
{
	static const uint8_t bytes[8] = "abcdefgh";
	const struct damage_base base = { bytes, sizeof(bytes), NULL, 0 };
	struct neighbour_recipe recipe;
	struct neighbourhood n;
	uint8_t out[512];

	(void)state;
	neighbourhood_init(&n, &base, false, 0);
	assert_int_equal(count_of(&n, "truncated"), 8);
	assert_int_equal(count_of(&n, "bit flipped"), 64);
	assert_int_equal(count_of(&n, "64-bit number"), 7);
	assert_int_equal(count_of(&n, "32-bit number"), 2 * 16);
	assert_int_equal(count_of(&n, "32-bit number, big-endian"), 2 * 16);
	assert_int_equal(count_of(&n, "16-bit number"), 4 * 7);
	assert_int_equal(count_of(&n, "16-bit number, big-endian"), 4 * 7);
	assert_int_equal(count_of(&n, "zeros, then the file"), 1);
	assert_int_equal(count_of(&n, "the file, then zeros"), 1);
	assert_int_equal(count_of(&n, "sector of zeros"), 1);
	assert_int_equal(count_of(&n, "record dropped"), 0);
	assert_int_equal(count_of(&n, "spliced with the baseline"), 0);
	assert_int_equal(n.num_finite, 8 + 64 + 7 + 32 + 32 + 28 + 28 + 3);
	/* The last of them is the last bit of the last byte. */
	neighbourhood_get(&n, n.num_finite - 1, &recipe);
	assert_int_equal(damage_apply(&base, recipe.edits, recipe.num, out), 8);
	assert_memory_equal(out, "abcdefg\xe8", 8);
	/* One more, in the order of bytes that others use. */
	neighbourhood_get(&n, 1 + 1 + 1 + 8 + 7 + 32 + 3, &recipe);
	damage_apply(&base, recipe.edits, recipe.num, out);
	assert_memory_equal(out, "abceefgh", 8);
}

/* Ours: everything twice, and by sections and records. */
static void test_ours(void **state)
{
	uint64_t records = 0, len = sample.len;
	struct neighbourhood n;
	size_t off, bytes;

	(void)state;
	for (unsigned int i = 0; i < PLM_NUM_SECTIONS; i++) {
		assert_true(damage_section(sample.data, sample.len, i, &off,
					   &bytes));
		records += bytes / damage_record_len(i);
	}
	neighbourhood_init(&n, &sample, true, 0);
	assert_int_equal(count_of(&n, "number in header and table"), 48 * 16);
	assert_int_equal(count_of(&n, "truncated"), 2 * len);
	assert_int_equal(count_of(&n, "bit flipped"), 2 * 8 * len);
	assert_int_equal(count_of(&n, "32-bit number"), 2 * 16 * (len / 4));
	assert_int_equal(count_of(&n, "32-bit number, big-endian"), 0);
	assert_int_equal(count_of(&n, "section bytes swapped"), 2 * 28);
	assert_int_equal(count_of(&n, "section entries swapped"), 2 * 28);
	assert_int_equal(count_of(&n, "section doubled"), 2 * 8);
	assert_int_equal(count_of(&n, "spliced with the baseline"), 2 * 255);
	assert_int_equal(count_of(&n, "record doubled"), 2 * records);
	assert_int_equal(count_of(&n, "ends after a record"), 2 * records);
	assert_int_equal(count_of(&n, "the file, then the baseline"),
			 2 * (len / 8));
}

/* No two pairs of sections are the same, and each is one. */
static void test_pairs(void **state)
{
	bool seen[PLM_NUM_SECTIONS][PLM_NUM_SECTIONS] = { 0 };
	struct neighbour_recipe recipe;
	struct neighbourhood n;

	(void)state;
	neighbourhood_init(&n, &sample, true, 0);
	for (uint64_t k = 0; k < 28; k++) {
		neighbourhood_get(&n, n.counts[0] + k, &recipe);
		assert_int_equal(recipe.edits[0].kind, VM_DAMAGE_SWAP);
		assert_true(recipe.edits[0].off < recipe.edits[0].len);
		assert_true(recipe.edits[0].len < PLM_NUM_SECTIONS);
		assert_false(seen[recipe.edits[0].off][recipe.edits[0].len]);
		seen[recipe.edits[0].off][recipe.edits[0].len] = true;
	}
}

/* Header and table are there sealed: what is wrong is told, not the sum. */
static void test_head(void **state)
{
	struct neighbour_recipe recipe;
	struct neighbourhood n;
	size_t sums = 0;

	(void)state;
	neighbourhood_init(&n, &sample, true, 0);
	for (uint64_t k = 0; k < n.counts[0]; k++) {
		neighbourhood_get(&n, k, &recipe);
		assert_int_equal(recipe.num, 1);
		assert_int_equal(recipe.edits[0].off, k / 16 * 4);
		assert_true(recipe.edits[0].flags & VM_EDIT_SEALED);
		damage_apply(&sample, recipe.edits, 1, room);
		sums += check(room, sample.len) == PLM_BAD_SUM;
	}
	assert_int_equal(sums, 0);
}

static void test_drawn(void **state)
{
	struct neighbour_recipe a, b, c;
	struct neighbourhood n, other;
	size_t different = 0;

	(void)state;
	neighbourhood_init(&n, &sample, true, 1);
	neighbourhood_init(&other, &sample, true, 2);
	for (uint64_t k = n.num_finite; k < n.num_finite + 2000; k++) {
		neighbourhood_get(&n, k, &a);
		neighbourhood_get(&n, k, &b);
		neighbourhood_get(&other, k, &c);
		assert_true(a.num >= 2 && a.num <= VM_MAX_EDITS);
		assert_memory_equal(&a, &b, sizeof(a));
		different += memcmp(&a, &c, sizeof(a)) != 0;
		for (size_t i = 0; i < a.num; i++)
			assert_int_equal(a.edits[i].flags & VM_EDIT_MORE ? 1 :
					 0, i + 1 < a.num);
		assert_true(damage_apply(&sample, a.edits, a.num, room) <=
			    damage_room(&sample));
	}
	assert_true(different > 1900);
}

static uint64_t sum_of(const struct neighbour_plan *plan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < neighbourhood_num_families(); i++)
		sum += plan->shares[i];
	return sum;
}

static void test_plan(void **state)
{
	static const uint64_t budgets[] = { 1, 5, 1000, 10007, 100000 };
	struct neighbour_plan plan;
	struct neighbourhood n;

	(void)state;
	neighbourhood_init(&n, &sample, true, 0);
	for (size_t i = 0; i < ARRAY_LEN(budgets); i++) {
		uint64_t last = 0;

		neighbour_plan_make(&plan, &n, budgets[i]);
		assert_int_equal(plan.num, budgets[i]);
		assert_int_equal(sum_of(&plan), budgets[i]);
		/* Ascending: none twice. */
		for (uint64_t j = 0; j < plan.num; j++) {
			uint64_t k = neighbour_plan_get(&plan, j);

			assert_true(k < n.num_finite && (!j || k > last));
			last = k;
		}
	}
	/* The first is whole, or half of it; small ones are whole. */
	neighbour_plan_make(&plan, &n, 1000);
	assert_int_equal(plan.shares[0], 500);
	neighbour_plan_make(&plan, &n, 10000);
	assert_int_equal(plan.shares[0], n.counts[0]);
	assert_int_equal(plan.shares[1], n.counts[1]);
	/* And large ones have equal shares. */
	assert_in_range(plan.shares[neighbourhood_num_families() - 1],
			plan.shares[neighbourhood_num_families() - 3],
			plan.shares[neighbourhood_num_families() - 3] + 1);
}

/* Beyond what is finite: all of that, and then drawn ones. */
static void test_plan_beyond(void **state)
{
	static const uint8_t bytes[8] = "abcdefgh";
	const struct damage_base base = { bytes, sizeof(bytes), NULL, 0 };
	struct neighbour_plan plan;
	struct neighbourhood n;

	(void)state;
	neighbourhood_init(&n, &base, false, 0);
	neighbour_plan_make(&plan, &n, n.num_finite + 10);
	for (uint64_t j = 0; j < plan.num; j++)
		assert_int_equal(neighbour_plan_get(&plan, j), j);
}

static void test_text(void **state)
{
	struct neighbour_recipe recipe = { .num = 2, .edits = {
		{ .kind = VM_DAMAGE_CUT, .off = 9, .flags = VM_EDIT_MORE },
		{ .kind = VM_DAMAGE_PUT, .off = 4, .len = 4, .value = 255,
		  .flags = VM_EDIT_SEALED } } };
	char *text = neighbour_recipe_text(&recipe);

	(void)state;
	assert_string_equal(text, "cut at byte 9; 4 bytes at 4 are 0xff; sealed");
	free(text);
}

/* What the boot stage offers: refused by the core, at a place of the file. */
static void test_boot_neighbours(void **state)
{
	struct candidate candidate;
	size_t cuts = 0, sealed = 0;

	(void)state;
	assert_int_equal(candidate_load(&candidate, SAMPLE), 0);
	neighbours_make(&candidate);
	assert_in_range(candidate.num_neighbours, 300, 400);
	for (size_t i = 0; i < candidate.num_neighbours; i++) {
		const struct neighbour *one = &candidate.neighbours[i];
		size_t len = apply(one->edit);
		char *text = neighbour_text(one);
		struct plm_content content;
		struct plm_fault fault;
		enum plm_err err = plm_check(room, (u32)len, 0, &content,
					     &fault);

		assert_int_not_equal(one->err, PLM_OK);
		assert_true(one->fault.off <= len);
		/* Channel and version are asked for behind the structure. */
		assert_true(err == one->err || err == PLM_OK);
		assert_true(*text);
		cuts += one->edit.kind == VM_DAMAGE_CUT;
		sealed += one->edit.flags & VM_EDIT_SEALED ? 1 : 0;
		free(text);
	}
	assert_int_equal(cuts, 3 * PLM_NUM_SECTIONS + 3);
	assert_true(sealed > 200);
	candidate_free(&candidate);
}

/* Where the core refuses the candidate there is nothing to compare with. */
static void test_boot_neighbours_none(void **state)
{
	struct candidate candidate;

	(void)state;
	assert_int_equal(candidate_load(&candidate, "Makefile"), 0);
	neighbours_make(&candidate);
	assert_int_equal(candidate.num_neighbours, 0);
	candidate_free(&candidate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_seal_small),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_old),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_turn),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_drawn),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_plan_beyond),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_boot_neighbours),
		cmocka_unit_test(test_boot_neighbours_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("neighbourhood", tests, read_sample,
					   free_sample);
}
