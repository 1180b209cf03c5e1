/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Content files for tests, put together byte by byte from FORMAT.md alone: no
 * line of the core or of the encoder is used, not even their constants, so
 * that this is a second reading of the format.
 *
 * Every field has a name, and a test changes or expects things by name: "r0"
 * is where the record r0 begins, "r0.action" its field, "r0.action+1" the byte
 * behind that.  "header.channel", "sections.rules.len", the sections by their own
 * names ("rules"), "strings.end" (where their padding begins) and "end" are
 * always there.
 */
#ifndef TESTS_VECTOR_H
#define TESTS_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTOR_NAME_LEN 48
#define VECTOR_NUM_SECTIONS 8

struct vector_label {
	char name[VECTOR_NAME_LEN];
	size_t off;
	unsigned int width;	/* bytes of the field; 0 for a place */
};

struct vector {
	uint8_t *data;		/* exactly len bytes: ASan sees the end */
	size_t len;
	struct vector_label *labels;
	size_t num_labels, cap_labels;
	uint8_t *strings;	/* the last section, while it grows */
	size_t strings_len, strings_cap;
	int section;		/* 1 to 8: the one being written; 0 before */
	size_t section_off;
	bool failed;		/* a name or number made no sense */
};

/* A rule as the format states it; the strings are zero-terminated. */
struct vector_rule {
	unsigned int template, action, level;
	uint32_t program_off, program_len;
	const char *id, *title, *tags;
};

struct vector_criterion {
	unsigned int template, input, op, flags;
	const char *text;
	uint64_t number;
	uint32_t trigger_off, num_triggers;
};

void vector_init(struct vector *v, uint32_t channel, uint64_t version);
void vector_free(struct vector *v);
struct vector vector_copy(const struct vector *v);

/* Pad the section before and begin this one ("rules"); in their order. */
void vector_section(struct vector *v, const char *name);
/* Append a field of 1, 2, 4 or 8 bytes; @label may be NULL. */
void vector_field(struct vector *v, const char *label, unsigned int width,
		  uint64_t value);
void vector_bytes(struct vector *v, const char *label, const void *data,
		  size_t len);
/* Append a string reference: @label.off and @label.len, and @label.text. */
void vector_string(struct vector *v, const char *label, const void *text,
		   size_t len);

/* Whole records; @name prefixes their fields' names and may be NULL. */
void vector_template(struct vector *v, const char *name, uint32_t id,
		     uint32_t num_inputs, uint64_t shape, uint32_t num_rules);
void vector_rule(struct vector *v, const char *name,
		 const struct vector_rule *rule);
void vector_criterion(struct vector *v, const char *name,
		      const struct vector_criterion *criterion);

/* The section of strings, the section table, the length and the sum. */
void vector_finish(struct vector *v);

/* The offset of "label" or "label+N"; *out_width (if asked for) its width. */
size_t vector_at(struct vector *v, const char *place, unsigned int *out_width);
/* Overwrite the field at @place, as wide as it is. */
void vector_set(struct vector *v, const char *place, uint64_t value);
/* Make the file @len bytes long; new bytes are zero. */
void vector_resize(struct vector *v, size_t len);
/* Put the right check sum into the header. */
void vector_sum(struct vector *v);

/* The hash of the first @num_inputs inputs of process_creation. */
uint64_t vector_shape(uint32_t template_id, uint32_t num_inputs);

#endif /* TESTS_VECTOR_H */
