// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_content.h"

bool plm_get_template(const struct plm_content *c, u32 index,
		      struct plm_template_ref *out)
{
	const u8 *p = plm_record(c, PLM_SECTION_TEMPLATES, PLM_TEMPLATE_LEN,
				 index);

	*out = (struct plm_template_ref){ 0 };
	if (!p)
		return false;
	out->id = plm_le32(p + PLM_TPL_ID);
	out->num_inputs = plm_le32(p + PLM_TPL_NUM_INPUTS);
	out->shape = plm_le64(p + PLM_TPL_SHAPE);
	out->num_rules = plm_le32(p + PLM_TPL_NUM_RULES);
	return true;
}

bool plm_get_rule(const struct plm_content *c, u32 index, struct plm_rule *out)
{
	const u8 *p = plm_record(c, PLM_SECTION_RULES, PLM_RULE_LEN, index);

	*out = (struct plm_rule){ 0 };
	if (!p)
		return false;
	out->template_index = plm_le16(p + PLM_RULE_TEMPLATE);
	out->action = p[PLM_RULE_ACTION];
	out->level = p[PLM_RULE_LEVEL];
	out->program_off = plm_le32(p + PLM_RULE_PROGRAM_OFF);
	out->program_len = plm_le32(p + PLM_RULE_PROGRAM_LEN);
	out->id = plm_string(c, p + PLM_RULE_ID);
	out->title = plm_string(c, p + PLM_RULE_TITLE);
	//@ assert plm_text_ok(out->id);
	out->tags = plm_string(c, p + PLM_RULE_TAGS);
	return true;
}

bool plm_get_criterion(const struct plm_content *c, u32 index,
		       struct plm_criterion *out)
{
	const u8 *p = plm_record(c, PLM_SECTION_CRITERIA, PLM_CRITERION_LEN,
				 index);

	*out = (struct plm_criterion){ 0 };
	if (!p)
		return false;
	out->text = plm_string(c, p + PLM_CRI_TEXT);
	out->template_index = plm_le16(p + PLM_CRI_TEMPLATE);
	out->input = plm_le16(p + PLM_CRI_INPUT);
	out->op = p[PLM_CRI_OP];
	out->flags = p[PLM_CRI_FLAGS];
	out->number = plm_le64(p + PLM_CRI_NUMBER);
	out->trigger_off = plm_le32(p + PLM_CRI_TRIGGER_OFF);
	out->num_triggers = plm_le32(p + PLM_CRI_NUM_TRIGGERS);
	return true;
}

bool plm_get_automaton(const struct plm_content *c, u32 index,
		       struct plm_automaton *out)
{
	const u8 *p = plm_record(c, PLM_SECTION_AUTOMATA, PLM_AUTOMATON_LEN,
				 index);

	*out = (struct plm_automaton){ 0 };
	if (!p)
		return false;
	out->template_index = plm_le16(p + PLM_AUT_TEMPLATE);
	out->input = plm_le16(p + PLM_AUT_INPUT);
	out->flags = plm_le16(p + PLM_AUT_FLAGS);
	out->num_classes = plm_le16(p + PLM_AUT_NUM_CLASSES);
	out->num_states = plm_le32(p + PLM_AUT_NUM_STATES);
	out->num_hot = plm_le32(p + PLM_AUT_NUM_HOT);
	out->num_dense = plm_le32(p + PLM_AUT_NUM_DENSE);
	out->start = plm_le32(p + PLM_AUT_START);
	out->num_edges = plm_le32(p + PLM_AUT_NUM_EDGES);
	out->num_outputs = plm_le32(p + PLM_AUT_NUM_OUTPUTS);
	out->tables_off = plm_le32(p + PLM_AUT_TABLES_OFF);
	out->tables_len = plm_le32(p + PLM_AUT_TABLES_LEN);
	out->part = plm_le16(p + PLM_AUT_PART);
	return true;
}
