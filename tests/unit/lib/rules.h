/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules for tests, word by word, and the content that the encoder makes of them. */
#ifndef TESTS_RULES_H
#define TESTS_RULES_H

#include "content/model.h"

#define RULE_TEST(criterion)	PLM_WORD(PLM_WORD_TEST, criterion)
#define RULE_NOT		PLM_WORD(PLM_WORD_NOT, 0)
#define RULE_AT_LEAST(least, num) \
	PLM_WORD(PLM_WORD_AT_LEAST, (least) << 8 | (num))
#define RULE_ALL(num)		RULE_AT_LEAST(num, num)

/* The model's criterion that @input contains @text; template 1 is processes'. */
uint32_t rules_contains(struct model *model, uint32_t template_id,
			uint32_t input, const char *text);
/* What a process's @input is asked by @op about @text. */
uint32_t rules_text(struct model *model, uint32_t input, uint32_t op,
		    const char *text);
/* That @input is @number. */
uint32_t rules_number(struct model *model, uint32_t template_id,
		      uint32_t input, uint64_t number);
/* A rule of @num words, which are copied; it audits, at a low level. */
void rules_add(struct model *model, uint32_t template_id, const char *id,
	       const uint32_t *words, uint32_t num);

/*
 * Encode and check, and free the model.  Asserts (with cmocka) that it works; the
 * bytes are the caller's to free, and stay where *out_content points.
 */
uint8_t *rules_content(struct model *model, struct plm_content *out_content);

#endif /* TESTS_RULES_H */
