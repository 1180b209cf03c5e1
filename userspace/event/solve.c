// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values are made by trying: texts that must occur are laid one behind the
 * other in several ways, and each result is put to the naive reference.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/layout.h"
#include "event/literal.h"
#include "event/pattern.h"
#include "event/solve.h"

#define MAX_DEFAULTS 5

/* What an input looks like where no criterion says anything. */
struct habit {
	const char *input;
	char separator;		/* between the parts of a value; 0: none */
	bool always;		/* every event has it */
	const char *defaults[MAX_DEFAULTS];
};

static const struct habit habits[] = {
	{ "Image", '/', true,
	  { "/usr/bin/true", "/usr/bin/id", "/opt/q/x", "/x", "/z7" } },
	{ "CommandLine", ' ', true, { "true", "id -u", "x", "7", "_" } },
	{ "ParentImage", '/', false,
	  { "/usr/sbin/init", "/usr/bin/env", "/opt/q/x", "/x", "/z7" } },
	{ "ParentCommandLine", ' ', false, { "init", "env x", "x", "7", "_" } },
	{ "CurrentDirectory", '/', true, { "/", "/root", "/opt/q", "/x" } },
	{ "User", 0, true, { "root", "1000", "7" } },
	{ "ParentUser", 0, false, { "root", "1000", "7" } },
	{ "LogonId", 0, true, { NULL } },
};

static const struct habit *habit_of(const struct plm_template *t,
				    uint32_t input)
{
	static const struct habit other = { "", ' ', false, { "x", "7", "_" } };

	for (size_t i = 0; i < ARRAY_LEN(habits); i++)
		if (!strcmp(habits[i].input, t->shape.inputs[input].name))
			return &habits[i];
	return &other;
}

bool solve_wants_path(const struct plm_template *t, uint32_t input)
{
	return habit_of(t, input)->separator == '/';
}

bool solve_is_given(const struct plm_template *t, uint32_t input)
{
	return !habit_of(t, input)->separator;
}

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

static bool is_plain_component(const uint8_t *name, size_t len)
{
	return len && len <= 255 && !(len == 1 && name[0] == '.') &&
	       !(len == 2 && name[0] == '.' && name[1] == '.');
}

bool solve_is_path(const uint8_t *data, size_t len)
{
	size_t start = 1;

	if (!len || len >= 4096 || data[0] != '/' || memchr(data, '\0', len))
		return false;
	for (size_t i = 1; len > 1 && i <= len; i++) {
		if (i < len && data[i] != '/')
			continue;
		if (!is_plain_component(data + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

/* One input being solved. */
struct input {
	struct search *search;
	struct event *event;
	const struct literals *literals;
	const struct habit *habit;
	uint32_t index;
	bool strict;		/* only values that a machine can have */
};

static bool fits(struct input *in)
{
	const struct literals *l = in->literals;
	const struct model *model = in->search->model;

	if (!search_spend(in->search, (1 + l->num_wanted + l->num_unwanted) *
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
	if (in->habit->separator == '/')
		return solve_is_path(data, len);
	return len && !memchr(data, '\0', len);
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
	for (size_t i = 0; i < MAX_DEFAULTS && in->habit->defaults[i]; i++)
		if (try_string(in, (const uint8_t *)in->habit->defaults[i],
			       strlen(in->habit->defaults[i])))
			return true;
	return false;
}

static bool try_layouts_of(struct input *in, uint32_t sample)
{
	struct layout layout;
	bool found = false;

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
	return try_number(in, 0) ||
	       try_around(in, in->literals->wanted, in->literals->num_wanted) ||
	       try_around(in, in->literals->unwanted,
			  in->literals->num_unwanted);
}

static bool must_be_absent(const struct input *in)
{
	for (size_t i = 0; i < in->literals->num_unwanted; i++)
		if (in->search->model->criteria[in->literals->unwanted[i]].op ==
		    PLM_OP_EXISTS)
			return true;
	return false;
}

static bool solve_input(struct search *search, struct event *event,
			uint32_t index)
{
	struct input in = {
		.search = search,
		.event = event,
		.literals = &search->inputs[index],
		.habit = habit_of(event->template, index),
		.index = index,
	};
	bool tested = in.literals->num_wanted || in.literals->num_unwanted;
	bool number = event->template->shape.inputs[index].type ==
		      PLM_TYPE_NUMBER;

	/* The kernel decides about process ids: absent unless it must be. */
	if (number && !in.literals->num_wanted && !in.habit->always)
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

bool solve_event(struct search *search, const struct plm_template *template,
		 struct event *event)
{
	*event = (struct event){ .template = template };
	for (uint32_t i = 0; i < template->shape.num_inputs; i++) {
		if (!solve_input(search, event, i)) {
			event_free(event);
			return false;
		}
	}
	return true;
}
