// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/lib/vecfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/lib/words.h"

#define NO_RULE 0xffffffffu

struct parser {
	struct vec_file *file;
	struct vec_case *current;
	bool building;		/* between `file` and `end` */
	bool summed;		/* repair the sum before the verdict */
	unsigned int changes;	/* of this case; one is asked for */
	struct word words[MAX_WORDS];
	size_t num_words;
	const char *why;	/* what is wrong with the line */
};

static bool bad(struct parser *p, const char *why)
{
	if (!p->why)
		p->why = why;
	return false;
}

static uint64_t number(struct parser *p, const struct word *w)
{
	uint64_t value;

	if (!word_number(w, &value))
		bad(p, "not a number");
	return value;
}

static const char *name_of(struct parser *p, size_t i)
{
	if (i >= p->num_words || p->words[i].quoted) {
		bad(p, "a name is missing");
		return "";
	}
	return p->words[i].text;
}

/* Lines that write a file */

static bool do_section(struct parser *p)
{
	vector_section(&p->current->v, name_of(p, 1));
	return true;
}

static bool do_words(struct parser *p)
{
	const char *name = name_of(p, 1);

	for (size_t i = 2; i < p->num_words; i++)
		vector_field(&p->current->v, i == 2 ? name : NULL, 4,
			     number(p, &p->words[i]));
	return true;
}

/* classes NAME DEFAULT BYTE=CLASS...: the 256 bytes of a class map */
static bool do_classes(struct parser *p)
{
	uint8_t map[256];
	const char *name = name_of(p, 1);
	char *end;

	if (p->num_words < 3)
		return bad(p, "a default class is missing");
	memset(map, (int)number(p, &p->words[2]), sizeof(map));
	for (size_t i = 3; i < p->num_words; i++) {
		const char *s = p->words[i].text;
		unsigned long byte = strtoul(s, &end, 0);

		if (end == s || *end != '=' || byte > 255)
			return bad(p, "not BYTE=CLASS");
		map[byte] = (uint8_t)strtoul(end + 1, &end, 0);
		if (*end)
			return bad(p, "not BYTE=CLASS");
	}
	vector_bytes(&p->current->v, name, map, sizeof(map));
	return true;
}

/*
 * The fields of each record: a digit is an integer of so many bytes, s a
 * string.
 */
static const struct record {
	const char *keyword;
	const char *kinds;
	const char *fields[16];
} records[] = {
	{ "template", "44844",
	  { "id", "num_inputs", "shape", "num_rules", "reserved" } },
	{ "rule", "21144sss4",
	  { "template", "action", "level", "program_off", "program_len", "id",
	    "title", "tags", "reserved" } },
	{ "criterion", "22112s844",
	  { "template", "input", "op", "flags", "reserved", "text", "number",
	    "trigger_off", "num_triggers" } },
	{ "automaton", "222244444444224",
	  { "template", "input", "flags", "num_classes", "num_states",
	    "num_hot", "num_dense", "start", "num_edges", "num_outputs",
	    "tables_off", "tables_len", "part", "reserved", "reserved2" } },
};

static bool do_record(struct parser *p, const struct record *r)
{
	struct vector *v = &p->current->v;
	const char *name = name_of(p, 1);
	size_t num = strlen(r->kinds);
	char full[2 * VECTOR_NAME_LEN];

	if (p->num_words != num + 2)
		return bad(p, "wrong number of fields");
	vector_bytes(v, name, "", 0);
	for (size_t i = 0; i < num; i++) {
		const struct word *w = &p->words[i + 2];

		snprintf(full, sizeof(full), "%.40s.%s", name, r->fields[i]);
		if (r->kinds[i] == 's' && w->quoted)
			vector_string(v, full, w->text, w->len);
		else if (r->kinds[i] == 's')
			return bad(p, "a string is to be quoted");
		else
			vector_field(v, full, (unsigned int)(r->kinds[i] - '0'),
				     number(p, w));
	}
	return true;
}

static bool do_end(struct parser *p)
{
	vector_finish(&p->current->v);
	p->building = false;
	return true;
}

/* Lines that change one */

static bool set(struct parser *p)
{
	if (p->num_words != 3)
		return bad(p, "set PLACE VALUE");
	vector_set(&p->current->v, name_of(p, 1), number(p, &p->words[2]));
	return true;
}

static bool do_set(struct parser *p)
{
	p->changes++;
	return set(p);
}

/* Another field that has to tell the same lie as the one before. */
static bool do_and(struct parser *p)
{
	return p->changes ? set(p) : bad(p, "and what?");
}

static bool do_byte(struct parser *p)
{
	struct vector *v = &p->current->v;
	size_t off = vector_at(v, name_of(p, 1), NULL);

	p->changes++;
	if (p->num_words != 3 || off >= v->len)
		return bad(p, "byte PLACE VALUE");
	v->data[off] = (uint8_t)number(p, &p->words[2]);
	return true;
}

/* len BYTES, +BYTES or -BYTES: what is there, whatever the header says */
static bool do_len(struct parser *p)
{
	struct vector *v = &p->current->v;
	struct word w;
	size_t len;
	char sign;

	if (p->num_words != 2)
		return bad(p, "len BYTES");
	w = p->words[1];
	sign = *w.text;
	if (sign == '+' || sign == '-')
		w.text++;
	len = number(p, &w);
	if (sign == '-' ? len > v->len : len > 1 << 20)
		return bad(p, "no length");
	if (sign == '+')
		len = v->len + len;
	else if (sign == '-')
		len = v->len - len;
	vector_resize(v, len);
	p->changes++;
	return true;
}

