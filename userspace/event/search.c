// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Depth first, with an explicit list of what is still to be made true and an
 * explicit stack of choices, because conditions come from strangers' files.
 *
 * What leaves a choice waits until everything that leaves none is done: that
 * finds most contradictions before anything had to be guessed.  The lists are
 * made of cells that are never changed, so that going back to a choice only
 * means to take them up as they were there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/literal.h"
#include "event/search.h"

#define NO_CELL UINT32_MAX

struct search_pending {
	uint32_t node;
	uint32_t next;		/* NO_CELL at the end */
	bool want;
};

/* Children of one node of which @num must be made @want. */
struct search_choice {
	uint32_t node;
	uint32_t later;		/* the other choices that wait */
	size_t num_pending, num_trail;	/* to go back to */
	bool want;
	bool keep_first;	/* the first child leads to the target */
	uint32_t num;
	uint8_t picks[PLM_MAX_STACK];	/* ascending positions */
};

struct run {
	struct search *s;
	const struct search_goal *goal;
	uint32_t left_to_ask;
	uint32_t head;		/* what is pending */
	uint32_t later;		/* what is pending and leaves a choice */
	bool gave_up;		/* something was not looked at to its end */
};

void search_init(struct search *search, const struct model *model)
{
	*search = (struct search){
		.model = model,
		.wants = xcalloc(model->num_criteria + 1, 1),
	};
}

void search_free(struct search *search)
{
	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++) {
		free(search->inputs[i].wanted);
		free(search->inputs[i].unwanted);
	}
	free(search->pairs.wanted);
	free(search->pairs.unwanted);
	free(search->wants);
	free(search->trail);
	free(search->pending);
	free(search->choices);
	free(search->on_branch);
	*search = (struct search){ 0 };
}

bool search_spend(struct search *s, uint64_t steps)
{
	bool enough = steps <= s->steps;

	steps = enough ? steps : s->steps;
	s->steps -= steps;
	return enough;
}

static struct literals *literals_of(struct search *s, uint32_t criterion)
{
	const struct model_criterion *c = &s->model->criteria[criterion];

	return plm_op_is_pair(c->op) ? &s->pairs : &s->inputs[c->input];
}

static void unassign_to(struct search *s, size_t num_trail)
{
	while (s->num_trail > num_trail) {
		uint32_t criterion = s->trail[--s->num_trail];
		struct literals *l = literals_of(s, criterion);

		if (s->wants[criterion] > 0)
			l->num_wanted--;
		else
			l->num_unwanted--;
		s->wants[criterion] = 0;
	}
}

static bool fits_all(struct search *s, const struct model_criterion *c,
		     bool want, const uint32_t *others, size_t num_others,
		     bool others_wanted)
{
	for (size_t i = 0; i < num_others; i++) {
		const struct model_criterion *other =
			&s->model->criteria[others[i]];

		if (!search_spend(s, literals_cost(c, other)))
			return false;
		if (literals_conflict(c, want, other, others_wanted))
			return false;
	}
	return true;
}

static void record(struct search *s, uint32_t criterion, bool want)
{
	struct literals *l = literals_of(s, criterion);

	ARRAY_RESERVE(s->trail, s->num_trail, s->cap_trail);
	s->trail[s->num_trail++] = criterion;
	s->wants[criterion] = want ? 1 : -1;
	if (want) {
		ARRAY_RESERVE(l->wanted, l->num_wanted, l->cap_wanted);
		l->wanted[l->num_wanted++] = criterion;
	} else {
		ARRAY_RESERVE(l->unwanted, l->num_unwanted, l->cap_unwanted);
		l->unwanted[l->num_unwanted++] = criterion;
	}
}

/* Decide one criterion.  False: that contradicts what is decided already. */
static bool assign(struct search *s, uint32_t criterion, bool want)
{
	const struct model_criterion *c = &s->model->criteria[criterion];
	const struct literals *l = &s->inputs[c->input];

	if (s->wants[criterion])
		return want == (s->wants[criterion] > 0);
	if (plm_op_is_pair(c->op)) {
		record(s, criterion, want);
		return true;
	}
	if (want && literal_is_impossible(c))
		return false;
	if (!fits_all(s, c, want, l->wanted, l->num_wanted, true))
		return false;
	if (want && !fits_all(s, c, want, l->unwanted, l->num_unwanted, false))
		return false;
	record(s, criterion, want);
	return true;
}

static void pend(struct search *s, uint32_t *head, uint32_t node, bool want)
{
	ARRAY_RESERVE(s->pending, s->num_pending, s->cap_pending);
	s->pending[s->num_pending] = (struct search_pending){
		.node = node, .want = want, .next = *head,
	};
	*head = (uint32_t)s->num_pending++;
}

/* The position of the child that leads to the target, or num_children. */
static uint32_t branch_child(const struct run *run,
			     const struct expr_node *node)
{
	const struct expr *expr = run->goal->expr;
	uint32_t i = 0;

	if (run->goal->target == EXPR_NONE)
		return node->num_children;
	while (i < node->num_children &&
	       !run->s->on_branch[expr->children[node->first_child + i]])
		i++;
	return i;
}

/* Children in the order in which they are tried: the branch's one first. */
static uint32_t child_at(const struct run *run, const struct expr_node *node,
			 uint32_t position)
{
	uint32_t first = branch_child(run, node);

	if (first < node->num_children && position <= first)
		position = position ? position - 1 : first;
	return run->goal->expr->children[node->first_child + position];
}

