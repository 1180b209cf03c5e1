// SPDX-License-Identifier: GPL-2.0-or-later
/* From model to content file: FORMAT.md, section by section. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/automaton.h"
#include "content/bytes.h"
#include "content/model.h"
#include "content/plan.h"
#include "content/triggers.h"

struct encoder {
	struct plan plan;
	struct triggers triggers;
	struct bytes section[PLM_NUM_SECTIONS];	/* by type - 1 */
	struct bytes file;
	uint64_t steps_left;	/* of AUTOMATON_MAX_STEPS */
};

static const uint32_t record_len[PLM_NUM_SECTIONS] = {
	[PLM_SECTION_TEMPLATES - 1] = PLM_TEMPLATE_LEN,
	[PLM_SECTION_RULES - 1] = PLM_RULE_LEN,
	[PLM_SECTION_CRITERIA - 1] = PLM_CRITERION_LEN,
	[PLM_SECTION_PROGRAMS - 1] = 4,
	[PLM_SECTION_TRIGGERS - 1] = 4,
	[PLM_SECTION_AUTOMATA - 1] = PLM_AUTOMATON_LEN,
	[PLM_SECTION_TABLES - 1] = 4,
	[PLM_SECTION_STRINGS - 1] = 1,
};

static struct bytes *section(struct encoder *e, enum plm_section type)
{
	return &e->section[type - 1];
}

static void put_string(struct encoder *e, struct bytes *record,
		       const struct model_text *text)
{
	struct bytes *strings = section(e, PLM_SECTION_STRINGS);

	bytes_put_int(record, strings->len, 4);
	bytes_put_int(record, text->len, 4);
	bytes_put(strings, text->data, text->len);
}

static void put_templates(struct encoder *e)
{
	struct bytes *out = section(e, PLM_SECTION_TEMPLATES);

	for (uint32_t i = 0; i < e->plan.num_templates; i++) {
		const struct plan_template *t = &e->plan.templates[i];
		const struct plm_supply *shape = &t->template->shape;

		bytes_put_int(out, shape->template_id, 4);
		bytes_put_int(out, t->num_inputs, 4);
		bytes_put_int(out, plm_shape_hash(shape, t->num_inputs), 8);
		bytes_put_int(out, t->num_rules, 4);
		bytes_put_int(out, 0, 4);
	}
}

static void put_program(struct encoder *e, const struct model_rule *rule)
{
	struct bytes *out = section(e, PLM_SECTION_PROGRAMS);

	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t word = rule->program[i];

		if (PLM_WORD_OP(word) == PLM_WORD_TEST)
			word = PLM_WORD(PLM_WORD_TEST,
				e->plan.criterion_of[PLM_WORD_ARG(word)]);
		bytes_put_int(out, word, 4);
	}
}

static void put_rules(struct encoder *e)
{
	struct bytes *programs = section(e, PLM_SECTION_PROGRAMS);
	struct bytes *out = section(e, PLM_SECTION_RULES);

	for (uint32_t i = 0; i < e->plan.num_rules; i++) {
		const struct model_rule *rule = plan_rule(&e->plan, i);

		bytes_put_int(out, plan_template_index(&e->plan,
						       rule->template), 2);
		bytes_put_int(out, rule->action, 1);
		bytes_put_int(out, rule->level, 1);
		bytes_put_int(out, programs->len / 4, 4);
		bytes_put_int(out, rule->program_len, 4);
		put_string(e, out, &rule->id);
		put_string(e, out, &rule->title);
		put_string(e, out, &rule->tags);
		bytes_put_int(out, 0, 4);
		put_program(e, rule);
	}
}

static void put_criteria(struct encoder *e)
{
	struct bytes *out = section(e, PLM_SECTION_CRITERIA);
	const uint32_t *first = e->triggers.first;

	for (uint32_t i = 0; i < e->plan.num_criteria; i++) {
		const struct model_criterion *c = plan_criterion(&e->plan, i);

		bytes_put_int(out, plan_template_index(&e->plan, c->template),
			      2);
		bytes_put_int(out, c->input, 2);
		bytes_put_int(out, c->op, 1);
		bytes_put_int(out, c->flags, 1);
		bytes_put_int(out, 0, 2);
		put_string(e, out, &c->text);
		bytes_put_int(out, c->number, 8);
		bytes_put_int(out, first[i], 4);
		bytes_put_int(out, first[i + 1] - first[i], 4);
	}
}

