// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/triggers.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/automaton.h"
#include "content/regex.h"

#define NO_NODE UINT32_MAX
#define MAX_RARITY (1u << 20)	/* so that sums of them don't wrap */
#define ORDINARY 60u		/* of a text that ordinary events are known to have */
#define NEVER_ORDINARY 480u	/* texts so rare need not be looked for */
#define NUMBER 70u		/* a number, rather than an ordinary text */
#define ANY_NUMBER 8u		/* of zero, and of all numbers above another */

/*
 * A set of criteria one of which must hold; a chain of nodes, so that sets
 * are joined at no cost.  Each criterion word has one node, and a node is in
 * one set at most.
 */
struct set {
	uint32_t head, tail;	/* NO_NODE: there is no such set */
	uint32_t count;
	uint32_t rarity;	/* of its most common text */
	bool patterns;		/* there are some in it */
};

/* What must hold for a value of the condition's stack to be true or false. */
struct needs {
	struct set when_true, when_false;
};

struct node {
	uint32_t criterion;	/* of the model */
	uint32_t next;
};

static const struct set no_set = { .head = NO_NODE, .tail = NO_NODE };

/* Eighths of a bit for each kind of byte in paths and command lines. */
static uint32_t byte_rarity(uint8_t byte)
{
	if (memchr("/ -.", byte, 4))
		return 28;
	if (strchr("etaoinsrlcdu", byte) && byte)
		return 34;
	if (byte >= 'a' && byte <= 'z')
		return 44;
	if (byte >= '0' && byte <= '9')
		return 46;
	return 60;
}

/* Does the criterion hold for an input that ordinary events have? */
static bool is_ordinary(uint32_t op, const uint8_t *text, uint32_t len)
{
	const char *input;

	for (size_t i = 0; (input = ordinary_text(i)); i++) {
		size_t input_len = strlen(input), first = 0, last;

		if (len > input_len)
			continue;
		last = input_len - len;
		if (op == PLM_OP_STARTSWITH || op == PLM_OP_EQUALS)
			last = 0;
		if (op == PLM_OP_ENDSWITH || op == PLM_OP_EQUALS)
			first = input_len - len;
		for (; first <= last; first++)
			if (!strncasecmp(input + first, (const char *)text,
					 len))
				return true;
	}
	return false;
}

uint32_t text_rarity(uint32_t op, const uint8_t *text, uint32_t len)
{
	uint32_t rarity = op == PLM_OP_CONTAINS ? 0 : 24;

	for (uint32_t i = 0; i < len; i++)
		rarity += byte_rarity(text[i] | (text[i] >= 'A' &&
						 text[i] <= 'Z' ? 0x20 : 0));
	if (rarity > ORDINARY && rarity < NEVER_ORDINARY &&
	    is_ordinary(op, text, len))
		return ORDINARY;
	return rarity;
}

/* A set of bytes is as rare as its most common one, less what it leaves open. */
static uint32_t set_rarity(const uint64_t set[4])
{
	unsigned int bits = 0;
	uint32_t least = UINT32_MAX;

	for (unsigned int byte = 0; byte < 256; byte++)
		if (set_has(set, (uint8_t)byte) &&
		    byte_rarity((uint8_t)byte) < least)
			least = byte_rarity((uint8_t)byte);
	while (set_count(set) >> (bits + 2))
		bits++;
	return least > 8 * bits ? least - 8 * bits : 0;
}

static uint32_t capped(uint32_t rarity)
{
	return rarity < MAX_RARITY ? rarity : MAX_RARITY;
}

static uint32_t regex_rarity(const struct regex_node *node)
{
	uint32_t rarity = 0, least = UINT32_MAX;

	if (node->kind == REGEX_SET)
		return set_rarity(node->set);
	if (node->kind == REGEX_ASSERT)
		return 24;
	for (size_t i = 0; i < node->num_children; i++) {
		uint32_t child = regex_rarity(node->children[i]);

		if (child < least)
			least = child;
		rarity = capped(rarity + child);
	}
	if (node->kind == REGEX_ALT)
		return least;
	if (node->kind == REGEX_REPEAT)
		return capped(rarity * node->min);
	return rarity;
}

