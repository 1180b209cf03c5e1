// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as JSON: the one reader and the one writer of the line format. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/event.h"

static const struct plm_template *find_template(const char *name)
{
	const struct plm_template *t;

	for (uint32_t i = 0; (t = plm_template_at(i)); i++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

/* PLM_MAX_INPUTS where the template has no such input. */
static uint32_t find_input(const struct plm_template *t, const char *name)
{
	for (uint32_t i = 0; i < t->shape.num_inputs; i++)
		if (!strcmp(t->shape.inputs[i].name, name))
			return i;
	return PLM_MAX_INPUTS;
}

/* strtoull alone would take signs, blanks and other bases. */
static bool parse_decimal(const char *text, size_t len, uint64_t *out)
{
	uint64_t number = 0;

	if (!len)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (text[i] < '0' || text[i] > '9')
			return false;
		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*out = number;
	return true;
}

static const char *take_number(struct event *event, uint32_t input,
			       const json_t *json)
{
	uint64_t number;

	if (json_is_integer(json)) {
		if (json_integer_value(json) < 0)
			return "is out of range";
		number = (uint64_t)json_integer_value(json);
	} else if (!json_is_string(json)) {
		return "must be a number";
	} else if (!parse_decimal(json_string_value(json),
				  json_string_length(json), &number)) {
		return "is not a decimal number below 2^64";
	}
	event_set_number(event, input, number);
	return NULL;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static const char *take_hex(struct event *event, uint32_t input,
			    const json_t *json)
{
	const char *text = json_string_value(json);
	size_t len = json_string_length(json);
	uint8_t *bytes;

	if (len % 2)
		return "has half a byte in its hex";
	bytes = xmalloc(len / 2 + 1);
	for (size_t i = 0; i < len / 2; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			free(bytes);
			return "has hex that is not 0-9a-f";
		}
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	event_set_string(event, input, bytes, len / 2);
	free(bytes);
	return NULL;
}

static const char *take_string(struct event *event, uint32_t input,
			       const json_t *json)
{
	const json_t *hex;

	if (json_is_string(json)) {
		event_set_string(event, input, json_string_value(json),
				 json_string_length(json));
		return NULL;
	}
	hex = json_object_get(json, "hex");
	if (!json_is_string(hex) || json_object_size(json) != 1)
		return "must be a string, or {\"hex\":\"...\"}";
	return take_hex(event, input, hex);
}

static const char *take_field(struct event *event, const char *name,
			      const json_t *json)
{
	uint32_t input = find_input(event->template, name);

	if (input == PLM_MAX_INPUTS)
		return "is no input of the template";
	if (event->template->shape.inputs[input].type == PLM_TYPE_NUMBER)
		return take_number(event, input, json);
	return take_string(event, input, json);
}

static int take_template(struct event *event, const json_t *json,
			 char *out_error)
{
	const json_t *name = json_object_get(json, "template");

	if (!json_is_object(json)) {
		snprintf(out_error, EVENT_ERROR_LEN, "event is not an object");
		return -1;
	}
	/* A zero byte would hide what follows it from strcmp. */
	if (!json_is_string(name) ||
	    strlen(json_string_value(name)) != json_string_length(name)) {
		snprintf(out_error, EVENT_ERROR_LEN, name ?
			 "\"template\" must be a string" :
			 "event has no \"template\"");
		return -1;
	}
	event->template = find_template(json_string_value(name));
	if (!event->template) {
		snprintf(out_error, EVENT_ERROR_LEN,
			 "template \"%.60s\" is not known",
			 json_string_value(name));
		return -1;
	}
	return 0;
}

int event_from_json(struct event *event, const json_t *json,
		    char out_error[EVENT_ERROR_LEN])
{
	const char *key;
	json_t *field;

	memset(event, 0, sizeof(*event));
	if (take_template(event, json, out_error))
		return -1;
	json_object_foreach((json_t *)json, key, field) {
		const char *fault;

		if (!strcmp(key, "template"))
			continue;
		fault = take_field(event, key, field);
		if (fault) {
			snprintf(out_error, EVENT_ERROR_LEN,
				 "field \"%.60s\" %s", key, fault);
			event_free(event);
			return -1;
		}
	}
	return 0;
}

int event_from_line(struct event *event, const char *line, size_t len,
		    char out_error[EVENT_ERROR_LEN])
{
	json_error_t error;
	json_t *json = json_loadb(line, len,
				  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
				  &error);
	int err;

	memset(event, 0, sizeof(*event));
	if (!json) {
		snprintf(out_error, EVENT_ERROR_LEN, "column %d: %.120s",
			 error.column, error.text);
		return -1;
	}
	err = event_from_json(event, json, out_error);
	json_decref(json);
	return err;
}

struct utf8_form {
	uint8_t mask, lead;	/* of the first byte */
	uint8_t len;
	uint32_t least;		/* below it the form is overlong */
};

/* Bytes of the character at @data, or 0 where it is none. */
static size_t utf8_len(const uint8_t *data, size_t len)
{
	static const struct utf8_form forms[] = {
		{ 0x80, 0x00, 1, 0x0 },     { 0xe0, 0xc0, 2, 0x80 },
		{ 0xf0, 0xe0, 3, 0x800 },   { 0xf8, 0xf0, 4, 0x10000 },
	};
	const struct utf8_form *form = NULL;
	uint32_t code;

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if ((data[0] & forms[i].mask) == forms[i].lead)
			form = &forms[i];
	if (!form || form->len > len)
		return 0;
	code = data[0] & (uint8_t)~form->mask;
	for (size_t i = 1; i < form->len; i++) {
		if ((data[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (data[i] & 0x3f);
	}
	if (code < form->least || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return form->len;
}

static bool is_utf8(const uint8_t *data, size_t len)
{
	for (size_t pos = 0, step; pos < len; pos += step) {
		step = utf8_len(data + pos, len - pos);
		if (!step)
			return false;
	}
	return true;
}

static json_t *lossy_string(const uint8_t *data, size_t len)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *text = xmalloc(len * 3 + 1);
	size_t used = 0;
	json_t *json;

	for (size_t pos = 0; pos < len;) {
		size_t step = utf8_len(data + pos, len - pos);

		memcpy(text + used, step ? (const char *)data + pos :
		       replacement, step ? step : 3);
		used += step ? step : 3;
		pos += step ? step : 1;
	}
	json = json_stringn(text, used);
	free(text);
	return json;
}

static json_t *hex_string(const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *text = xmalloc(len * 2 + 1);
	json_t *json;

	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[data[i] >> 4];
		text[2 * i + 1] = digits[data[i] & 15];
	}
	json = json_pack("{s:o}", "hex", json_stringn(text, len * 2));
	free(text);
	return json;
}

static json_t *number_json(uint64_t number)
{
	char text[24];

	if (number <= INT64_MAX)
		return json_integer((json_int_t)number);
	/* jansson's integers are signed. */
	snprintf(text, sizeof(text), "%" PRIu64, number);
	return json_string(text);
}

static json_t *value_json(const struct plm_value *value, bool exact)
{
	if (value->kind == PLM_VALUE_NUMBER)
		return number_json(value->number);
	if (exact && !is_utf8(value->data, value->len))
		return hex_string(value->data, value->len);
	return lossy_string(value->data, value->len);
}

static json_t *to_json(const struct event *event, bool exact)
{
	const struct plm_supply *shape = &event->template->shape;
	json_t *json = json_object();

	json_object_set_new(json, "template",
			    json_string(event->template->name));
	for (uint32_t i = 0; i < shape->num_inputs; i++)
		if (event->values[i].kind != PLM_VALUE_ABSENT)
			json_object_set_new(json, shape->inputs[i].name,
					    value_json(&event->values[i],
						       exact));
	return json;
}

json_t *event_to_json(const struct event *event)
{
	return to_json(event, false);
}

json_t *event_to_json_exact(const struct event *event)
{
	return to_json(event, true);
}