static void take_choice(struct run *run, const struct search_choice *choice)
{
	const struct expr_node *node =
		&run->goal->expr->nodes[choice->node];

	run->head = NO_CELL;
	run->later = choice->later;
	/* The last one pending is looked at first. */
	for (uint32_t i = choice->num; i > 0; i--)
		pend(run->s, &run->head,
		     child_at(run, node, choice->picks[i - 1]), choice->want);
}

/* The next combination in ascending order; false past the last. */
static bool next_combination(struct search_choice *choice,
			     uint32_t num_children)
{
	uint32_t least = choice->keep_first ? 1 : 0;

	for (uint32_t i = choice->num; i > least; i--) {
		uint32_t room = num_children - (choice->num - (i - 1));

		if (choice->picks[i - 1] >= room)
			continue;
		choice->picks[i - 1]++;
		for (uint32_t k = i; k < choice->num; k++)
			choice->picks[k] = choice->picks[k - 1] + 1;
		return true;
	}
	return false;
}

/* Children of which so many must come out as wanted. */
static uint32_t num_needed(const struct expr_node *node, bool want)
{
	return want ? node->least : node->num_children - node->least + 1;
}

/* Only when nothing else is pending: the first of the choices that wait. */
static void choose(struct run *run)
{
	struct search *s = run->s;
	const struct search_pending cell = s->pending[run->later];
	const struct expr_node *node = &run->goal->expr->nodes[cell.node];
	struct search_choice *choice;

	ARRAY_RESERVE(s->choices, s->num_choices, s->cap_choices);
	choice = &s->choices[s->num_choices++];
	*choice = (struct search_choice){
		.node = cell.node, .want = cell.want, .later = cell.next,
		.num = num_needed(node, cell.want),
		.num_pending = s->num_pending, .num_trail = s->num_trail,
		.keep_first = branch_child(run, node) < node->num_children,
	};
	for (uint32_t i = 0; i < choice->num; i++)
		choice->picks[i] = (uint8_t)i;
	take_choice(run, choice);
}

/* Make one node come out as wanted.  False: a contradiction. */
static bool expand(struct run *run, uint32_t index, bool want)
{
	const struct expr *expr = run->goal->expr;
	const struct expr_node *node = &expr->nodes[index];
	uint32_t num;

	search_spend(run->s, 1 + node->num_children);
	if (node->negated && index != run->goal->violate)
		want = !want;
	if (node->is_test)
		return assign(run->s, node->criterion, want);
	if (want ? node->least > node->num_children : !node->least)
		return false;
	num = num_needed(node, want);
	if (num == node->num_children) {
		for (uint32_t i = num; i > 0; i--)
			pend(run->s, &run->head,
			     expr->children[node->first_child + i - 1], want);
	} else if (num && num < node->num_children) {
		/* Already turned round where it is negated. */
		pend(run->s, &run->later, index, want);
	}
	return true;
}

/* Go back to the last choice that has another way.  False: there is none. */
static bool back(struct run *run)
{
	struct search *s = run->s;

	while (s->num_choices) {
		struct search_choice *choice = &s->choices[s->num_choices - 1];

		unassign_to(s, choice->num_trail);
		s->num_pending = choice->num_pending;
		if (next_combination(choice, run->goal->expr->
				     nodes[choice->node].num_children)) {
			take_choice(run, choice);
			return true;
		}
		/* A target's branch was kept to: others were not tried. */
		run->gave_up |= choice->keep_first;
		s->num_choices--;
	}
	return false;
}

/* Everything pending, until nothing is or something contradicts. */
static bool expand_all(struct run *run)
{
	while (run->head != NO_CELL || run->later != NO_CELL) {
		struct search_pending cell;

		if (run->head == NO_CELL)
			choose(run);
		cell = run->s->pending[run->head];
		run->head = cell.next;
		if (!expand(run, cell.node, cell.want))
			return false;
	}
	return true;
}

static enum search_status look(struct run *run)
{
	struct search *s = run->s;

	do {
		if (!s->steps || !run->left_to_ask)
			return SEARCH_NOT_FOUND;
		if (!expand_all(run))
			continue;
		run->left_to_ask--;
		if (s->accept(s, s->context))
			return SEARCH_FOUND;
		/* That no value was found does not prove that there is none. */
		run->gave_up = true;
	} while (back(run));
	/* Without steps, what did not fit may just not have been looked at. */
	return run->gave_up || !s->steps ? SEARCH_NOT_FOUND :
					   SEARCH_IMPOSSIBLE;
}

static void mark_branch(struct search *s, const struct search_goal *goal,
			uint8_t mark)
{
	if (goal->expr->num_nodes > s->cap_branch) {
		s->cap_branch = goal->expr->num_nodes;
		free(s->on_branch);
		s->on_branch = xcalloc(s->cap_branch, 1);
	}
	for (uint32_t at = goal->target; at != EXPR_NONE;
	     at = goal->expr->nodes[at].parent)
		s->on_branch[at] = mark;
}

enum search_status search_run(struct search *s, const struct search_goal *goal,
			      uint32_t max_asked)
{
	struct run run = { .s = s, .goal = goal, .left_to_ask = max_asked,
			   .head = NO_CELL, .later = NO_CELL };
	enum search_status status = SEARCH_NOT_FOUND;

	unassign_to(s, 0);
	s->num_pending = 0;
	s->num_choices = 0;
	mark_branch(s, goal, 1);
	if (goal->target != EXPR_NONE)
		run.gave_up = true;
	pend(s, &run.head, goal->expr->root, goal->want);
	if (goal->target == EXPR_NONE ||
	    assign(s, goal->expr->nodes[goal->target].criterion, true))
		status = look(&run);
	mark_branch(s, goal, 0);
	return status;
}
