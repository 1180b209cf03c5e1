// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_lane.h"

void plm_run(struct plm_lane *lane)
{
	const struct plm_tables *t = lane->t;
	const u8 *class_map = t->class_map;
	const u8 *cells = t->cells;
	const u8 *data = lane->data;
	u32 num_classes = t->num_classes;
	u32 num_cells = t->num_cells;
	u32 num_hot = t->num_hot;
	u32 state = lane->state;
	u32 len = lane->len;
	u32 i = lane->pos;
	u32 cell;

	/*@ loop invariant \at(lane->pos, Pre) <= i <= len;
	  @ loop invariant i == \at(lane->pos, Pre) ==>
	  @	state == \at(lane->state, Pre);
	  @ loop assigns i, state, cell;
	  @ loop variant len - i;
	  @*/
	while (i < len && state < num_hot) {
		cell = state * num_classes + class_map[data[i]];
		state = cell < num_cells ? plm_le32(cells + (size_t)cell * 4) :
					   0;
		i++;
	}
	lane->state = state;
	lane->pos = i;
}

void plm_run_two(struct plm_lane *a, struct plm_lane *b)
{
	const struct plm_tables *t = a->t;
	const struct plm_tables *u = b->t;
	const u8 *data_a = a->data + a->pos;
	const u8 *data_b = b->data + b->pos;
	u32 state_a = a->state;
	u32 state_b = b->state;
	u32 num = a->len - a->pos;
	u32 i = 0;
	u32 cell_a, cell_b;

	if (num > b->len - b->pos)
		num = b->len - b->pos;
	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant i == 0 ==> state_a == \at(a->state, Pre) &&
	  @	state_b == \at(b->state, Pre);
	  @ loop assigns i, state_a, state_b, cell_a, cell_b;
	  @ loop variant num - i;
	  @*/
	while (i < num && state_a < t->num_hot && state_b < u->num_hot) {
		cell_a = state_a * t->num_classes + t->class_map[data_a[i]];
		cell_b = state_b * u->num_classes + u->class_map[data_b[i]];
		state_a = cell_a < t->num_cells ?
				  plm_le32(t->cells + (size_t)cell_a * 4) : 0;
		state_b = cell_b < u->num_cells ?
				  plm_le32(u->cells + (size_t)cell_b * 4) : 0;
		i++;
	}
	a->state = state_a;
	a->pos += i;
	b->state = state_b;
	b->pos += i;
}
