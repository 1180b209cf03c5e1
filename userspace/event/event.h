/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events in userspace: as JSON, as values, evaluated by the shared core. */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "plm_eval.h"

/* One event that owns its bytes. */
struct event {
	const struct plm_template *template;
	struct plm_value values[PLM_MAX_INPUTS];	/* data is owned */
};

#define EVENT_ERROR_LEN 160

void event_free(struct event *event);
struct event event_copy(const struct event *event);
/* Same template and same values. */
bool event_equal(const struct event *a, const struct event *b);
/* Set a string input to a copy of @text. */
void event_set_string(struct event *event, uint32_t input, const void *text,
		      size_t len);
void event_set_number(struct event *event, uint32_t input, uint64_t number);
void event_set_absent(struct event *event, uint32_t input);

/*
 * {"template":"process_creation","Image":"/usr/bin/id"}: a field that the
 * template lacks, a wrong type or a number out of range is an error: -1 and a
 * sentence in @out_error; the event is then empty.  Numbers may be JSON
 * numbers or decimal strings.  A string that is not UTF-8 is written as
 * {"hex":"2f746d702fff"}.
 */
int event_from_json(struct event *event, const json_t *json,
		    char out_error[EVENT_ERROR_LEN]);
/* The same of one line of text; a field that is given twice is an error. */
int event_from_line(struct event *event, const char *line, size_t len,
		    char out_error[EVENT_ERROR_LEN]);
/* Strings that are not UTF-8 come out with U+FFFD in place of bad bytes. */
json_t *event_to_json(const struct event *event);
/* Such strings come out as {"hex":...}: event_from_json gives the same event. */
json_t *event_to_json_exact(const struct event *event);

/*
 * What the conditions of all rules may take for one event, in their words: the
 * module's default.  The rule that finds it spent faults, and there the event
 * ends, as it does in the module.
 */
#define EVALUATOR_BUDGET (1u << 20)

/* What one content says of an event. */
struct event_result {
	uint32_t *matches;	/* rule indices, ascending */
	size_t num_matches;
	uint32_t *faults;	/* rules that faulted, ascending */
	enum plm_err *fault_errs;
	size_t num_faults;
	uint32_t num_evaluated;	/* rules whose condition was evaluated */
	uint64_t num_words;	/* condition words that they cost */
};

/* An evaluator of one content: its scratch and nothing more. */
struct evaluator;
struct evaluator *evaluator_new(const struct plm_content *content);
void evaluator_free(struct evaluator *evaluator);
/* @num_values: as supplied; at most PLM_MAX_INPUTS.  Caller frees result. */
void evaluator_run(struct evaluator *evaluator, const struct event *event,
		   uint32_t num_values, struct event_result *out);
void event_result_free(struct event_result *result);

#endif /* EVENT_EVENT_H */
