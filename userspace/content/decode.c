// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mem.h"
#include "content/dfa.h"
#include "content/model.h"
#include "content/reference_pattern.h"
#include "content/regex.h"

_Static_assert(REFERENCE_PATTERN_MAX >= DFA_MAX_NODES,
	       "what has an automaton can be asked of the reference");

static const struct plm_template *template_of(const struct plm_content *content,
					      uint32_t index)
{
	struct plm_template_ref ref;

	plm_get_template(content, index, &ref);
	return plm_template_find(ref.id);
}

static void decode_rule(struct model *model, const struct plm_content *content,
			const struct plm_rule *from)
{
	struct model_rule *rule = model_rule_add(model);

	rule->template = template_of(content, from->template_index);
	rule->action = from->action;
	rule->level = from->level;
	model_text_set(&rule->id, from->id.data, from->id.len);
	model_text_set(&rule->title, from->title.data, from->title.len);
	model_text_set(&rule->tags, from->tags.data, from->tags.len);
	rule->program_len = from->program_len;
	rule->program = xcalloc(from->program_len, sizeof(*rule->program));
	for (uint32_t i = 0; i < from->program_len; i++)
		rule->program[i] = plm_get_word(content, PLM_SECTION_PROGRAMS,
						from->program_off + i);
}

/* Of a pattern strangers may have written anything, which the core takes. */
static void judge_pattern(struct model_criterion *c)
{
	uint32_t parts = 0;

	c->unreadable = !regex_is_canonical(c->text.data, c->text.len,
					    c->flags & PLM_FLAG_CASED);
	if (!c->unreadable)
		parts = reference_pattern_parts(c->text.data, c->text.len);
	c->unreadable |= parts > REFERENCE_PATTERN_MAX;
	c->parts = c->unreadable ? 0 : parts;
}

static void decode_criterion(struct model *model,
			     const struct plm_content *content,
			     const struct plm_criterion *c)
{
	uint32_t index = model_criterion(model, template_of(content,
							    c->template_index),
					 c->input, c->op, c->flags,
					 c->text.data, c->text.len, c->number);

	if (c->op == PLM_OP_PATTERN)
		judge_pattern(&model->criteria[index]);
}

/* Criteria of a checked file are unique: each keeps its index. */
void model_decode(struct model *model, const struct plm_content *content)
{
	struct plm_criterion c;
	struct plm_rule rule;

	model_init(model, content->channel, content->version);
	for (uint32_t i = 0; plm_get_criterion(content, i, &c); i++)
		decode_criterion(model, content, &c);
	for (uint32_t i = 0; plm_get_rule(content, i, &rule); i++)
		decode_rule(model, content, &rule);
}