/* The same, and the header says so. */
static bool do_resize(struct parser *p)
{
	if (!do_len(p))
		return false;
	vector_set(&p->current->v, "header.total_len", p->current->v.len);
	return true;
}

static bool do_nosum(struct parser *p)
{
	p->summed = false;
	return true;
}

/* Verdicts */

static bool judge(struct parser *p)
{
	if (p->changes != (p->current->base ? 1 : 0))
		return bad(p, "a case is one change to a good file");
	if (p->summed)
		vector_sum(&p->current->v);
	if (p->current->v.failed)
		return bad(p, "a name or a number of this case makes no sense");
	return true;
}

static bool do_accept(struct parser *p)
{
	p->current->accept = true;
	return judge(p);
}

/* refuse ERROR PLACE|OFFSET [rule N] */
static bool do_refuse(struct parser *p)
{
	struct vec_case *c = p->current;
	const char *place = name_of(p, 2);

	if (p->num_words != 3 && p->num_words != 5)
		return bad(p, "refuse ERROR PLACE [rule N]");
	c->error = xstrdup(name_of(p, 1));
	if (*place >= '0' && *place <= '9')
		c->off = (uint32_t)number(p, &p->words[2]);
	else
		c->off = (uint32_t)vector_at(&c->v, place, NULL);
	c->rule = p->num_words == 5 ? (uint32_t)number(p, &p->words[4]) :
				      NO_RULE;
	return judge(p);
}

/* Heads */

static struct vec_case *add_case(struct parser *p)
{
	struct vec_file *f = p->file;
	const char *name = name_of(p, 1);
	struct vec_case *c = f->num_cases ? &f->cases[f->num_cases - 1] : NULL;

	if (c && !c->accept && !c->error)
		bad(p, "the case before has no verdict");
	if (vec_file_find(f, name))
		bad(p, "a case of this name is there already");
	ARRAY_RESERVE(f->cases, f->num_cases, f->cap_cases);
	c = &f->cases[f->num_cases++];
	memset(c, 0, sizeof(*c));
	c->name = xstrdup(name);
	c->rule = NO_RULE;
	p->current = c;
	p->summed = true;
	p->changes = 0;
	return c;
}

/* file NAME CHANNEL VERSION */
static bool do_file(struct parser *p)
{
	struct vec_case *c = add_case(p);

	if (p->num_words != 4)
		return bad(p, "file NAME CHANNEL VERSION");
	vector_init(&c->v, (uint32_t)number(p, &p->words[2]),
		    number(p, &p->words[3]));
	p->building = true;
	return true;
}

/* case NAME BASE: a copy of a good file, to be changed */
static bool do_case(struct parser *p)
{
	struct vec_case *c = add_case(p);
	const char *base_name = name_of(p, 2);
	struct vec_case *base = vec_file_find(p->file, base_name);

	if (!base || !base->accept)
		return bad(p, "no accepted file of that name before");
	c->base = xstrdup(base_name);
	c->v = vector_copy(&base->v);
	return true;
}

static const struct {
	const char *keyword;
	bool (*run)(struct parser *p);
	bool needs_case, building;
} keywords[] = {
	{ "file", do_file, false, false },
	{ "section", do_section, true, true },
	{ "words", do_words, true, true },
	{ "classes", do_classes, true, true },
	{ "end", do_end, true, true },
	{ "case", do_case, false, false },
	{ "set", do_set, true, false },
	{ "and", do_and, true, false },
	{ "byte", do_byte, true, false },
	{ "len", do_len, true, false },
	{ "resize", do_resize, true, false },
	{ "nosum", do_nosum, true, false },
	{ "accept", do_accept, true, false },
	{ "refuse", do_refuse, true, false },
};

static bool run_line(struct parser *p)
{
	const char *keyword;

	if (!p->num_words)
		return true;
	keyword = name_of(p, 0);
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		if (strcmp(keyword, keywords[i].keyword))
			continue;
		if (keywords[i].building != p->building ||
		    (keywords[i].needs_case && !p->current))
			return bad(p, "this does not belong here");
		return keywords[i].run(p) && !p->why;
	}
	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		if (p->building && !strcmp(keyword, records[i].keyword))
			return do_record(p, &records[i]) && !p->why;
	return bad(p, "unknown keyword");
}

int vec_file_read(struct vec_file *file, const char *path)
{
	struct parser p = { .file = file };
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0, num = 0;

	memset(file, 0, sizeof(*file));
	if (!in) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	while (!p.why && getline(&line, &cap, in) >= 0) {
		num++;
		p.why = words_split(line, p.words, &p.num_words);
		if (!p.why)
			run_line(&p);
	}
	if (!p.why && (p.building || !p.current ||
		       (!p.current->accept && !p.current->error)))
		p.why = "ends in the middle of a case";
	if (p.why)
		fprintf(stderr, "%s:%zu: %s\n", path, num, p.why);
	free(line);
	fclose(in);
	return p.why ? -1 : 0;
}

void vec_file_free(struct vec_file *file)
{
	for (size_t i = 0; i < file->num_cases; i++) {
		struct vec_case *c = &file->cases[i];

		free(c->name);
		free(c->base);
		free(c->error);
		vector_free(&c->v);
	}
	free(file->cases);
	memset(file, 0, sizeof(*file));
}

struct vec_case *vec_file_find(struct vec_file *file, const char *name)
{
	for (size_t i = 0; i < file->num_cases; i++)
		if (!strcmp(file->cases[i].name, name))
			return &file->cases[i];
	return NULL;
}