static void put_triggers(struct encoder *e)
{
	struct bytes *out = section(e, PLM_SECTION_TRIGGERS);

	for (uint32_t i = 0; i < e->triggers.num_rules; i++)
		bytes_put_int(out, e->triggers.rules[i], 4);
}

/* @like: one of the criteria that the automaton decides. */
static void put_automaton(struct encoder *e, const struct automaton *a,
			  const struct model_criterion *like, uint32_t part)
{
	struct bytes *out = section(e, PLM_SECTION_AUTOMATA);
	struct bytes *tables = section(e, PLM_SECTION_TABLES);

	bytes_put_int(out, plan_template_index(&e->plan, like->template), 2);
	bytes_put_int(out, like->input, 2);
	bytes_put_int(out, like->flags, 2);
	bytes_put_int(out, a->num_classes, 2);
	bytes_put_int(out, a->num_states, 4);
	bytes_put_int(out, a->num_hot, 4);
	bytes_put_int(out, a->num_dense, 4);
	bytes_put_int(out, a->start, 4);
	bytes_put_int(out, a->num_edges, 4);
	bytes_put_int(out, a->num_outputs, 4);
	bytes_put_int(out, tables->len / 4, 4);
	bytes_put_int(out, a->num_words, 4);
	bytes_put_int(out, part, 2);
	bytes_put_int(out, 0, 6);
	for (size_t i = 0; i < a->num_words; i++)
		bytes_put_int(tables, a->words[i], 4);
}

/* The string criteria of one input that share their flags. */
struct group {
	struct automaton_text *texts;
	struct automaton_pattern *patterns;
	size_t num_texts, num_patterns;
	const struct model_criterion *like;	/* one of them */
};

static struct group group_of(const struct encoder *e, uint32_t first,
			     uint32_t end, uint32_t flags)
{
	const uint32_t *first_trigger = e->triggers.first;
	struct group group = {
		.texts = xcalloc(end - first, sizeof(*group.texts)),
		.patterns = xcalloc(end - first, sizeof(*group.patterns)),
	};

	for (uint32_t i = first; i < end; i++) {
		const struct model_criterion *c = plan_criterion(&e->plan, i);

		if (!op_is_string(c->op) || c->flags != flags)
			continue;
		group.like = c;
		if (c->op == PLM_OP_PATTERN)
			group.patterns[group.num_patterns++] =
				(struct automaton_pattern){
					c->text.data, c->text.len, i,
					first_trigger[i] < first_trigger[i + 1],
				};
		else
			group.texts[group.num_texts++] =
				(struct automaton_text){ c->text.data,
							 c->text.len, c->op,
							 i };
	}
	return group;
}

/* The automata of a group, or why there are none. */
static const char *put_group(struct encoder *e, const struct group *group,
			     uint32_t *culprit)
{
	bool cased = group->like && group->like->flags & PLM_FLAG_CASED;
	struct automaton automaton = { 0 }, *parts;
	size_t num_parts;
	const char *why = NULL;
	uint32_t part = 0;

	if (group->num_texts)
		why = automaton_build(&automaton, group->texts,
				      group->num_texts, cased, culprit);
	if (group->num_texts && !why)
		put_automaton(e, &automaton, group->like, part++);
	automaton_free(&automaton);
	if (why)
		return why;
	why = automaton_build_patterns(&parts, &num_parts, group->patterns,
				       group->num_patterns, cased,
				       &e->steps_left, culprit);
	for (size_t i = 0; i < num_parts; i++) {
		if (!why)
			put_automaton(e, &parts[i], group->like, part++);
		automaton_free(&parts[i]);
	}
	free(parts);
	return why;
}

/* The automata of the criteria from @first to before @end with @flags. */
static int put_automata_of(struct encoder *e, uint32_t first, uint32_t end,
			   uint32_t flags, struct model_error *error)
{
	struct group group = group_of(e, first, end, flags);
	uint32_t culprit = first;
	const char *why = put_group(e, &group, &culprit);

	free(group.texts);
	free(group.patterns);
	if (!why && section(e, PLM_SECTION_AUTOMATA)->len / PLM_AUTOMATON_LEN >
	    PLM_MAX_AUTOMATA)
		why = "patterns need more automata than a content file holds";
	if (why)
		return model_fail(error, e->plan.first_rule[culprit], "%s",
				  why);
	return 0;
}

