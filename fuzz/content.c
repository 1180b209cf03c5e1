// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mutator that knows content files: it damages what lies behind the check sum
 * and then repairs length and sum, or changes rules and encodes them anew, so
 * that mutants reach what a blind one never does.
 */
#include <stdlib.h>
#include <string.h>

#include "content/model.h"
#include "fuzz/fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t max_len);

/* A file in mutation. */
struct mutant {
	uint8_t *data;
	size_t len, max_len;
	uint64_t random;
};

static uint32_t next_random(struct mutant *m, uint32_t below)
{
	m->random = m->random * 6364136223846793005ull + 1442695040888963407ull;
	return below ? (uint32_t)(m->random >> 33) % below : 0;
}

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void repair(struct mutant *m)
{
	uint64_t a = 0, b = 0;

	if (m->len < PLM_BODY_OFF)
		return;
	put32(m->data + PLM_HDR_TOTAL_LEN, (uint32_t)m->len);
	memset(m->data + PLM_HDR_SUM, 0, 8);
	for (size_t i = 0; i + 8 <= m->len; i += 8) {
		a += plm_le64(m->data + i);
		b = (b << 7 | b >> 57) + a;
	}
	b ^= a << 32 | a >> 32;
	put32(m->data + PLM_HDR_SUM, (uint32_t)b);
	put32(m->data + PLM_HDR_SUM + 4, (uint32_t)(b >> 32));
}

static void mutate_bytes(struct mutant *m)
{
	m->len = LLVMFuzzerMutate(m->data, m->len, m->max_len);
}

/* One aligned field to an extreme, a neighbour, or another field's value. */
static void mutate_field(struct mutant *m)
{
	const uint32_t extremes[] = { 0, 1, 0xff, 0xffff, 0xffffff, 0x7fffffff,
				      0x80000000u, 0xffffffffu };
	uint32_t words = (uint32_t)m->len / 4;
	uint8_t *at;

	if (!words)
		return;
	at = m->data + (size_t)4 * next_random(m, words);
	switch (next_random(m, 4)) {
	case 0:
		put32(at, extremes[next_random(m, 8)]);
		break;
	case 1:
		put32(at, plm_le32(at) + 1);
		break;
	case 2:
		put32(at, plm_le32(at) - 1);
		break;
	default:
		put32(at, plm_le32(m->data +
				   (size_t)4 * next_random(m, words)));
	}
}

/* Bytes of a record, by section; of strings, as many as stay aligned. */
static const uint32_t record_lens[PLM_NUM_SECTIONS] = {
	PLM_TEMPLATE_LEN, PLM_RULE_LEN, PLM_CRITERION_LEN, 4, 4,
	PLM_AUTOMATON_LEN, 4, 8
};

/*
 * A section's count that no file can hold; or one whose product with the length of
 * a record is, in 32 bits, what it was.
 */
static void mutate_count(struct mutant *m)
{
	const uint32_t extremes[] = { 0, 0xffff, 0x10000, 0x1000000,
				      0x7fffffff, 0xffffffffu };
	uint32_t index = next_random(m, PLM_NUM_SECTIONS);
	uint32_t len = record_lens[index];
	uint32_t wrap = (1u << 31) / (len & -len) * 2;
	uint8_t *at = m->data + PLM_HEADER_LEN +
		      (size_t)index * PLM_SECTION_ENTRY_LEN + PLM_SEC_COUNT;

	if (m->len < PLM_BODY_OFF)
		return;
	put32(at, next_random(m, 2) ? plm_le32(at) + wrap :
				      extremes[next_random(m, 6)]);
}

/* The table's offsets and counts again, after section @index has grown. */
static void shift_sections(struct mutant *m, uint32_t index, int32_t by,
			   int32_t records)
{
	for (uint32_t i = index; i < PLM_NUM_SECTIONS; i++) {
		uint8_t *entry = m->data + PLM_HEADER_LEN +
				 (size_t)i * PLM_SECTION_ENTRY_LEN;
		uint32_t moved = i == index ? PLM_SEC_LEN : PLM_SEC_OFF;

		put32(entry + moved, plm_le32(entry + moved) + (uint32_t)by);
		if (i == index)
			put32(entry + PLM_SEC_COUNT,
			      plm_le32(entry + PLM_SEC_COUNT) +
			      (uint32_t)records);
	}
}

