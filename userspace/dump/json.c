// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/cost.h"
#include "content/machine.h"
#include "dump/dump.h"
#include "report/document.h"

static json_t *take_text(char *text)
{
	json_t *json = document_text(text);

	free(text);
	return json;
}

static json_t *text_json(const struct model_text *text)
{
	return take_text(xstrndup((const char *)text->data, text->len));
}

static json_t *templates_json(const struct dump *d)
{
	json_t *all = json_array();
	struct plm_template_ref t;

	for (u32 i = 0; plm_get_template(&d->loaded->content, i, &t); i++) {
		const struct plm_template *known = plm_template_find(t.id);

		json_array_append_new(all, json_pack(
			"{sI ss sI sI sI so}",
			"id", (json_int_t)t.id,
			"name", known->name,
			"num_inputs", (json_int_t)t.num_inputs,
			"num_declared", (json_int_t)known->shape.num_inputs,
			"num_rules", (json_int_t)t.num_rules,
			"shape", take_text(xasprintf("%016llx",
				(unsigned long long)t.shape))));
	}
	return all;
}

/* Criteria that a rule tests, each once, in the order of its condition. */
static json_t *tested_json(const struct model_rule *rule, uint8_t *seen)
{
	json_t *tested = json_array();

	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		if (PLM_WORD_OP(rule->program[i]) != PLM_WORD_TEST ||
		    seen[arg])
			continue;
		seen[arg] = 1;
		json_array_append_new(tested, json_integer(arg));
	}
	for (uint32_t i = 0; i < rule->program_len; i++)
		if (PLM_WORD_OP(rule->program[i]) == PLM_WORD_TEST)
			seen[PLM_WORD_ARG(rule->program[i])] = 0;
	return tested;
}

static json_t *condition_json(const struct dump *d,
			      const struct model_rule *rule)
{
	char *text = dump_condition(&d->model, rule,
				    dump_max_condition(d->model.num_rules));

	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = ' ';
	return take_text(text);
}

static json_t *rules_json(const struct dump *d)
{
	uint64_t *bytes = cost_of_rules(&d->loaded->content);
	uint8_t *seen = xcalloc(d->model.num_criteria, 1);
	json_t *all = json_array();

	for (size_t i = 0; i < d->model.num_rules; i++) {
		const struct model_rule *rule = &d->model.rules[i];

		json_array_append_new(all, json_pack(
			"{sI so so so ss ss ss sI sI so so}",
			"index", (json_int_t)i,
			"id", text_json(&rule->id),
			"title", text_json(&rule->title),
			"tags", text_json(&rule->tags),
			"template", rule->template->name,
			"action", dump_action(rule->action),
			"level", dump_level(rule->level),
			"bytes", (json_int_t)bytes[i],
			"num_words", (json_int_t)rule->program_len,
			"criteria", tested_json(rule, seen),
			"condition", condition_json(d, rule)));
	}
	free(bytes);
	free(seen);
	return all;
}

static json_t *criteria_json(const struct dump *d)
{
	json_t *all = json_array();
	struct plm_criterion c;

	for (u32 i = 0; plm_get_criterion(&d->loaded->content, i, &c); i++) {
		const struct model_criterion *m = &d->model.criteria[i];

		json_array_append_new(all, json_pack(
			"{sI ss ss ss sb so sI}",
			"index", (json_int_t)i,
			"template", m->template->name,
			"input", m->template->shape.inputs[m->input].name,
			"op", dump_op(m->op),
			"cased", (int)(m->flags & PLM_FLAG_CASED),
			"text", take_text(dump_criterion(m)),
			"num_triggers", (json_int_t)c.num_triggers));
	}
	return all;
}

static json_t *automata_json(const struct dump *d)
{
	const struct plm_content *c = &d->loaded->content;
	json_t *all = json_array();
	struct plm_template_ref t;
	struct plm_automaton a;

	for (u32 i = 0; plm_get_automaton(c, i, &a); i++) {
		const struct plm_template *known;

		plm_get_template(c, a.template_index, &t);
		known = plm_template_find(t.id);
		json_array_append_new(all, json_pack(
			"{ss ss sb sI sI sI sI sI sI sI}",
			"template", known->name,
			"input", known->shape.inputs[a.input].name,
			"cased", (int)(a.flags & PLM_FLAG_CASED),
			"num_states", (json_int_t)a.num_states,
			"num_dense", (json_int_t)a.num_dense,
			"num_hot", (json_int_t)a.num_hot,
			"num_classes", (json_int_t)a.num_classes,
			"num_edges", (json_int_t)a.num_edges,
			"num_outputs", (json_int_t)a.num_outputs,
			"bytes", (json_int_t)a.tables_len * 4));
	}
	return all;
}

json_t *dump_json(const struct dump *dump)
{
	const struct plm_content *c = &dump->loaded->content;

	return json_pack(
		"{so sI so sI sI so sI sI sI so so so so}",
		"file", document_text(dump->path),
		"bytes", (json_int_t)dump->loaded->len,
		"digest", take_text(digest_of(dump->loaded->data,
					      dump->loaded->len)),
		"format_version", (json_int_t)PLM_FORMAT_VERSION,
		"channel", (json_int_t)c->channel,
		"version", document_number(c->version),
		"num_always", (json_int_t)c->num_always,
		"shared_bytes", (json_int_t)machine_shared_len(c),
		"scratch_bytes", (json_int_t)machine_scratch_len(c),
		"templates", templates_json(dump),
		"rules", rules_json(dump),
		"criteria", criteria_json(dump),
		"automata", automata_json(dump));
}
