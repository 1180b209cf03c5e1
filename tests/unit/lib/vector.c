// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers here are those of FORMAT.md, written out a second time on purpose. */
#include "tests/unit/lib/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define HEADER_LEN 64
#define SUM_OFF 32
#define BODY_OFF 192

static const struct {
	const char *name;
	unsigned int record_len;
} sections[VECTOR_NUM_SECTIONS] = {
	{ "templates", 24 }, { "rules", 40 },	 { "criteria", 32 },
	{ "programs", 4 },   { "triggers", 4 },	 { "automata", 48 },
	{ "tables", 4 },     { "strings", 1 },
};

static void put(uint8_t *p, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *p, unsigned int width)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < width; i++)
		value |= (uint64_t)p[i] << (8 * i);
	return value;
}

static void label(struct vector *v, size_t off, unsigned int width,
		  const char *name, const char *field)
{
	struct vector_label *l;

	if (!name)
		return;
	ARRAY_RESERVE(v->labels, v->num_labels, v->cap_labels);
	l = &v->labels[v->num_labels++];
	l->off = off;
	l->width = width;
	if ((size_t)snprintf(l->name, sizeof(l->name), "%s%s%s", name,
			     field ? "." : "", field ? field : "") >=
	    sizeof(l->name))
		v->failed = true;
}

/* Grows by doubling while it is built; vector_finish cuts it to size. */
static uint8_t *append(struct vector *v, size_t len)
{
	size_t cap = 1024;

	while (cap < v->len)
		cap *= 2;
	if (!v->data || v->len + len > cap) {
		while (cap < v->len + len)
			cap *= 2;
		v->data = xrealloc(v->data, cap);
	}
	memset(v->data + v->len, 0, len);
	v->len += len;
	return v->data + v->len - len;
}

void vector_init(struct vector *v, uint32_t channel, uint64_t version)
{
	char name[VECTOR_NAME_LEN];

	memset(v, 0, sizeof(*v));
	vector_bytes(v, "header.magic", "PLIMSOLL", 8);
	vector_field(v, "header.format_version", 4, 1);
	vector_field(v, "header.num_sections", 4, VECTOR_NUM_SECTIONS);
	vector_field(v, "header.channel", 4, channel);
	vector_field(v, "header.total_len", 4, 0);
	vector_field(v, "header.content_version", 8, version);
	vector_field(v, "header.sum", 8, 0);
	label(v, v->len, 8, "header.reserved", NULL);
	append(v, 24);
	for (int i = 0; i < VECTOR_NUM_SECTIONS; i++) {
		snprintf(name, sizeof(name), "sections.%s", sections[i].name);
		label(v, v->len, 4, name, "type");
		label(v, v->len + 4, 4, name, "off");
		label(v, v->len + 8, 4, name, "len");
		label(v, v->len + 12, 4, name, "count");
		append(v, 16);
	}
}

void vector_free(struct vector *v)
{
	free(v->data);
	free(v->labels);
	free(v->strings);
	memset(v, 0, sizeof(*v));
}

struct vector vector_copy(const struct vector *v)
{
	struct vector copy = *v;

	copy.data = xmemdup(v->data, v->len);
	copy.labels = xmemdup(v->labels, v->num_labels * sizeof(*v->labels));
	copy.cap_labels = v->num_labels;
	copy.strings = NULL;
	return copy;
}

/* Write the table's entry of the section that ends here, and its padding. */
static void end_section(struct vector *v)
{
	uint8_t *entry;
	size_t len = v->len - v->section_off;

	if (!v->section)
		return;
	entry = v->data + HEADER_LEN + 16 * (size_t)(v->section - 1);
	put(entry, 4, (uint64_t)v->section);
	put(entry + 4, 4, v->section_off);
	put(entry + 8, 4, len);
	put(entry + 12, 4, len / sections[v->section - 1].record_len);
	while (v->len % 8)
		append(v, 1);
}

void vector_section(struct vector *v, const char *name)
{
	end_section(v);
	if (v->section >= VECTOR_NUM_SECTIONS ||
	    strcmp(name, sections[v->section].name)) {
		v->failed = true;
		return;
	}
	v->section++;
	v->section_off = v->len;
	label(v, v->len, 0, name, NULL);
}