/*
 * Double or drop two records of a section: two, so that the sections behind it
 * stay aligned whatever the length of a record.
 */
static void mutate_records(struct mutant *m)
{
	uint32_t index = next_random(m, PLM_NUM_SECTIONS);
	uint32_t len = 2 * record_lens[index], records = index == 7 ? 16 : 2;
	const uint8_t *entry;
	uint32_t off, count;

	if (m->len < PLM_BODY_OFF)
		return;
	entry = m->data + PLM_HEADER_LEN + (size_t)index * PLM_SECTION_ENTRY_LEN;
	off = plm_le32(entry + PLM_SEC_OFF);
	count = plm_le32(entry + PLM_SEC_LEN) / len;
	if (!count || off > m->len || len > m->len - off)
		return;
	off += next_random(m, count) * len;
	if (off > m->len || len > m->len - off)
		return;
	if (next_random(m, 2) && m->len + len <= m->max_len) {
		memmove(m->data + off + len, m->data + off, m->len - off);
		m->len += len;
		shift_sections(m, index, (int32_t)len, (int32_t)records);
	} else {
		memmove(m->data + off, m->data + off + len,
			m->len - off - len);
		m->len -= len;
		shift_sections(m, index, -(int32_t)len, -(int32_t)records);
	}
}

static void change_criterion(struct mutant *m, struct model *model)
{
	struct model_criterion *c;
	uint32_t i;

	if (!model->num_criteria)
		return;
	c = &model->criteria[next_random(m, (uint32_t)model->num_criteria)];
	if (!c->text.len) {
		c->number += next_random(m, 3) - 1;
		return;
	}
	i = next_random(m, c->text.len);
	if (next_random(m, 2) && c->text.len > 1)
		c->text.len = i + 1;
	else
		c->text.data[i] = (uint8_t)('a' + next_random(m, 26));
	if (next_random(m, 4) == 0)
		c->op = PLM_OP_EQUALS + next_random(m, 4);
}

static void drop_rule(struct mutant *m, struct model *model)
{
	struct model_rule rule;
	uint32_t i;

	if (model->num_rules < 2)
		return;
	i = next_random(m, (uint32_t)model->num_rules);
	rule = model->rules[i];
	model->rules[i] = model->rules[model->num_rules - 1];
	model->rules[model->num_rules - 1] = rule;
	free(rule.program);
	free(rule.id.data);
	free(rule.title.data);
	free(rule.tags.data);
	model->num_rules--;
}

/* Other rules, encoded as the compiler would. */
static void mutate_model(struct mutant *m)
{
	struct plm_content content;
	struct model_error error;
	struct plm_fault fault;
	struct model model;
	uint8_t *data = NULL;
	size_t len;

	if (plm_check(m->data, (u32)m->len, 0, &content, &fault))
		return;
	model_decode(&model, &content);
	if (next_random(m, 4) == 0)
		drop_rule(m, &model);
	else
		change_criterion(m, &model);
	if (!model_encode(&model, &data, &len, &error) && len <= m->max_len) {
		memcpy(m->data, data, len);
		m->len = len;
	}
	free(data);
	model_free(&model);
}

unsigned int fuzz_models_one_in = 1;

/* For measurements: where the engine would choose, by chance, how many there are. */
__attribute__((constructor)) static void read_environment(void)
{
	const char *text = getenv("FUZZ_MODELS_ONE_IN");

	if (text)
		fuzz_models_one_in = (unsigned int)strtoul(text, NULL, 10);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max_len,
			       unsigned int seed)
{
	static void (*const kinds[])(struct mutant *) = {
		mutate_bytes, mutate_field, mutate_field, mutate_records,
		mutate_model, mutate_count,
	};
	struct mutant m = { data, len, max_len, seed };

	for (uint32_t i = 1 + next_random(&m, 3); i; i--) {
		uint32_t kind = next_random(&m, sizeof(kinds) /
						    sizeof(kinds[0]));

		if (kinds[kind] == mutate_model &&
		    next_random(&m, fuzz_models_one_in))
			kind = 0;
		kinds[kind](&m);
	}
	if (next_random(&m, 16))
		repair(&m);
	return m.len;
}
