// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/answers.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int compare_id(const char *id, const struct model_text *text)
{
	size_t len = strlen(id);
	size_t common = len < text->len ? len : text->len;
	int order = memcmp(id, text->data, common);

	return order ? order : (len > text->len) - (len < text->len);
}

/* Rules are sorted by their ids.  num_rules where there is no such rule. */
static uint32_t find_rule(const struct model *model, const char *id)
{
	size_t low = 0, high = model->num_rules;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_id(id, &model->rules[middle].id);

		if (!order)
			return (uint32_t)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return (uint32_t)model->num_rules;
}

static bool take_rule(const struct model *model, const json_t *id,
		      uint32_t *out_rule)
{
	if (!json_is_string(id))
		return false;
	*out_rule = find_rule(model, json_string_value(id));
	return *out_rule < model->num_rules;
}

static bool take_matches(struct answer *answer, const struct model *model,
			 const json_t *json)
{
	size_t num = json_array_size(json);

	if (!json_is_array(json))
		return false;
	answer->rules = xcalloc(num + 1, sizeof(*answer->rules));
	for (size_t i = 0; i < num; i++) {
		uint32_t rule;

		if (!take_rule(model, json_array_get(json, i), &rule))
			return false;
		if (i && rule <= answer->rules[i - 1])
			return false;
		answer->rules[answer->num_rules++] = rule;
	}
	return true;
}

static bool take_faults(struct answer *answer, const struct model *model,
			const json_t *json)
{
	size_t num = json_array_size(json);

	if (!json_is_array(json))
		return false;
	answer->faults = xcalloc(num + 1, sizeof(*answer->faults));
	for (size_t i = 0; i < num; i++) {
		const json_t *entry = json_array_get(json, i);
		const json_t *code = json_object_get(entry, "code");
		struct answer_fault *fault = &answer->faults[i];

		if (!json_is_string(code) ||
		    !take_rule(model, json_object_get(entry, "rule"),
			       &fault->rule))
			return false;
		fault->code = xstrdup(json_string_value(code));
		answer->num_faults++;
	}
	return true;
}

static bool take_answer(struct answer *answer, const struct model *model,
			const json_t *json, size_t line)
{
	const json_t *words = json_object_get(json, "words");

	if (json_integer_value(json_object_get(json, "line")) !=
	    (json_int_t)line || !json_is_integer(words))
		return false;
	answer->num_words = (uint64_t)json_integer_value(words);
	return take_matches(answer, model, json_object_get(json, "matches")) &&
	       take_faults(answer, model, json_object_get(json, "faults"));
}

static int take_all(struct answers *out, const struct model *model,
		    const json_t *events, size_t num_events, char *out_error)
{
	if (!json_is_array(events) || json_array_size(events) != num_events) {
		snprintf(out_error, ANSWERS_ERROR_LEN,
			 "answered %zu of %zu events", json_array_size(events),
			 num_events);
		return -1;
	}
	out->list = xcalloc(num_events + 1, sizeof(*out->list));
	for (size_t i = 0; i < num_events; i++) {
		out->num++;
		if (take_answer(&out->list[i], model, json_array_get(events, i),
				i + 1))
			continue;
		snprintf(out_error, ANSWERS_ERROR_LEN,
			 "the answer to event %zu is malformed", i + 1);
		answers_free(out);
		return -1;
	}
	return 0;
}

int answers_read(struct answers *out, const struct model *model,
		 const uint8_t *data, size_t len, size_t num_events,
		 char out_error[ANSWERS_ERROR_LEN])
{
	json_error_t error;
	json_t *json = json_loadb((const char *)data, len,
				  JSON_REJECT_DUPLICATES, &error);
	int err;

	*out = (struct answers){ 0 };
	if (!json) {
		snprintf(out_error, ANSWERS_ERROR_LEN,
			 "the answer is no JSON document: %.100s", error.text);
		return -1;
	}
	err = take_all(out, model, json_object_get(json, "events"), num_events,
		       out_error);
	json_decref(json);
	return err;
}

static void answer_free(struct answer *answer)
{
	for (size_t i = 0; i < answer->num_faults; i++)
		free(answer->faults[i].code);
	free(answer->faults);
	free(answer->rules);
}

void answers_free(struct answers *answers)
{
	for (size_t i = 0; i < answers->num; i++)
		answer_free(&answers->list[i]);
	free(answers->list);
	*answers = (struct answers){ 0 };
}
