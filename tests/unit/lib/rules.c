// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/lib/rules.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"

uint32_t rules_contains(struct model *model, uint32_t template_id,
			uint32_t input, const char *text)
{
	return model_criterion(model, plm_template_find(template_id), input,
			       PLM_OP_CONTAINS, 0, text, (uint32_t)strlen(text),
			       0);
}

uint32_t rules_text(struct model *model, uint32_t input, uint32_t op,
		    const char *text)
{
	return model_criterion(model, plm_template_find(PLM_PROCESS_CREATION_ID),
			       input, op, 0, text, (uint32_t)strlen(text), 0);
}

uint32_t rules_number(struct model *model, uint32_t template_id,
		      uint32_t input, uint64_t number)
{
	return model_criterion(model, plm_template_find(template_id), input,
			       PLM_OP_NUM_EQ, 0, "", 0, number);
}

void rules_add(struct model *model, uint32_t template_id, const char *id,
	       const uint32_t *words, uint32_t num)
{
	struct model_rule *rule = model_rule_add(model);

	model_text_set(&rule->id, id, strlen(id));
	model_text_set(&rule->title, "", 0);
	model_text_set(&rule->tags, "", 0);
	rule->template = plm_template_find(template_id);
	rule->action = PLM_ACTION_AUDIT;
	rule->level = PLM_LEVEL_LOW;
	rule->program = xmemdup(words, num * sizeof(*words));
	rule->program_len = num;
}

uint8_t *rules_content(struct model *model, struct plm_content *out_content)
{
	struct model_error error;
	struct plm_fault fault;
	uint8_t *data;
	size_t len;

	assert_int_equal(model_encode(model, &data, &len, &error), 0);
	assert_int_equal(plm_check(data, (u32)len, 0, out_content, &fault),
			 PLM_OK);
	model_free(model);
	return data;
}
