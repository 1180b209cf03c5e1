// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_walk.h"

/* Which criteria an automaton reports, and whether one of them is a trigger. */
/*@ requires plm_content_fits(c) && \valid(w) && \separated(c, w);
  @ requires plm_tables_ok(w->t);
  @ assigns w->first, w->last, w->late;
  @*/
static void plm_walk_outputs(struct plm_walk *w, const struct plm_content *c)
{
	u32 num = w->t.num_outputs;
	u32 i, index, first, num_triggers;

	w->first = PLM_MAX_CRITERIA;
	w->last = 0;
	w->late = true;
	/*@ loop invariant 0 <= i <= num;
	  @ loop assigns i, index, first, num_triggers, w->first, w->last,
	  @	w->late;
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++) {
		//@ assert \valid_read(w->t.outputs + (4 * i .. 4 * i + 3));
		index = plm_le32(w->t.outputs + (size_t)i * 4);
		if (index < w->first)
			w->first = index;
		if (index > w->last)
			w->last = index;
		if (plm_get_criterion_triggers(c, index, &first,
					       &num_triggers) && num_triggers)
			w->late = false;
	}
}

/*@ requires plm_content_fits(c);
  @ requires index < c->section[PLM_SECTION_AUTOMATA - 1].count;
  @ requires \valid(w) && \separated(c, w);
  @ assigns *w;
  @ ensures plm_walk_ok(*w);
  @*/
static void plm_walk_init(struct plm_walk *w, const struct plm_content *c,
			  u32 index)
{
	struct plm_automaton a;

	*w = (struct plm_walk){ 0 };
	w->input = PLM_NO_INPUT;
	if (!plm_get_automaton(c, index, &a) ||
	    !plm_tables_locate(c, &a, &w->t))
		return;
	w->template_index = a.template_index;
	w->input = a.input;
	plm_walk_outputs(w, c);
}

void plm_walks_init(struct plm_walk *walks, const struct plm_content *content)
{
	u32 num = plm_num_automata(content);
	u32 i;

	/*@ loop invariant 0 <= i <= num;
	  @ loop invariant \forall integer j; 0 <= j < i ==>
	  @	plm_walk_ok(walks[j]);
	  @ loop assigns i, walks[0 .. num - 1];
	  @ loop variant num - i;
	  @*/
	for (i = 0; i < num; i++)
		plm_walk_init(&walks[i], content, i);
}
