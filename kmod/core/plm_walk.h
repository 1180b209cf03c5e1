/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walks: one content made ready once, so that no event has to look for the
 * tables of its automata, or for what else may trigger rules.  They are only
 * read afterwards, and serve every processor.
 */
#ifndef PLM_WALK_H
#define PLM_WALK_H

#include "plm_automaton.h"
#include "plm_filter.h"
#include "plm_number.h"
#include "plm_skip.h"

#define PLM_NO_INPUT	0xffffffffu	/* more than any event has */
#define PLM_NO_WALK	0xffffffffu

/* The automaton with the same index. */
struct plm_walk {
	struct plm_tables t;
	struct plm_filter filter;	/* of its criteria that trigger rules */
	struct plm_skip skip;		/* of a walk that no filter speaks for */
	u32 template_index;
	u32 input;
	bool late;	/* there are none: walked when a condition asks */
};

struct plm_walks {
	const struct plm_walk *list;
	const u32 *owners;	/* by criterion: who reports it, or PLM_NO_WALK */
	u32 num;
	u32 num_criteria;
	struct plm_cursor looks;	/* words that filters and skips take */
	struct plm_numbers numbers;	/* that trigger rules */
};

/*@ predicate plm_walk_ok(struct plm_walk *w) =
  @	w->input == PLM_NO_INPUT ||
  @	(plm_tables_fit(&w->t) && plm_filter_fits(&w->filter) &&
  @	 plm_skip_fits(&w->skip));
  @
  @ predicate plm_walk_fits(struct plm_walk *w) =
  @	\valid_read(w) && w->input != PLM_NO_INPUT && plm_walk_ok(w);
  @
  @ predicate plm_walks_fit(struct plm_walks *w) =
  @	\valid_read(w) && 0 <= w->num <= PLM_MAX_AUTOMATA &&
  @	0 <= w->num_criteria <= PLM_MAX_CRITERIA &&
  @	\valid_read(w->list + (0 .. w->num - 1)) &&
  @	\valid_read(w->owners + (0 .. w->num_criteria - 1)) &&
  @	\forall integer i; 0 <= i < w->num ==> plm_walk_ok(w->list + i);
  @
  @ logic integer plm_walks_len(struct plm_content *c) =
  @	\let texts = c->section[PLM_SECTION_CRITERIA - 1].count;
  @	\let num = c->section[PLM_SECTION_AUTOMATA - 1].count;
  @	texts + PLM_FILTER_WORDS(num, texts) + PLM_SKIP_WORDS * num;
  @*/

/* Words of memory that walks of @content need, beside their list. */
/*@ requires plm_content_fits(content);
  @ assigns \nothing;
  @ ensures \result == plm_walks_len(content);
  @*/
u32 plm_walks_words(const struct plm_content *content);

/*
 * @list: plm_num_automata(@content) of them; @words: plm_walks_words(@content),
 * all zero.  Both stay the caller's, and are pointed into, like @content's bytes.
 */
/*@ requires plm_content_fits(content) && \valid(walks) &&
  @	\object_pointer(words);
  @ requires \valid(list +
  @	(0 .. content->section[PLM_SECTION_AUTOMATA - 1].count - 1));
  @ requires \valid(words + (0 .. plm_walks_len(content) - 1));
  @ requires \separated(content, walks, list +
  @	(0 .. content->section[PLM_SECTION_AUTOMATA - 1].count - 1),
  @	words + (0 .. plm_walks_len(content) - 1));
  @ assigns *walks,
  @	list[0 .. content->section[PLM_SECTION_AUTOMATA - 1].count - 1],
  @	words[0 .. plm_walks_len(content) - 1];
  @ ensures plm_walks_fit(walks);
  @*/
void plm_walks_init(struct plm_walks *walks, const struct plm_content *content,
		    struct plm_walk *list, u32 *words);

#endif /* PLM_WALK_H */
