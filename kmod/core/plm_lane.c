// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_lane.h"

void plm_run(struct plm_lane *lane)
{
	const struct plm_tables *t = lane->t;
	const u8 *data = lane->data;
	u32 rest = lane->skip->rest;
	u32 state = (u32)lane->state;
	u32 len = lane->len;
	u64 pos = lane->pos;

	/*@ loop invariant \at(lane->pos, Pre) <= pos <= len;
	  @ loop invariant pos == \at(lane->pos, Pre) ==>
	  @	state == \at(lane->state, Pre);
	  @ loop assigns pos, state;
	  @ loop variant len - pos;
	  @*/
	while (pos < len && state < t->num_hot) {
		if (state == rest)
			pos = plm_skip_to(lane->skip, data, len, (u32)pos);
		state = plm_next(t, state, data[pos]);
		pos++;
	}
	lane->state = state;
	lane->pos = pos;
}
