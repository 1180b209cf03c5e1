// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plm_format.h"
#include "sigma/modifier.h"
#include "sigma/text.h"

/* A field being compiled. */
struct field {
	const struct sigma_scope *scope;
	uint32_t input;
	const struct plm_input *about;
	bool keyword;		/* no input is named */
	struct sigma_modifiers modifiers;
};

static void *field_fail(const struct field *f, const struct tree_node *at,
			enum sigma_code code, const char *what)
{
	sigma_fail(f->scope->error, at->at, code, "%s %s", f->about->name,
		   what);
	return NULL;
}

bool sigma_spend_on_value(const struct sigma_scope *scope,
			  const struct plm_input *about,
			  const struct tree_node *value, uint64_t steps)
{
	char what[120];

	snprintf(what, sizeof(what), "%s has a value that", about->name);
	return sigma_spend(scope->steps_left, steps, what, value->at,
			   scope->error);
}

/* A test that is no text's takes memory as well. */
static bool spend(const struct field *f, const struct tree_node *value)
{
	return sigma_spend_on_value(f->scope, f->about, value,
				    SIGMA_TEXT_STEPS);
}

static void list_inputs(const struct plm_supply *shape, char *out, size_t size)
{
	size_t len = 0;

	out[0] = 0;
	for (uint32_t i = 0; i < shape->num_inputs && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s",
					i ? ", " : "", shape->inputs[i].name);
}

/* Field names are those of the taxonomy, in its case: of @node the first @len. */
static int find_input(const struct sigma_scope *scope,
		      const struct tree_node *node, size_t len,
		      uint32_t *out_input)
{
	const struct plm_template *t = scope->template;
	char inputs[240];

	for (uint32_t i = 0; i < t->shape.num_inputs; i++) {
		const char *name = t->shape.inputs[i].name;

		if (strlen(name) == len && !memcmp(name, node->text, len)) {
			*out_input = i;
			return 0;
		}
	}
	list_inputs(&t->shape, inputs, sizeof(inputs));
	return sigma_fail(scope->error, node->at, SIGMA_UNKNOWN_FIELD,
			  "field '%.*s' is not an input of %s, which has %s",
			  (int)(len < 80 ? len : 80), node->text, t->name,
			  inputs);
}

static struct logic *new_test(const struct field *f, uint32_t op)
{
	struct logic *logic = logic_new(f->scope->pool, LOGIC_TEST);

	logic->test.input = f->input;
	logic->test.op = op;
	return logic;
}

/* A text with its wildcards, or a regular expression, as criteria. */
static struct logic *text_test(const struct field *f,
			      const struct tree_node *value)
{
	struct sigma_text text = {
		.scope = f->scope, .value = value, .input = f->input,
		.about = f->about, .modifiers = &f->modifiers,
	};

	return sigma_text(&text);
}

/* Decimal, or hexadecimal behind "0x". */
static bool read_number(const struct field *f, const struct tree_node *value,
			uint64_t *out)
{
	bool hex = value->len > 2 && value->text[0] == '0' &&
		   (value->text[1] | 0x20) == 'x';
	const char *digits = "0123456789abcdef";
	unsigned int base = hex ? 16 : 10;

	if (value->len > 1 && value->text[0] == '0' &&
	    memchr(digits, value->text[1], 10))
		return field_fail(f, value, SIGMA_BAD_VALUE,
				  "is a number: a zero before others makes "
				  "it octal to some readers of YAML");
	for (size_t i = hex ? 2 : 0; i < value->len; i++) {
		char c = value->text[i];
		const char *digit = c ? memchr(digits, c >= 'A' && c <= 'F' ?
					       c | 0x20 : c, base) : NULL;

		if (!digit)
			return field_fail(f, value, SIGMA_BAD_VALUE,
					  "is a number: its values are "
					  "decimal digits, or hexadecimal "
					  "ones behind 0x");
		if (__builtin_mul_overflow(*out, base, out) ||
		    __builtin_add_overflow(*out, (uint64_t)(digit - digits),
					   out))
			return field_fail(f, value, SIGMA_BAD_VALUE,
					  "is a number of 64 bits: value is "
					  "out of range");
	}
	return true;
}

static struct logic *number_test(const struct field *f,
				const struct tree_node *value)
{
	uint32_t op = f->modifiers.number_op;
	uint64_t number = 0;
	struct logic *logic;

	if (!op && value->len && strspn(value->text, "*") == value->len)
		return logic_const(f->scope->pool, true);
	if (!value->len)
		return field_fail(f, value, SIGMA_BAD_VALUE,
				  "is a number and is compared with an empty "
				  "text");
	if (!read_number(f, value, &number))
		return NULL;
	logic = new_test(f, op ? op : PLM_OP_NUM_EQ);
	logic->test.number = number;
	return logic;
}

static struct logic *exists_test(const struct field *f,
				const struct tree_node *value)
{
	struct logic *logic;

	if (!spend(f, value))
		return NULL;
	if (value->kind == TREE_TEXT && value->plain) {
		logic = new_test(f, PLM_OP_EXISTS);
		if (!strcasecmp(value->text, "true"))
			return logic;
		if (!strcasecmp(value->text, "false"))
			return logic_not(f->scope->pool, logic);
	}
	return field_fail(f, value, SIGMA_MODIFIER,
			  "with modifier 'exists' needs true or false, "
			  "without quotes");
}

