/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walks: the automata of one content made ready once, so that no event has to
 * look for their tables.  They are only read afterwards, and one array of them
 * serves every processor.
 */
#ifndef PLM_WALK_H
#define PLM_WALK_H

#include "plm_automaton.h"

#define PLM_NO_INPUT	0xffffffffu	/* more than any event has */

struct plm_walk {
	struct plm_tables t;
	u32 template_index;
	u32 input;
	u32 first;	/* the lowest criterion that it reports */
	u32 last;	/* and the highest */
	bool late;	/* none of them triggers a rule: walked when a condition
			 * asks for one, which few events make it do */
};

/*@ predicate plm_walk_ok(struct plm_walk w) =
  @	w.input == PLM_NO_INPUT || plm_tables_ok(w.t);
  @
  @ predicate plm_walks_fit(struct plm_walk *walks, integer num) =
  @	\valid_read(walks + (0 .. num - 1)) &&
  @	\forall integer i; 0 <= i < num ==> plm_walk_ok(walks[i]);
  @*/

/* @walks: plm_num_automata(@content) of them; pointers into @content. */
/*@ requires plm_content_fits(content);
  @ requires \valid(walks +
  @	(0 .. content->section[PLM_SECTION_AUTOMATA - 1].count - 1));
  @ requires \separated(content, walks +
  @	(0 .. content->section[PLM_SECTION_AUTOMATA - 1].count - 1));
  @ assigns walks[0 .. content->section[PLM_SECTION_AUTOMATA - 1].count - 1];
  @ ensures plm_walks_fit(walks,
  @	content->section[PLM_SECTION_AUTOMATA - 1].count);
  @*/
void plm_walks_init(struct plm_walk *walks, const struct plm_content *content);

#endif /* PLM_WALK_H */
