// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/elsewhere.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/solve.h"

/* Each of them is asked about every recorded event, by the naive reference. */
#define MAX_PROBES 256u
/* Steps, as solve_cost() counts them, that all that may take: some seconds. */
#define MAX_COST (1ull << 31)

/* Inputs whose number says nothing about what is done. */
static bool is_chance(const struct plm_template *t, uint32_t input)
{
	static const char *const names[] = {
		"ProcessId", "ParentProcessId", "SourcePort",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(t->shape.inputs[input].name, names[i]))
			return true;
	return false;
}

static bool tests_chance(const struct model *model,
			 const struct model_rule *rule)
{
	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t word = rule->program[i];

		if (PLM_WORD_OP(word) == PLM_WORD_TEST &&
		    is_chance(rule->template,
			      model->criteria[PLM_WORD_ARG(word)].input))
			return true;
	}
	return false;
}

/* Does an earlier probe ask the same?  What else an event has is not used. */
static bool is_asked(const struct elsewhere *e, const struct synth_event *s)
{
	const struct plm_template *t = s->event.template;

	for (size_t i = 0; i < e->num_probes; i++) {
		const struct synth_event *other = e->probes[i].synth;
		bool same = other->rule == s->rule;

		for (uint32_t k = 0; same && k < t->shape.num_inputs; k++)
			same = !is_chance(t, k) ||
			       (other->event.values[k].kind ==
				s->event.values[k].kind &&
				other->event.values[k].number ==
				s->event.values[k].number);
		if (same)
			return true;
	}
	return false;
}

void elsewhere_begin(struct elsewhere *e, const struct model *model,
		     const struct synth *synth)
{
	*e = (struct elsewhere){ .model = model };
	for (size_t i = 0; i < synth->num_events; i++) {
		const struct synth_event *s = &synth->events[i];
		const struct model_rule *rule = &model->rules[s->rule];

		if (!s->expect || rule->action != PLM_ACTION_KILL ||
		    !tests_chance(model, rule) || is_asked(e, s))
			continue;
		if (e->num_probes == MAX_PROBES) {
			e->too_many = true;
			return;
		}
		ARRAY_RESERVE(e->probes, e->num_probes, e->cap_probes);
		e->probes[e->num_probes++] =
			(struct elsewhere_probe){ .synth = s };
	}
}

/*
 * The numbers of @from in the place of @to's own.  What @from lacks stays, and
 * a parent that is PID 1 is no chance: such events were recorded as such.
 */
static void put_numbers(struct event *to, const struct event *from)
{
	const struct plm_template *t = to->template;

	for (uint32_t i = 0; i < t->shape.num_inputs; i++)
		if (is_chance(t, i) && from->values[i].kind == PLM_VALUE_NUMBER &&
		    from->values[i].number > 1)
			event_set_number(to, i, from->values[i].number);
}

void elsewhere_ask(struct elsewhere *e, struct event *event, size_t index)
{
	for (size_t i = 0; i < e->num_probes; i++) {
		struct elsewhere_probe *probe = &e->probes[i];
		struct plm_value kept[PLM_MAX_INPUTS];

		if (probe->synth->event.template != event->template)
			continue;
		e->cost += solve_cost(event) *
			   solve_rule_weight(e->model, probe->synth->rule);
		if (e->cost > MAX_COST) {
			e->too_many = true;
			return;
		}
		/* Numbers own nothing: the values can be put back as they were. */
		memcpy(kept, event->values, sizeof(kept));
		put_numbers(event, &probe->synth->event);
		if (solve_matches(e->model, probe->synth->rule, event) &&
		    !probe->num_matches++)
			probe->first = index;
		memcpy(event->values, kept, sizeof(kept));
	}
}

char *elsewhere_numbers(const struct elsewhere_probe *probe)
{
	const struct event *event = &probe->synth->event;
	const struct plm_template *t = event->template;
	char *text = xstrdup("");

	for (uint32_t i = 0; i < t->shape.num_inputs; i++) {
		char *longer;

		if (!is_chance(t, i) ||
		    event->values[i].kind != PLM_VALUE_NUMBER)
			continue;
		longer = xasprintf("%s%s%s %" PRIu64, text, *text ? ", " : "",
				   t->shape.inputs[i].name,
				   (uint64_t)event->values[i].number);
		free(text);
		text = longer;
	}
	return text;
}

void elsewhere_end(struct elsewhere *e)
{
	free(e->probes);
	*e = (struct elsewhere){ 0 };
}