static int put_automata(struct encoder *e, struct model_error *error)
{
	uint32_t end, num = e->plan.num_criteria;

	for (uint32_t first = 0; first < num; first = end) {
		const struct model_criterion *c =
			plan_criterion(&e->plan, first);

		for (end = first + 1; end < num; end++) {
			const struct model_criterion *next =
				plan_criterion(&e->plan, end);

			if (next->template != c->template ||
			    next->input != c->input)
				break;
		}
		if (put_automata_of(e, first, end, 0, error) ||
		    put_automata_of(e, first, end, PLM_FLAG_CASED, error))
			return -1;
	}
	return 0;
}

static void put_header(struct encoder *e)
{
	const struct model *model = e->plan.model;
	struct bytes *out = &e->file;

	bytes_put(out, PLM_MAGIC, PLM_MAGIC_LEN);
	bytes_put_int(out, PLM_FORMAT_VERSION, 4);
	bytes_put_int(out, PLM_NUM_SECTIONS, 4);
	bytes_put_int(out, model->channel, 4);
	bytes_put_int(out, 0, 4);
	bytes_put_int(out, model->version, 8);
	while (out->len < PLM_BODY_OFF)
		bytes_put_int(out, 0, 8);
}

/* Check sum of the whole file while its own field is zero. */
static uint64_t sum_of(const struct bytes *file)
{
	uint64_t a = 0, b = 0;

	for (size_t i = 0; i < file->len; i += 8) {
		a += plm_le64(file->data + i);
		b = (b << 7 | b >> 57) + a;
	}
	return b ^ (a << 32 | a >> 32);
}

static int put_file(struct encoder *e, struct model_error *error)
{
	struct bytes *out = &e->file;
	size_t entry = PLM_HEADER_LEN;

	put_header(e);
	for (uint32_t i = 0; i < PLM_NUM_SECTIONS; i++) {
		const struct bytes *body = &e->section[i];

		if (body->len > PLM_MAX_FILE_LEN - out->len)
			return model_fail(error, SIZE_MAX,
					  "content file exceeds %u bytes",
					  PLM_MAX_FILE_LEN);
		bytes_set_int(out, entry + PLM_SEC_TYPE, i + 1, 4);
		bytes_set_int(out, entry + PLM_SEC_OFF, out->len, 4);
		bytes_set_int(out, entry + PLM_SEC_LEN, body->len, 4);
		bytes_set_int(out, entry + PLM_SEC_COUNT,
			      body->len / record_len[i], 4);
		bytes_put(out, body->data, body->len);
		while (out->len % PLM_SECTION_ALIGN)
			bytes_put_int(out, 0, 1);
		entry += PLM_SECTION_ENTRY_LEN;
	}
	if (out->len > PLM_MAX_FILE_LEN)
		return model_fail(error, SIZE_MAX,
				  "content file exceeds %u bytes",
				  PLM_MAX_FILE_LEN);
	bytes_set_int(out, PLM_HDR_TOTAL_LEN, out->len, 4);
	bytes_set_int(out, PLM_HDR_SUM, sum_of(out), 8);
	return 0;
}

/* What the core would refuse must not leave here. */
static int verify(const struct encoder *e, struct model_error *error)
{
	struct plm_content content;
	struct plm_fault fault;
	enum plm_err err = plm_check(e->file.data, (u32)e->file.len, 0,
				     &content, &fault);

	if (!err)
		return 0;
	return model_fail(error, fault.rule == PLM_NO_RULE ? SIZE_MAX :
			  e->plan.rules[fault.rule],
			  "internal error: the core refuses what was encoded: "
			  "offset %u: %s (%s)", fault.off, plm_error_text(err),
			  plm_error_name(err));
}

static int encode(struct encoder *e, const struct model *model,
		  struct model_error *error)
{
	if (plan_make(&e->plan, model, error))
		return -1;
	triggers_make(&e->triggers, &e->plan);
	put_templates(e);
	put_rules(e);
	put_criteria(e);
	put_triggers(e);
	if (put_automata(e, error) || put_file(e, error))
		return -1;
	return verify(e, error);
}

int model_encode(const struct model *model, uint8_t **out_data,
		 size_t *out_len, struct model_error *out_error)
{
	struct encoder e = { .steps_left = AUTOMATON_MAX_STEPS };
	int status;

	memset(out_error, 0, sizeof(*out_error));
	*out_data = NULL;
	*out_len = 0;
	status = encode(&e, model, out_error);
	if (!status) {
		*out_data = e.file.data;
		*out_len = e.file.len;
		e.file = (struct bytes){ 0 };
	}
	for (uint32_t i = 0; i < PLM_NUM_SECTIONS; i++)
		bytes_free(&e.section[i]);
	bytes_free(&e.file);
	triggers_free(&e.triggers);
	plan_free(&e.plan);
	return status;
}
