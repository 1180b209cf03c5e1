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

void event_free(struct event *event);
struct event event_copy(const struct event *event);
/* Set a string input to a copy of @text. */
void event_set_string(struct event *event, uint32_t input, const void *text,
		      size_t len);
void event_set_number(struct event *event, uint32_t input, uint64_t number);

/*
 * {"template":"process_creation","Image":"/usr/bin/id"}: a field that the
 * template lacks, a wrong type or a number out of range is an error: -1 and a
 * sentence in @out_error.  Numbers may be JSON numbers or decimal strings.
 */
int event_from_json(struct event *event, const json_t *json,
		    char out_error[160]);
/* Strings that are not UTF-8 come out with U+FFFD in place of bad bytes. */
json_t *event_to_json(const struct event *event);

/* What one content says of an event. */
struct event_result {
	uint32_t *matches;	/* rule indices, ascending */
	size_t num_matches;
	uint32_t *faults;	/* rules that faulted, ascending */
	enum plm_err *fault_errs;
	size_t num_faults;
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
