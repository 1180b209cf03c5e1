/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Triggers: a rule is evaluated only if one of its triggers held, or if it is
 * one of those that every event evaluates.  Both functions take lists that
 * have been checked to ascend, and on others merely answer wrongly.
 */
#ifndef PLM_TRIGGERS_H
#define PLM_TRIGGERS_H

#include "plm_content.h"

/* Does every event of its template evaluate @rule? */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @*/
bool plm_is_always(const struct plm_content *c, u32 rule);

/* Does @criterion trigger @rule? */
/*@ requires plm_content_fits(c);
  @ assigns \nothing;
  @*/
bool plm_is_trigger(const struct plm_content *c, u32 criterion, u32 rule);

#endif /* PLM_TRIGGERS_H */