/* The value is the name of another field. */
static struct logic *fieldref_test(const struct field *f,
				   const struct tree_node *value)
{
	const struct sigma_modifiers *m = &f->modifiers;
	const struct plm_input *other;
	struct logic *logic;
	uint32_t input;

	if (tree_is_null(value))
		return field_fail(f, value, SIGMA_BAD_VALUE,
				  "is compared with a field without a name");
	if (find_input(f->scope, value, value->len, &input))
		return NULL;
	other = &f->scope->template->shape.inputs[input];
	if (other->type != f->about->type)
		return field_fail(f, value, SIGMA_BAD_VALUE, "is a text and "
				  "the other field a number, or the other way "
				  "round");
	if (input == f->input)
		return field_fail(f, value, SIGMA_BAD_VALUE,
				  "is compared with itself");
	logic = new_test(f, m->startswith ? PLM_OP_SAME_START :
			    m->endswith ? PLM_OP_SAME_END : PLM_OP_SAME);
	logic->test.flags = m->cased ? PLM_FLAG_CASED : 0;
	logic->test.number = input;
	if (logic->test.op == PLM_OP_SAME && input < f->input) {
		logic->test.number = f->input;
		logic->test.input = input;
	}
	return logic;
}

/*
 * Null is what a field has that is not there.  Behind a modifier that says how
 * a value is compared it is a value that was forgotten.
 */
static struct logic *null_test(const struct field *f,
			       const struct tree_node *value)
{
	char what[100];

	if (!f->modifiers.about_value)
		return logic_not(f->scope->pool, new_test(f, PLM_OP_EXISTS));
	snprintf(what, sizeof(what), "has no value for modifier '%s'; an empty "
		 "text is ''", f->modifiers.about_value);
	return field_fail(f, value, SIGMA_BAD_VALUE, what);
}

static struct logic *field_value(const struct field *f,
				 const struct tree_node *value)
{
	bool number = f->about->type == PLM_TYPE_NUMBER;

	if (!f->modifiers.fieldref && !tree_is_null(value) && !number)
		return text_test(f, value);
	if (!spend(f, value))
		return NULL;
	if (f->modifiers.fieldref)
		return fieldref_test(f, value);
	if (tree_is_null(value))
		return null_test(f, value);
	return number_test(f, value);
}

/* Anywhere in the event: in any of the inputs that are texts. */
static struct logic *keyword_value(const struct field *f,
				   const struct tree_node *value)
{
	const struct plm_supply *shape = &f->scope->template->shape;
	struct logic *any = logic_new(f->scope->pool, LOGIC_ANY), *logic;
	struct field of_input = *f;

	for (uint32_t i = 0; i < shape->num_inputs; i++) {
		if (shape->inputs[i].type != PLM_TYPE_STRING)
			continue;
		of_input.input = i;
		logic = text_test(&of_input, value);
		if (!logic)
			return NULL;
		logic_add(any, logic);
	}
	return any;
}

static struct logic *one_value(const struct field *f,
			      const struct tree_node *value)
{
	if (value->kind != TREE_TEXT)
		return field_fail(f, value, SIGMA_BAD_VALUE,
				  "has a list or map inside its values");
	if (!f->keyword)
		return field_value(f, value);
	if (tree_is_null(value))
		return field_fail(f, value, SIGMA_KEYWORDS,
				  "can't be null: no field is named");
	return keyword_value(f, value);
}

static struct logic *all_values(const struct field *f,
			       const struct tree_node *values)
{
	struct logic *list, *logic;

	if (f->modifiers.exists)
		return exists_test(f, values);
	if (values->kind != TREE_LIST)
		return one_value(f, values);
	if (!values->num_items)
		return field_fail(f, values, SIGMA_BAD_VALUE,
				  "has an empty list of values");
	list = logic_new(f->scope->pool,
			f->modifiers.all ? LOGIC_ALL : LOGIC_ANY);
	for (size_t i = 0; i < values->num_items; i++) {
		logic = one_value(f, values->items[i]);
		if (!logic)
			return NULL;
		logic_add(list, logic);
	}
	return list;
}


/* What stands in for an input where none is named. */
static const struct plm_input keyword = { PLM_TYPE_STRING, "keyword" };

static int check_keyword(const struct field *f, const struct tree_node *key)
{
	const struct sigma_modifiers *m = &f->modifiers;

	if (!m->exists && !m->cidr && !m->fieldref)
		return 0;
	return sigma_fail(f->scope->error, key->at, SIGMA_KEYWORDS,
			  "modifier '%s' needs a field",
			  m->exists ? "exists" : m->cidr ? "cidr" : "fieldref");
}

struct logic *sigma_field(const struct sigma_scope *scope,
			 const struct tree_node *key,
			 const struct tree_node *value)
{
	struct field f = {
		.scope = scope, .about = &keyword,
		.keyword = !key->len || *key->text == '|',
	};
	struct logic *logic;

	if (!f.keyword && find_input(scope, key, strcspn(key->text, "|"),
				     &f.input))
		return NULL;
	if (!f.keyword)
		f.about = &scope->template->shape.inputs[f.input];
	if (sigma_modifiers(&f.modifiers, key, f.about, scope->error) ||
	    (f.keyword && check_keyword(&f, key)))
		return NULL;
	if (f.keyword && !f.modifiers.re && !f.modifiers.startswith &&
	    !f.modifiers.endswith)
		f.modifiers.contains = true;
	logic = all_values(&f, value);
	/* Different from each of the values. */
	return logic && f.modifiers.neq ? logic_not(scope->pool, logic) : logic;
}

struct logic *sigma_keyword(const struct sigma_scope *scope,
			    const struct tree_node *value)
{
	struct field f = {
		.scope = scope, .about = &keyword, .keyword = true,
		.modifiers = { .contains = true },
	};

	return one_value(&f, value);
}
