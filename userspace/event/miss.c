// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/habit.h"
#include "event/literal.h"
#include "event/miss.h"
#include "event/pattern.h"
#include "event/solve.h"

/* A change being tried on a copy of the value. */
struct change {
	const struct model_criterion *criterion;
	uint8_t *data;
	size_t len;
};

/* Another byte, also without regard to case, that is at home everywhere. */
static uint8_t other_byte(uint8_t byte)
{
	uint8_t folded = literal_fold(byte);

	if (folded >= 'a' && folded < 'z')
		return byte + 1;
	if (folded == 'z')
		return byte - 25;
	if (byte >= '0' && byte < '9')
		return byte + 1;
	return byte == '9' ? '0' : 'x';
}

/* The byte @at of each place where the text stands, counted within the text. */
static bool change_byte(struct change *change, size_t at)
{
	const struct model_text *text = &change->criterion->text;
	bool cased = change->criterion->flags & PLM_FLAG_CASED;
	size_t found = 0;
	bool changed = false;

	if (at >= text->len)
		return false;
	while ((found = literal_find(change->data, change->len, found,
				     text->data, text->len, cased)) !=
	       SIZE_MAX) {
		change->data[found + at] =
			other_byte(change->data[found + at]);
		found += at + 1;
		changed = true;
	}
	return changed;
}

static bool change_last(struct change *change)
{
	return change_byte(change, (size_t)change->criterion->text.len - 1);
}

static bool change_middle(struct change *change)
{
	return change_byte(change, change->criterion->text.len / 2);
}

static bool change_first(struct change *change)
{
	return change_byte(change, 0);
}

static bool add_byte(struct change *change)
{
	if (change->criterion->op == PLM_OP_CONTAINS)
		return false;
	if (change->criterion->op == PLM_OP_STARTSWITH) {
		memmove(change->data + 1, change->data, change->len);
		change->data[0] = 'x';
	} else {
		change->data[change->len] = 'x';
	}
	change->len++;
	return true;
}

static bool drop_last(struct change *change)
{
	if (change->len < 2)
		return false;
	change->len--;
	return true;
}

/* Take the text out, wherever it stands. */
static bool drop_text(struct change *change)
{
	const struct model_text *text = &change->criterion->text;
	bool cased = change->criterion->flags & PLM_FLAG_CASED;
	bool changed = false;
	size_t at;

	while (text->len &&
	       (at = literal_find(change->data, change->len, 0, text->data,
				  text->len, cased)) != SIZE_MAX) {
		memmove(change->data + at, change->data + at + text->len,
			change->len - at - text->len);
		change->len -= text->len;
		changed = true;
	}
	return changed && change->len;
}

/* From what shows an error of one byte to what is merely different. */
static bool (*const changes[])(struct change *) = {
	change_last, change_first, add_byte, change_middle, drop_last,
	drop_text,
};

struct attempt {
	struct search *search;
	struct event *event;	/* being changed */
	uint32_t rule, criterion, input;
};

static bool misses(struct attempt *a)
{
	const struct model *model = a->search->model;

	if (!search_spend(a->search, solve_rule_weight(model, a->rule) *
			  solve_cost(a->event)))
		return false;
	return !solve_holds(model, a->criterion, a->event) &&
	       !solve_matches(model, a->rule, a->event);
}

static bool try_string(struct attempt *a, const struct plm_value *from,
		       const struct habit *habit)
{
	const struct model_criterion *c =
		&a->search->model->criteria[a->criterion];

	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct change change = { c, xmalloc((size_t)from->len + 2),
					 from->len };
		bool fits;

		if (from->len)
			memcpy(change.data, from->data, from->len);
		fits = changes[i](&change) &&
		       (!habit || habit_is_real(habit, change.data,
						change.len));
		if (fits)
			event_set_string(a->event, a->input, change.data,
					 change.len);
		free(change.data);
		if (fits && misses(a))
			return true;
	}
	return false;
}

/* What a pattern matches is changed byte by byte. */
static bool try_pattern(struct attempt *a, const struct plm_value *from,
			const struct habit *habit)
{
	bool done = false;
	uint8_t *data;
	size_t len;

	for (uint32_t i = 0; !done; i++) {
		data = xmemdup(from->data, from->len);
		if (!pattern_change(data, from->len, i, &len)) {
			free(data);
			break;
		}
		if (!habit || habit_is_real(habit, data, len)) {
			event_set_string(a->event, a->input, data, len);
			done = misses(a);
		}
		free(data);
	}
	return done;
}

static bool try_number(struct attempt *a, uint64_t number)
{
	const uint64_t others[] = { number + 1, number - 1, 0, UINT64_MAX };

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		event_set_number(a->event, a->input, others[i]);
		if (misses(a))
			return true;
	}
	return false;
}

/* Of few values that there are, another one. */
static bool try_others(struct attempt *a, const struct habit *habit)
{
	for (size_t i = 0; i < HABIT_MAX_DEFAULTS && habit->defaults[i]; i++) {
		event_set_string(a->event, a->input, habit->defaults[i],
				 strlen(habit->defaults[i]));
		if (misses(a))
			return true;
	}
	return false;
}

static bool try_changes(struct attempt *a, const struct event *event)
{
	const struct model_criterion *c =
		&a->search->model->criteria[a->criterion];
	const struct plm_value *from = &event->values[a->input];
	const struct habit *habit = habit_of(event->template, a->input);

	if (c->op == PLM_OP_EXISTS || from->kind == PLM_VALUE_ABSENT)
		return false;
	if (from->kind == PLM_VALUE_NUMBER)
		return try_number(a, plm_op_is_pair(c->op) ? from->number :
							     c->number);
	/* What a machine can have, where the event so far is such. */
	if (!habit->is_real || !habit_is_real(habit, from->data, from->len))
		habit = NULL;
	if (c->op == PLM_OP_PATTERN || plm_op_is_pair(c->op))
		return (habit && try_pattern(a, from, habit)) ||
		       try_pattern(a, from, NULL);
	return (habit && (try_string(a, from, habit) ||
			  try_others(a, habit))) ||
	       try_string(a, from, NULL);
}

bool miss_make(struct search *search, uint32_t rule, uint32_t criterion,
	       const struct event *event, struct event *out)
{
	struct attempt a = {
		.search = search,
		.event = out,
		.rule = rule,
		.criterion = criterion,
		.input = search->model->criteria[criterion].input,
	};

	*out = event_copy(event);
	if (try_changes(&a, event))
		return true;
	event_set_absent(out, a.input);
	if (misses(&a))
		return true;
	event_free(out);
	return false;
}