static uint32_t criterion_rarity(const struct model_criterion *c)
{
	struct regex regex;
	uint32_t rarity = 0;

	if (op_is_number(c->op))
		return c->op == PLM_OP_NUM_EQ && c->number ? NUMBER :
							     ANY_NUMBER;
	if (c->op != PLM_OP_PATTERN)
		return text_rarity(c->op, c->text.data, c->text.len);
	if (regex_of_criterion(&regex, c->text.data, c->text.len,
			       c->flags & PLM_FLAG_CASED))
		rarity = regex_rarity(regex.root);
	regex_free(&regex);
	return rarity;
}

static bool set_better(const struct set *a, const struct set *b)
{
	if (a->head == NO_NODE || b->head == NO_NODE)
		return b->head == NO_NODE && a->head != NO_NODE;
	/* An automaton that triggers nothing is hardly ever walked. */
	if (a->patterns != b->patterns &&
	    (a->patterns ? b : a)->rarity >= ORDINARY)
		return b->patterns;
	if (a->rarity != b->rarity)
		return a->rarity > b->rarity;
	return a->count < b->count;
}

static void set_join(struct set *into, const struct set *from,
		     struct node *nodes)
{
	if (into->head == NO_NODE) {
		*into = *from;
		return;
	}
	nodes[into->tail].next = from->head;
	into->tail = from->tail;
	into->count += from->count;
	into->patterns |= from->patterns;
	if (into->rarity > from->rarity)
		into->rarity = from->rarity;
}

/*
 * Where @least of @num must hold, one of any num - least + 1 does; take the
 * best ones.  Without enough sets to choose from there is none.
 */
static struct set choose(const struct set **sets, uint32_t num, uint32_t least,
			 struct node *nodes)
{
	uint32_t wanted = num - least + 1;
	struct set out = no_set;

	for (uint32_t i = 0; i < wanted; i++) {
		uint32_t best = i;

		for (uint32_t j = i + 1; j < num; j++)
			if (set_better(sets[j], sets[best]))
				best = j;
		if (sets[best]->head == NO_NODE)
			return no_set;
		if (best != i) {
			const struct set *swap = sets[i];

			sets[i] = sets[best];
			sets[best] = swap;
		}
		set_join(&out, sets[i], nodes);
	}
	return out;
}

static void at_least(struct needs *stack, uint32_t *depth, uint32_t arg,
		     struct node *nodes)
{
	const struct set *sets[PLM_MAX_STACK];
	uint32_t num = arg & 0xff, least = arg >> 8;
	struct needs *base = &stack[*depth - num];
	struct needs out;

	for (uint32_t i = 0; i < num; i++)
		sets[i] = &base[i].when_true;
	out.when_true = choose(sets, num, least, nodes);
	for (uint32_t i = 0; i < num; i++)
		sets[i] = &base[i].when_false;
	out.when_false = choose(sets, num, num - least + 1, nodes);
	*base = out;
	*depth -= num - 1;
}

static struct needs needs_of_test(const struct model *model, uint32_t index,
				  struct node *nodes, uint32_t node)
{
	const struct model_criterion *c = &model->criteria[index];
	struct needs needs = { no_set, no_set };

	if (!op_is_string(c->op) && !op_is_number(c->op))
		return needs;
	nodes[node] = (struct node){ index, NO_NODE };
	needs.when_true = (struct set){
		.head = node, .tail = node, .count = 1,
		.rarity = criterion_rarity(c),
		.patterns = c->op == PLM_OP_PATTERN,
	};
	return needs;
}

/* The set for the rule's condition to hold; its chain is in @nodes. */
static struct set needs_of_rule(const struct model *model,
				const struct model_rule *rule,
				struct node *nodes)
{
	struct needs stack[PLM_MAX_STACK];
	uint32_t depth = 0;
	struct set swap;

	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(rule->program[i]);

