/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From literals over the inputs of a template to an event. */
#ifndef EVENT_SOLVE_H
#define EVENT_SOLVE_H

#include "event/event.h"
#include "event/search.h"

/* No value that is longer is made: a line of JSON is to hold an event. */
#define SOLVE_MAX_LEN (16u << 10)

/*
 * Find a value for each input under @search's literals, and plausible ones
 * for the inputs without any: an event that a Linux machine can execute, as
 * far as the literals leave that open.  False where none was found; @event is
 * then empty.  Spends the search's steps.
 */
bool solve_event(struct search *search, const struct plm_template *template,
		 struct event *event);

/*
 * One value of it: for input @index, under @literals, and the same for all inputs
 * of which @leaders (by input, PLM_MAX_INPUTS of them) says that this one leads
 * them.  False where none was found.
 */
bool solve_input(struct search *search, struct event *event,
		 const uint32_t *leaders, const struct literals *literals,
		 uint32_t index);

/* About what it takes to compare a short text with the values of @event. */
uint64_t solve_cost(const struct event *event);

/*
 * So many times that is what it takes to ask the naive reference about a
 * criterion, or a whole rule.  Steps are spent before it is asked: for what
 * strangers write it may take as long as they like.
 */
uint64_t solve_weight(const struct model_criterion *criterion);
uint64_t solve_rule_weight(const struct model *model, uint32_t rule);

/*
 * Does one criterion of @model hold for @event?  Asked of the naive reference,
 * as a rule of one word.
 */
bool solve_holds(const struct model *model, uint32_t criterion,
		 const struct event *event);

/* The same of a whole rule. */
bool solve_matches(const struct model *model, uint32_t rule,
		   const struct event *event);

/* An absolute path as the kernel would print it. */
bool solve_is_path(const uint8_t *data, size_t len);

/* Is this input one whose values are absolute paths? */
bool solve_wants_path(const struct plm_template *template, uint32_t input);

/* Or one whose values only the system chooses, such as a user's name? */
bool solve_is_given(const struct plm_template *template, uint32_t input);

#endif /* EVENT_SOLVE_H */
