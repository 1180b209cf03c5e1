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

void plm_run_two(struct plm_lane *a, struct plm_lane *b)
{
	const struct plm_tables *t = a->t;
	const struct plm_tables *u = b->t;
	const u8 *data_a = a->data;
	const u8 *data_b = b->data;
	u32 state_a = (u32)a->state;
	u32 state_b = (u32)b->state;
	u32 len_a = a->len;
	u32 len_b = b->len;
	u32 pos_a = (u32)a->pos;
	u32 pos_b = (u32)b->pos;

	/*@ loop invariant \at(a->pos, Pre) <= pos_a <= len_a;
	  @ loop invariant \at(b->pos, Pre) <= pos_b <= len_b;
	  @ loop invariant pos_a == \at(a->pos, Pre) <==>
	  @	pos_b == \at(b->pos, Pre);
	  @ loop invariant pos_a == \at(a->pos, Pre) ==>
	  @	state_a == \at(a->state, Pre) && state_b == \at(b->state, Pre);
	  @ loop assigns pos_a, pos_b, state_a, state_b;
	  @ loop variant len_a - pos_a;
	  @*/
	while (pos_a < len_a && pos_b < len_b && state_a < t->num_hot &&
	       state_b < u->num_hot) {
		state_a = plm_next(t, state_a, data_a[pos_a]);
		state_b = plm_next(u, state_b, data_b[pos_b]);
		pos_a++;
		pos_b++;
	}
	a->state = state_a;
	a->pos = pos_a;
	//@ assert plm_lane_fits(a) && plm_lane_fits(b);
	b->state = state_b;
	b->pos = pos_b;
	//@ assert plm_lane_fits(a) && plm_lane_fits(b);
}