void vector_field(struct vector *v, const char *name, unsigned int width,
		  uint64_t value)
{
	if (width < 8 && value >> (8 * width))
		v->failed = true;
	label(v, v->len, width, name, NULL);
	put(append(v, width), width, value);
}

void vector_bytes(struct vector *v, const char *name, const void *data,
		  size_t len)
{
	label(v, v->len, 1, name, NULL);
	memcpy(append(v, len), data, len);
}

/* The text's own place is known at the end: it is kept from the start of them. */
void vector_string(struct vector *v, const char *name, const void *text,
		   size_t len)
{
	label(v, v->len, 4, name, "off");
	vector_field(v, NULL, 4, v->strings_len);
	label(v, v->len, 4, name, "len");
	vector_field(v, NULL, 4, len);
	label(v, v->strings_len, 1, name, "text");
	while (v->strings_cap < v->strings_len + len) {
		v->strings_cap = v->strings_cap ? 2 * v->strings_cap : 1024;
		v->strings = xrealloc(v->strings, v->strings_cap);
	}
	if (len)
		memcpy(v->strings + v->strings_len, text, len);
	v->strings_len += len;
}

/* "name.field", or NULL for a record without a name. */
static const char *field_name(char out[2 * VECTOR_NAME_LEN], const char *name,
			      const char *field)
{
	if (!name)
		return NULL;
	snprintf(out, 2 * VECTOR_NAME_LEN, "%.47s.%s", name, field);
	return out;
}

static void field(struct vector *v, const char *name, const char *what,
		  unsigned int width, uint64_t value)
{
	char full[2 * VECTOR_NAME_LEN];

	vector_field(v, field_name(full, name, what), width, value);
}

static void string(struct vector *v, const char *name, const char *what,
		   const char *text)
{
	char full[2 * VECTOR_NAME_LEN];

	vector_string(v, field_name(full, name, what), text, strlen(text));
}

void vector_template(struct vector *v, const char *name, uint32_t id,
		     uint32_t num_inputs, uint64_t shape, uint32_t num_rules)
{
	label(v, v->len, 0, name, NULL);
	field(v, name, "id", 4, id);
	field(v, name, "num_inputs", 4, num_inputs);
	field(v, name, "shape", 8, shape);
	field(v, name, "num_rules", 4, num_rules);
	field(v, name, "reserved", 4, 0);
}

void vector_rule(struct vector *v, const char *name,
		 const struct vector_rule *r)
{
	label(v, v->len, 0, name, NULL);
	field(v, name, "template", 2, r->template);
	field(v, name, "action", 1, r->action);
	field(v, name, "level", 1, r->level);
	field(v, name, "program_off", 4, r->program_off);
	field(v, name, "program_len", 4, r->program_len);
	string(v, name, "id", r->id);
	string(v, name, "title", r->title);
	string(v, name, "tags", r->tags);
	field(v, name, "reserved", 4, 0);
}

