// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values are made by trying: texts that must occur are laid one behind the
 * other in several ways, and each result is put to the naive reference.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/guess.h"
#include "event/habit.h"
#include "event/layout.h"
#include "event/literal.h"
#include "event/pattern.h"
#include "event/solve.h"

bool solve_matches(const struct model *model, uint32_t rule,
		   const struct event *event)
{
	return model->rules[rule].template == event->template &&
	       model_rule_matches(model, rule, event->values,
				  event->template->shape.num_inputs);
}

uint64_t solve_cost(const struct event *event)
{
	uint64_t cost = 4;

	for (uint32_t i = 0; i < PLM_MAX_INPUTS; i++)
		cost += event->values[i].len / 16;
	return cost;
}

/* A text may have to be compared at every place, each part of a pattern run. */
uint64_t solve_weight(const struct model_criterion *criterion)
{
	return 1 + criterion->text.len / 16 + criterion->parts;
}

uint64_t solve_rule_weight(const struct model *model, uint32_t rule)
{
	const struct model_rule *r = &model->rules[rule];
	uint64_t weight = 0;

	for (uint32_t i = 0; i < r->program_len; i++) {
		uint32_t arg = PLM_WORD_ARG(r->program[i]);

		weight += PLM_WORD_OP(r->program[i]) == PLM_WORD_TEST ?
			  solve_weight(&model->criteria[arg]) : 1;
	}
	return weight;
}

bool solve_holds(const struct model *model, uint32_t criterion,
		 const struct event *event)
{
	uint32_t word = PLM_WORD(PLM_WORD_TEST, criterion);
	struct model_rule rule = {
		.template = event->template,
		.program = &word,
		.program_len = 1,
	};
	struct model probe = *model;

	probe.rules = &rule;
	probe.num_rules = 1;
	return solve_matches(&probe, 0, event);
}

/* One input being solved. */
struct input {
	struct search *search;
	struct event *event;
	const struct literals *literals;
	const struct habit *habit;
	uint32_t index;
	const uint32_t *leaders;	/* of all inputs: see solve_input */
	bool strict;		/* only values that a machine can have */
};

/* Inputs that are compared with this one have the same value. */
static void mirror(const struct input *in)
{
	const struct plm_value *value = &in->event->values[in->index];

	for (uint32_t i = in->index + 1; i < PLM_MAX_INPUTS; i++) {
		if (in->leaders[i] != in->index)
			continue;
		if (value->kind == PLM_VALUE_STRING)
			event_set_string(in->event, i, value->data, value->len);
		else if (value->kind == PLM_VALUE_NUMBER)
			event_set_number(in->event, i, value->number);
		else
			event_set_absent(in->event, i);
	}
}

static bool is_mirrored(const struct input *in)
{
	for (uint32_t i = in->index + 1; i < PLM_MAX_INPUTS; i++)
		if (in->leaders[i] == in->index)
			return true;
	return false;
}

static uint64_t weight_of(const struct model *model,
			  const struct literals *literals)
{
	uint64_t weight = 1;

	for (size_t i = 0; i < literals->num_wanted; i++)
		weight += solve_weight(&model->criteria[literals->wanted[i]]);
	for (size_t i = 0; i < literals->num_unwanted; i++)
		weight += solve_weight(&model->criteria[literals->unwanted[i]]);
	return weight;
}

static bool fits(struct input *in)
{
	const struct literals *l = in->literals;
	const struct model *model = in->search->model;

	mirror(in);
	if (!search_spend(in->search, weight_of(model, l) *
			  (1 + in->event->values[in->index].len / 16)))
		return false;
	for (size_t i = 0; i < l->num_wanted; i++)
		if (!solve_holds(model, l->wanted[i], in->event))
			return false;
	for (size_t i = 0; i < l->num_unwanted; i++)
		if (solve_holds(model, l->unwanted[i], in->event))
			return false;
	return true;
}

static bool is_realistic(const struct input *in, const uint8_t *data,
			 size_t len)
{
	return habit_is_real(in->habit, data, len);
}

/* Texts that are wanted in lower case may have to be in another. */
static void apply_case(const struct input *in, uint8_t *data, size_t len)
{
	for (size_t i = 0; i < in->literals->num_wanted; i++) {
		const struct model_criterion *c =
			&in->search->model->criteria[in->literals->wanted[i]];
		size_t at;

		if (!(c->flags & PLM_FLAG_CASED) || !c->text.len ||
		    c->op == PLM_OP_PATTERN)
			continue;
		at = literal_find(data, len, 0, c->text.data, c->text.len,
				  false);
		if (c->op == PLM_OP_ENDSWITH && c->text.len <= len)
			at = len - c->text.len;
		if (at != SIZE_MAX)
			memcpy(data + at, c->text.data, c->text.len);
	}
}

static bool has_cased(const struct input *in, const uint32_t *criteria,
		      size_t num)
{
	for (size_t i = 0; i < num; i++)
		if (in->search->model->criteria[criteria[i]].flags &
		    PLM_FLAG_CASED)
			return true;
	return false;
}

static bool try_string(struct input *in, const uint8_t *data, size_t len)
{
	const struct literals *l = in->literals;
	uint8_t *own;

	if (len > SOLVE_MAX_LEN || (in->strict && !is_realistic(in, data, len)))
		return false;
	event_set_string(in->event, in->index, data, len);
	own = (uint8_t *)in->event->values[in->index].data;
	apply_case(in, own, len);
	if (fits(in))
		return true;
	if (!has_cased(in, l->unwanted, l->num_unwanted))
		return false;
	/* What must not be there in lower case may be there in upper case. */
	for (size_t i = 0; i < len; i++)
		if (own[i] >= 'a' && own[i] <= 'z')
			own[i] -= 32;
	apply_case(in, own, len);
	return fits(in);
}

