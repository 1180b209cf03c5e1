// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_template.h"

#define PLM_COUNT_INPUT(kind, name) + 1
#define PLM_DECLARE_INPUT(kind, name) { PLM_TYPE_##kind, #name },

#define PLM_DECLARE_TEMPLATE(id, label, inputs_of)		\
	{							\
		.name = #label,					\
		.shape = {					\
			.magic = PLM_SUPPLY_MAGIC,		\
			.template_id = (id),			\
			.num_inputs = 0 inputs_of(PLM_COUNT_INPUT), \
			.inputs = { inputs_of(PLM_DECLARE_INPUT) }, \
		},						\
	},

static const struct plm_template plm_templates[] = {
	PLM_TEMPLATES(PLM_DECLARE_TEMPLATE)
};

#define PLM_NUM_TEMPLATES (sizeof(plm_templates) / sizeof(plm_templates[0]))

static_assert(PLM_NUM_TEMPLATES <= PLM_MAX_TEMPLATES, "too many templates");
static_assert(sizeof(struct plm_input) == 32, "input record has padding");
static_assert(sizeof(struct plm_supply) == 16 + 32 * PLM_MAX_INPUTS,
	      "supply record has padding");

const struct plm_template *plm_template_at(u32 index)
{
	return index < PLM_NUM_TEMPLATES ? &plm_templates[index] : NULL;
}

const struct plm_template *plm_template_find(u32 template_id)
{
	u32 i;

	/*@ loop invariant 0 <= i <= PLM_NUM_TEMPLATES;
	  @ loop assigns i;
	  @ loop variant PLM_NUM_TEMPLATES - i;
	  @*/
	for (i = 0; i < PLM_NUM_TEMPLATES; i++)
		if (plm_templates[i].shape.template_id == template_id)
			return &plm_templates[i];
	return NULL;
}

/*@ assigns \nothing; @*/
static u64 plm_fnv1a(u64 hash, u8 byte)
{
	return (hash ^ byte) * 0x100000001b3ull;
}

/*@ requires \valid_read(input);
  @ assigns \nothing;
  @*/
static u64 plm_hash_input(u64 hash, const struct plm_input *input)
{
	u32 i;

	hash = plm_fnv1a(hash, input->type);
	/*@ loop invariant 0 <= i <= PLM_INPUT_NAME_LEN;
	  @ loop assigns i, hash;
	  @ loop variant PLM_INPUT_NAME_LEN - i;
	  @*/
	for (i = 0; i < PLM_INPUT_NAME_LEN && input->name[i]; i++)
		hash = plm_fnv1a(hash, (u8)input->name[i]);
	return plm_fnv1a(hash, 0);
}

u64 plm_shape_hash(const struct plm_supply *shape, u32 num_inputs)
{
	u64 hash = 0xcbf29ce484222325ull;
	u32 i;

	/*@ loop invariant 0 <= i <= 4;
	  @ loop assigns i, hash;
	  @ loop variant 4 - i;
	  @*/
	for (i = 0; i < 4; i++)
		hash = plm_fnv1a(hash, (u8)(shape->template_id >> (8 * i)));
	/*@ loop invariant 0 <= i <= PLM_MAX_INPUTS;
	  @ loop assigns i, hash;
	  @ loop variant PLM_MAX_INPUTS - i;
	  @*/
	for (i = 0; i < PLM_MAX_INPUTS; i++)
		if (i < num_inputs && i < shape->num_inputs)
			hash = plm_hash_input(hash, &shape->inputs[i]);
	return hash;
}
