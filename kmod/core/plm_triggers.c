// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_triggers.h"

/* Is @rule among the @count ascending words from @first of the section? */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @*/
static bool plm_triggers_have(const struct plm_content *c, u32 first, u32 count,
			      u32 rule)
{
	u32 half, word;

	/*@ loop assigns first, count, half, word;
	  @ loop variant count;
	  @*/
	while (count) {
		half = count / 2;
		word = plm_get_word(c, PLM_SECTION_TRIGGERS, first + half);
		if (word == rule)
			return true;
		if (word < rule) {
			first += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return false;
}

bool plm_is_always(const struct plm_content *c, u32 rule)
{
	u32 count = c->section[PLM_SECTION_TRIGGERS - 1].count;

	return plm_triggers_have(c, count - c->num_always, c->num_always, rule);
}

bool plm_is_trigger(const struct plm_content *c, u32 criterion, u32 rule)
{
	u32 first, count;

	return plm_get_criterion_triggers(c, criterion, &first, &count) &&
	       plm_triggers_have(c, first, count, rule);
}