static bool try_defaults(struct input *in)
{
	for (size_t i = 0; i < HABIT_MAX_DEFAULTS && in->habit->defaults[i]; i++)
		if (try_string(in, (const uint8_t *)in->habit->defaults[i],
			       strlen(in->habit->defaults[i])))
			return true;
	return false;
}

/* Patterns are read anew for each of their samples. */
static uint64_t cost_of_samples(const struct input *in)
{
	const struct model_criterion *criteria = in->search->model->criteria;
	const struct literals *l = in->literals;
	uint64_t cost = 0;

	for (size_t i = 0; i < l->num_wanted; i++)
		if (criteria[l->wanted[i]].op == PLM_OP_PATTERN)
			cost += 4ull * criteria[l->wanted[i]].text.len;
	return cost;
}

static bool try_layouts_of(struct input *in, uint32_t sample)
{
	struct layout layout;
	bool found = false;

	if (!search_spend(in->search, cost_of_samples(in)))
		return false;
	layout_begin(&layout, in->search->model, in->literals,
		     in->habit->separator, sample);
	search_spend(in->search, layout.cost);
	while (!found && layout_next(&layout) &&
	       search_spend(in->search, layout.len / 16 + 1))
		found = try_string(in, layout.data, layout.len);
	layout_end(&layout);
	return found;
}

static bool try_layouts(struct input *in)
{
	const struct literals *l = in->literals;
	uint32_t num_samples = 1;

	for (size_t i = 0; i < l->num_wanted; i++)
		if (in->search->model->criteria[l->wanted[i]].op ==
		    PLM_OP_PATTERN)
			num_samples = PATTERN_NUM_SAMPLES;
	for (uint32_t i = 0; i < num_samples; i++)
		if (try_layouts_of(in, i))
			return true;
	return false;
}

/* What an address must begin or end with, completed in several ways. */
static bool try_addresses(struct input *in)
{
	const struct literals *l = in->literals;
	char text[GUESS_LEN];
	size_t len;

	for (size_t i = 0; i < l->num_wanted; i++) {
		const struct model_criterion *c =
			&in->search->model->criteria[l->wanted[i]];

		for (size_t k = 0; (len = guess_address(c, k, text)); k++)
			if (try_string(in, (const uint8_t *)text, len))
				return true;
	}
	return false;
}

/* Is there a text among what is wanted, or only that some value exists? */
static bool wants_text(const struct input *in)
{
	for (size_t i = 0; i < in->literals->num_wanted; i++)
		if (in->search->model->criteria[in->literals->wanted[i]].op !=
		    PLM_OP_EXISTS)
			return true;
	return false;
}

static bool solve_string(struct input *in)
{
	for (int pass = 0; pass < 2; pass++) {
		in->strict = pass == 0;
		if (!wants_text(in) && try_defaults(in))
			return true;
		if (in->strict && habit_is_address(in->habit) &&
		    try_addresses(in))
			return true;
		if (try_layouts(in))
			return true;
	}
	return false;
}

static bool try_number(struct input *in, uint64_t number)
{
	event_set_number(in->event, in->index, number);
	return fits(in);
}

static bool try_around(struct input *in, const uint32_t *criteria, size_t num)
{
	for (size_t i = 0; i < num; i++) {
		const struct model_criterion *c =
			&in->search->model->criteria[criteria[i]];

		if (c->op == PLM_OP_EXISTS)
			continue;
		if (try_number(in, c->number) ||
		    try_number(in, c->number + 1) ||
		    try_number(in, c->number - 1))
			return true;
	}
	return false;
}

static bool solve_number(struct input *in)
{
	/* An interval begins or ends beside an operand, or is open to 0. */
	return try_number(in, in->habit->number) ||
	       try_around(in, in->literals->wanted, in->literals->num_wanted) ||
	       try_around(in, in->literals->unwanted,
			  in->literals->num_unwanted) ||
	       try_number(in, 0);
}

static bool must_be_absent(const struct input *in)
{
	for (size_t i = 0; i < in->literals->num_unwanted; i++)
		if (in->search->model->criteria[in->literals->unwanted[i]].op ==
		    PLM_OP_EXISTS)
			return true;
	return false;
}

bool solve_input(struct search *search, struct event *event,
		 const uint32_t *leaders, const struct literals *literals,
		 uint32_t index)
{
	struct input in = {
		.search = search,
		.event = event,
		.literals = literals,
		.habit = habit_of(event->template, index),
		.index = index,
		.leaders = leaders,
	};
	bool mirrored = is_mirrored(&in);
	bool tested = in.literals->num_wanted || in.literals->num_unwanted ||
		      mirrored;
	bool number = event->template->shape.inputs[index].type ==
		      PLM_TYPE_NUMBER;

	/* The kernel decides about process ids: absent unless it must be. */
	if (number && !in.literals->num_wanted && !in.habit->always &&
	    !mirrored)
		return fits(&in);
	if (!tested && !in.habit->always)
		return true;
	if (must_be_absent(&in))
		return fits(&in);
	if (number ? solve_number(&in) : solve_string(&in))
		return true;
	event_set_absent(event, index);
	return fits(&in);
}