void vector_criterion(struct vector *v, const char *name,
		      const struct vector_criterion *c)
{
	label(v, v->len, 0, name, NULL);
	field(v, name, "template", 2, c->template);
	field(v, name, "input", 2, c->input);
	field(v, name, "op", 1, c->op);
	field(v, name, "flags", 1, c->flags);
	field(v, name, "reserved", 2, 0);
	string(v, name, "text", c->text);
	field(v, name, "number", 8, c->number);
	field(v, name, "trigger_off", 4, c->trigger_off);
	field(v, name, "num_triggers", 4, c->num_triggers);
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

void vector_finish(struct vector *v)
{
	vector_section(v, "strings");
	if (v->failed)
		return;
	if (v->strings_len)
		memcpy(append(v, v->strings_len), v->strings, v->strings_len);
	for (size_t i = 0; i < v->num_labels; i++)
		if (ends_with(v->labels[i].name, ".text"))
			v->labels[i].off += v->section_off;
	label(v, v->len, 1, "strings.end", NULL);
	end_section(v);
	label(v, v->len, 0, "end", NULL);
	vector_set(v, "header.total_len", v->len);
	vector_sum(v);
	v->data = xrealloc(v->data, v->len);
}

size_t vector_at(struct vector *v, const char *place, unsigned int *out_width)
{
	size_t name_len = strcspn(place, "+");
	size_t plus = 0;
	char *end;

	if (place[name_len]) {
		plus = strtoull(place + name_len + 1, &end, 0);
		if (*end || end == place + name_len + 1)
			v->failed = true;
	}
	for (size_t i = 0; i < v->num_labels; i++) {
		const struct vector_label *l = &v->labels[i];

		if (strlen(l->name) == name_len &&
		    !memcmp(l->name, place, name_len)) {
			if (out_width)
				*out_width = l->width;
			return l->off + plus;
		}
	}
	fprintf(stderr, "vector: no place is named '%s'\n", place);
	v->failed = true;
	return 0;
}

void vector_set(struct vector *v, const char *place, uint64_t value)
{
	unsigned int width = 0;
	size_t off = vector_at(v, place, &width);

	if (v->failed || !width || off + width > v->len ||
	    (width < 8 && value >> (8 * width))) {
		v->failed = true;
		return;
	}
	put(v->data + off, width, value);
}

void vector_resize(struct vector *v, size_t len)
{
	v->data = xrealloc(v->data, len ? len : 1);
	if (len > v->len)
		memset(v->data + v->len, 0, len - v->len);
	v->len = len;
}

void vector_sum(struct vector *v)
{
	uint64_t a = 0, b = 0;

	if (v->len < HEADER_LEN)
		return;
	put(v->data + SUM_OFF, 8, 0);
	for (size_t off = 0; off + 8 <= v->len; off += 8) {
		a += get(v->data + off, 8);
		b = (b << 7 | b >> 57) + a;
	}
	put(v->data + SUM_OFF, 8, b ^ (a << 32 | a >> 32));
}

/* The inputs as FORMAT.md and plm_template.h state them, by template id. */
static const struct {
	unsigned int type;
	const char *name;
} inputs[][12] = {
	[1] = {
	{ 1, "Image" },		{ 1, "CommandLine" },
	{ 1, "ParentImage" },	{ 1, "ParentCommandLine" },
	{ 1, "CurrentDirectory" }, { 1, "User" },
	{ 1, "ParentUser" },	{ 2, "LogonId" },
	{ 2, "ProcessId" },	{ 2, "ParentProcessId" },
	},
	[2] = {
	{ 1, "Image" },		{ 1, "CommandLine" },
	{ 1, "User" },		{ 2, "ProcessId" },
	{ 1, "Protocol" },	{ 1, "Initiated" },
	{ 1, "SourceIsIpv6" },	{ 1, "SourceIp" },
	{ 2, "SourcePort" },	{ 1, "DestinationIsIpv6" },
	{ 1, "DestinationIp" },	{ 2, "DestinationPort" },
	},
	[3] = {
	{ 1, "Image" },		{ 1, "CommandLine" },
	{ 1, "User" },		{ 2, "ProcessId" },
	{ 1, "EventType" },	{ 1, "TargetFilename" },
	{ 1, "SourceFilename" },
	},
};

uint64_t vector_shape(uint32_t template_id, uint32_t num_inputs)
{
	uint64_t hash = 0xcbf29ce484222325;
	uint8_t id[4];
	uint32_t t = template_id < ARRAY_LEN(inputs) ? template_id : 0;

	put(id, 4, template_id);
	for (int i = 0; i < 4; i++)
		hash = (hash ^ id[i]) * 0x100000001b3;
	for (uint32_t i = 0; i < num_inputs && i < ARRAY_LEN(inputs[t]) &&
	     inputs[t][i].name; i++) {
		hash = (hash ^ inputs[t][i].type) * 0x100000001b3;
		for (const char *p = inputs[t][i].name; *p; p++)
			hash = (hash ^ (uint8_t)*p) * 0x100000001b3;
		hash *= 0x100000001b3;	/* the zero byte */
	}
	return hash;
}
