// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The inputs of an event, one after the other.  What is to be said of two of
 * them is done in one of two ways: both have the same value, so that each begins
 * and ends with the other; or first the one, and then the other around it.
 * Whether inputs that must differ do is seen when the whole rule is asked.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/solve.h"

struct event_solver {
	struct search *search;
	struct event *event;
	uint32_t leaders[PLM_MAX_INPUTS];	/* of inputs with one value */
	bool done[PLM_MAX_INPUTS];
	bool around;		/* parts are put into the values around them */
	struct model model;	/* with a criterion more for each pair */
};

static const struct model_criterion *pair_at(const struct event_solver *s,
					     size_t i)
{
	return &s->model.criteria[s->search->pairs.wanted[i]];
}

static bool is_part(const struct event_solver *s, size_t i)
{
	return s->around && pair_at(s, i)->op != PLM_OP_SAME;
}

/* Of all inputs that are linked, directly or not, the first one leads. */
static void find_leaders(struct event_solver *s)
{
	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++)
		s->leaders[i] = i;
	for (size_t i = 0; i < s->search->pairs.num_wanted; i++) {
		const struct model_criterion *c = pair_at(s, i);
		uint32_t a = s->leaders[c->input], b = s->leaders[c->number];

		if (is_part(s, i))
			continue;
		for (uint32_t k = 0; k < PLM_MAX_INPUTS; k++)
			if (s->leaders[k] == a || s->leaders[k] == b)
				s->leaders[k] = a < b ? a : b;
	}
}

static void add(uint32_t **to, size_t *num, size_t *cap, uint32_t criterion)
{
	ARRAY_RESERVE(*to, *num, *cap);
	(*to)[(*num)++] = criterion;
}

/* The other one's value, as a text that this one begins or ends with. */
static void add_parts(struct event_solver *s, uint32_t leader,
		      struct literals *all)
{
	for (size_t i = 0; i < s->search->pairs.num_wanted; i++) {
		const struct model_criterion *pair = pair_at(s, i);
		const struct plm_value *part =
			&s->event->values[pair->number];
		size_t index = s->model.num_criteria + i;

		if (!is_part(s, i) || s->leaders[pair->input] != leader ||
		    part->kind != PLM_VALUE_STRING || !part->len)
			continue;
		s->model.criteria[index] = *pair;
		s->model.criteria[index].op = pair->op == PLM_OP_SAME_START ?
					      PLM_OP_STARTSWITH :
					      PLM_OP_ENDSWITH;
		s->model.criteria[index].text = (struct model_text){
			(uint8_t *)part->data, part->len,
		};
		add(&all->wanted, &all->num_wanted, &all->cap_wanted,
		    (uint32_t)index);
	}
}

/* What holds for any of the inputs that @leader leads holds for its value. */
static bool solve_group(struct event_solver *s, uint32_t leader)
{
	const struct model *model = s->search->model;
	struct literals all = { 0 };
	bool solved;

	for (uint32_t i = leader; i < PLM_MAX_INPUTS; i++) {
		const struct literals *l = &s->search->inputs[i];

		if (s->leaders[i] != leader)
			continue;
		for (size_t k = 0; k < l->num_wanted; k++)
			add(&all.wanted, &all.num_wanted, &all.cap_wanted,
			    l->wanted[k]);
		for (size_t k = 0; k < l->num_unwanted; k++)
			add(&all.unwanted, &all.num_unwanted,
			    &all.cap_unwanted, l->unwanted[k]);
	}
	add_parts(s, leader, &all);
	s->search->model = &s->model;
	solved = solve_input(s->search, s->event, s->leaders, &all, leader);
	s->search->model = model;
	free(all.wanted);
	free(all.unwanted);
	return solved;
}

/* Are all values there that this one is to be put around? */
static bool is_ready(const struct event_solver *s, uint32_t leader)
{
	for (size_t i = 0; i < s->search->pairs.num_wanted; i++)
		if (is_part(s, i) &&
		    s->leaders[pair_at(s, i)->input] == leader &&
		    !s->done[s->leaders[pair_at(s, i)->number]])
			return false;
	return true;
}

static bool solve_all(struct event_solver *s)
{
	uint32_t num = s->event->template->shape.num_inputs, left = num;
	bool progress = true;

	find_leaders(s);
	memset(s->done, 0, sizeof(s->done));
	while (progress && left) {
		progress = false;
		for (uint32_t i = 0; i < num; i++) {
			if (s->done[i] || (s->leaders[i] == i &&
					   !is_ready(s, i)))
				continue;
			if (s->leaders[i] == i && !solve_group(s, i))
				return false;
			s->done[i] = true;
			progress = true;
			left--;
		}
	}
	return !left;
}

bool solve_event(struct search *search, const struct plm_template *template,
		 struct event *event)
{
	size_t num_pairs = search->pairs.num_wanted;
	struct event_solver s = {
		.search = search, .event = event, .model = *search->model,
	};
	bool solved = false;

	*event = (struct event){ .template = template };
	if (num_pairs && !search_spend(search, s.model.num_criteria / 8))
		return false;
	if (num_pairs) {
		s.model.criteria = xcalloc(s.model.num_criteria + num_pairs,
					   sizeof(*s.model.criteria));
		memcpy(s.model.criteria, search->model->criteria,
		       s.model.num_criteria * sizeof(*s.model.criteria));
	}
	for (int way = 0; way < (num_pairs ? 2 : 1) && !solved; way++) {
		*event = (struct event){ .template = template };
		s.around = way > 0;
		solved = solve_all(&s);
		if (!solved)
			event_free(event);
	}
	if (num_pairs)
		free(s.model.criteria);
	return solved;
}