		switch (PLM_WORD_OP(rule->program[i])) {
		case PLM_WORD_TEST:
			stack[depth++] = needs_of_test(model, arg, nodes, i);
			break;
		case PLM_WORD_NOT:
			swap = stack[depth - 1].when_true;
			stack[depth - 1].when_true =
				stack[depth - 1].when_false;
			stack[depth - 1].when_false = swap;
			break;
		default:
			at_least(stack, &depth, arg, nodes);
		}
	}
	return stack[0].when_true;
}

/* One (criterion, rule) each; criterion num_criteria stands for "always". */
struct pair {
	uint32_t criterion, rule;
};

struct pairs {
	struct pair *items;
	size_t count, cap;
};

static void add_pair(struct pairs *pairs, uint32_t criterion, uint32_t rule)
{
	ARRAY_RESERVE(pairs->items, pairs->count, pairs->cap);
	pairs->items[pairs->count++] = (struct pair){ criterion, rule };
}

static void find_pairs(struct pairs *pairs, const struct plan *plan)
{
	struct node *nodes = xcalloc(PLM_MAX_PROGRAM_LEN, sizeof(*nodes));

	for (uint32_t i = 0; i < plan->num_rules; i++) {
		struct set set = needs_of_rule(plan->model,
					       plan_rule(plan, i), nodes);

		if (set.head == NO_NODE)
			add_pair(pairs, plan->num_criteria, i);
		for (uint32_t n = set.head; n != NO_NODE; n = nodes[n].next)
			add_pair(pairs, plan->criterion_of[nodes[n].criterion],
				 i);
	}
	free(nodes);
}

/* A stable sort by criterion; rules come ascending, and stay so. */
static void sort_pairs(struct triggers *out, const struct pairs *pairs,
		       uint32_t num_criteria)
{
	uint32_t *last = xcalloc(num_criteria + 1, sizeof(*last));
	uint32_t *fill = xcalloc(num_criteria + 2, sizeof(*fill));
	uint32_t *first = out->first;

	memset(last, 0xff, (num_criteria + 1) * sizeof(*last));
	for (size_t i = 0; i < pairs->count; i++) {
		struct pair *pair = &pairs->items[i];

		if (last[pair->criterion] == pair->rule)
			pair->rule = UINT32_MAX;	/* said already */
		else
			fill[pair->criterion + 1]++;
		if (pair->rule != UINT32_MAX)
			last[pair->criterion] = pair->rule;
	}
	for (uint32_t i = 0; i <= num_criteria; i++) {
		fill[i + 1] += fill[i];
		first[i] = fill[i];
	}
	out->num_rules = fill[num_criteria + 1];
	out->rules = xcalloc(out->num_rules, sizeof(*out->rules));
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->items[i].rule != UINT32_MAX)
			out->rules[fill[pairs->items[i].criterion]++] =
				pairs->items[i].rule;
	free(last);
	free(fill);
}

void triggers_make(struct triggers *triggers, const struct plan *plan)
{
	struct pairs pairs = { 0 };

	triggers->first = xcalloc(plan->num_criteria + 1,
				  sizeof(*triggers->first));
	find_pairs(&pairs, plan);
	sort_pairs(triggers, &pairs, plan->num_criteria);
	free(pairs.items);
}

bool triggers_better(const struct model *model, const struct model_rule *a,
		     const struct model_rule *b)
{
	struct node *nodes = xcalloc(PLM_MAX_PROGRAM_LEN, sizeof(*nodes));
	struct set of_a = needs_of_rule(model, a, nodes);
	struct set of_b = needs_of_rule(model, b, nodes);

	free(nodes);
	return set_better(&of_a, &of_b);
}

bool triggers_are_texts(const struct model *model,
			const struct model_rule *rule)
{
	struct node *nodes = xcalloc(PLM_MAX_PROGRAM_LEN, sizeof(*nodes));
	struct set set = needs_of_rule(model, rule, nodes);

	free(nodes);
	return set.head != NO_NODE && !set.patterns;
}

void triggers_free(struct triggers *triggers)
{
	free(triggers->first);
	free(triggers->rules);
}
