// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What content takes of a machine, at most: memory, and the steps of an event.
 *
 * The cost of an event has three parts.  Each byte of an input is one step of
 * each automaton over that input.  Each criterion that holds is one step, and
 * so is each trigger that it has and each rule that every event evaluates: at
 * most all of them, for an event of which all criteria hold.  Each word of a
 * condition that is evaluated is one step, and what compares two inputs some
 * more: at most those of all rules.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "lint/checks.h"
#include "plm_pair.h"

/* Of one template. */
struct load {
	const struct plm_template *template;
	uint64_t memory[PLM_MAX_INPUTS];
	uint64_t automata[PLM_MAX_INPUTS];
	uint64_t triggers;
	uint64_t always;
	uint64_t words;
};

struct loads {
	struct load all[PLM_MAX_TEMPLATES];
	uint32_t num;
};

static void find_templates(struct loads *loads, const struct plm_content *c)
{
	struct plm_template_ref ref;

	for (u32 i = 0; i < PLM_MAX_TEMPLATES && plm_get_template(c, i, &ref);
	     i++) {
		loads->all[i].template = plm_template_find(ref.id);
		/* Whichever template it is, an event runs over all of those. */
		loads->all[i].triggers = c->num_always;
		loads->num = i + 1;
	}
}

static void add_automata(struct loads *loads, const struct plm_content *c)
{
	struct plm_automaton a;

	for (u32 i = 0; plm_get_automaton(c, i, &a); i++) {
		struct load *load = &loads->all[a.template_index];

		load->memory[a.input] += (uint64_t)a.tables_len * sizeof(u32);
		load->automata[a.input]++;
	}
}

/* What a rule's condition takes where inputs that it compares are long. */
static uint64_t words_of(const struct plm_content *c,
			 const struct plm_rule *rule)
{
	uint64_t words = rule->program_len;
	struct plm_criterion_key key;

	for (u32 i = 0; i < rule->program_len; i++) {
		u32 word = plm_get_word(c, PLM_SECTION_PROGRAMS,
					rule->program_off + i);

		if (PLM_WORD_OP(word) == PLM_WORD_TEST &&
		    plm_get_criterion_key(c, PLM_WORD_ARG(word), &key) &&
		    plm_op_is_pair(key.op))
			words += PLM_MAX_TEXT_LEN / PLM_PAIR_STEP;
	}
	return words;
}

static void add_rules(struct loads *loads, const struct plm_content *c)
{
	u32 num = c->section[PLM_SECTION_TRIGGERS - 1].count;
	struct plm_criterion criterion;
	struct plm_rule rule;

	for (u32 i = 0; plm_get_criterion(c, i, &criterion); i++)
		if (plm_op_is_string(criterion.op) ||
		    plm_op_is_number(criterion.op))
			loads->all[criterion.template_index].triggers +=
				1 + (uint64_t)criterion.num_triggers;
	for (u32 i = 0; plm_get_rule(c, i, &rule); i++)
		loads->all[rule.template_index].words += words_of(c, &rule);
	for (u32 i = num - c->num_always; i < num; i++)
		if (plm_get_rule(c, plm_get_word(c, PLM_SECTION_TRIGGERS, i),
				 &rule))
			loads->all[rule.template_index].always++;
}

/* A finding where there is more of something than may be. */
static void hold(struct lint *lint, enum policy_code code, const char *place,
		 uint64_t figure, uint64_t most, const char *what)
{
	if (figure > most)
		lint_find(lint, code, PLM_NO_RULE, place,
			  "%llu %s, the budget is %llu",
			  (unsigned long long)figure, what,
			  (unsigned long long)most);
}

static json_t *load_inputs(struct lint *lint, const struct load *load)
{
	const struct policy *p = lint->policy;
	json_t *inputs = json_object();

	for (uint32_t i = 0; i < load->template->shape.num_inputs; i++) {
		char *name = lint_input_name(load->template, i);

		hold(lint, POLICY_INPUT_MEMORY, name, load->memory[i],
		     p->budget_input_memory, "bytes of automata");
		hold(lint, POLICY_TOO_MANY_AUTOMATA, name, load->automata[i],
		     p->budget_automata, "automata over one input");
		if (load->automata[i])
			json_object_set_new(inputs,
				load->template->shape.inputs[i].name,
				json_pack("{sI sI}", "memory",
					  (json_int_t)load->memory[i],
					  "automata",
					  (json_int_t)load->automata[i]));
		free(name);
	}
	return inputs;
}

static json_t *load_template(struct lint *lint, const struct load *load)
{
	const struct policy *p = lint->policy;
	const char *name = load->template->name;

	hold(lint, POLICY_TOO_MANY_TRIGGERS, name, load->triggers,
	     p->budget_triggers,
	     "steps from what holds to the rules that it touches");
	hold(lint, POLICY_TOO_MANY_ALWAYS, name, load->always,
	     p->budget_always, "rules that every event evaluates");
	hold(lint, POLICY_TOO_MANY_WORDS, name, load->words, p->budget_words,
	     "words of conditions");
	return json_pack("{sI sI sI so}", "triggers",
			 (json_int_t)load->triggers, "always",
			 (json_int_t)load->always, "words",
			 (json_int_t)load->words, "inputs",
			 load_inputs(lint, load));
}

void lint_budgets(struct lint *lint)
{
	const struct plm_content *c = lint->candidate.content;
	const struct policy *p = lint->policy;
	struct loads *loads = xcalloc(1, sizeof(*loads));
	json_t *templates = json_object();

	hold(lint, POLICY_TOO_MANY_RULES, LINT_FILE, plm_num_rules(c),
	     p->budget_rules, "rules");
	hold(lint, POLICY_TOO_MANY_BYTES, LINT_FILE, c->len, p->budget_bytes,
	     "bytes");
	hold(lint, POLICY_TOO_MUCH_MEMORY, LINT_FILE, lint_memory(c),
	     p->budget_memory, "bytes of memory");
	find_templates(loads, c);
	add_automata(loads, c);
	add_rules(loads, c);
	for (uint32_t i = 0; i < loads->num; i++)
		json_object_set_new(templates, loads->all[i].template->name,
				    load_template(lint, &loads->all[i]));
	json_object_update_new(lint->stage->evidence, json_pack(
		"{sI sI sI so}", "rules", (json_int_t)plm_num_rules(c),
		"bytes", (json_int_t)c->len, "memory",
		(json_int_t)lint_memory(c), "templates", templates));
	free(loads);
}
