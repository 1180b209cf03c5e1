// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each rule by itself: does its condition contradict itself, hold of every
 * event, or have parts that cannot matter?
 *
 * A part matters if it can decide: if at each node above it just as many of
 * the other children hold as leave the outcome to it.  Where it holds in no
 * such event, or in every one, the condition says the same without it.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "dump/dump.h"
#include "lint/checks.h"
#include "lint/decide.h"

#define MAX_NAMED 3	/* parts */

/* What must hold for one part to decide. */
struct frame {
	int *literals;
	size_t num, cap;
};

static void demand(struct frame *frame, int literal)
{
	ARRAY_RESERVE(frame->literals, frame->num, frame->cap);
	frame->literals[frame->num++] = literal;
}

/* The other children of @parent leave the outcome to @child. */
static void demand_others(struct decider *d, const struct decided *rule,
			  struct frame *frame, const struct expr_node *parent,
			  uint32_t child)
{
	int others[PLM_MAX_STACK];
	uint32_t num = 0;

	for (uint32_t i = 0; i < parent->num_children; i++) {
		uint32_t at = rule->expr.children[parent->first_child + i];

		if (at != child)
			others[num++] = rule->literals[at];
	}
	if (!num)
		return;
	if (parent->least == parent->num_children || parent->least == 1) {
		for (uint32_t i = 0; i < num; i++)
			demand(frame, parent->least == 1 ? -others[i] :
							   others[i]);
		return;
	}
	demand(frame, decider_at_least(d, others, num, parent->least - 1));
	demand(frame, -decider_at_least(d, others, num, parent->least));
}

/* ANSWER_NO: the test at @node cannot matter. */
static enum answer matters(struct decider *d, const struct decided *rule,
			   struct frame *frame, uint32_t node)
{
	enum answer holds, fails;

	frame->num = 0;
	for (uint32_t at = node; rule->expr.nodes[at].parent != EXPR_NONE;
	     at = rule->expr.nodes[at].parent)
		demand_others(d, rule, frame,
			      &rule->expr.nodes[rule->expr.nodes[at].parent],
			      at);
	demand(frame, rule->literals[node]);
	holds = decider_ask(d, frame->literals, frame->num);
	if (holds != ANSWER_YES)
		return holds;
	frame->literals[frame->num - 1] = -rule->literals[node];
	fails = decider_ask(d, frame->literals, frame->num);
	return fails;
}

static char *name_part(char *names, const struct model_criterion *criterion)
{
	char *part = dump_criterion(criterion);
	char *more = xasprintf("%s%s%.200s", names, *names ? "; " : "", part);

	free(names);
	free(part);
	return more;
}

/* False: the steps were spent. */
static bool find_dead_parts(struct lint *lint, struct decider *d,
			    const struct decided *rule, uint32_t index)
{
	const struct model *m = &lint->candidate.model;
	char *names = xstrdup("");
	struct frame frame = { 0 };
	uint32_t num = 0;
	enum answer answer = ANSWER_YES;

	for (uint32_t i = 0; i < rule->expr.num_nodes &&
	     answer != ANSWER_OPEN; i++) {
		const struct expr_node *node = &rule->expr.nodes[i];

		if (!node->is_test)
			continue;
		answer = matters(d, rule, &frame, i);
		if (answer == ANSWER_NO && num++ < MAX_NAMED)
			names = name_part(names, &m->criteria[node->criterion]);
	}
	if (num)
		lint_find(lint, POLICY_DEAD_PART, index, NULL,
			  "%u part%s cannot matter: %s%s", num,
			  num == 1 ? "" : "s", names,
			  num > MAX_NAMED ? "; ..." : "");
	free(frame.literals);
	free(names);
	return answer != ANSWER_OPEN;
}

/* False: the steps were spent. */
static bool judge(struct lint *lint, struct decider *d,
		  const struct decided *rule, uint32_t index)
{
	int root = decided_root(rule), not_root = -root;
	enum answer can_match = decider_ask(d, &root, 1);
	enum answer can_miss = decider_ask(d, &not_root, 1);

	if (can_match == ANSWER_OPEN || can_miss == ANSWER_OPEN)
		return false;
	lint->constant[index] = can_match == ANSWER_NO ||
				can_miss == ANSWER_NO;
	if (can_match == ANSWER_NO)
		lint_find(lint, POLICY_CONTRADICTORY, index, NULL,
			  "contradicts itself: no event can match");
	if (can_miss == ANSWER_NO)
		lint_find(lint, POLICY_MATCHES_ALL, index, NULL,
			  "every event matches");
	return lint->constant[index] || find_dead_parts(lint, d, rule, index);
}

static void check_rule(struct lint *lint, uint32_t index)
{
	const uint64_t before = lint_steps_begin(lint);
	uint64_t left = before;
	struct decider *d = decider_new(&lint->candidate.model, &left);
	struct decided rule;
	bool decided = decider_add(d, index, &rule);

	if (decided && !decider_is_plain(d))
		decided = judge(lint, d, &rule, index);
	if (!decided)
		lint_find(lint, POLICY_NOT_DECIDED, index, NULL,
			  "too many steps to tell whether its condition "
			  "contradicts itself or has parts that cannot "
			  "matter");
	decided_free(&rule);
	decider_free(d);
	lint_steps_end(lint, before, left);
}

void lint_conditions(struct lint *lint)
{
	for (uint32_t i = 0; i < lint->candidate.model.num_rules; i++)
		check_rule(lint, i);
}
