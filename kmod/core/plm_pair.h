/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two values of one event, compared with each other. */
#ifndef PLM_PAIR_H
#define PLM_PAIR_H

#include "plm_event.h"
#include "plm_format.h"

/*
 * Does @op, one of PLM_OP_SAME and what follows it, hold between @value and
 * @other?  Never where one of them is absent, or where their kinds differ.
 */
/*@ requires \valid_read(value) && plm_value_ok(*value);
  @ requires \valid_read(other) && plm_value_ok(*other);
  @ assigns \nothing;
  @*/
bool plm_pair_holds(u32 op, u32 flags, const struct plm_value *value,
		    const struct plm_value *other);

/*
 * What that takes, in steps of PLM_PAIR_STEP bytes, beside the step of the
 * word that asks for it.
 */
#define PLM_PAIR_STEP 16u

/*@ requires \valid_read(other);
  @ assigns \nothing;
  @ ensures \result == other->len / PLM_PAIR_STEP;
  @*/
static inline u32 plm_pair_cost(const struct plm_value *other)
{
	return other->len / PLM_PAIR_STEP;
}

#endif /* PLM_PAIR_H */
